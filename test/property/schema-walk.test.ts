import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { explain } from '../../src/manifest/check/explain.ts';
import { collectDiagnostics } from '../../src/manifest/diagnostics.ts';
import { isRecord, type Kind, kinds } from '../../src/manifest/manifest.ts';
import { parseText } from '../../src/manifest/read/parse.ts';
import { Places } from '../../src/manifest/read/places.ts';
import { readValue } from '../../src/manifest/read/read-value.ts';
import { schemaOf, validatorOf } from '../../src/manifest/schemas.ts';
import { isCalendarDay } from '../../src/model/day.ts';
import { providerIds } from '../../src/platforms/index.ts';
import { root } from '../support/cli.ts';
import { fuzz, type Mutation, mutated, mutation, odd } from './fuzz.ts';

const file = 'schema-walk.test.ts';
const schemas = new Map(kinds.map((kind) => [kind, schemaOf(kind)]));
const whole = new Ajv2020({ strict: false, formats: { date: isCalendarDay } }).compile(
  JSON.parse(readFileSync(join(root, 'schemas/manifest.schema.json'), 'utf8')),
);

/** The walk that explains mistakes finds some in exactly what ajv refuses, and leaves only what ajv accepts. */
function agrees(tree: unknown, kind: Kind): boolean {
  // JSON is YAML, and the walk goes by where things are written.
  const text = JSON.stringify(tree) ?? '';
  const document = parseText(text).documents[0]?.document;
  if (document === undefined || document.errors.length > 0) return false;
  const read = readValue(document, text);
  if (read.faults.length > 0) return false;
  const { report } = collectDiagnostics();
  let mistakes = 0;
  const left = explain(read.value, schemas.get(kind) ?? {}, new Places(document, read), report, () => {
    mistakes += 1;
  });
  const valid = validatorOf(kind)(read.value);
  expect({ text, valid }).toEqual({ text, valid: mistakes === 0 });
  // And so does the schema that editors have.
  if (isRecord(read.value) && read.value['kind'] === kind)
    expect({ text, valid: whole(read.value) }).toEqual({ text, valid });
  if (valid) expect(left).toEqual(read.value);
  return valid;
}

const kindOf = (tree: unknown): Kind | undefined =>
  isRecord(tree) ? kinds.find((kind) => kind === tree['kind']) : undefined;

const texts = [
  'test/fixtures/manifest/event.yaml',
  'test/fixtures/manifest/people.yaml',
  'examples/manifests/project-standup.yaml',
  'examples/manifests/rosters/project-team.yaml',
  'examples/manifests/launch-review.yaml',
].map((name) => readFileSync(join(root, name), 'utf8'));
const trees: readonly unknown[] = texts
  .flatMap((text) => parseAllDocuments(text).map((document): unknown => document.toJS()))
  .filter((tree) => kindOf(tree) !== undefined);

/** Mostly what may stand there, and sometimes what may not. */
const some = (...values: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: odd });

/** Up to three of the members: of more, two that may not stand beside each other are nearly always among them. */
const optionally = (members: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> =>
  fc
    .subarray(Object.entries(members), { maxLength: Math.min(3, Object.keys(members).length) })
    .chain((chosen) => fc.record<Record<string, unknown>>(Object.fromEntries(chosen)));

const reference = some(
  { user: 'ou_a' },
  { person: 'an' },
  { roster: 'r' },
  { email: 'a@b.c' },
  { room: 'omm_1' },
  { chat: 'oc_1' },
  { type: 'room' },
  { user: 'ou_a', optional: true },
  { room: 'omm_1', optional: true },
  { user: 'ou_a', until: '2026-01-01' },
);

const spec = optionally({
  provider: some(...providerIds),
  calendarId: some('cal', 'primary'),
  eventId: some('e_0'),
  organizer: some('boss'),
  userIdType: some('open_id', 'union_id'),
  state: some('present', 'absent'),
  sync: some('exact', 'add-only', 'remove-only'),
  notify: some(true, false),
  attendees: fc.array(reference, { maxLength: 2 }),
  ignore: fc.array(reference, { maxLength: 2 }),
  external: some('keep', 'remove'),
  optionalDrift: some('ignore', 'replace'),
  guards: optionally({
    maxRemovals: some(0, 5, '50%', '101%', -1),
    allowDelete: some(true),
    maxNotified: some(1, 1.5),
    allow: optionally({ removals: some(1), until: some('2026-01-01', 'soon') }),
  }),
  meetingChat: optionally({ id: some('oc_1'), state: some('absent', 'present') }),
  admin: optionally({ instanceStartTime: some('1647320400', 'noon') }),
  roomContact: some('ou_b'),
});

describe('what explains the mistakes of manifests finds some where the validator of the schema refuses them', () => {
  it('in trees near those of the examples', async () => {
    const value = fc.tuple(fc.constantFrom(...trees), fc.array(mutation, { maxLength: 3 }));
    await fuzz(
      file,
      value,
      ([tree, mutations]) => {
        const near = mutations.reduce((before: unknown, one: Mutation) => mutated(before, one), tree);
        agrees(near, kindOf(tree) ?? 'Event');
      },
      150,
    );
  });

  it('in Events of any keys beside each other', async () => {
    const verdicts = { valid: 0, invalid: 0 };
    const event = fc.tuple(spec, fc.constantFrom(...providerIds)).map(([keys, provider]) => ({
      apiVersion: 'rollcall.dev/v1',
      kind: 'Event',
      metadata: { name: 'e' },
      spec: { provider, calendarId: 'cal', eventId: 'e_0', ...keys },
    }));
    await fuzz(
      file,
      event,
      (tree) => {
        verdicts[agrees(tree, 'Event') ? 'valid' : 'invalid'] += 1;
      },
      300,
    );
    // Both are common, or the test would show nothing.
    expect(Math.min(verdicts.valid, verdicts.invalid)).toBeGreaterThan(50);
  });
});
