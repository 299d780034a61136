import { describe, expect, test } from 'vitest';
import type { DesiredEvent } from '../../src/model/event.ts';
import { desiredEvent, dingtalkRef, present, row, wanted } from '../support/manifest-builders.ts';
import { compare, keptOf, steps } from './compare.ts';

const boss = row('ou_boss', { organizer: true });
const guest = row('ou_guest', { external: true });

describe('the organizer', () => {
  test('is kept where the listing marks it', () => {
    const found = compare(desiredEvent(), [boss, row('ou_a')]);
    expect([steps(found), keptOf(found), found.managed]).toEqual([['- ou_a'], ['ou_boss organizer'], 1]);
  });

  test('is kept where the path names it and the listing does not mark it', () => {
    const found = compare(desiredEvent({ ref: dingtalkRef }), [row('unionOrg'), row('unionA')]);
    expect([steps(found), keptOf(found)]).toEqual([['- unionA'], ['unionOrg organizer']]);
  });

  test('is kept where only the look names it, beside the one of the path', () => {
    const listed = [row('unionOrg'), row('unionNew'), row('unionA')];
    const found = compare(desiredEvent({ ref: dingtalkRef }), listed, present({ organizer: 'unionNew' }));
    expect(keptOf(found)).toEqual(['unionNew organizer', 'unionOrg organizer']);
    expect(steps(found)).toEqual(['- unionA']);
  });

  test('is a user: a chat of the same id is none', () => {
    const found = compare(desiredEvent({ ref: dingtalkRef }), [row('unionOrg', { type: 'chat' })]);
    expect(steps(found)).toEqual(['- unionOrg']);
  });

  test('counts as there when it is wanted and is never added', () => {
    const attendees = [wanted('unionOrg'), wanted('unionNew')];
    const event = desiredEvent({ ref: dingtalkRef, attendees });
    const found = compare(event, [], present({ organizer: 'unionNew' }));
    expect(found).toMatchObject({ changes: [], missing: [], kept: [] });
    const half = compare({ ...event, sync: 'remove-only' }, [], present({ organizer: 'unionNew' }));
    expect(half.missing).toEqual([]);
  });

  test('is not listed as kept where it is wanted, and is never counted', () => {
    const event = desiredEvent({ attendees: [wanted('ou_boss')] });
    expect(compare(event, [boss])).toMatchObject({ changes: [], kept: [], managed: 0 });
  });
});

describe('ignore', () => {
  test.each<[string, DesiredEvent['ignore'], string[]]>([
    ['a type', [{ type: 'room' }], ['- oc_a', '- wu@example.com', '- ou_a']],
    ['an id', [{ type: 'user', id: 'ou_a' }], ['- oc_a', '- wu@example.com', '- omm_a']],
    ['an address in any case', [{ type: 'email', id: 'WU@example.com' }], ['- oc_a', '- omm_a', '- ou_a']],
    [
      'an id of another type',
      [{ type: 'chat', id: 'ou_a' }],
      ['- oc_a', '- wu@example.com', '- omm_a', '- ou_a'],
    ],
  ])('by %s keeps exactly that', (_, ignore, left) => {
    const listed = [
      row('ou_a'),
      row('omm_a', { type: 'room' }),
      row('oc_a', { type: 'chat' }),
      row('wu@example.com', { type: 'email' }),
    ];
    const found = compare(desiredEvent({ ignore }), listed);
    expect(steps(found)).toEqual(left);
    expect(found.managed).toBe(left.length);
    expect(found.kept.every(({ reason }) => reason === 'ignored')).toBe(true);
  });

  test('by email keeps a group that a listing tells from a person', () => {
    const found = compare(desiredEvent({ ignore: [{ type: 'email' }] }), [
      row('all@corp.com', { type: 'group' }),
    ]);
    expect([steps(found), keptOf(found)]).toEqual([[], ['all@corp.com ignored']]);
  });

  test('does not count somebody who is wanted and ignored', () => {
    const event = desiredEvent({ ignore: [{ type: 'user', id: 'ou_a' }], attendees: [wanted('ou_a')] });
    expect(compare(event, [row('ou_a')])).toMatchObject({ changes: [], kept: [], managed: 0 });
  });

  test('does not keep from adding', () => {
    const event = desiredEvent({ ignore: [{ type: 'user', id: 'ou_a' }], attendees: [wanted('ou_a')] });
    expect(steps(compare(event, []))).toEqual(['+ ou_a']);
  });
});

describe('external', () => {
  const chat = row('oc_guest', { type: 'chat', external: true });
  const address = row('wu@example.com', { type: 'email', external: true });
  const room = row('omm_a', { type: 'room', external: true });

  test('keep protects users and chats, not addresses and rooms', () => {
    const found = compare(desiredEvent(), [guest, chat, address, room]);
    expect(keptOf(found)).toEqual(['oc_guest external', 'ou_guest external']);
    expect(steps(found)).toEqual(['- wu@example.com', '- omm_a']);
    expect(found.managed).toBe(2);
  });

  test('remove protects none of them', () => {
    const found = compare(desiredEvent({ external: 'remove' }), [guest, chat]);
    expect([steps(found), found.managed]).toEqual([['- oc_guest', '- ou_guest'], 2]);
  });

  test('matches an external user who is wanted, and counts it', () => {
    const found = compare(desiredEvent({ attendees: [wanted('ou_guest')] }), [guest]);
    expect(found).toMatchObject({ changes: [], kept: [], managed: 1 });
  });
});

test('gives the first reason that fits: organizer, ignored, external, add-only', () => {
  const everything = { organizer: true, external: true };
  const listed = [
    row('ou_1', everything),
    row('ou_2', { external: true }),
    row('ou_3', { external: true }),
    row('ou_4'),
  ];
  const ignore = ['ou_1', 'ou_2'].map((id) => ({ type: 'user' as const, id }));
  const found = compare(desiredEvent({ ignore, sync: 'add-only' }), listed);
  expect(keptOf(found)).toEqual(['ou_1 organizer', 'ou_2 ignored', 'ou_3 external', 'ou_4 add-only']);
  expect(found.managed).toBe(1);
});
