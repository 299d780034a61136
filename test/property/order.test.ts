import { test } from 'vitest';
import type { DesiredEvent } from '../../src/model/event.ts';
import type { Plan } from '../../src/model/plan.ts';
import { type World, applied, newWorld, planRun, platformIn } from '../applier/scenario.ts';
import { eventsOf } from './apply-schedule.ts';
import { type Random, randomOf, shuffled } from './random.ts';
import { law, overSeeds, seedsOf } from './seeds.ts';

const seeds = seedsOf(60);

test(
  `the order of manifests, entries and rows does not matter, over ${seeds.count} schedules`,
  { timeout: 3_600_000 },
  () => overSeeds('order.test.ts', seeds, hold),
);

interface Outcome {
  readonly plan: Plan;
  /** What the run came to, and who is on each event after it. */
  readonly after: string;
}

async function hold(seed: number): Promise<void> {
  const one = await outcomeOf(seed, (items) => items);
  const random = randomOf(seed + 1_000_000_000);
  const other = await outcomeOf(seed, (items) => shuffled(items, random));
  const details = (): string => `${JSON.stringify(other.plan)}\ninstead of ${JSON.stringify(one.plan)}`;
  law('the plan does not go by the order of its inputs', one.plan.digest === other.plan.digest, details);
  law('nor does what becomes of it', one.after === other.after, () => `${other.after}, not ${one.after}`);
}

type Order = <T>(items: readonly T[]) => T[] | readonly T[];

/** Plans and applies the seed's events, everything handed over in this order. */
async function outcomeOf(seed: number, order: Order): Promise<Outcome> {
  const world = newWorld();
  const random: Random = randomOf(seed);
  const { events } = eventsOf(world, random);
  for (const { name, ref } of events) {
    const model = platformIn(world, ref.provider);
    model.alter(name, (rows) => order(rows));
  }
  const plan = await planOf(world, order(events.map((event) => inOrder(event, order))));
  const { result } = await applied(world, plan);
  const live = events.map(({ name, ref }) => [name, platformIn(world, ref.provider).live(name)]);
  const { events: told, exitCode, summary } = result;
  return { plan, after: JSON.stringify({ live, told, exitCode, summary }) };
}

async function planOf(world: World, events: readonly DesiredEvent[]): Promise<Plan> {
  return (await planRun(world, events)).plan;
}

function inOrder(event: DesiredEvent, order: Order): DesiredEvent {
  const { attendees, ignore } = event;
  return { ...event, ignore: order(ignore), attendees: attendees === null ? null : order(attendees) };
}
