import { describe, expect, it, test } from 'vitest';
import { type Reverted, revertOf } from '../../src/revert/revert.ts';
import type { ObservedAttendee } from '../../src/model/attendee.ts';
import type { EventFacts } from '../../src/model/event.ts';
import type { ApplyEvent, BatchEvent, BatchAttendee } from '../../src/model/result.ts';
import { policy, present, row } from '../support/manifest-builders.ts';
import { batch, dingtalk, effects, event, settled, user } from './journal-lines.ts';

function reverted(
  events: readonly ApplyEvent[],
  rows: readonly ObservedAttendee[] | null,
  facts: EventFacts | null = present({ recurring: true }),
): Reverted {
  const [only] = effects(...events);
  if (only === undefined) throw new RangeError('the run had no effect');
  return revertOf(only, { rows, facts, chat: null }, policy());
}

/** Each change in short: `+ ou_a?`. */
function changes({ plan }: Reverted): string[] {
  return plan.changes.map((change) =>
    'attendee' in change
      ? `${change.action === 'add' ? '+' : '-'} ${change.attendee.id}${change.attendee.optional ? '?' : ''}`
      : change.action,
  );
}

const b = user('ou_b');
const optionalB = user('ou_b', { optional: true });
const live = (id: string, more: Partial<ObservedAttendee> = {}): ObservedAttendee => row(id, more);
const a = live('ou_a');

