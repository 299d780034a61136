import { describe, expect, test } from 'vitest';
import { extentOf } from '../../src/diff/guards.ts';
import type { Change } from '../../src/model/plan.ts';
import { addition, removal, user } from '../support/plans.ts';

const room = { type: 'room', id: 'omm_1', optional: false } as const;
const chat = { type: 'chat', id: 'oc_1', optional: false } as const;
const email = { type: 'email', id: 'wu@example.com', optional: false } as const;
const counts = { managed: 7, live: 9 };
const deletion: Change = { action: 'delete-event', reason: 'state-absent', certain: true };
const unbinding: Change = { action: 'unbind-chat', chatId: 'oc_meet', reason: 'chat-absent', certain: true };
const replaced: Change[] = [
  removal(user('ou_r'), { reason: 'optional-drift' }),
  addition(user('ou_r'), { reason: 'optional-drift' }),
];

test('counts identities removed and added, a replaced flag as one of each', () => {
  const changes = [removal(user('ou_a')), ...replaced, addition(user('ou_b')), addition(room), unbinding];
  const plan = { provider: 'feishu', notify: false } as const;
  expect(extentOf(plan, changes, counts)).toEqual({
    removals: 2,
    additions: 3,
    managed: 7,
    deletesEvent: false,
    notified: 0,
  });
});

describe('who is told', () => {
  test.each<[string, Change[], number, number]>([
    ['users who are removed', [removal(user('ou_a')), removal(user('ou_b'))], 2, 0],
    ['users who are added', [addition(user('ou_a'))], 1, 1],
    ['addresses', [addition(email), removal({ ...email, id: 'other@example.com' })], 2, 1],
    [
      'an address once, called a group or not',
      [
        removal({ ...email, id: 'all@example.com' }),
        addition({ ...email, id: 'All@example.com', type: 'group' }),
      ],
      1,
      1,
    ],
    ['a chat, as one', [addition(chat)], 1, 1],
    ['no rooms', [addition(room), removal({ ...room, id: 'omm_2' })], 0, 0],
    ['somebody whose flag is replaced, once', replaced, 1, 1],
    ['nobody by an unbinding', [unbinding], 0, 0],
    ['everybody live by a deletion', [deletion], 9, 9],
  ])('counts %s', (_, changes, feishu, dingtalk) => {
    const notified = (provider: 'feishu' | 'lark' | 'dingtalk'): number =>
      extentOf({ provider, notify: true }, changes, counts).notified;
    expect([notified('feishu'), notified('lark'), notified('dingtalk')]).toEqual([feishu, feishu, dingtalk]);
  });

  test('is nobody under notify: false', () => {
    const changes = [removal(user('ou_a')), addition(user('ou_b')), deletion];
    expect(extentOf({ provider: 'feishu', notify: false }, changes, counts)).toMatchObject({
      notified: 0,
      deletesEvent: true,
    });
  });
});
