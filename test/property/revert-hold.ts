import { apply } from '../../src/applier/apply.ts';
import { ResultFold } from '../../src/applier/result-of.ts';
import { type EventEffects, type NumberedEvent, effectsOf } from '../../src/revert/effects.ts';
import { type RevertRun, planRevert } from '../../src/planner/plan-revert.ts';
import { type World, applied, optionsOf, planRun, platformIn } from '../applier/scenario.ts';
import type { Schedule } from './apply-schedule.ts';
import { roomForAll } from '../support/turns.ts';
import { law } from './seeds.ts';

/** Applies and takes back: whoever was there at the start is there again. `faulty`: calls and kills got in the way. */
export async function hold(schedule: Schedule, faulty: boolean): Promise<void> {
  const { world, events, settles } = schedule;
  // A reading that lags longer than is waited for cannot tell what a run began.
  if (faulty && !settles) return;
  const start = new Map(events.map(({ name, ref }) => [name, platformIn(world, ref.provider).live(name)]));
  const { plan } = await planRun(world, events);
  if (faulty) schedule.start();
  const lines = await linesOf(schedule, plan, faulty);
  schedule.calm();
  await world.clock.sleep(60_000);

  const fold = new ResultFold();
  for (const line of lines) fold.add(line);
  const effects = effectsOf(lines, fold.result(), 'run.ndjson');
  const revert = await revertIn(world, effects);
  await applied(world, revert.plan);
  for (const { name, ref } of events) {
    const model = platformIn(world, ref.provider);
    if (model.isDeleted(name)) continue;
    const effect = effects.find((one) => one.name === name);
    const lost = new Set(
      effect?.attendees
        .filter(({ removed }) => removed?.external === true)
        .map(({ type, id }) => `${type}:${id}`),
    );
    const bearable = (one: string): boolean => {
      const identity = one.replace(/\?$/, '');
      return !lost.has(identity) && !schedule.touched.has(`${name} ${identity}`);
    };
    const after = model.live(name).filter(bearable).join(' ');
    const before = (start.get(name) ?? []).filter(bearable).join(' ');
    law('revert after apply is the start', after === before, () => `${name}: ${after}, not ${before}`);
  }
  await world.clock.sleep(60_000);
  const again = await revertIn(world, effects);
  const open = again.plan.events.filter(
    ({ eventId }) => ![...schedule.touched].some((one) => one.startsWith(`${eventId} `)),
  );
  const left = open.flatMap(({ changes }) => changes);
  law('a second revert has nothing to do', left.length === 0, () => JSON.stringify(left));
}

/** The journal of a run, as far as it got. */
async function linesOf(
  { world, controller, killAt }: Schedule,
  plan: Parameters<typeof apply>[0],
  faulty: boolean,
): Promise<NumberedEvent[]> {
  const lines: NumberedEvent[] = [];
  const run = apply(plan, optionsOf(world, faulty ? { signal: controller.signal } : {}));
  for await (const item of run) {
    lines.push({ ...item, seq: lines.length + 1 });
    if (faulty && lines.length - 1 === killAt) break;
  }
  return lines;
}

function revertIn(world: World, effects: readonly EventEffects[]): Promise<RevertRun> {
  return planRevert(effects, {
    begin: roomForAll,
    readerOf: (provider) => platformIn(world, provider),
    requests: () => 0,
    accounts: {},
    // The guards of a revert are the defaults: here every event may lose whoever was added.
    policy: {
      asOf: '2026-01-01',
      timeZone: 'UTC',
      asApp: new Set(),
      allowed: new Map(effects.map(({ name }) => [name, 1000])),
    },
    selection: { target: [], exclude: [], selector: [] },
    maxRemovals: 1_000_000,
    concurrency: 8,
    rereads: true,
    tool: { name: 'rollcall', version: '0.0.0' },
    createdAt: '2026-01-01T00:00:00Z',
    diagnostics: [],
    signal: new AbortController().signal,
  });
}
