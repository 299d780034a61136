import { describe, expect, expectTypeOf, it } from 'vitest';
import { given } from '../../src/model/given.ts';

describe('given', () => {
  it('keeps what has a value and leaves out what is undefined', () => {
    const none: string | undefined = undefined;
    const members = given({ name: 'ou_bob', hint: none, optional: false, note: '', left: null });
    expect(members).toStrictEqual({ name: 'ou_bob', optional: false, note: '', left: null });
  });

  it('makes a member that may be undefined one that may be absent', () => {
    const hint = ['a'].at(1);
    expectTypeOf(given({ name: 'ou_bob', hint })).toEqualTypeOf<{ name: string } & { hint?: string }>();
  });
});
