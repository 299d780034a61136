import { describe, expect, it, test } from 'vitest';
import type { Operation } from '../../../src/providers/dialect.ts';
import { errorTable, rowOf } from '../../../src/providers/feishu/errors.ts';
import { kindOf } from '../../../src/providers/judge.ts';

/** The rows of the error tables of the four pages, with the status that each comes with. */
const documented: Readonly<Record<string, readonly number[]>> = {
  list: [
    190002, 190003, 190004, 190005, 190006, 190007, 190008, 190010, 190011, 190012, 191000, 191001, 191002,
    191003, 191004, 193000, 193001, 193002, 193003, 194000, 194001, 194002, 194003, 194004, 195100,
  ],
  batchDelete: [
    190002, 190003, 190004, 190005, 190006, 190007, 190010, 190011, 190012, 191000, 191001, 191002, 191003,
    191004, 193000, 193001, 193002, 193003, 194000, 194001, 194002, 194003, 194004, 195100,
  ],
  delete: [
    190002, 190003, 190004, 190005, 190006, 190007, 190010, 190011, 190012, 191000, 191001, 191002, 191003,
    191004, 193000, 193001, 193002, 193003, 195100,
  ],
  unbind: [
    190002, 190003, 190004, 190005, 190006, 190007, 190010, 190011, 190012, 191000, 191001, 191002, 191003,
    191004, 193000, 193001, 193002, 193003, 195100, 195107, 195108,
  ],
  generic: [
    99991400, 99991401, 99991403, 99991543, 99991661, 99991662, 99991663, 99991664, 99991665, 99991668,
    99991671, 99991672, 99991673, 99991676, 99991677, 99991679, 99992351, 99992361, 99992402, 10003, 10014,
    10015, 190013,
  ],
};

describe.each(Object.entries(documented))('the codes of %s', (_page, codes) => {
  test.each(codes)('%i has a meaning and a way out', (code) => {
    const row = errorTable[code];
    expect(row?.meaning).toMatch(/^[a-z]/);
    expect(row?.hint).toMatch(/^[A-Z].*\.$/);
  });
});

test.each<readonly [number, Operation, string]>([
  [190002, 'batch', 'entry'],
  [190013, 'batch', 'entry'],
  [194004, 'batch', 'entry'],
  [195100, 'batch', 'entry'],
  [99992351, 'batch', 'entry'],
  [99992361, 'batch', 'entry'],
  [99992402, 'batch', 'entry'],
  [194000, 'batch', 'gone'],
  [190002, 'read', 'event'],
  [195100, 'delete', 'event'],
  [194000, 'read', 'event'],
  [193003, 'delete', 'done'],
  [193003, 'batch', 'absent'],
  [193003, 'unbind', 'absent'],
  [195108, 'unbind', 'done'],
  [195107, 'unbind', 'event'],
  [193001, 'delete', 'absent'],
  [190004, 'batch', 'rate'],
  [190005, 'read', 'rate'],
  [190010, 'batch', 'rate'],
  [99991400, 'read', 'rate'],
  [190003, 'batch', 'lost'],
  [99991403, 'read', 'quota'],
  [99991663, 'read', 'auth'],
  [99991672, 'batch', 'event'],
  [190006, 'token', 'auth'],
  [10003, 'token', 'auth'],
  [99991400, 'token', 'rate'],
])('%i answered to %s is of kind %s', (code, operation, kind) => {
  expect(kindOf(rowOf(String(code)), 400, operation)).toBe(kind);
});

test.each<readonly [number, Operation, string]>([
  [400, 'batch', 'event'],
  [200, 'read', 'event'],
  [401, 'read', 'auth'],
  [429, 'batch', 'rate'],
  [500, 'read', 'lost'],
  [200, 'token', 'auth'],
])('an unknown code with HTTP %i, answered to %s, is of kind %s', (status, operation, kind) => {
  expect(kindOf(rowOf('123456'), status, operation)).toBe(kind);
});

it('renews a token for exactly the codes that say it has run out', () => {
  const renewed = Object.entries(errorTable).flatMap(([code, row]) => (row.renew === true ? [code] : []));
  expect(renewed).toEqual(['99991663', '99991664', '99991671']);
});
