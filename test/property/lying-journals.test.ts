import { expect, it } from 'vitest';
import { apply } from '../../src/applier/apply.ts';
import { identityOf } from '../../src/model/attendee.ts';
import { applyRun } from '../../src/run/apply.ts';
import { effectsIn, planJournal } from '../../src/run/revert.ts';
import { PlanRefusedError } from '../../src/run/usage-error.ts';
import { resultOf } from '../../src/index.ts';
import type { JournalLine } from '../../src/store/journal.ts';
import { JournalFileError, type StoredJournal, decodeJournal } from '../../src/store/read-journal.ts';
import { type World, newWorld, optionsOf, planRun, platformIn } from '../applier/scenario.ts';
import { eventsOf } from './apply-schedule.ts';
import { lyingJournal } from './lying-journals.ts';
import { effectKey, modelAccounts, platformIds, sessionsOf, toldJournal, watched } from './model-sessions.ts';
import { type Random, randomOf } from './random.ts';
import { law, overSeeds, seedsOf } from './seeds.ts';

const file = 'lying-journals.test.ts';

/** The journal of a run that happened. */
async function journalOf(world: World, random: Random): Promise<JournalLine[]> {
  const { events } = eventsOf(world, random);
  const { plan } = await planRun(world, events);
  const lines: JournalLine[] = [];
  for await (const event of apply(plan, optionsOf(world, { accounts: modelAccounts }))) {
    const place = { formatVersion: '1' as const, runId: 'run', seq: lines.length + 1 };
    lines.push({ ...place, at: '2026-01-01T00:00:00.000Z', ...event });
  }
  return lines;
}

/** What undoing each line would do at most, in the words of {@link effectKey}. */
function undoable({ lines }: StoredJournal): ReadonlySet<string> {
  const inverse = { add: 'remove', remove: 'add' } as const;
  return new Set(
    lines.flatMap((line) => {
      if (line.kind !== 'batch-started') return [];
      const { action, event, attendees } = line;
      if (action !== 'add' && action !== 'remove') return [];
      return attendees.map((one) => `${event.eventId} ${inverse[action]} ${identityOf(one)}`);
    }),
  );
}

interface Before {
  readonly place: string;
  readonly managed: ReadonlySet<string>;
  readonly organizers: ReadonlySet<string>;
}

/** Who is on each event, by its id, before the revert. */
function before(world: World): ReadonlyMap<string, Before> {
  const found = new Map<string, Before>();
  for (const id of platformIds) {
    for (const place of ['e0', 'e1', 'e2']) {
      const model = platformIn(world, id);
      if (!model.has(place)) continue;
      const live = model.rows(place).filter(({ reply }) => reply !== 'removed');
      const organizers = new Set(live.filter(({ organizer }) => organizer).map(identityOf));
      const managed = new Set(live.map(identityOf).filter((identity) => !organizers.has(identity)));
      found.set(place, { place, managed, organizers });
    }
  }
  return found;
}

const count = { refused: 0, reverted: 0, effects: 0, stopped: 0 };

async function reverted(
  journal: StoredJournal,
  world: World,
  maxRemovals: number,
): Promise<ReadonlySet<string>> {
  const sink = toldJournal();
  const signal = new AbortController().signal;
  const run = await planJournal(journal, effectsIn(journal), {
    env: {},
    signal,
    selection: { target: [], exclude: [], selector: [] },
    allowRemovals: new Map(),
    maxRemovals,
    concurrency: 4,
    rereads: false,
    open: () => Promise.resolve(sessionsOf(world)),
  });
  const settings = { signal, concurrency: 4, verify: true, verifyTimeoutMs: 1000, clock: world.clock };
  const result = await resultOf(applyRun(run, { ...settings, journal: sink }).events);
  if (result.summary.refused > 0) count.stopped += 1;
  return sink.told;
}

async function holdCase(seed: number): Promise<void> {
  const random = randomOf(seed);
  const world = newWorld();
  const honest = await journalOf(world, random);
  await world.clock.sleep(60_000);
  // Some events have many people, so that there is somebody to lose.
  for (const { place } of before(world).values()) {
    if (!random.chance(0.5)) continue;
    const model = platformIds.map((id) => platformIn(world, id)).find((one) => one.has(place));
    for (let number = 0; number < 40; number += 1) model?.join(place, `ou_crowd${number}`);
  }
  const start = before(world);
  const effects = watched(world);
  const maxRemovals = random.pick([1000, 1000, 4]);
  let journal: StoredJournal;
  let told: ReadonlySet<string>;
  try {
    journal = decodeJournal('run.ndjson', lyingJournal(honest, random));
    told = await reverted(journal, world, maxRemovals);
  } catch (error) {
    if (!(error instanceof JournalFileError || error instanceof PlanRefusedError)) throw error;
    law('a refused journal does nothing', effects.length === 0, () => effects.map(effectKey).join('; '));
    count.refused += 1;
    return;
  }
  count.reverted += 1;
  count.effects += effects.length;
  const allowed = undoable(journal);
  for (const effect of effects) {
    const key = effectKey(effect);
    law('a revert only undoes what a line says was done', allowed.has(key), () => key);
    law('no write is without its line in the journal', told.has(key), () => key);
  }
  const removals = new Set(effects.filter(({ action }) => action === 'remove').map(effectKey));
  law('a run keeps to its limit', removals.size <= maxRemovals, () => `${removals.size}`);
  for (const one of start.values()) hold(one, effects.map(effectKey));
  const wasTold = new Set(
    journal.lines.flatMap((line) =>
      line.kind === 'batch-started' && line.notify ? [line.event.eventId] : [],
    ),
  );
  for (const id of platformIds) {
    for (const { kind, notify, eventId, at } of platformIn(world, id).writes) {
      if (at < 60_000) continue;
      law('people are told where a line says that they were', !notify || wasTold.has(eventId), () => kind);
    }
  }
}

/** The default guards, worked out from who was there and what was done. */
function hold({ place, managed, organizers }: Before, effects: readonly string[]): void {
  const of = (action: string): Set<string> =>
    new Set(
      effects
        .filter((key) => key.startsWith(`${place} ${action} `))
        .map((key) => key.slice(`${place} ${action} `.length)),
    );
  const removed = of('remove');
  const left = managed.size - removed.size + of('add').size;
  const words = (): string => `${place}: ${removed.size} of ${managed.size}`;
  law('nobody organizes an event and is removed', ![...removed].some((one) => organizers.has(one)), words);
  law('nothing is left empty', removed.size === 0 || left > 0, words);
  law('one event loses no more than half', removed.size <= 5 || removed.size * 2 <= managed.size, words);
  law('one event does not lose all', removed.size < 3 || removed.size < managed.size, words);
}

const seeds = seedsOf(100);

it(
  `undoes by a lying journal nothing but what its lines say, within the guards of each event, over ${seeds.count} schedules`,
  { timeout: 3_600_000 },
  async () => {
    await overSeeds(file, seeds, holdCase);
    if (seeds.count < 200) return;
    // Lies that are believed as far as the guards let them, and many that are found out.
    expect(count.reverted).toBeGreaterThan(seeds.count / 4);
    expect(count.refused).toBeGreaterThan(seeds.count / 10);
    expect(count.effects).toBeGreaterThan(seeds.count / 4);
    expect(count.stopped).toBeGreaterThan(seeds.count / 20);
  },
);
