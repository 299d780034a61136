import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { manifestDigest } from '../../src/diff/digest.ts';
import { planOf } from '../../src/diff/event-plan.ts';
import { liveOf } from '../../src/diff/live.ts';
import { readingOf } from '../../src/diff/reading.ts';
import { type DesiredAttendee, type ObservedAttendee, identityOf } from '../../src/model/attendee.ts';
import type { DesiredEvent, EventFacts } from '../../src/model/event.ts';
import { compareCodePoints } from '../../src/model/order.ts';
import type { EventPlan } from '../../src/model/plan.ts';
import { desiredEvent, guards, policy, present, row, wanted } from '../support/manifest-builders.ts';

/** Few ids, so that what is wanted, live, ignored and removed meet. */
const attendee = fc.record({
  type: fc.constantFrom('user' as const, 'chat' as const, 'room' as const, 'email' as const),
  id: fc.constantFrom('a', 'b', 'c', 'd', '张', '\uff21', '\u{1f600}'),
});

const entry: fc.Arbitrary<DesiredAttendee> = fc
  .tuple(attendee, fc.boolean())
  .map(([{ type, id }, optional]) => wanted(id, { type, optional: optional && type !== 'room' }));

const listed: fc.Arbitrary<ObservedAttendee> = fc
  .tuple(
    attendee,
    fc.record({
      optional: fc.boolean(),
      external: fc.boolean(),
      reply: fc.constantFrom('none' as const, 'accepted' as const, 'declined' as const, 'removed' as const),
    }),
    fc.integer({ min: 0, max: 9 }),
    fc.string({ maxLength: 3 }),
  )
  .map(([{ type, id }, more, chance, attendeeId]) => {
    const organizer = chance === 0 && type === 'user';
    return row(id, { type, organizer, ...more, attendeeId });
  });

const uniqueEntries = fc.uniqueArray(entry, { selector: identityOf, maxLength: 12 });
const listing = fc.array(listed, { maxLength: 20 });

const event: fc.Arbitrary<DesiredEvent> = fc
  .record({
    attendees: uniqueEntries,
    ignore: fc.array(fc.oneof(attendee, fc.constant({ type: 'room' as const })), { maxLength: 2 }),
    sync: fc.constantFrom('exact' as const, 'remove-only' as const, 'add-only' as const),
    external: fc.constantFrom('keep' as const, 'remove' as const),
    optionalDrift: fc.constantFrom('ignore' as const, 'replace' as const),
    notify: fc.boolean(),
    limited: fc.boolean(),
  })
  .map(({ limited, ...more }) =>
    desiredEvent({ ...more, guards: guards(limited ? {} : { maxRemovals: '100%', allowEmpty: true }) }),
  );

const facts: fc.Arbitrary<EventFacts | null> = fc.constantFrom(null, present(), present({ organizer: 'a' }));

function planned(
  desired: DesiredEvent,
  rows: readonly ObservedAttendee[],
  seen: EventFacts | null,
): EventPlan {
  return planOf(desired, { rows, facts: seen, chat: null }, policy()).plan;
}

/** The listing after a plan: removals keep their rows as removed ones, additions come last. */
function applied(rows: readonly ObservedAttendee[], { changes }: EventPlan): ObservedAttendee[] {
  const gone = new Set(
    changes.flatMap((change) => (change.action === 'remove' ? [identityOf(change.attendee)] : [])),
  );
  const come = changes.flatMap((change) => (change.action === 'add' ? [change.attendee] : []));
  return [
    ...rows.map((shown) => (gone.has(identityOf(shown)) ? { ...shown, reply: 'removed' as const } : shown)),
    ...come.map(({ type, id, optional }) => row(id, { type, optional })),
  ];
}

const removed = ({ changes }: EventPlan): string[] =>
  changes.flatMap((change) => (change.action === 'remove' ? [identityOf(change.attendee)] : []));

test('the order of manifests and listings never matters', () => {
  fc.assert(
    fc.property(event, listing, facts, fc.infiniteStream(fc.nat()), (desired, rows, seen, keys) => {
      const shuffled = <T>(items: readonly T[]): T[] =>
        items
          .map((item) => [keys.next().value ?? 0, item] as const)
          .sort(([a], [b]) => a - b)
          .map(([, item]) => item);
      // Which row of an identity is shown goes by the listing, so each identity has one row here.
      const single = [...new Map(rows.map((shown) => [identityOf(shown), shown])).values()];
      const other = {
        ...desired,
        attendees: shuffled(desired.attendees ?? []),
        ignore: shuffled(desired.ignore),
      };
      expect(planned(other, shuffled(single), seen)).toEqual(planned(desired, single, seen));
      expect(manifestDigest([other])).toBe(manifestDigest([desired]));
    }),
  );
});

