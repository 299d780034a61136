import { describe, expect, test } from 'vitest';
import { desiredEvent, row, source, wanted } from '../support/manifest-builders.ts';
import { compare, steps } from './compare.ts';

describe('the set', () => {
  test('removes whoever is not wanted and adds whoever is not there', () => {
    const event = desiredEvent({ attendees: [wanted('ou_a'), wanted('ou_new')] });
    const found = compare(event, [row('ou_a'), row('ou_old')]);
    expect(steps(found)).toEqual(['- ou_old', '+ ou_new']);
    expect(found).toMatchObject({ kept: [], missing: [], drift: [], managed: 2 });
  });

  test('changes nothing where the sets are the same, whatever was replied', () => {
    const event = desiredEvent({ attendees: [wanted('ou_a'), wanted('ou_b')] });
    const listed = [row('ou_b', { reply: 'declined' }), row('ou_a', { reply: 'accepted' })];
    expect(compare(event, listed).changes).toEqual([]);
  });

  test('matches by type and id', () => {
    const event = desiredEvent({ attendees: [wanted('x', { type: 'chat' })] });
    expect(compare(event, [row('x', { type: 'room' })]).changes).toMatchObject([
      { action: 'remove', attendee: { type: 'room', id: 'x' } },
      { action: 'add', attendee: { type: 'chat', id: 'x' } },
    ]);
  });

  test('matches addresses whatever their case', () => {
    const event = desiredEvent({ attendees: [wanted('wu@example.com', { type: 'email' })] });
    expect(compare(event, [row('Wu@Example.com', { type: 'email', external: true })]).changes).toEqual([]);
  });

  test('sorts removals before additions, then by type, then by code point', () => {
    const event = desiredEvent({
      attendees: [wanted('ou_\u{1f600}'), wanted('ou_\uff21'), wanted('a', { type: 'room' })],
    });
    const found = compare(event, [row('b'), row('a'), row('c', { type: 'chat' })]);
    expect(steps(found)).toEqual(['- c', '- a', '- b', '+ a', '+ ou_\uff21', '+ ou_\u{1f600}']);
  });

  test('names two live rows of one identity once', () => {
    const listed = [row('ou_a', { attendeeId: 'user_1' }), row('ou_a', { attendeeId: 'user_2' })];
    const found = compare(desiredEvent(), listed);
    expect(steps(found)).toEqual(['- ou_a']);
    expect(found.managed).toBe(1);
  });
});

describe('rows of those who were removed', () => {
  const gone = row('ou_a', { reply: 'removed', name: 'Ann' });

  test('are absent where they are not wanted', () => {
    expect(compare(desiredEvent(), [gone])).toMatchObject({ changes: [], kept: [], managed: 0 });
  });

  test('are added again where they are wanted, which the change says', () => {
    const event = desiredEvent({ attendees: [wanted('ou_a'), wanted('ou_b')] });
    const [again, first] = compare(event, [gone]).changes;
    expect(again).toMatchObject({ action: 'add', reason: 'in-manifest', wasRemoved: true });
    expect(first).not.toHaveProperty('wasRemoved');
  });

  test('say nothing where the identity is live by another row', () => {
    const event = desiredEvent({ attendees: [wanted('ou_a')] });
    expect(compare(event, [gone, row('ou_a')]).changes).toEqual([]);
  });
});

describe('reasons', () => {
  const past = { source: source(12, 'rosters/oncall.yaml'), via: ['platform-team'] };
  const event = desiredEvent({
    unwanted: new Map([
      ['user:ou_struck', { reason: 'excluded' as const, ...past }],
      ['user:ou_late', { reason: 'expired' as const, ...past }],
    ]),
  });

  test('tell the struck from the expired and from the unnamed, with the place that says so', () => {
    const found = compare(event, [row('ou_late'), row('ou_other'), row('ou_struck')]);
    expect(found.changes).toMatchObject([
      { attendee: { id: 'ou_late' }, reason: 'expired', ...past },
      { attendee: { id: 'ou_other' }, reason: 'not-in-manifest' },
      { attendee: { id: 'ou_struck' }, reason: 'excluded', ...past },
    ]);
    expect(found.changes[1]).not.toHaveProperty('source');
  });

  test('of an addition are the manifest, with the entry it comes from', () => {
    const entry = wanted('ou_a', { source: source(9), via: ['all', 'team'], name: 'Ann', optional: true });
    expect(compare(desiredEvent({ attendees: [entry] }), []).changes).toEqual([
      {
        action: 'add',
        attendee: { type: 'user', id: 'ou_a', name: 'Ann', optional: true },
        reason: 'in-manifest',
        certain: true,
        source: source(9),
        via: ['all', 'team'],
      },
    ]);
  });
});

describe('what a plan shows of an attendee', () => {
  test('is the row as it is listed', () => {
    const listed = row('ou_a', { attendeeId: 'user_1', name: 'Ann', optional: true });
    expect(compare(desiredEvent(), [listed]).changes).toMatchObject([
      { attendee: { type: 'user', id: 'ou_a', attendeeId: 'user_1', name: 'Ann', optional: true } },
    ]);
  });

  test('has the name of a Directory where the platform gives none', () => {
    const names = new Map([['user:ou_a', 'Ann of the Directory']]);
    expect(compare(desiredEvent({ names }), [row('ou_a')]).changes).toMatchObject([
      { attendee: { name: 'Ann of the Directory' } },
    ]);
    expect(compare(desiredEvent({ names }), [row('ou_a', { name: 'Ann' })]).changes).toMatchObject([
      { attendee: { name: 'Ann' } },
    ]);
  });
});

describe('one-sided sync', () => {
  const attendees = [wanted('ou_a'), wanted('ou_new')];
  const listed = [row('ou_a'), row('ou_old')];

  test('remove-only lists as missing whom it does not add', () => {
    const found = compare(desiredEvent({ sync: 'remove-only', attendees }), listed);
    expect(steps(found)).toEqual(['- ou_old']);
    expect(found.missing).toEqual([
      {
        attendee: { type: 'user', id: 'ou_new', optional: false },
        reason: 'remove-only',
        source: source(),
        via: [],
      },
    ]);
  });

  test('remove-only takes somebody who was removed for missing', () => {
    const event = desiredEvent({ sync: 'remove-only', attendees: [wanted('ou_a')] });
    const found = compare(event, [row('ou_a', { reply: 'removed' })]);
    expect([found.changes.length, found.missing.length]).toEqual([0, 1]);
  });

  test('add-only lists as kept whom it does not remove, and counts them', () => {
    const found = compare(desiredEvent({ sync: 'add-only', attendees }), listed);
    expect(steps(found)).toEqual(['+ ou_new']);
    expect(found.kept).toMatchObject([{ attendee: { id: 'ou_old' }, reason: 'add-only' }]);
    expect(found.managed).toBe(2);
  });

  test('sorts missing and kept by type, then id', () => {
    const many = ['b', 'a'].flatMap((id) => [wanted(id), wanted(id, { type: 'chat' })]);
    const { missing } = compare(desiredEvent({ sync: 'remove-only', attendees: many }), []);
    expect(missing.map(({ attendee }) => `${attendee.type} ${attendee.id}`)).toEqual([
      'chat a',
      'chat b',
      'user a',
      'user b',
    ]);
    const { kept } = compare(desiredEvent({ sync: 'add-only' }), [
      row('b'),
      row('a'),
      row('c', { type: 'chat' }),
    ]);
    expect(kept.map(({ attendee }) => attendee.id)).toEqual(['c', 'a', 'b']);
  });
});
