import { expect, test } from 'vitest';
import { type Change, changeKey, compareChanges } from '../../src/model/plan.ts';
import { addition, removal, user } from '../support/plans.ts';

const unbinding: Change = { action: 'unbind-chat', chatId: 'oc_meet', reason: 'chat-absent', certain: true };
const deletion: Change = { action: 'delete-event', reason: 'state-absent', certain: true };

test('orders changes: remove, add, unbind-chat, delete-event, then type, then id', () => {
  const sorted: Change[] = [
    removal({ type: 'chat', id: 'z', optional: false }),
    removal({ type: 'email', id: 'b', optional: false }),
    removal(user('a')),
    removal(user('\uff21')),
    removal(user('\u{1f600}')),
    addition({ type: 'room', id: 'a', optional: false }),
    addition(user('a')),
    unbinding,
    deletion,
  ];
  expect([...sorted].reverse().sort(compareChanges)).toEqual(sorted);
});

test('tells the removal from the addition of one identity', () => {
  expect(changeKey(removal(user('a')))).not.toBe(changeKey(addition(user('a'))));
  expect(changeKey(removal(user('a')))).not.toBe(
    changeKey(removal({ type: 'chat', id: 'a', optional: false })),
  );
  expect(changeKey(removal(user('a', 'Ann')))).toBe(changeKey(removal(user('a', 'Bob', true))));
});

test('has a key for what concerns the event itself', () => {
  expect(changeKey(unbinding)).not.toBe(changeKey(deletion));
});