test('removals are live and not wanted, but for flags that are replaced', () => {
  fc.assert(
    fc.property(event, listing, facts, (desired, rows, seen) => {
      const live = liveOf(rows).attendees;
      const wants = new Set((desired.attendees ?? []).map(identityOf));
      const plan = planned(desired, rows, seen);
      const added = plan.changes.filter(({ action }) => action === 'add');
      for (const change of plan.changes) {
        if (change.action !== 'remove') continue;
        const identity = identityOf(change.attendee);
        expect(live.has(identity)).toBe(true);
        if (change.reason !== 'optional-drift') expect(wants.has(identity)).toBe(false);
        else expect(added).toContainEqual(expect.objectContaining({ reason: 'optional-drift' }));
      }
    }),
  );
});

test('additions are wanted, and not live but for flags that are replaced', () => {
  fc.assert(
    fc.property(event, listing, facts, (desired, rows, seen) => {
      const live = liveOf(rows).attendees;
      const wants = new Map((desired.attendees ?? []).map((entry) => [identityOf(entry), entry]));
      for (const change of planned(desired, rows, seen).changes) {
        if (change.action !== 'add') continue;
        const identity = identityOf(change.attendee);
        expect(wants.get(identity)?.optional).toBe(change.attendee.optional);
        expect(live.has(identity)).toBe(change.reason === 'optional-drift');
      }
    }),
  );
});

test('organizers, the ignored and externals that are kept are never removed', () => {
  fc.assert(
    fc.property(event, listing, facts, (desired, rows, seen) => {
      const gone = new Set(removed(planned(desired, rows, seen)));
      for (const shown of rows) {
        if (shown.reply === 'removed') continue;
        const ignored = desired.ignore.some((rule) =>
          'id' in rule ? identityOf(rule) === identityOf(shown) : rule.type === shown.type,
        );
        const looked = seen?.state === 'present' && seen.organizer === shown.id && shown.type === 'user';
        const foreign =
          shown.external && desired.external === 'keep' && ['user', 'chat'].includes(shown.type);
        if (shown.organizer || looked || ignored || foreign) expect(gone.has(identityOf(shown))).toBe(false);
      }
    }),
  );
});

test('every live attendee is removed, kept or wanted, exactly one of them', () => {
  fc.assert(
    fc.property(event, listing, facts, (desired, rows, seen) => {
      const plan = planned(desired, rows, seen);
      const wants = (desired.attendees ?? []).map(identityOf);
      const replaced = plan.changes.filter(
        ({ action, reason }) => action === 'remove' && reason === 'optional-drift',
      );
      const live = [...liveOf(rows).attendees.keys()];
      const kept = plan.kept.map(({ attendee }) => identityOf(attendee));
      const stay = live.filter((identity) => wants.includes(identity));
      expect([...kept, ...stay, ...removed(plan)].sort(compareCodePoints)).toEqual(
        [
          ...live,
          ...replaced.flatMap((change) => ('attendee' in change ? [identityOf(change.attendee)] : [])),
        ].sort(compareCodePoints),
      );
      expect(plan.observed?.count).toBe(live.length);
    }),
  );
});

test('one-sided sync does one side only', () => {
  fc.assert(
    fc.property(event, listing, facts, (desired, rows, seen) => {
      const actions = planned(desired, rows, seen).changes.map(({ action }) => action);
      if (desired.sync === 'remove-only') expect(actions).not.toContain('add');
      if (desired.sync === 'add-only') expect(actions).not.toContain('remove');
    }),
  );
});

test('a plan after an applied plan has nothing to do, and its reading says that all of it is so', () => {
  fc.assert(
    fc.property(event, listing, facts, (desired, rows, seen) => {
      const plan = planned(desired, rows, seen);
      const after = applied(rows, plan);
      expect(planned(desired, after, seen).changes).toEqual([]);
      const reading = readingOf(plan, after);
      expect(reading.already.size).toBe(plan.changes.length);
      expect([...reading.rows.keys(), ...reading.newcomers]).toEqual([]);
    }),
  );
});

test('a reading of the listing that a plan was made from has every change pending, and nobody new', () => {
  fc.assert(
    fc.property(event, listing, facts, (desired, rows, seen) => {
      const plan = planned(desired, rows, seen);
      const reading = readingOf(plan, rows);
      expect([reading.already.size, reading.newcomers.length, reading.organizers.size]).toEqual([0, 0, 0]);
      expect(reading.rows.size).toBe(removed(plan).length);
      expect(reading.managed).toBe(plan.observed?.managed);
    }),
  );
});

test('what removals may do is counted against managed attendees alone', () => {
  fc.assert(
    fc.property(event, listing, facts, (desired, rows, seen) => {
      const plan = planned(desired, rows, seen);
      const managed = plan.observed?.managed ?? 0;
      expect(removed(plan).length).toBeLessThanOrEqual(managed);
      const exempt = plan.kept.filter(({ reason }) => reason !== 'add-only').length;
      expect(managed).toBeLessThanOrEqual((plan.observed?.count ?? 0) - exempt);
    }),
  );
});
