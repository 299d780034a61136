import { expect, test } from 'vitest';
import { liveOf } from '../../src/diff/live.ts';
import { row } from '../support/manifest-builders.ts';

test('takes rows of one identity for one attendee and keeps each row', () => {
  const first = row('wu@example.com', { type: 'email', attendeeId: 'third_party_1' });
  const second = row('Wu@Example.com', { type: 'email', attendeeId: 'third_party_2', name: 'Wu' });
  const { attendees } = liveOf([first, second, row('ou_a')]);
  expect([...attendees.keys()]).toEqual(['email:wu@example.com', 'user:ou_a']);
  expect([...attendees.values()][0]).toMatchObject({ name: 'Wu', rows: [first, second] });
});

test('shows the same row of several, in whatever order they are listed', () => {
  const rows = [
    row('ou_a', { attendeeId: 'user_2', name: 'Second' }),
    row('ou_a', { attendeeId: 'user_1', name: 'First' }),
  ];
  for (const listed of [rows, rows.toReversed()]) {
    const [shown] = liveOf(listed).attendees.values();
    expect(shown?.name).toBe('First');
    expect(shown?.rows.map(({ attendeeId }) => attendeeId)).toEqual(['user_1', 'user_2']);
  }
});

test.each([
  [true, true, true],
  [true, false, false],
  [false, true, false],
])('rows that are optional %s and %s make an attendee that is optional %s', (a, b, joined) => {
  const { attendees } = liveOf([row('ou_a', { optional: a }), row('ou_a', { optional: b })]);
  expect([...attendees.values()][0]?.optional).toBe(joined);
});

test('one row is enough to make an organizer, or somebody from another tenant', () => {
  const { attendees } = liveOf([
    row('ou_a'),
    row('ou_a', { organizer: true }),
    row('ou_b', { external: true }),
    row('ou_b'),
  ]);
  expect([...attendees.values()].map(({ organizer, external }) => [organizer, external])).toEqual([
    [true, false],
    [false, true],
  ]);
});

test('takes rows that are marked as removed for absent', () => {
  const { attendees, removed } = liveOf([
    row('ou_a', { reply: 'removed' }),
    row('ou_b', { reply: 'declined' }),
  ]);
  expect([...attendees.keys()]).toEqual(['user:ou_b']);
  expect([...removed]).toEqual(['user:ou_a']);
});

test('takes whoever was removed and added again for live, in either order', () => {
  const gone = row('ou_a', { reply: 'removed', attendeeId: 'user_old' });
  const back = row('ou_a', { attendeeId: 'user_new' });
  for (const listed of [
    [gone, back],
    [back, gone],
  ]) {
    const { attendees, removed } = liveOf(listed);
    expect([...attendees.values()].map(({ rows }) => rows)).toEqual([[back]]);
    expect(removed.size).toBe(0);
  }
});
