import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planDigest } from '../../src/diff/digest.ts';
import type { Plan } from '../../src/model/plan.ts';
import { PlanFileError, hasOwnDigest, readPlan, writePlan } from '../../src/store/plan-file.ts';
import { inSync, refused, removals } from '../support/plan-fixtures.ts';

let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plan-'));
  file = join(folder, 'plan.json');
});

afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

function refusalOf(work: () => unknown): PlanFileError {
  try {
    work();
  } catch (error) {
    if (error instanceof PlanFileError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

test.each([
  ['removals', removals],
  ['a refused event', refused],
  ['nothing to do', inSync],
])('a plan with %s comes back as it was saved', (_what, plan) => {
  writePlan(file, JSON.stringify(plan));
  // What messages are made of is in no file.
  expect(readPlan(file)).toEqual(structuredClone(plan));
});

test('is readable by its owner alone, also where another file stood', () => {
  writeFileSync(file, 'old', { mode: 0o644 });
  writePlan(file, JSON.stringify(inSync));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['plan.json']);
});

test('a place that cannot be written is an error that leaves nothing behind', () => {
  mkdirSync(file);
  const error = refusalOf(() => {
    writePlan(file, '{}');
  });
  expect(error.message).toContain(file);
  expect(error.refused).toBe(false);
  expect(readdirSync(folder)).toEqual(['plan.json']);
});

test('a file that is not there is no refusal', () => {
  const error = refusalOf(() => readPlan(file));
  expect(error).toMatchObject({ refused: false });
  expect(error.message).toContain('there is no file');
  expect(existsSync(file)).toBe(false);
});

test.each([
  ['no JSON', 'hello'],
  ['nothing', ''],
  ['another shape', '[]'],
  ['no version', '{"events":[]}'],
  ['null', 'null'],
])('a file with %s is refused', (_what, text) => {
  writeFileSync(file, text);
  expect(refusalOf(() => readPlan(file)).refused).toBe(true);
});

test('a file that was cut off anywhere is refused', () => {
  const text = JSON.stringify(removals);
  for (let length = 0; length < text.length; length += 97) {
    writeFileSync(file, text.slice(0, length));
    expect(refusalOf(() => readPlan(file)).refused, `cut at ${length}`).toBe(true);
  }
});

test.each(['Zhang San', { name: 'Zhang San' }, ['Zhang San'], '1Zhang San'])(
  'format version %j is not repeated',
  (formatVersion) => {
    writeFileSync(file, JSON.stringify({ ...inSync, formatVersion }));
    expect(() => readPlan(file)).toThrow(/has another format version; this rollcall knows 1$/);
  },
);

test.each(['2', 1, null, '1.0'])('format version %j is refused, and the known one named', (formatVersion) => {
  writeFileSync(file, JSON.stringify({ ...inSync, formatVersion }));
  const error = refusalOf(() => readPlan(file));
  expect(error.refused).toBe(true);
  expect(error.message).toContain(JSON.stringify(formatVersion));
  expect(error.message).toContain('knows 1');
});

test.each<[string, (plan: Plan) => unknown]>([
  ['an unknown member', (plan) => ({ ...plan, extra: 1 })],
  [
    'an event without changes',
    (plan) => ({ ...plan, events: plan.events.map(({ changes: _gone, ...rest }) => rest) }),
  ],
  [
    'another action',
    (plan) => ({
      ...plan,
      events: plan.events.map((event) => ({ ...event, changes: [{ action: 'burn' }] })),
    }),
  ],
  [
    'a number for an id',
    (plan) => ({ ...plan, events: plan.events.map((event) => ({ ...event, eventId: 7 })) }),
  ],
])('a plan with %s is refused', (_what, change) => {
  writeFileSync(file, JSON.stringify(change(removals)));
  expect(refusalOf(() => readPlan(file))).toMatchObject({ refused: true });
});

test('the digest tells any change of the body', () => {
  const { digest: _old, ...body } = removals;
  const plan: Plan = { ...body, digest: planDigest(body) };
  expect(hasOwnDigest(plan)).toBe(true);
  writePlan(file, JSON.stringify(plan, null, 2));
  expect(hasOwnDigest(readPlan(file))).toBe(true);
  expect(hasOwnDigest({ ...plan, maxRemovals: 9999 })).toBe(false);
  expect(hasOwnDigest({ ...body, digest: `sha256:${'0'.repeat(64)}` })).toBe(false);
  expect(hasOwnDigest(body)).toBe(false);
  expect(readFileSync(file, 'utf8')).toContain(plan.digest);
});

test('a file that is not there is said to be missing, and the plans beside it are named, the newest first', () => {
  const missing = join(folder, 'nofile.json');
  expect(refusalOf(() => readPlan(missing))).toMatchObject({
    message: `there is no file ${missing}`,
    hint: 'Make a new plan with: rollcall plan --out FILE',
    refused: false,
  });
  writePlan(join(folder, 'old.json'), JSON.stringify(inSync));
  utimesSync(join(folder, 'old.json'), 0, Date.now() / 1000 - 7200);
  writePlan(file, JSON.stringify(removals));
  writeFileSync(join(folder, 'package.json'), '{ "formatVersion": "1" }');
  mkdirSync(join(folder, 'folder.json'));
  symlinkSync('gone', join(folder, 'link.json'));
  expect(refusalOf(() => readPlan(missing)).hint).toMatch(
    new RegExp(`^Plans there: ${file} \\(\\d+m?s old\\), ${join(folder, 'old.json')} \\(2h old\\)$`),
  );
});

test.each([
  [
    'apiVersion: rollcall.dev/v1\nkind: Event\n',
    'is a manifest, not a saved plan',
    'To plan it: rollcall plan ',
  ],
  ['{"formatVersion":"1","kind":"run-started"}\n{}\n', 'is a journal, not a saved plan', 'rollcall revert '],
])('another file of rollcall is told by its kind: %j', (text, message, hint) => {
  writeFileSync(file, text);
  const refusal = refusalOf(() => readPlan(file));
  expect(refusal.message).toBe(`${file} ${message}`);
  expect(refusal.hint).toContain(`${hint}${file}`);
});
