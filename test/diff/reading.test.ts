import { describe, expect, test } from 'vitest';
import { liveOf } from '../../src/diff/live.ts';
import { planOf } from '../../src/diff/event-plan.ts';
import { isTrue, readingOf } from '../../src/diff/reading.ts';
import type { ObservedAttendee } from '../../src/model/attendee.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import { type Change, type EventPlan, changeKey, replacedBy } from '../../src/model/plan.ts';
import { desiredEvent, dingtalkRef, policy, row, rows, wanted } from '../support/manifest-builders.ts';
import { addition, removal, user } from '../support/plans.ts';

function planned(desired: DesiredEvent, listed: readonly ObservedAttendee[]): EventPlan {
  return planOf(desired, { rows: listed, facts: null, chat: null }, policy()).plan;
}

describe('a change is true', () => {
  const gone = row('ou_a', { reply: 'removed' });
  const table: [string, Change, ObservedAttendee[], boolean][] = [
    ['a removal of somebody absent', removal(user('ou_a')), [], true],
    ['a removal of somebody listed as removed', removal(user('ou_a')), [gone], true],
    ['a removal of somebody live', removal(user('ou_a')), [row('ou_a')], false],
    ['a removal of somebody live by a second row', removal(user('ou_a')), [gone, row('ou_a')], false],
    [
      'a removal of a user where a chat has the id',
      removal(user('ou_a')),
      [row('ou_a', { type: 'chat' })],
      true,
    ],
    ['an addition of somebody absent', addition(user('ou_a')), [], false],
    ['an addition of somebody listed as removed', addition(user('ou_a')), [gone], false],
    ['an addition of somebody live', addition(user('ou_a')), [row('ou_a')], true],
    [
      'an addition of somebody live with another flag',
      addition(user('ou_a')),
      [row('ou_a', { optional: true })],
      true,
    ],
    [
      'an unbinding, which no listing shows',
      { action: 'unbind-chat', chatId: 'oc', reason: 'chat-absent', certain: true },
      [],
      false,
    ],
    [
      'a deletion, which no listing shows',
      { action: 'delete-event', reason: 'state-absent', certain: true },
      [],
      false,
    ],
  ];
  test.each(table)('%s', (_, change, listed, so) => {
    expect(isTrue(change, liveOf(listed), new Set())).toBe(so);
  });

  const flags: typeof table = [
    ['the removal of a flag that is still there', removal(user('ou_a')), [row('ou_a')], false],
    ['the removal of a flag that changed', removal(user('ou_a')), [row('ou_a', { optional: true })], true],
    ['the removal of a flag whose bearer is gone', removal(user('ou_a')), [], true],
    [
      'the addition of a flag that is not there',
      addition(user('ou_a')),
      [row('ou_a', { optional: true })],
      false,
    ],
    ['the addition of a flag that is there', addition(user('ou_a')), [row('ou_a')], true],
    ['the addition of a flag whose bearer is gone', addition(user('ou_a')), [], false],
  ];
  test.each(flags)('%s, where a flag is replaced', (_, change, listed, so) => {
    const replaced = replacedBy([removal(user('ou_a', undefined, true)), addition(user('ou_a'))]);
    expect(isTrue(change, liveOf(listed), replaced)).toBe(so);
  });
});

