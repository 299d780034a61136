import { membersOf, planDigest } from '../../src/diff/digest.ts';
import { extentOf, writeOrder } from '../../src/diff/guards.ts';
import { planSummary } from '../../src/diff/summary.ts';
import { identityOf } from '../../src/model/attendee.ts';
import { type Change, type EventPlan, type Plan, compareChanges } from '../../src/model/plan.ts';
import { type Random, shuffled } from './random.ts';

/** Whoever can write a plan file, and knows how its digest is made. */

type Loose<T> = { -readonly [Key in keyof T]: T[Key] };
type Lie = (event: Loose<EventPlan>, random: Random, plan: Loose<Plan>) => void;

const pool = ['ou_0', 'ou_1', 'ou_2', 'ou_3', 'ou_4', 'ou_5', 'ou_6', 'ou_7', 'ou_liar'] as const;

function oneOf<T>(items: readonly T[], random: Random): T {
  // The index is below the length.
  return items[random.int(items.length)] as T;
}

function someone(random: Random): EventPlan['kept'][number]['attendee'] {
  return { type: 'user', id: random.pick(pool), optional: random.chance(0.3) };
}

function withChange(event: Loose<EventPlan>, change: Change): void {
  event.changes = [...event.changes, change];
}

const lies: readonly Lie[] = [
  (event, random) => (event.status = random.pick(['in-sync', 'changed', 'refused', 'unknown'])),
  (event) => (event.violations = []),
  (event) => (event.order = event.order === 'adds-first' ? 'removes-first' : 'adds-first'),
  (event) => (event.notify = !event.notify),
  (event, random) => (event.notified = random.int(9)),
  (event) => (event.external = event.external === 'keep' ? 'remove' : 'keep'),
  (event, random) => (event.sync = random.pick(['exact', 'remove-only', 'add-only'])),
  (event) => (event.limits = { ...event.limits, maxRemovals: '100%', allowEmpty: true, allowDelete: true }),
  (event, random) => (event.limits = { ...event.limits, allowed: random.pick([1, 9, 'event', null]) }),
  (event) => (event.limits = { ...event.limits, maxAdditions: null, maxNotified: 9999 }),
  (event, random) => (event.eventId = random.pick(['e0', 'e1', 'e2'])),
  (event, random) => (event.changes = event.changes.filter(() => random.chance(0.5))),
  (event, random) => (event.changes = shuffled(event.changes, random)),
  (event, random) => {
    withChange(event, {
      action: 'remove',
      attendee: someone(random),
      reason: 'not-in-manifest',
      certain: true,
    });
  },
  (event, random) => {
    withChange(event, { action: 'add', attendee: someone(random), reason: 'in-manifest', certain: true });
  },
  (event, random) => {
    const attendee = someone(random);
    withChange(event, { action: 'remove', attendee, reason: 'optional-drift', certain: true });
    const other = { ...attendee, optional: !attendee.optional };
    withChange(event, { action: 'add', attendee: other, reason: 'optional-drift', certain: true });
  },
  (event) => withChange(event, { action: 'delete-event', reason: 'state-absent', certain: true }),
  (event) => {
    withChange(event, { action: 'unbind-chat', chatId: 'oc_meet', reason: 'chat-absent', certain: true });
  },
  (event, random) => {
    const [first] = event.changes;
    if (first !== undefined && random.chance(0.8)) withChange(event, first);
  },
  (event, random) => {
    event.changes = event.changes.map((change) =>
      change.action === 'add' ? { ...change, operateId: random.pick(pool) } : change,
    );
  },
  (event) => (event.kept = []),
  (event, random) => {
    event.kept = [...event.kept, { attendee: someone(random), reason: random.pick(['ignored', 'external']) }];
  },
  (event, random) => {
    const { observed } = event;
    if (observed === undefined) return;
    const there = pool.filter(() => random.chance(0.6)).map((id) => identityOf({ type: 'user', id }));
    const managed = random.int(there.length + 3);
    event.observed = { ...observed, count: there.length, managed, members: membersOf(there) };
  },
  (event, random) => {
    if (event.observed !== undefined) event.observed = { ...event.observed, managed: random.int(40) };
  },
  (event) => Reflect.deleteProperty(event, 'problem'),
  (event, _random, plan) => (plan.events = [...plan.events, { ...event }]),
  (event, random, plan) =>
    (plan.events = [...plan.events, { ...event, name: random.pick(['e0', 'e1', 'e2', 'e3']) }]),
  (event, _random, plan) => {
    const half = Math.ceil(event.changes.length / 2);
    plan.events = [...plan.events, { ...event, changes: event.changes.slice(half) }];
    event.changes = event.changes.slice(0, half);
  },
  (event, random, plan) => (event.changes = oneOf(plan.events, random).changes),
  (_event, random, plan) => (plan.events = plan.events.filter(() => random.chance(0.7))),
  (_event, _random, plan) => (plan.maxRemovals = 1_000_000),
  (_event, _random, plan) => (plan.violations = []),
  (_event, random, plan) => (plan.asOf = random.pick(['2026-01-01', '2020-01-01', '2099-01-01'])),
];

/** What a careful liar mends, so that the plan agrees with itself again. */
const repairs: readonly Lie[] = [
  (event) => (event.changes = event.changes.toSorted(compareChanges)),
  (event) => {
    const keys = new Set<string>();
    event.changes = event.changes.filter((change) => {
      const key = 'attendee' in change ? `${change.action} ${change.attendee.id}` : change.action;
      return !keys.has(key) && keys.add(key);
    });
  },
  (event) => {
    const { observed } = event;
    if (observed === undefined) return;
    const of = (action: Change['action']): string[] =>
      event.changes.flatMap((change) =>
        'attendee' in change && change.action === action ? [change.attendee.id] : [],
      );
    const added = new Set(of('add'));
    const ids: string[] = [...pool.filter((id) => !added.has(id)), ...of('remove')];
    const there = [...new Set(ids)].map((id) => identityOf({ type: 'user', id }));
    event.observed = { ...observed, count: there.length, managed: there.length, members: membersOf(there) };
  },
  (event) => {
    const counts = { managed: event.observed?.managed ?? 0, live: event.observed?.count ?? 0 };
    event.notified = extentOf(event, event.changes, counts).notified;
    event.order = writeOrder(event.provider, counts.live, event.changes);
  },
  (event) => {
    event.violations = [];
    if (event.status !== 'unknown') event.status = event.changes.length > 0 ? 'changed' : 'in-sync';
  },
];

/** The same plan, lied about and signed. */
export function lying(honest: Plan, random: Random): Plan {
  const plan: Loose<Plan> = structuredClone(honest);
  for (let left = 1 + random.int(2); left > 0; left -= 1) {
    if (plan.events.length === 0) break;
    oneOf(lies, random)(oneOf(plan.events, random), random, plan);
  }
  for (const repair of repairs) {
    for (const event of plan.events) if (random.chance(0.7)) repair(event, random, plan);
  }
  if (random.chance(0.8)) plan.events = plan.events.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (random.chance(0.8)) {
    plan.summary = planSummary(plan.events, plan.violations.length > 0);
    plan.complete = plan.events.every(({ status }) => status !== 'unknown');
    plan.applyable = plan.complete && plan.events.every(({ status }) => status !== 'refused');
  }
  return { ...plan, digest: planDigest(plan) };
}
