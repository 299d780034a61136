import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planOf } from '../../src/diff/event-plan.ts';
import { liveOf } from '../../src/diff/live.ts';
import { errorsInEvent, writeManifest } from '../../src/manifest/write/write-manifest.ts';
import { loadTexts } from '../../src/manifest/load.ts';
import type { ObservedAttendee } from '../../src/model/attendee.ts';
import type { EventFacts, EventRef } from '../../src/model/event.ts';
import { dingtalkRef, policy, present, ref } from '../support/manifest-builders.ts';
import { anyText } from './fuzz.ts';

const nobody = new Map();

const id = fc.oneof(
  fc.constantFrom('ou_1', 'ou_2', 'ou_3', 'on_1', '1', '0123', 'yes', 'null', '#a', '-b', 'c:d', '*e'),
  anyText({ minLength: 1, maxLength: 6 }),
);

const row = fc.record({
  type: fc.constantFrom('user', 'user', 'user', 'chat', 'room'),
  id,
  name: anyText({ maxLength: 12 }),
  optional: fc.boolean(),
  organizer: fc.nat(9).map((n) => n === 0),
  external: fc.nat(4).map((n) => n === 0),
  reply: fc.constantFrom('none', 'accepted', 'declined', 'removed'),
}) satisfies fc.Arbitrary<ObservedAttendee>;

const email = fc.record({
  type: fc.constant('email'),
  id: fc.constantFrom('a@example.com', 'b@example.com', 'not an address'),
  optional: fc.boolean(),
  organizer: fc.constant(false),
  external: fc.boolean(),
  reply: fc.constantFrom('none', 'removed'),
}) satisfies fc.Arbitrary<ObservedAttendee>;

const feishuRefs: readonly EventRef[] = [
  ref(),
  ref({ userIdType: 'union_id' }),
  ref({ userIdType: 'user_id', provider: 'lark' }),
];

interface Found {
  readonly at: EventRef;
  readonly rows: readonly ObservedAttendee[];
  readonly facts: EventFacts;
}

const facts = fc
  .record({ summary: anyText(), organizer: fc.constantFrom('ou_1', 'on_1', '1') })
  .map((more) => present(more));

const found: fc.Arbitrary<Found> = fc.oneof(
  fc.record({
    at: fc.constantFrom(...feishuRefs),
    rows: fc.array(fc.oneof(row, row, row, email), { maxLength: 12 }),
    facts,
  }),
  fc.record({
    at: fc.constant(dingtalkRef),
    rows: fc.array(
      row.map((one) => ({ ...one, type: 'user' as const, external: false })),
      {
        maxLength: 12,
      },
    ),
    facts,
  }),
);

describe('an imported manifest', () => {
  it('plans in sync at once, without drift, or is not printed at all', () => {
    let printed = 0;
    fc.assert(
      fc.property(found, ({ at, rows, facts: looked }) => {
        const attendees = [...liveOf(rows).attendees.values()];
        const { text } = writeManifest({ name: 'weekly', ref: at, facts: looked, attendees, people: nobody });
        if (errorsInEvent(text, nobody).length > 0) return;
        printed += 1;
        const { desired, diagnostics } = loadTexts([{ file: 'a.yaml', text, named: true }], '2026-11-20');
        const [event] = desired.events;
        expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        if (event === undefined) throw new Error(`no event in:\n${text}`);
        expect(event.ref).toEqual(at);
        const { plan } = planOf(event, { rows, facts: looked, chat: null }, policy());
        expect(plan).toMatchObject({ status: 'in-sync', changes: [], drift: [], missing: [] });
      }),
      { numRuns: 200 },
    );
    expect(printed).toBeGreaterThan(20);
  });
});
