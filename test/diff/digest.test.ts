import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  canonicalJson,
  fingerprintOf,
  memberTest,
  membersOf,
  planDigest,
  requestKey,
} from '../../src/diff/digest.ts';
import { type Identity, identityOf } from '../../src/model/attendee.ts';
import { eventPlan, plan, removal, user } from '../support/plans.ts';

const hash = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
const users = (...ids: string[]): Identity[] => ids.map((id) => identityOf({ type: 'user', id }));

describe('canonical JSON', () => {
  test.each<[unknown, string]>([
    [null, 'null'],
    [undefined, 'null'],
    [true, 'true'],
    [[], '[]'],
    [{}, '{}'],
    [[1, undefined, [2]], '[1,null,[2]]'],
    [{ b: 1, a: { d: 2, c: 3 } }, '{"a":{"c":3,"d":2},"b":1}'],
    [{ a: undefined, b: null }, '{"b":null}'],
    // Numbers as ECMAScript writes them.
    [-0, '0'],
    [1.0, '1'],
    [1e9 / 3, '333333333.3333333'],
    [1e30, '1e+30'],
    [4.5, '4.5'],
    [2e-3, '0.002'],
    [0.000000000000000000000000001, '1e-27'],
    [1e21, '1e+21'],
    [1e20, '100000000000000000000'],
    // Strings: short escapes, lower-case \u for other controls, all else as it is.
    ['\u20ac$\u000f\u000aA\'B"\\\\"/', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'],
    ['\b\t\n\f\r\u0000\u001b\u007f', '"\\b\\t\\n\\f\\r\\u0000\\u001b\u007f"'],
    ['张三 \u{1f600} \u2028', '"张三 \u{1f600} \u2028"'],
    // Keys by UTF-16 code units, integers among them.
    [
      { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 },
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}',
    ],
    [{ '10': 1, '9': 2, a: 3 }, '{"10":1,"9":2,"a":3}'],
  ])('of %j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });
});

describe('the digest of a plan', () => {
  const changed = plan([eventPlan('weekly', { changes: [removal(user('ou_a', '张三'))] })]);

  test('is SHA-256 over the canonical JSON of all but itself', () => {
    const simple = plan([], { violations: [] });
    const { digest: _, ...body } = simple;
    const text = canonicalJson(JSON.parse(JSON.stringify(body)));
    expect(planDigest(simple)).toBe(`sha256:${hash(text).toString('hex')}`);
  });

  test('stays the same through a file, whatever the order of keys', () => {
    const entries = Object.entries(changed).reverse();
    expect(planDigest(JSON.parse(JSON.stringify(changed)))).toBe(planDigest(changed));
    // Reversed entries of a plan are still a plan.
    expect(planDigest(Object.fromEntries(entries) as unknown as typeof changed)).toBe(planDigest(changed));
  });

  test('does not depend on the digest that stands in the plan', () => {
    expect(planDigest({ ...changed, digest: 'sha256:other' } as typeof changed)).toBe(planDigest(changed));
  });

  test('changes with anything else', () => {
    const other = plan([eventPlan('weekly', { changes: [removal(user('ou_b', '张三'))] })]);
    expect(planDigest(other)).not.toBe(planDigest(changed));
    expect(planDigest({ ...changed, maxRemovals: 999 })).not.toBe(planDigest(changed));
  });
});

describe('the fingerprint', () => {
  test('is SHA-256 over the sorted lines type:id:optional', () => {
    const live = [
      { identity: identityOf({ type: 'user', id: 'ou_\u{1f600}' }), optional: false },
      { identity: identityOf({ type: 'user', id: 'ou_\uff21' }), optional: true },
      { identity: identityOf({ type: 'chat', id: 'oc_1' }), optional: false },
    ];
    const lines = ['chat:oc_1:false', 'user:ou_\uff21:true', 'user:ou_\u{1f600}:false'];
    expect(fingerprintOf(live)).toBe(`sha256:${hash(lines.join('\n')).toString('hex')}`);
    expect(fingerprintOf([...live].reverse())).toBe(fingerprintOf(live));
  });

  test('of nobody is the hash of nothing', () => {
    expect(fingerprintOf([])).toBe(`sha256:${hash('').toString('hex')}`);
  });

  test('changes with a flag', () => {
    const of = (optional: boolean): string =>
      fingerprintOf(users('a').map((identity) => ({ identity, optional })));
    expect(of(true)).not.toBe(of(false));
  });
});

describe('the members', () => {
  test('are base64 of the sorted first 8 bytes of SHA-256 over each type:id', () => {
    const identities = users('ou_a', 'ou_b', 'ou_c', 'ou_d');
    const heads = identities.map((identity) => hash(identity).subarray(0, 8).toString('hex')).sort();
    expect(membersOf(identities)).toBe(Buffer.from(heads.join(''), 'hex').toString('base64'));
    expect(membersOf([...identities].reverse())).toBe(membersOf(identities));
  });

  test('tell who was among them', () => {
    const isMember = memberTest(membersOf(users('ou_a', 'ou_b')));
    expect(users('ou_a', 'ou_b', 'ou_c').map((identity) => isMember(identity))).toEqual([true, true, false]);
    expect(isMember(identityOf({ type: 'chat', id: 'ou_a' }))).toBe(false);
  });

  test('of nobody are empty, and hold nobody', () => {
    expect(membersOf([])).toBe('');
    expect(users('ou_a').map(memberTest(''))).toEqual([false]);
  });
});

test('names a request by everything that makes it, unambiguously', () => {
  const key = requestKey(['run', 'weekly', 'remove', 1, 'ou_a']);
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(requestKey(['run', 'weekly', 'remove', 1, 'ou_a'])).toBe(key);
  const others = [
    ['run', 'weekly', 'remove', 2, 'ou_a'],
    ['run', 'weekly', 'remove', '1', 'ou_a'],
    ['run', 'weekly', 'remove', 1, 'ou', '_a'],
    ['run', 'weekly', 'add', 1, 'ou_a'],
  ];
  expect(new Set([key, ...others.map(requestKey)]).size).toBe(5);
});
