import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf, identityOf } from '../../src/model/attendee.ts';

test('names an attendee by type and id', () => {
  expect(identityOf({ type: 'user', id: 'ou_A' })).toBe('user:ou_A');
  expect(identityOf({ type: 'room', id: 'x' })).not.toBe(identityOf({ type: 'chat', id: 'x' }));
});

test('compares addresses in lower case, and ids as they are', () => {
  expect(identityOf({ type: 'email', id: 'Wang.Wu@Example.COM' })).toBe('email:wang.wu@example.com');
  expect(identityOf({ type: 'user', id: 'ou_A' })).not.toBe(identityOf({ type: 'user', id: 'ou_a' }));
});

test.each([
  ['Wang.Wu@Example.COM', 'wang.wu@example.com'],
  ['bob@例子.公司', 'bob@xn--fsqu00a.xn--55qx5d'],
  ['bob@XN--FSQU00A.xn--55qx5d', 'bob@xn--fsqu00a.xn--55qx5d'],
  ['bob@BÜCHER.example', 'bob@xn--bcher-kva.example'],
  ['bob@bu\u0308cher.example', 'bob@xn--bcher-kva.example'],
  ['jose\u0301@example.com', 'jos\u00e9@example.com'],
  [' bob@example.com. ', 'bob@example.com'],
  ['bob@10.0.0.1', 'bob@10.0.0.1'],
  ['bob@1', 'bob@1'],
  ['bob@xn--\u00fc.example', 'bob@xn--\u00fc.example'],
  ['', ''],
])('takes %j and %j for one address', (written, address) => {
  expect(addressOf(written)).toBe(address);
  expect(identityOf({ type: 'email', id: written })).toBe(identityOf({ type: 'email', id: address }));
});

test('writes an address that it has written as it is', () => {
  for (const text of ['./¡', 'a@./¡', 'a@x。', 'a@x..', 'a@ä。.'])
    expect([text, addressOf(addressOf(text))]).toEqual([text, addressOf(text)]);
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'grapheme' })), (text) => {
      expect(addressOf(addressOf(text))).toBe(addressOf(text));
    }),
  );
});
