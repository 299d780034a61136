import { expect, test } from 'vitest';
import { applyForecast } from '../../src/run/apply-forecast.ts';
import { planForecast } from '../../src/run/forecast.ts';
import type { Pace } from '../../src/providers/provider.ts';
import type { Far } from '../support/far-platform.ts';
import { type FarScene, farScene } from '../support/far-scene.ts';
import { addition, eventPlan, removal, user } from '../support/plans.ts';

/** What was said of the time left, and how long it took from then on, in milliseconds. */
interface Said {
  readonly atMs: number;
  readonly left: number | null;
  readonly took: number;
}

/** Asks how long the work still takes, a hundred times of its time. The first tenth of the time is left out. */
async function asked(
  { clock, leftMs }: FarScene,
  work: () => Promise<unknown>,
  everyMs: number,
): Promise<Said[]> {
  const startedAt = clock.now();
  const said: { readonly at: number; readonly left: number | null }[] = [];
  let over = false;
  const working = work().finally(() => {
    over = true;
  });
  for (;;) {
    await clock.sleep(everyMs);
    if (over) break;
    said.push({ at: clock.now(), left: leftMs() });
  }
  const endedAt = clock.now() - everyMs;
  await working;
  const all = said.map(({ at, left }) => ({ atMs: at - startedAt, left, took: endedAt - at }));
  // Where each answer takes long, a tenth of the time has passed before five events are done.
  const first = all.find(({ left }) => left !== null)?.atMs ?? endedAt;
  return all.filter(({ atMs }) => atMs >= Math.max(first, (endedAt - startedAt) / 10));
}

/** Those that are wrong by more than a fifth, and by more than a second and what two answers take. */
function wrong(said: readonly Said[], latencyMs: number): Said[] {
  const few = 1000 + 2 * latencyMs;
  return said.filter(({ left, took }) => left === null || Math.abs(left - took) > Math.max(few, took / 5));
}

/** Through windows of a fifth of the width a fifth of the events takes as long: what counts is the time that goes by. */
const narrower = 5;

const mixed = (index: number): number => (index % 10 === 3 ? 950 : 3);
/** The long lists come last. */
const growing = (index: number): number => (index < 150 ? 3 : 450);
/** The platform makes calls wait: after the first of a minute are made, or meanwhile. */
const pause = (at: number): number | null => (at > 22_000 && at < 22_300 ? 9 : null);
const earlyPause = (at: number): number | null => (at > 4000 && at < 4300 ? 9 : null);

test.each<[string, number, Partial<Far>, number?]>([
  ['that become longer', 180, { attendees: growing }, 80],
  ['of one and of ten pages while the platform makes calls wait', 120, { attendees: mixed, refuses: pause }],
  ['while the platform makes the first calls of a minute wait', 300, { refuses: earlyPause }],
  ['of DingTalk', 140, { provider: 'dingtalk', attendees: (index: number) => (index % 7 === 3 ? 1100 : 3) }],
  ['of a platform that answers slowly', 500, { narrower: 1 }, 6000],
])(
  'the time that planning events %s still takes is right within a fifth',
  async (_, events, far, latencyMs = 300) => {
    const scene = await farScene(events, { narrower, ...far, latencyMs: () => latencyMs });
    const said = await asked(scene, () => scene.plan(), 500);
    expect(said.length).toBeGreaterThan(50);
    expect(wrong(said, latencyMs)).toEqual([]);
  },
);

test.each<[string, number, 'fresh' | 'saved', Partial<Far>]>([
  ['of one and of ten pages', 60, 'fresh', { attendees: mixed }],
  ['of a saved plan', 70, 'saved', { attendees: mixed }],
  ['of a saved plan with short lists', 160, 'saved', {}],
  [
    'while the platform makes calls wait',
    360,
    'fresh',
    { narrower: 2.5, refuses: (at: number) => (at % 60_000 > 30_000 && at % 60_000 < 30_300 ? 9 : null) },
  ],
  [
    'while the platform makes the first writes wait',
    900,
    'fresh',
    { narrower: 1, refuses: (at: number) => (at > 22_800 && at < 23_900 ? 9 : null) },
  ],
  ['of DingTalk', 140, 'fresh', { provider: 'dingtalk' }],
])('the time that applying to events %s still takes is right within a fifth', async (_, events, how, far) => {
  const latencyMs = 300;
  const scene = await farScene(events, { narrower, ...far });
  const run = await scene.plan();
  if (how === 'saved') await scene.clock.sleep(60_000);
  const said = await asked(scene, () => scene.apply(run, how), 500);
  expect(said.length).toBeGreaterThan(50);
  expect(wrong(said, latencyMs)).toEqual([]);
});

const one = (): string => 'lead@corp.com';
const many = (index: number): string => `lead${index % 4}@corp.com`;
/** Most are one person's. */
const uneven = (index: number): string => (index % 4 === 0 ? `lead${index % 9}@corp.com` : 'lead@corp.com');

