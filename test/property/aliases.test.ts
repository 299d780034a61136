import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOf } from '../../src/diff/event-plan.ts';
import { identityOf, type Identity } from '../../src/model/attendee.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import { changeKey, isReplacement, replacedBy } from '../../src/model/plan.ts';
import { desiredEvent, guards, policy, row, wanted } from '../support/manifest-builders.ts';

/** Six addresses of three people, and one more. */
const addresses = ['a1', 'a2', 'b1', 'b2', 'c1', 'c2', 'd1'] as const;
const address = fc.constantFrom(...addresses).map((name) => `${name}@corp.com`);
const personOf = (id: string): string => id.slice(0, 1);
const identity = (id: string): Identity => identityOf({ type: 'email', id });
/** A part of what there is to know. */
const aliases = fc
  .subarray(addresses.filter((name) => !name.startsWith('d')))
  .map(
    (known) =>
      new Map(known.map((name) => [identity(`${name}@corp.com`), identity(`${personOf(name)}1@corp.com`)])),
  );

const event: fc.Arbitrary<DesiredEvent> = fc
  .record({
    attendees: fc
      .uniqueArray(address, { maxLength: 7 })
      .chain((ids) =>
        fc.tuple(...ids.map((id) => fc.boolean().map((optional) => wanted(id, { type: 'email', optional })))),
      ),
    ignore: fc.array(
      address.map((id) => ({ type: 'email' as const, id })),
      { maxLength: 2 },
    ),
    sync: fc.constantFrom('exact' as const, 'remove-only' as const, 'add-only' as const),
    optionalDrift: fc.constantFrom('ignore' as const, 'replace' as const),
  })
  .map((more) =>
    desiredEvent({
      ...more,
      ref: { provider: 'google', calendarId: 'primary', eventId: 'g1', organizer: 'd1@corp.com' },
      guards: guards({ maxRemovals: '100%', allowEmpty: true }),
    }),
  );
const listing = fc
  .uniqueArray(address, { maxLength: 7 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc.boolean().map((optional) => row(id, { type: 'email', optional, organizer: id === 'd1@corp.com' })),
      ),
    ),
  );

const several = fc.array(address.map(identity), { minLength: 1, maxLength: 3 });

/** Pairs of addresses that earlier runs found to be one person's, right or wrong; some among several. */
const remembered = fc.array(
  fc.record(
    {
      address: address.map(identity),
      other: address.map(identity),
      run: fc.constant('20261130T120000000Z-00000000'),
      day: fc.constant('2026-11-30'),
      group: fc.record({ written: several, listed: several }),
    },
    { requiredKeys: ['address', 'other', 'run', 'day'] },
  ),
  { maxLength: 4 },
);

test('what is remembered of addresses only ever takes changes out of a plan, and is nothing beside what is asked', () => {
  fc.assert(
    fc.property(event, listing, aliases, remembered, (desired, rows, known, pairs) => {
      const keys = (one: DesiredEvent): string[] =>
        planOf(one, { rows, facts: null, chat: null }, policy()).plan.changes.map(changeKey);
      const without = new Set(keys(desired));
      expect(keys({ ...desired, remembered: pairs }).filter((key) => !without.has(key))).toEqual([]);
      expect(
        keys({ ...desired, aliases: known, remembered: pairs }).filter((key) => !without.has(key)),
      ).toEqual([]);
      const told = pairs.filter((one) => known.has(one.address) || known.has(one.other));
      expect(keys({ ...desired, aliases: known, remembered: told })).toEqual(
        keys({ ...desired, aliases: known }),
      );
    }),
    { numRuns: 1000 },
  );
});

test('what is known of aliases only ever takes changes out of a plan', () => {
  fc.assert(
    fc.property(event, listing, aliases, (desired, rows, known) => {
      const plan = (one: DesiredEvent): ReturnType<typeof planOf>['plan'] =>
        planOf(one, { rows, facts: null, chat: null }, policy()).plan;
      const without = new Set(plan(desired).changes.map(changeKey));
      const { changes } = plan({ ...desired, aliases: known });
      expect(changes.map(changeKey).filter((key) => !without.has(key))).toEqual([]);
      const same = (id: string, other: string): boolean =>
        known.has(identity(id)) && known.has(identity(other)) && personOf(id) === personOf(other);
      const named = [...(desired.attendees ?? []), ...desired.ignore].flatMap((one) =>
        'id' in one ? one.id : [],
      );
      const added = changes.flatMap((one) => (one.action === 'add' ? one.attendee.id : []));
      for (const change of changes) {
        if (!('attendee' in change) || isReplacement(change, replacedBy(changes))) continue;
        const { id } = change.attendee;
        const others = change.action === 'remove' ? named : [...rows.map((one) => one.id), ...added];
        expect(others.filter((other) => other !== id && same(id, other))).toEqual([]);
      }
    }),
    { numRuns: 2000 },
  );
});
