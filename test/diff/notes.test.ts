import { describe, expect, test } from 'vitest';
import { planOf } from '../../src/diff/event-plan.ts';
import type { ObservedAttendee } from '../../src/model/attendee.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { ChatBinding, DesiredEvent, EventFacts } from '../../src/model/event.ts';
import {
  desiredEvent,
  dingtalkRef,
  policy,
  present,
  ref,
  row,
  wanted,
} from '../support/manifest-builders.ts';

function notes(
  desired: DesiredEvent,
  rows: readonly ObservedAttendee[],
  facts: EventFacts | null = null,
): string {
  return planOf(desired, { rows, facts, chat: null }, policy()).plan.notes.join('\n');
}

function warnings(
  desired: DesiredEvent,
  facts: EventFacts,
  rows: readonly ObservedAttendee[],
): readonly Diagnostic[] {
  return planOf(desired, { rows, facts, chat: null }, policy()).warnings;
}

const chat = row('oc_team', { type: 'chat' });
const withChat = desiredEvent({ attendees: [wanted('ou_a'), wanted('oc_team', { type: 'chat' })] });

describe('notes', () => {
  test('say of a series that changed occurrences are events of their own', () => {
    const listed = [row('ou_a'), row('ou_b'), chat];
    expect(notes(withChat, listed, present({ recurring: true }))).toMatch(/series.*occurrences/);
    expect(notes(withChat, listed, present())).not.toMatch(/series/);
  });

  test('say that removed users stay invited through a chat', () => {
    expect(notes(withChat, [row('ou_a'), row('ou_b'), chat])).toMatch(/chat \(oc_team\)/);
  });

  test('say nothing of a chat where no user is removed', () => {
    expect(notes(withChat, [row('omm_1', { type: 'room' }), row('ou_a'), chat])).toBe('');
    expect(notes(withChat, [chat])).toBe('');
  });

  test('say nothing of a chat that is removed too', () => {
    expect(notes(desiredEvent({ attendees: [wanted('ou_a')] }), [row('ou_a'), row('ou_b'), chat])).toBe('');
  });

  test('say that DingTalk decides whether the removed are told', () => {
    const event = desiredEvent({ ref: dingtalkRef, attendees: [wanted('a'), wanted('new')] });
    expect(notes(event, [row('a'), row('b')])).toMatch(/DingTalk itself decides .*removed/);
    expect(notes(event, [row('a')])).toBe('');
  });

  test('say that a replaced flag loses the reply', () => {
    const attendees = [wanted('ou_a', { optional: true })];
    expect(notes(desiredEvent({ attendees, optionalDrift: 'replace' }), [row('ou_a')])).toMatch(
      /reply is lost/,
    );
    expect(notes(desiredEvent({ attendees }), [row('ou_a')])).toBe('');
  });

  test('are not made where nothing changes', () => {
    expect(notes(withChat, [row('ou_a'), chat], present({ recurring: true }))).toBe('');
  });
});

describe('the warning that another calendar organizes the event', () => {
  const listed = [row('ou_a'), row('ou_b')];
  const codes = (calendarId: string, organizerCalendar: string, attendees: string[] = ['ou_a']): string[] => {
    const desired = desiredEvent({ ref: ref({ calendarId }), attendees: attendees.map((id) => wanted(id)) });
    return warnings(desired, present({ organizerCalendar }), listed).map(({ code }) => code);
  };

  test('comes where somebody is to be removed', () => {
    expect(codes('cal_a', 'cal_b')).toEqual(['other-organizer']);
    expect(codes('cal_a', 'cal_a')).toEqual([]);
  });

  test('does not come where primary may stand for it, nor where nobody is removed', () => {
    expect(codes('primary', 'cal_b')).toEqual([]);
    expect(codes('cal_a', 'cal_b', ['ou_a', 'ou_b', 'ou_c'])).toEqual([]);
  });

  test('names the event, the calendar, the way out and the place', () => {
    const desired = desiredEvent({ attendees: [wanted('ou_a')] });
    const [warning] = warnings(desired, present({ organizerCalendar: 'cal_b' }), listed);
    expect(warning).toMatchObject({ severity: 'warning', source: desired.source });
    expect(warning?.message).toMatch(/weekly: .*cal_b.*removals may be refused/);
    expect(warning?.hint).toMatch(/calendarId/);
  });
});