test.each<[string, number, (index: number) => string]>([
  ['one person', 180, one],
  ['many', 560, many],
  ['one person, and some of others', 200, uneven],
])(
  'the time that planning events on Google of %s still takes is right within a fifth',
  async (_, events, organizer) => {
    const scene = await farScene(
      events,
      { provider: 'google', narrower },
      Number.POSITIVE_INFINITY,
      organizer,
    );
    const said = await asked(scene, () => scene.plan(), 1000);
    expect(said.length).toBeGreaterThan(50);
    expect(scene.platform.rejected).toEqual([]);
    expect(wrong(said, 300)).toEqual([]);
  },
);

test.each<[string, number, 'fresh' | 'saved', (index: number) => string]>([
  ['one person', 100, 'fresh', one],
  ['one person, from a saved plan,', 80, 'saved', one],
  ['many', 240, 'fresh', many],
  ['one person, and some of others, from a saved plan,', 120, 'saved', uneven],
])(
  'the time that applying to events on Google of %s still takes is right within a fifth',
  async (_, events, how, organizer) => {
    const scene = await farScene(
      events,
      { provider: 'google', narrower },
      Number.POSITIVE_INFINITY,
      organizer,
    );
    const run = await scene.plan();
    await scene.clock.sleep(60_000);
    const said = await asked(scene, () => scene.apply(run, how), 1000);
    expect(said.length).toBeGreaterThan(50);
    expect(scene.platform.rejected).toEqual([]);
    expect(wrong(said, 300)).toEqual([]);
  },
);

test('the time that a run on Google and on Feishu still takes is right within a fifth', async () => {
  const scene = await farScene(140, { provider: 'google', narrower }, Number.POSITIVE_INFINITY, one, 420);
  let run: Awaited<ReturnType<typeof scene.plan>> | null = null;
  const planned = await asked(
    scene,
    async () => {
      run = await scene.plan();
    },
    1000,
  );
  expect(planned.length).toBeGreaterThan(50);
  expect(wrong(planned, 300)).toEqual([]);
  if (run === null) throw new RangeError('nothing was planned');
  const made = run;
  await scene.clock.sleep(60_000);
  const applied = await asked(scene, () => scene.apply(made), 1000);
  expect(applied.length).toBeGreaterThan(50);
  expect(wrong(applied, 300)).toEqual([]);
});

/** A call a second. */
const pace: Pace = {
  journeyMs: 300,
  mostAtOnce: 128,
  ended: () => 0,
  leftMs: (due) => due.reduce((sum, { calls }) => sum + calls, 0) * 1000,
};

test('of events on Google that were read together nothing is expected, and those on Feishu are told of', () => {
  const events = Array.from({ length: 40 }, (_, index) => ({
    name: `e${index}`,
    ref: {
      provider: index < 20 ? ('google' as const) : ('feishu' as const),
      calendarId: 'primary',
      eventId: `e${index}`,
      organizer: one(),
    },
    attendees: [],
  }));
  const forecast = planForecast(events, { pace: () => pace, concurrency: Number.POSITIVE_INFINITY });
  forecast.knows(events.slice(0, 20));
  expect(forecast.leftMs()).toBeNull();
  for (const { name } of events.slice(20, 30)) forecast.done(eventPlan(name, { provider: 'feishu' }));
  expect(forecast.leftMs()).toBe(20_000);
});

test('what an event did not write when it is done is not waited for', () => {
  const changes = [removal(user('ou_1')), addition(user('ou_2'))];
  const events = Array.from({ length: 10 }, (_, index) => eventPlan(`e${index}`, { changes }));
  const forecast = applyForecast(
    { events },
    {
      pace: () => pace,
      concurrency: Number.POSITIVE_INFINITY,
      clock: { now: () => 0 },
      lagMs: () => 0,
      rereads: false,
      verify: true,
    },
  );
  // Each is written twice and then read.
  expect(forecast.leftMs()).toBe(30_000);
  const end = { kind: 'event-done', newcomers: [], notes: [], violations: [] } as const;
  const unsent = changes.map(({ action }) => ({ action, outcome: 'not-attempted' as const }));
  forecast.hear({ ...end, name: 'e0', outcome: 'refused', settled: unsent });
  expect(forecast.leftMs()).toBe(27_000);
  forecast.hear({ ...end, name: 'e1', outcome: 'partial', settled: unsent.slice(1) });
  expect(forecast.leftMs()).toBe(26_000);
  for (let index = 2; index < 10; index += 1) {
    forecast.hear({ ...end, name: `e${index}`, outcome: 'refused', settled: unsent });
  }
  // What was sent of the second one is not counted by this platform as made.
  expect(forecast.leftMs()).toBe(2000);
});
