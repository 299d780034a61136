import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkSavedPlan } from '../../src/run/saved-plan.ts';
import { UsageError } from '../../src/run/usage-error.ts';
import { planDigest } from '../../src/diff/digest.ts';
import { readingOf } from '../../src/diff/reading.ts';
import type { Plan } from '../../src/model/plan.ts';
import { planJson } from '../../src/report/json.ts';
import { planText } from '../../src/report/text/plan.ts';
import { planDifference } from '../../src/report/text/difference.ts';
import { hasOwnDigest, PlanFileError, readPlan } from '../../src/store/plan-file.ts';
import { folderWith } from '../support/cli.ts';
import { row } from '../support/manifest-builders.ts';
import { inSync, refused, removals } from '../support/plan-fixtures.ts';
import { plain } from '../support/terminals.ts';
import { fuzz, mutated, mutation } from './fuzz.ts';

const file = 'fuzz-plans.test.ts';
const saved = join(folderWith({}), 'plan.json');

const signed = ({ digest: _old, ...body }: Plan): Plan => ({ ...body, digest: planDigest(body) });
const plans = [removals, refused, inSync].map(signed);

/** What `apply --plan` and `show` do with a file before anything is called; null where it is refused. */
function readAndShow(content: string | Uint8Array): Plan | null {
  writeFileSync(saved, content);
  let plan: Plan;
  try {
    plan = readPlan(saved);
  } catch (error) {
    expect(error).toBeInstanceOf(PlanFileError);
    expect(error).toMatchObject({ refused: true, message: expect.stringContaining(saved) });
    return null;
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(planText(plan, plain)).not.toMatch(/[\u0000-\u0009\u000b-\u001f]|undefined|\[object /);
  JSON.parse(planJson(plan));
  planDifference(plan, removals, plain);
  hasOwnDigest(plan);
  for (const event of plan.events) readingOf(event, [row('ou_a'), row('ou_b')]);
  return plan;
}

it('saved plans with flipped bits, cuts and insertions are refused, or mean what they meant', async () => {
  const damage = fc.record({
    kind: fc.constantFrom('flip' as const, 'cut' as const, 'insert' as const, 'double' as const),
    at: fc.nat({ max: 100_000 }),
    bit: fc.nat({ max: 7 }),
  });
  const value = fc.tuple(fc.constantFrom(...plans), fc.array(damage, { minLength: 1, maxLength: 3 }));
  await fuzz(
    file,
    value,
    ([plan, damages]) => {
      let bytes = Buffer.from(JSON.stringify(plan));
      for (const { kind, at, bit } of damages) {
        const place = at % (bytes.length + 1);
        const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
        if (kind === 'flip' && place < bytes.length) bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
        if (kind === 'cut') bytes = Buffer.from(before);
        if (kind === 'insert') bytes = Buffer.concat([before, Buffer.of(at % 256), after]);
        if (kind === 'double') bytes = Buffer.concat([before, after, after]);
      }
      const read = readAndShow(bytes);
      if (read !== null && hasOwnDigest(read)) expect(read).toEqual(plan);
    },
    30,
  );
});

it('plans of another shape with a digest of their own are refused, or can be shown and checked', async () => {
  const value = fc.record({
    plan: fc.constantFrom(...plans),
    mutations: fc.array(mutation, { minLength: 1, maxLength: 3 }),
  });
  await fuzz(
    file,
    value,
    ({ plan, mutations }) => {
      const tree = mutations.reduce(mutated, plan);
      // Only an object can have a digest.
      const isMap = typeof tree === 'object' && tree !== null && !Array.isArray(tree);
      const read = readAndShow(JSON.stringify(isMap ? forged(tree) : tree) ?? '');
      if (read === null) return;
      try {
        checkSavedPlan(read, { ttlMs: 1, now: Date.parse(plan.createdAt), maxRemovals: undefined });
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
      }
    },
    30,
  );
});

/** With a right digest, as somebody would make it who means harm; without one where that cannot be made. */
function forged(tree: object): object {
  try {
    // planDigest takes any JSON, whatever its type says.
    return { ...tree, digest: planDigest(tree as Plan) };
  } catch {
    return tree;
  }
}

it.each([
  ['a million brackets', '['.repeat(1_000_000)],
  ['a million maps', '{"a":'.repeat(1_000_000)],
  ['a huge number', `{"formatVersion":${'9'.repeat(1_000_000)}}`],
  ['a byte order mark', `\ufeff${JSON.stringify(plans[0])}`],
  ['UTF-16', Buffer.from(JSON.stringify(plans[0]), 'utf16le')],
  ['zeros', Buffer.alloc(100_000)],
  ['a prototype', '{"__proto__":{"formatVersion":"1"}}'],
])('a plan file with %s is refused', (_what, content) => {
  expect(readAndShow(content)).toBeNull();
});
