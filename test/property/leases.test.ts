import { expect, test } from 'vitest';
import { apply } from '../../src/applier/apply.ts';
import { ResultFold } from '../../src/applier/result-of.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Result } from '../../src/model/result.ts';
import type { Writer } from '../../src/providers/provider.ts';
import { type World, newWorld, optionsOf, planRun, users, wanted } from '../applier/scenario.ts';
import { ModelRun, ModelStore, callMs, ttlMs } from '../support/lease-store.ts';
import { type Random, randomOf } from './random.ts';
import { law, overSeeds, seedsOf } from './seeds.ts';

/** A write from the tick in which it began to its answer, and whose it was. */
interface Written {
  readonly run: string;
  readonly from: number;
  to: number;
}

/** How a run goes wrong, and before which of its items. */
interface Trouble {
  readonly what: 'none' | 'killed' | 'stopped';
  readonly at: number;
  readonly forMs: number;
}

function troubleOf(random: Random): Trouble {
  return {
    what: random.pick(['none', 'killed', 'stopped', 'stopped']),
    at: random.int(9),
    // Longer than the lease, and often longer than the next one waits for a call; or shorter.
    forMs: random.chance(0.8) ? ttlMs + random.int(3 * callMs) : random.int(beforeLost),
  };
}

const beforeLost = ttlMs - 5000;

/** The platform, its writes noted. */
function noted({ feishu, clock }: World, run: string, writes: Written[]): Writer {
  return {
    read: (...asked) => feishu.read(...asked),
    meetingChats: (...asked) => feishu.meetingChats(...asked),
    occurrences: (...asked) => feishu.occurrences(...asked),
    edit: async (event, edit, basis, options, signal) => {
      const write = { run, from: clock.now(), to: Number.POSITIVE_INFINITY };
      const mayStart = (): boolean => {
        const may = options.mayStart?.() !== false;
        if (may) writes.push(write);
        return may;
      };
      try {
        return await feishu.edit(event, edit, basis, { ...options, mayStart }, signal);
      } finally {
        write.to = clock.now();
      }
    },
  };
}

/** Applies under a lease. Null: it was killed, or it ended because its lease was lost. */
async function run(
  world: World,
  store: ModelStore,
  name: string,
  { plan, plannedAt }: { readonly plan: Plan; readonly plannedAt: number | undefined },
  trouble: Trouble,
  writes: Written[],
): Promise<Result | null> {
  const { clock } = world;
  const own = new ModelRun(clock);
  const digest = plan.digest ?? '';
  const fold = new ResultFold();
  let count = 0;
  const options = optionsOf(world, {
    writerOf: () => noted(world, name, writes),
    leases: store.leasesOf(own, { plan: digest, plannedAt }),
    runId: name,
    keep: async (items) => {
      store.append(own, digest, items);
      count += 1;
      if (count !== trouble.at || trouble.what === 'none') return;
      if (trouble.what === 'killed' || trouble.forMs >= beforeLost) own.falls();
      // Its line is there; what it announces is not done before it goes on.
      if (trouble.what === 'stopped') await clock.sleep(trouble.forMs);
    },
  });
  try {
    for await (const item of apply(plan, options)) {
      if (trouble.what === 'killed' && count >= trouble.at) return null;
      fold.add(item);
    }
  } catch (error) {
    if (error instanceof Error && error.message === 'the lease is lost') return null;
    throw error;
  }
  own.ended = true;
  return fold.result();
}

async function hold(seed: number): Promise<void> {
  const random = randomOf(seed);
  const world = newWorld();
  const { feishu, clock } = world;
  feishu.lagMs = random.int(2000);
  // As long as a call may take where its run was killed, and nobody counts on its answer.
  const slow = random.int(12);
  let calls = 0;
  feishu.callMs = () => ((calls += 1) === slow ? random.int(callMs) : random.int(400));
  feishu.create('weekly', ['ou_a', 'ou_b', ...users('x', 3)]);
  const wants = [wanted('weekly', ['ou_a', 'ou_n']), wanted('weekly', ['ou_b', 'ou_m'])] as const;
  const same = random.chance(0.5);
  const first = await planRun(world, [wants[0]]);
  const second = same ? first : await planRun(world, [wants[1]]);
  const store = new ModelStore(clock);
  const withEpoch = ({ plan }: { readonly plan: Plan }): Plan => ({
    ...plan,
    events: plan.events.map((event) => ({ ...event, epoch: 0 })),
  });
  const plannedAt = random.chance(0.5) ? clock.now() : undefined;
  const writes: Written[] = [];
  const [one, other] = await Promise.all([
    run(world, store, 'one', { plan: withEpoch(first), plannedAt }, troubleOf(random), writes),
    clock
      .sleep(random.int(3000))
      .then(() =>
        run(
          world,
          store,
          'other',
          { plan: withEpoch(second), plannedAt },
          { what: 'none', at: 0, forMs: 0 },
          writes,
        ),
      ),
  ]);
  await clock.sleep(2 * callMs);
  const told = (): string => JSON.stringify({ one: one?.events, other: other?.events, writes });
  const turns = writes.map(({ run }) => run).filter((name, at, all) => name !== all[at - 1]);
  law('one run writes, and then the other', turns.length <= 2, told);
  for (const a of writes)
    for (const b of writes)
      law('no two runs write at once', a.run === b.run || a.to <= b.from || b.to <= a.from, told);
  const [event] = other?.events ?? [];
  law('the second run comes to its end', event !== undefined, told);
  const refused = event?.problem?.code === 'overtaken';
  const wrote = store.begun.has(first.plan.digest ?? '');
  law(
    'what another plan has written since is refused',
    refused === (wrote && !same && plannedAt === undefined),
    told,
  );
  if (refused || event?.outcome === 'not-attempted') return;
  const live = new Set(feishu.live('weekly'));
  const done = same || turns.at(-1) === 'one' ? ['user:ou_n', 'user:ou_b'] : ['user:ou_m', 'user:ou_a'];
  const [added = '', removed = ''] = done;
  law('what the last run wants is done', live.has(added) && !live.has(removed), told);
  if (!same) return;
  const keys = feishu.effects.map(({ action, identity }) => `${action} ${identity}`);
  law('what took effect is not done again', new Set(keys).size === keys.length, told);
}

const seeds = seedsOf(60);

test(
  `leases keep their laws over ${seeds.count} schedules of two runs, crashes and takeovers`,
  { timeout: 600_000 },
  async () => {
    await overSeeds('leases.test.ts', seeds, hold);
    expect(seeds.count).toBeGreaterThan(0);
  },
);
