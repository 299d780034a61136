import { describe, expect, test } from 'vitest';
import type { DesiredEvent } from '../../src/model/event.ts';
import { desiredEvent, dingtalkRef, row, source, wanted } from '../support/manifest-builders.ts';
import { compare, steps } from './compare.ts';

const optional = wanted('ou_a', { optional: true });
const replacing = { optionalDrift: 'replace', attendees: [optional] } as const;

test('shows a flag that differs as drift, with the wanted flag, and changes nothing', () => {
  const found = compare(desiredEvent({ attendees: [optional] }), [row('ou_a', { name: 'Ann' })]);
  expect(found.changes).toEqual([]);
  expect(found.drift).toEqual([
    {
      attendee: { type: 'user', id: 'ou_a', name: 'Ann', optional: true },
      reason: 'optional-drift',
      source: source(),
      via: [],
    },
  ]);
});

test('shows drift both ways, and none where the flag is the wanted one', () => {
  const event = desiredEvent({ attendees: [wanted('ou_a'), wanted('ou_b', { optional: true })] });
  expect(compare(event, [row('ou_a', { optional: true }), row('ou_b')]).drift).toHaveLength(2);
  expect(compare(event, [row('ou_a'), row('ou_b', { optional: true })]).drift).toEqual([]);
});

test('replaces a flag by a removal and an addition of one identity', () => {
  const found = compare(desiredEvent(replacing), [row('ou_a')]);
  expect(found.drift).toEqual([]);
  expect(found.changes).toMatchObject([
    {
      action: 'remove',
      attendee: { id: 'ou_a', attendeeId: 'user_ou_a', optional: false },
      reason: 'optional-drift',
    },
    { action: 'add', attendee: { id: 'ou_a', optional: true }, reason: 'optional-drift', source: source() },
  ]);
});

test('replaces the flag of an address, whatever is_external says', () => {
  const attendees = [wanted('wu@example.com', { type: 'email', optional: true })];
  const found = compare(desiredEvent({ ...replacing, attendees }), [
    row('wu@example.com', { type: 'email', external: true }),
  ]);
  expect(steps(found)).toEqual(['- wu@example.com', '+ wu@example.com']);
});

test.each<[string, Partial<DesiredEvent>]>([
  ['under remove-only', { sync: 'remove-only' }],
  ['under add-only', { sync: 'add-only' }],
  ['of a DingTalk path organizer', { ref: { ...dingtalkRef, organizer: 'ou_a' } }],
  ['of somebody who is ignored', { ignore: [{ type: 'user', id: 'ou_a' }] }],
])('never replaces the flag %s', (_, more) => {
  const found = compare(desiredEvent({ ...replacing, ...more }), [row('ou_a')]);
  expect([found.changes.length, found.drift.length]).toEqual([0, 1]);
});

describe('never replaces the flag', () => {
  test.each(['keep', 'remove'] as const)('of an external user under external: %s', (external) => {
    const found = compare(desiredEvent({ ...replacing, external }), [row('ou_a', { external: true })]);
    expect([found.changes.length, found.drift.length]).toEqual([0, 1]);
  });

  test('of the organizer', () => {
    const found = compare(desiredEvent(replacing), [row('ou_a', { organizer: true })]);
    expect([found.changes.length, found.drift.length]).toEqual([0, 1]);
  });

  test('of a chat', () => {
    const attendees = [wanted('oc_a', { type: 'chat', optional: true })];
    const found = compare(desiredEvent({ ...replacing, attendees }), [row('oc_a', { type: 'chat' })]);
    expect([found.changes.length, found.drift.length]).toEqual([0, 1]);
  });

  test('of a room, which has none that could differ', () => {
    const attendees = [wanted('omm_a', { type: 'room' })];
    const listed = [row('omm_a', { type: 'room', optional: true })];
    const found = compare(desiredEvent({ ...replacing, attendees }), listed);
    expect([found.changes.length, found.drift.length]).toEqual([0, 0]);
  });
});
