import { expect, test } from 'vitest';
import { foreignIdType, identityOf, userIdTypeOf } from '../../src/model/attendee.ts';
import type { UserIdType } from '../../src/model/platform.ts';
import type { ProviderId } from '../../src/platforms/index.ts';

test('names an attendee by type and id', () => {
  expect(identityOf({ type: 'user', id: 'ou_A' })).toBe('user:ou_A');
  expect(identityOf({ type: 'room', id: 'x' })).not.toBe(identityOf({ type: 'chat', id: 'x' }));
});

test('compares addresses in lower case, and ids as they are', () => {
  expect(identityOf({ type: 'email', id: 'Wang.Wu@Example.COM' })).toBe('email:wang.wu@example.com');
  expect(identityOf({ type: 'user', id: 'ou_A' })).not.toBe(identityOf({ type: 'user', id: 'ou_a' }));
});

test.each([
  ['ou_x', 'open_id'],
  ['on_x', 'union_id'],
  ['3e3cf96b', 'user_id'],
  ['OU_x', 'user_id'],
  ['o', 'user_id'],
] as const)('takes %s for a %s', (id, type) => {
  expect(userIdTypeOf(id)).toBe(type);
});

const foreign: [ProviderId, UserIdType, string, UserIdType | null][] = [
  ['feishu', 'open_id', 'ou_x', null],
  ['feishu', 'open_id', 'on_x', 'union_id'],
  ['feishu', 'open_id', '3e3cf96b', null],
  ['lark', 'union_id', 'ou_x', 'open_id'],
  ['lark', 'union_id', 'on_x', null],
  ['feishu', 'user_id', 'ou_x', 'open_id'],
  ['feishu', 'user_id', 'on_x', 'union_id'],
  ['feishu', 'user_id', '3e3cf96b', null],
  ['dingtalk', 'open_id', 'on_x', null],
];
test.each(foreign)('on %s, where %s is used, %s shows another kind: %s', (provider, expected, id, shown) => {
  expect(foreignIdType(provider, expected, id)).toBe(shown);
});