describe('the warning that somebody else organizes an event that is to be deleted', () => {
  const absent = { state: 'absent', attendees: null } as const;

  test('comes on DingTalk, where such a deletion reaches one calendar only', () => {
    const desired = desiredEvent({ ...absent, ref: dingtalkRef });
    const [warning, ...more] = warnings(desired, present({ organizer: 'new' }), []);
    expect(more).toEqual([]);
    expect(warning).toMatchObject({
      code: 'other-organizer',
      message: expect.stringMatching(/organized by new; .* that calendar only/),
      hint: expect.stringContaining('organizer: new'),
    });
    const own = dingtalkRef.organizer ?? '';
    expect(warnings(desired, present({ organizer: own }), [])).toEqual([]);
    const removing = desiredEvent({ ref: dingtalkRef, attendees: [wanted('a')] });
    expect(warnings(removing, present({ organizer: 'new' }), [row('a'), row('b')])).toEqual([]);
  });

  test('comes on Feishu, where such a deletion may be refused', () => {
    const desired = desiredEvent({ ...absent, ref: ref({ calendarId: 'cal_a' }) });
    const [warning] = warnings(desired, present({ organizerCalendar: 'cal_b' }), []);
    expect(warning).toMatchObject({
      code: 'other-organizer',
      message: expect.stringContaining('the deletion may be refused'),
    });
  });
});

test('the warning that the event could not be looked at names the log id', () => {
  const desired = desiredEvent({ attendees: [wanted('ou_a')] });
  const problem = { code: 'list-refused', message: 'not allowed (code 193002)', logId: 'LOG-7' } as const;
  const [warning] = warnings(desired, { state: 'unknown', problem }, [row('ou_a'), row('ou_b')]);
  expect(warning).toMatchObject({ code: 'look-failed', severity: 'warning' });
  expect(warning?.message).toContain('not allowed (code 193002), log id LOG-7');
});

describe('the warning that another chat is bound', () => {
  const unbindChat = { chatId: 'oc_meet', source: { file: 'a.yaml', line: 1, column: 1 } };
  const desired = desiredEvent({ attendees: null, unbindChat });
  const made = (bound: ChatBinding): ReturnType<typeof planOf> =>
    planOf(desired, { rows: null, facts: null, chat: bound }, policy());

  test('comes where the manifest names one that the event does not have', () => {
    const { plan, warnings: given } = made({ state: 'bound', chatId: 'oc_other' });
    expect([plan.status, given.map(({ code }) => code)]).toEqual(['in-sync', ['other-chat']]);
    expect(given[0]?.message).toMatch(/oc_other, not oc_meet/);
  });

  test.each<ChatBinding>([{ state: 'bound', chatId: 'oc_meet' }, { state: 'unbound' }, { state: 'unknown' }])(
    'does not come for %j',
    (bound) => {
      expect(made(bound).warnings).toEqual([]);
    },
  );
});

describe('the warning that an added room has no contact', () => {
  const rooms = (count: number): DesiredEvent['attendees'] =>
    Array.from({ length: count }, (_, n) => wanted(`omm_${n}`, { type: 'room' }));
  const warningsFor = (desired: DesiredEvent, asApp: boolean): readonly Diagnostic[] =>
    planOf(
      desired,
      { rows: [row('omm_0', { type: 'room' })], facts: present(), chat: null },
      policy({ asApp: new Set(asApp ? (['feishu', 'google'] as const) : (['lark'] as const)) }),
    ).warnings;

  test('comes where an app adds it', () => {
    expect(structuredClone(warningsFor(desiredEvent({ attendees: rooms(3) }), true))).toEqual([
      {
        severity: 'warning',
        code: 'no-room-contact',
        message:
          'weekly: 2 rooms are added by an app without roomContact, so the platform may refuse the booking',
        hint: 'Set roomContact to the open_id of the contact person for rooms.',
        source: desiredEvent().source,
      },
    ]);
  });

  test.each<[string, DesiredEvent, boolean]>([
    ['a person adds it', desiredEvent({ attendees: rooms(2) }), false],
    ['there is a contact', desiredEvent({ attendees: rooms(2), ref: ref({ roomContact: 'ou_z' }) }), true],
    ['the room is there already', desiredEvent({ attendees: rooms(1) }), true],
    [
      'the platform knows no contacts',
      desiredEvent({
        attendees: rooms(2),
        ref: { provider: 'google', calendarId: 'primary', eventId: 'staff', organizer: 'lead@corp.com' },
      }),
      true,
    ],
    ['only people are added', desiredEvent({ attendees: [...(rooms(1) ?? []), wanted('ou_a')] }), true],
    ['nothing is added', desiredEvent({ attendees: rooms(2), sync: 'remove-only' }), true],
  ])('does not come where %s', (_, desired, asApp) => {
    expect(warningsFor(desired, asApp)).toEqual([]);
  });

  test('comes beside what the look warns of', () => {
    const desired = desiredEvent({ attendees: rooms(1), ref: ref({ calendarId: 'cal_a' }) });
    const facts = present({ organizerCalendar: 'cal_b' });
    const { warnings: found } = planOf(
      desired,
      { rows: [row('ou_a')], facts, chat: null },
      policy({ asApp: new Set(['feishu'] as const) }),
    );
    expect(found.map(({ code }) => code)).toEqual(['other-organizer', 'no-room-contact']);
  });
});