describe('its inverse', () => {
  const replaced = [...batch(1, 'remove', [optionalB]), ...batch(2, 'add', [b])];
  const halfReplaced = [...batch(1, 'remove', [optionalB]), ...batch(2, 'add', [b], 'open')];
  test.each<[string, readonly ApplyEvent[], readonly ObservedAttendee[], readonly string[]]>([
    ['the removed come back', batch(1, 'remove', [b]), [a], ['+ ou_b']],
    ['with their optional flag', batch(1, 'remove', [optionalB]), [a], ['+ ou_b?']],
    ['not where they are back', batch(1, 'remove', [b]), [a, live('ou_b')], []],
    [
      'nor where a removal that was begun did not happen',
      batch(1, 'remove', [b], 'open'),
      [a, live('ou_b')],
      [],
    ],
    ['but where it did', batch(1, 'remove', [b], 'open'), [a], ['+ ou_b']],
    [
      'also where it is listed as removed',
      batch(1, 'remove', [b]),
      [a, live('ou_b', { reply: 'removed' })],
      ['+ ou_b'],
    ],
    ['the added go', batch(1, 'add', [b]), [a, live('ou_b')], ['- ou_b']],
    ['not where they are gone', batch(1, 'add', [b]), [a], []],
    ['nor where an addition that was begun did not happen', batch(1, 'add', [b], 'open'), [a], []],
    ['but where it did', batch(1, 'add', [b], 'open'), [a, live('ou_b')], ['- ou_b']],
    ['not whoever has another flag by now', batch(1, 'add', [b]), [a, live('ou_b', { optional: true })], []],
    [
      'not whoever organizes the event by now',
      batch(1, 'add', [b]),
      [a, live('ou_b', { organizer: true })],
      [],
    ],
    ['a replaced flag is the old one again', replaced, [a, live('ou_b')], ['- ou_b', '+ ou_b?']],
    ['not where it is so', replaced, [a, live('ou_b', { optional: true })], []],
    ['not where its bearer is gone', replaced, [a], []],
    ['not where its bearer organizes the event by now', replaced, [a, live('ou_b', { organizer: true })], []],
    [
      'not where neither the removal nor the addition is known to have been made',
      [...batch(1, 'remove', [optionalB], 'unknown'), ...batch(2, 'add', [b], 'open')],
      [a, live('ou_b', { optional: true })],
      [],
    ],
    ['one removed for a flag and not added again comes back', halfReplaced, [a], ['+ ou_b?']],
    ['one who was added again gets the old flag', halfReplaced, [a, live('ou_b')], ['- ou_b', '+ ou_b?']],
    [
      'those of another tenant cannot come back',
      batch(1, 'remove', [user('ou_out', { external: true }), b]),
      [a],
      ['+ ou_b'],
    ],
  ])('%s', (_what, events, rows, expected) => {
    const plan = reverted(events, rows);
    expect(changes(plan)).toEqual(expected);
    expect(plan.plan.status).toBe(expected.length > 0 ? 'changed' : 'in-sync');
    for (const change of plan.plan.changes) expect(change.reason).toBe('reverted');
  });

  test.each<[string, readonly ApplyEvent[], readonly ObservedAttendee[], readonly [number, number]]>([
    ['undone', batch(1, 'remove', [b]), [a], [1, 0]],
    ['undone by somebody else', batch(1, 'remove', [b]), [a, live('ou_b')], [1, 0]],
    ['begun and not done', batch(1, 'remove', [b], 'open'), [a, live('ou_b')], [0, 0]],
    ['lost', batch(1, 'remove', [user('ou_out', { external: true })]), [a], [0, 1]],
  ])('counts what is %s', (_what, events, rows, counts) => {
    const { reversible, irreversible } = reverted(events, rows);
    expect([reversible, irreversible]).toEqual(counts);
  });

  it('names whom it can, and says who answers for a room', () => {
    const room: BatchAttendee = {
      type: 'room',
      id: 'omm_1',
      name: 'Hall',
      optional: false,
      operateId: 'ou_z',
    };
    const events = [
      ...batch(1, 'remove', [room, user('ou_b', { name: 'B' })]),
      ...batch(2, 'add', [user('ou_n'), user('ou_o')]),
    ];
    const organizer = live('ou_o', { name: 'O', organizer: true });
    const { plan } = reverted(events, [a, live('ou_n', { name: 'N' }), organizer]);
    expect(plan.changes).toMatchObject([
      { action: 'remove', attendee: { id: 'ou_n', name: 'N' } },
      { action: 'add', attendee: { id: 'omm_1', name: 'Hall' }, operateId: 'ou_z' },
      { action: 'add', attendee: { id: 'ou_b', name: 'B' } },
    ]);
    expect(plan.kept).toMatchObject([{ attendee: { id: 'ou_o', name: 'O' } }]);
  });

  it('names ten of those who are left alone, and counts the others', () => {
    const many = Array.from({ length: 12 }, (_, index) => user(`ou_${10 + index}`));
    const { plan } = reverted(
      batch(1, 'remove', [user('ou_0', { name: 'Zero' }), user('ou_1', { name: 'ou_1' }), ...many]),
      [a, live('ou_0'), live('ou_1'), ...many.map(({ id }) => live(id))],
    );
    expect(plan.notes[0]).toBe(
      'Back already, left as it is: Zero (ou_0), ou_1, ou_10, ou_11, ou_12, ou_13, ou_14, ou_15, ou_16, ou_17 and 4 more.',
    );
  });

  it('has a room that declined for one that a reading has to tell of', () => {
    const room = { type: 'room', id: 'omm_1', optional: false } as const;
    const error = { code: 'room-declined', message: 'declined' };
    const events = [
      ...batch(1, 'add', [room]),
      settled({ action: 'add', attendee: room, outcome: 'failed', error }),
    ];
    expect(changes(reverted(events, [a, live('omm_1', { type: 'room', reply: 'declined' })]))).toEqual([
      '- omm_1',
    ]);
  });

  it('says who is left alone, and keeps the organizer', () => {
    const events = [
      ...batch(1, 'remove', [b]),
      ...batch(2, 'add', [user('ou_n'), user('ou_m'), user('ou_o')]),
    ];
    const rows = [a, live('ou_b'), live('ou_m', { optional: true }), live('ou_o', { organizer: true })];
    const { plan } = reverted(events, rows);
    expect(plan.notes).toEqual([
      'Back already, left as it is: ou_b.',
      'Added by the run and gone since, left as it is: ou_n.',
      'Added by the run and changed since, left as it is: ou_m.',
    ]);
    expect(plan.named).toEqual(['ou_b', 'ou_n', 'ou_m'].map((id) => ({ type: 'user', id })));
    expect(plan.kept).toMatchObject([{ attendee: { id: 'ou_o' }, reason: 'organizer' }]);
  });

  it('is guarded by the defaults, and says so', () => {
    const added = Array.from({ length: 6 }, (_, index) => user(`ou_${index}`));
    const { plan } = reverted(
      batch(1, 'add', added),
      added.map(({ id }) => live(id)),
    );
    expect(plan.status).toBe('refused');
    expect(plan.violations.map(({ code }) => code)).toEqual(['empty', 'max-removals']);
    expect(plan.notes.at(-1)).toContain('A revert has no manifest');
    const past = reverted(batch(1, 'remove', [b]), [a], present({ start: '2020-01-01T00:00:00Z' }));
    expect(past.plan.violations.map(({ code }) => code)).toEqual(['past-event']);
  });

  test('warns of no lost replies where a platform sets a flag in place', () => {
    const google: BatchEvent = {
      name: 'weekly',
      provider: 'google',
      calendarId: 'primary',
      eventId: 'g1',
      organizer: 'lead@corp.com',
    };
    const ann = { type: 'email', id: 'ann@corp.com' } as const;
    const events = [
      ...batch(1, 'remove', [{ ...ann, optional: false }], 'done', google),
      ...batch(2, 'add', [{ ...ann, optional: true }], 'done', google),
    ];
    const { plan, warnings } = reverted(events, [live('ann@corp.com', { type: 'email', optional: true })]);
    expect(plan.changes.map(({ action }) => action)).toEqual(['remove', 'add']);
    expect(warnings).toEqual([]);
  });

  test.each<[string, readonly ApplyEvent[], readonly string[]]>([
    ['replies', batch(1, 'remove', [b]), ['replies of the 1 who']],
    ['messages', batch(1, 'add', [user('ou_n')], 'done', event, true), ['were notified']],
    [
      'messages of a platform that decides',
      batch(1, 'remove', [b], 'done', dingtalk),
      ['replies', 'DingTalk may have'],
    ],
    [
      'rooms',
      batch(1, 'remove', [{ type: 'room', id: 'omm_1', optional: false }]),
      ['omm_1 is booked again'],
    ],
    [
      'other tenants',
      batch(1, 'remove', [user('ou_out', { external: true })]),
      ['ou_out from another tenant'],
    ],
    ['a deletion', batch(1, 'delete-event', []), ['the event was deleted']],
    ['an unbinding', batch(1, 'unbind-chat', []), ['the meeting chat oc_meet was unbound']],
  ])('warns of what is irreversible: %s', (_what, events, expected) => {
    const { warnings } = reverted(events, [a, live('ou_n')]);
    expect(warnings.map(({ code, severity }) => [code, severity])).toEqual(
      expected.map(() => ['irreversible', 'warning']),
    );
    expected.forEach((text, index) => {
      expect(warnings[index]?.message).toContain(text);
    });
  });

  test.each<[string, EventFacts, number]>([
    ['the event is there', present(), 0],
    ['the event is deleted', { state: 'deleted' }, 1],
    ['the event is not found', { state: 'absent' }, 1],
  ])('settles a deletion that was begun by a look: %s', (_what, facts, irreversible) => {
    expect(reverted(batch(1, 'delete-event', [], 'open'), null, facts).irreversible).toBe(irreversible);
  });

  it('is unknown where the event was cancelled since', () => {
    const { plan } = reverted(batch(1, 'remove', [b]), [a], { state: 'deleted' });
    expect(plan).toMatchObject({ status: 'unknown', problem: { code: 'event-deleted' }, changes: [] });
  });

  it('is unknown where that look fails', () => {
    const problem = { code: 'list-failed', message: 'no' } as const;
    const { plan } = reverted(batch(1, 'delete-event', [], 'open'), null, { state: 'unknown', problem });
    expect(plan).toMatchObject({ status: 'unknown', problem });
  });

  it.each<['bound' | 'unbound' | 'unknown', number]>([
    ['bound', 0],
    ['unbound', 1],
    ['unknown', 1],
  ])('settles an unbinding that was begun by asking: %s', (state, irreversible) => {
    const [one] = effects(...batch(1, 'unbind-chat', [], 'open'));
    if (one === undefined) throw new RangeError('no effect');
    const chat = state === 'bound' ? { state, chatId: 'oc_meet' } : { state };
    expect(revertOf(one, { rows: null, facts: null, chat }, policy()).irreversible).toBe(irreversible);
  });
});