describe('a reading', () => {
  const desired = desiredEvent({ attendees: [wanted('ou_1'), wanted('ou_2'), wanted('ou_new')] });
  const plan = planned(desired, rows(4));
  const [first, second, third] = plan.changes.map((change) => changeKey(change));

  test('names the rows of pending removals, all rows of one identity', () => {
    const again = row('ou_3', { attendeeId: 'user_again' });
    const reading = readingOf(plan, [...rows(4), again]);
    expect([...reading.rows]).toEqual([
      [first, [again, row('ou_3')]],
      [second, [row('ou_4')]],
    ]);
    expect(reading.already.size).toBe(0);
  });

  test('takes the attendee id of its own listing', () => {
    const moved = rows(4).map((listed) => ({ ...listed, attendeeId: `new_${listed.id}` }));
    expect([...readingOf(plan, moved).rows.values()].flat().map(({ attendeeId }) => attendeeId)).toEqual([
      'new_ou_3',
      'new_ou_4',
    ]);
  });

  test('drops what is so already', () => {
    const reading = readingOf(plan, [row('ou_1'), row('ou_2'), row('ou_4'), row('ou_new')]);
    expect([...reading.already]).toEqual([first, third]);
    expect([...reading.rows.keys()]).toEqual([second]);
  });

  test('finds nothing left of a plan that was applied', () => {
    const reading = readingOf(plan, [row('ou_1'), row('ou_2'), row('ou_new')]);
    expect([reading.already.size, reading.rows.size]).toEqual([3, 0]);
    expect(reading.newcomers).toEqual([]);
  });

  test('marks the removal of somebody who organizes the event by now', () => {
    const listed = [...rows(3), row('ou_4', { organizer: true })];
    expect([...readingOf(plan, listed).organizers]).toEqual([second]);
  });

  test('names newcomers: whoever the plan neither saw nor adds', () => {
    const listed = [
      ...rows(4),
      row('ou_new'),
      row('ou_later', { name: 'Later' }),
      row('oc_later', { type: 'chat' }),
    ];
    expect(readingOf(plan, listed).newcomers).toEqual([
      { type: 'user', id: 'ou_later', name: 'Later' },
      { type: 'chat', id: 'oc_later' },
    ]);
  });

  test('knows no newcomers where nothing was listed', () => {
    const unlisted = planOf(
      { ...desired, attendees: null },
      { rows: null, facts: null, chat: null },
      policy(),
    ).plan;
    expect(readingOf(unlisted, rows(2)).newcomers).toEqual([]);
  });
});

describe('the managed attendees of a reading', () => {
  const listed = [
    row('ou_boss', { organizer: true }),
    row('ou_guest', { external: true }),
    row('ou_bot'),
    ...rows(4),
  ];
  const desired = desiredEvent({
    attendees: [wanted('ou_1'), wanted('ou_2')],
    ignore: [{ type: 'user', id: 'ou_bot' }],
  });
  const plan = planned(desired, listed);

  test('are those of the plan where nothing moved', () => {
    expect(plan.observed?.managed).toBe(4);
    expect(readingOf(plan, listed)).toMatchObject({ managed: 4, live: 7 });
  });

  test('are fewer where somebody left, and no more where somebody came', () => {
    expect(readingOf(plan, listed.slice(0, -1)).managed).toBe(3);
    expect(readingOf(plan, [...listed, row('ou_later'), row('ou_last')])).toMatchObject({
      managed: 4,
      live: 9,
    });
    expect(readingOf(plan, [...listed.slice(0, -1), row('ou_later')]).managed).toBe(3);
  });

  test('are never more than the plan counted, where somebody is both wanted and ignored', () => {
    const both = planned({ ...desired, attendees: [...(desired.attendees ?? []), wanted('ou_bot')] }, listed);
    expect(both.observed?.managed).toBe(4);
    expect(readingOf(both, listed).managed).toBe(4);
  });

  test('count those whom add-only keeps', () => {
    const adding = planned({ ...desired, sync: 'add-only' }, listed);
    expect([adding.observed?.managed, readingOf(adding, listed).managed]).toEqual([4, 4]);
  });

  test('are without the organizer of the path, who is not marked in the list', () => {
    const attendees = [wanted('unionOrg'), wanted('ou_1'), wanted('ou_2'), wanted('ou_3')];
    const all = [row('unionOrg'), ...rows(4)];
    const dingtalk = planned(desiredEvent({ ref: dingtalkRef, attendees }), all);
    expect(readingOf(dingtalk, all).managed).toBe(4);
    expect(
      readingOf(
        dingtalk,
        all.filter(({ id }) => id !== 'ou_1'),
      ).managed,
    ).toBe(3);
  });
});
