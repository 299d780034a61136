import { test } from 'vitest';
import { contradictions } from '../../src/diff/contradictions.ts';
import { deviations } from '../../src/diff/follows.ts';
import { withFollowed } from '../../src/diff/occurrences.ts';
import { identityOf } from '../../src/model/attendee.ts';
import type { DesiredEvent, Guards } from '../../src/model/event.ts';
import type { Exceptions, Occurrence } from '../../src/model/occurrence.ts';
import { type Plan, changeKey } from '../../src/model/plan.ts';
import { type World, applied, newWorld, planRun, wanted } from '../applier/scenario.ts';
import type { Effect } from '../support/model-calls.ts';
import { type Random, randomOf } from './random.ts';
import { law, overSeeds, seedsOf } from './seeds.ts';

/** Series whose occurrences others move, cancel and give back to their series between plan and apply. */

const file = 'occurrences.test.ts';
const seeds = seedsOf(60);
const people = ['ou_0', 'ou_1', 'ou_2', 'ou_3', 'ou_4'] as const;
const week = 7 * 86_400;
const firstStart = Date.parse('2026-01-05T02:00:00Z') / 1000;

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

interface Case {
  readonly world: World;
  readonly events: readonly DesiredEvent[];
  /** Ids of all occurrences, changed or not. */
  readonly all: readonly string[];
  readonly changed: readonly string[];
}

function some(random: Random, probability: number): string[] {
  return people.filter(() => random.chance(probability));
}

function caseOf(random: Random): Case {
  const world = newWorld();
  const all: string[] = [];
  const changed: string[] = [];
  const events = Array.from({ length: 1 + random.int(3) }, (_, number): DesiredEvent => {
    const id = `s${number}_0`;
    world.feishu.create(id, some(random, 0.6));
    const occurrences: Occurrence[] = [];
    for (let count = 0; count < 4; count += 1) {
      const start = firstStart + count * week;
      const eventId = `s${number}_${start}`;
      world.feishu.create(eventId, some(random, 0.6));
      all.push(eventId);
      if (!random.chance(0.6)) {
        world.feishu.plain.add(eventId);
        continue;
      }
      changed.push(eventId);
      const moved = random.chance(0.5) ? start + random.int(3 * week) : start;
      occurrences.push({ eventId, original: iso(start), start: iso(moved) });
    }
    const unread = { complete: false, problem: { code: 'list-failed', message: 'scripted' } } as const;
    world.feishu.series.set(id, random.chance(0.15) ? unread : { complete: true, occurrences });
    const exceptions: Exceptions = random.pick(['follow', 'follow', 'follow', 'report', 'leave']);
    return wanted(`s${number}`, some(random, 0.5), {
      ref: { provider: 'feishu', calendarId: 'cal', eventId: id, userIdType: 'open_id' },
      exceptions,
      sync: random.pick(['exact', 'exact', 'remove-only', 'add-only']),
      guards: random.pick<Partial<Guards>>([
        {},
        { maxRemovals: 1 },
        { maxRemovals: null, allowEmpty: false },
      ]),
    });
  });
  return { world, events, all, changed };
}

interface Meanwhile {
  /** Those that nothing may be written to from here on. */
  readonly closed: ReadonlySet<string>;
  /** Whether an occurrence left its series that had not when it was planned. */
  readonly newcomers: boolean;
}

/** What others do to occurrences meanwhile. */
function meanwhile({ world, all, changed }: Case, random: Random): Meanwhile {
  const closed = new Set<string>();
  let newcomers = false;
  for (const id of all) {
    if (!random.chance(0.3)) continue;
    const wasChanged = changed.includes(id);
    if (random.chance(0.4)) {
      move(world, id, random.int(3 * week));
      newcomers ||= !wasChanged;
    } else if (wasChanged) {
      if (random.chance(0.5)) world.feishu.erase(id);
      else world.feishu.plain.add(id);
      closed.add(id);
    }
  }
  return { closed, newcomers };
}

/** Moves an occurrence by seconds: from then on it is one of the changed ones of its series. */
function move(world: World, eventId: string, by: number): void {
  const [seriesOf = '', start = ''] = eventId.split('_');
  const listed = world.feishu.series.get(`${seriesOf}_0`);
  if (listed?.complete !== true) return;
  const original = Number(start);
  world.feishu.plain.delete(eventId);
  const others = listed.occurrences.filter((one) => one.eventId !== eventId);
  const moved = { eventId, original: iso(original), start: iso(original + by) };
  world.feishu.series.set(`${seriesOf}_0`, { complete: true, occurrences: [...others, moved] });
}

function holdEffects(
  plan: Plan,
  { events, all, changed }: Case,
  effects: readonly Effect[],
  closed: ReadonlySet<string>,
): void {
  const own = plan.events.filter(({ status }) => status === 'changed');
  const byId = new Map(own.map((event) => [event.eventId, event]));
  const wants = new Map(withFollowed(events, plan).map((event) => [event.ref.eventId, event]));
  for (const { eventId, action, identity } of effects) {
    const at = (): string => `${eventId}: ${action} ${identity ?? ''}`;
    const key = `${action} ${identity ?? ''}`;
    const named = byId.get(eventId)?.changes.some((change) => changeKey(change) === key) === true;
    law('nothing is done but what the plan named', named, at);
    const isOccurrence = all.includes(eventId);
    law('an unchanged occurrence is never written to', !isOccurrence || changed.includes(eventId), at);
    law('a cancelled or restored occurrence is not written to', !closed.has(eventId), at);
    const wished = wants.get(eventId)?.attendees?.some((one) => identityOf(one) === identity) === true;
    law('whoever the series wants is not removed from it', action !== 'remove' || !wished, at);
  }
  const leaves = new Set(events.filter(({ exceptions }) => exceptions !== 'follow').map(({ name }) => name));
  const written = plan.events.filter(({ series, changes }) => series !== undefined && changes.length > 0);
  for (const { name, series } of written) {
    law('only followed occurrences are planned', !leaves.has(series?.name ?? ''), () => name);
  }
}

async function hold(seed: number): Promise<void> {
  const random = randomOf(seed);
  const made = caseOf(random);
  const { world, events } = made;
  const { plan, readings } = await planRun(world, events);
  const faults = [
    ...contradictions(plan),
    ...deviations(plan, events, { allowed: new Map(), maxRemovals: 1_000_000 }),
  ];
  law('an honest plan agrees with itself and its manifests', faults.length === 0, () => faults.join('\n'));

  const saved = random.chance(0.6);
  const { closed, newcomers } = saved
    ? meanwhile(made, random)
    : { closed: new Set<string>(), newcomers: false };
  const follows = new Map(withFollowed(events, plan).map((event) => [event.name, event]));
  const { result } = await applied(world, plan, {
    ...(saved ? {} : { readings, wants: follows }),
    follows,
  });
  holdEffects(plan, made, world.feishu.effects, closed);
  for (const { eventId, name, status } of plan.events) {
    if (!closed.has(eventId) || status !== 'changed') continue;
    const outcome = result.events.find((event) => event.name === name)?.outcome;
    law('what cannot be written any more is told as unknown', outcome === 'unknown', () => name);
  }
  if (closed.size > 0 || newcomers) return;
  await world.clock.sleep(60_000);
  const again = (await planRun(world, events)).plan;
  const open = again.events.filter(({ status }) => status === 'changed').map(({ name }) => name);
  law('a second plan has nothing to do', open.length === 0, () => open.join(', '));
}

test(`followed occurrences keep their laws over ${seeds.count} schedules`, { timeout: 600_000 }, () =>
  overSeeds(file, seeds, hold),
);
