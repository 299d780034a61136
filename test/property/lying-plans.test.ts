import { expect, it } from 'vitest';
import { contradictions } from '../../src/diff/contradictions.ts';
import { manifestDigest } from '../../src/diff/digest.ts';
import { deviations } from '../../src/diff/follows.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import { type Change, type Plan, changeKey } from '../../src/model/plan.ts';
import { sealed } from '../../src/planner/plan-events.ts';
import { applyRun } from '../../src/run/apply.ts';
import { prepareSaved } from '../../src/run/apply-saved.ts';
import { PlanRefusedError } from '../../src/run/usage-error.ts';
import { resultOf } from '../../src/index.ts';
import { type World, newWorld, planRun, platformIn } from '../applier/scenario.ts';
import type { Effect } from '../support/model-calls.ts';
import { eventsOf } from './apply-schedule.ts';
import { lying } from './lying-plans.ts';
import { effectKey, modelAccounts, platformIds, sessionsOf, toldJournal, watched } from './model-sessions.ts';
import { type Random, randomOf } from './random.ts';
import { law, overSeeds, seedsOf } from './seeds.ts';

const file = 'lying-plans.test.ts';

/** The manifests of a case: what `eventsOf` makes, under guards that stand in the way more often. */
function manifestsOf(world: World, random: Random): readonly DesiredEvent[] {
  return eventsOf(world, random).events.map((event) => ({
    ...event,
    notify: random.chance(0.3),
    guards: {
      ...event.guards,
      maxRemovals: random.pick([null, 1, 3, '50%', '100%']),
      allowEmpty: random.chance(0.3),
      allowDelete: random.chance(0.5),
      maxAdditions: random.pick([null, null, 2]),
    },
  }));
}

async function planned(world: World, events: readonly DesiredEvent[]): Promise<Plan> {
  const { digest: _, ...plan } = (await planRun(world, events, 1000)).plan;
  return sealed({ ...plan, accounts: modelAccounts });
}

/** What a plan made anew would do, in the words of {@link effectKey}. */
function doable({ events }: Plan): ReadonlySet<string> {
  const changed = events.filter(({ status }) => status === 'changed');
  return new Set(
    changed.flatMap((event) => event.changes.map((change) => `${event.eventId} ${keyOf(change)}`)),
  );
}

function keyOf(change: Change): string {
  return 'attendee' in change ? changeKey(change) : change.action;
}

/** Applies as `apply --plan FILE PATH` and `applyPlan` do; what was done, and whether the plan was refused. */
async function applied(
  world: World,
  plan: Plan,
  events: readonly DesiredEvent[],
  maxRemovals: number | undefined,
): Promise<{
  readonly effects: readonly Effect[];
  readonly refused: boolean;
  readonly told: ReadonlySet<string>;
}> {
  const effects = watched(world);
  const journal = toldJournal();
  const { told } = journal;
  const sessions = sessionsOf(world);
  try {
    const applying = await prepareSaved(plan, {
      ttlMs: 86_400_000,
      maxRemovals,
      allowRemovals: new Map(),
      account: undefined,
      asOf: undefined,
      clock: world.clock,
      signal: new AbortController().signal,
      manifests: (asOf) => ({ asOf, events }),
      open: () => Promise.resolve(sessions),
    });
    const run = applyRun(applying, {
      signal: new AbortController().signal,
      concurrency: 4,
      verify: true,
      verifyTimeoutMs: 1000,
      clock: world.clock,
      journal,
    });
    await resultOf(run.events);
    return { effects, refused: false, told };
  } catch (error) {
    if (!(error instanceof PlanRefusedError)) throw error;
    return { effects, refused: true, told };
  }
}

const count = { refused: 0, applied: 0, effects: 0 };

async function holdCase(seed: number): Promise<void> {
  const random = randomOf(seed);
  const world = newWorld();
  const events = manifestsOf(world, random);
  const honest = await planned(world, events);
  law('an honest plan agrees with itself', contradictions(honest).length === 0, () =>
    contradictions(honest).join('; '),
  );
  const allowances = { allowed: new Map(), maxRemovals: 1000 };
  const strays = deviations(honest, events, allowances);
  law('an honest plan follows from its manifests', strays.length === 0, () => strays.join('; '));

  const chosen = events.filter(() => random.chance(0.9));
  const lie = lying(random.chance(0.9) ? honest : await planned(world, chosen), random);
  const named = events.filter(({ name }) => lie.events.some((event) => event.name === name));
  const repeated = lie.events.flatMap(({ name }) => events.filter((event) => event.name === name));
  const wants = random.chance(0.5) ? named : repeated;
  const { digest: _, ...body } = { ...lie, manifestDigest: manifestDigest(wants) };
  const plan = sealed(body);
  // Somebody else changes an event meanwhile.
  for (const { ref } of events) {
    if (!random.chance(0.2)) continue;
    platformIn(world, ref.provider).join(ref.eventId, random.pick(['ou_late', 'ou_3', 'ou_5']));
  }
  const anew = doable(await planned(world, events));
  const maxRemovals = random.pick([undefined, undefined, 2]);
  const { effects, refused, told } = await applied(world, plan, events, maxRemovals);
  count[refused ? 'refused' : 'applied'] += 1;
  count.effects += effects.length;
  law('a refused plan does nothing', !refused || effects.length === 0, () =>
    effects.map(effectKey).join('; '),
  );
  for (const effect of effects) {
    const key = effectKey(effect);
    law(
      'a plan does nothing that one made anew would not do',
      anew.has(key),
      () => `${key}, of ${[...anew].join('; ')}`,
    );
    law('no write is without its line in the journal', told.has(key), () => key);
  }
  // Counted in identities, as the guard does: somebody can have several rows.
  const removals = new Set(effects.filter(({ action }) => action === 'remove').map(effectKey)).size;
  law('a run keeps to its limit', removals <= (maxRemovals ?? 1000), () => `${removals}`);
  for (const id of platformIds) {
    for (const write of platformIn(world, id).writes) {
      // Nobody is told of an unbinding.
      if (write.kind === 'unbind-chat') continue;
      const wanted = events.find(({ ref }) => ref.provider === id && ref.eventId === write.eventId);
      law('people are told where the manifest says so', wanted?.notify === write.notify, () => write.kind);
    }
  }
}

const seeds = seedsOf(100);

it(
  `does nothing by a lying plan that a plan made anew from the manifests would not do, over ${seeds.count} schedules`,
  { timeout: 3_600_000 },
  async () => {
    await overSeeds(file, seeds, holdCase);
    if (seeds.count < 200) return;
    // Lies that are told well enough to be applied as far as they are true, and many that are found out.
    expect(count.applied).toBeGreaterThan(seeds.count / 20);
    expect(count.effects).toBeGreaterThan(seeds.count / 10);
    expect(count.refused).toBeGreaterThan(seeds.count / 2);
  },
);
