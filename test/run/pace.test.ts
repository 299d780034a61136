import { beforeAll, describe, expect, it, test } from 'vitest';
import type { PlanRun } from '../../src/planner/plan-events.ts';
import { platforms } from '../../src/platforms/index.ts';
import { type FarScene, farScene } from '../support/far-scene.ts';

/** When the last of so many calls of one API can start at the earliest: 50 in any second, 1000 in any minute. */
function lastStartsAt(calls: number): number {
  const minutes = Math.ceil(calls / 1000) - 1;
  return minutes * 60_000 + (Math.ceil((calls - minutes * 1000) / 50) - 1) * 1000;
}

describe.each([
  // Through windows of a fifth of the width a fifth of the events takes as long.
  [20, 0, 5],
  [150, 0.5, 1],
  [300, 1, 5],
])(
  'at %i ms an answer, counted at %d of the way, through windows narrowed by %i',
  (ms, countedAt, narrower) => {
    const journeys = { latencyMs: () => ms, countedAt, narrower };
    const events = 400 / narrower;
    let scene: FarScene;
    let run: PlanRun;

    beforeAll(async () => {
      scene = await farScene(events, journeys);
      run = await scene.plan();
    });

    it('plans changed events as fast as the rate windows allow, with no call rejected', () => {
      const { clock, platform } = scene;
      // The token, and a look after the last listing.
      expect(clock.now() / (lastStartsAt(400) + 3 * ms)).toBeLessThan(1.08);
      expect(platform.sentAt.get('attendees.list')).toHaveLength(events);
      expect(platform.rejected).toEqual([]);
    });

    it('applies their plan as fast as the rate windows allow, with no call rejected', async () => {
      const { clock, platform, apply } = scene;
      const result = await apply(run);
      expect(result.exitCode).toBe(0);
      // All writes wait for the last listing; from the first of them on the windows of list and remove are busy again.
      const floor = 2 * lastStartsAt(400) + 2000 + 5 * ms;
      expect(clock.now() / floor).toBeLessThan(1.08);
      expect(platform.rejected).toEqual([]);
    });

    it('applies the saved plan later as fast as the rate windows allow, with no call rejected', async () => {
      const { clock, platform, apply } = await farScene(events, journeys);
      const result = await apply(run, 'saved');
      expect(result.exitCode).toBe(0);
      // The token, and what the last listing shows.
      expect(clock.now() / (lastStartsAt(800) + 2 * ms)).toBeLessThan(1.2);
      expect(platform.rejected).toEqual([]);
    });
  },
);

test('many more events than a minute has calls are planned as fast as the windows allow', async () => {
  const { clock, platform, plan } = await farScene(300, { narrower: 5 });
  await plan();
  expect(clock.now() / (lastStartsAt(1500) + 900)).toBeLessThan(1.03);
  expect(platform.rejected).toEqual([]);
});

test('no more than a given number of events are worked on at once', async () => {
  const { platform, plan } = await farScene(40, {}, 3);
  await plan();
  expect(platform.mostInFlight).toBe(3);
});

test('an event that is answered slowly holds up no other', async () => {
  const slow = 20_000;
  const { clock, platform, plan } = await farScene(150, {
    latencyMs: ({ url, api }) => (api === 'attendees.list' && url.includes('/e0/') ? slow : 300),
  });
  await plan();
  expect(clock.now()).toBeLessThan(slow + 1000);
  expect(platform.rejected).toEqual([]);
});

test('events that wait for one person hold up none of others on Google', async () => {
  // By the end of the plan the busy person's window is spent, that of the other is free.
  const busy = 358;
  let othersAt = 0;
  const { clock, platform, plan, apply } = await farScene(
    busy + 38,
    {
      provider: 'google',
      narrower: 5,
      latencyMs: ({ url }) => {
        if (url.includes('other')) othersAt = clock.now();
        return 300;
      },
    },
    Number.POSITIVE_INFINITY,
    (index) => (index < busy ? 'busy@corp.com' : 'other@corp.com'),
  );
  const run = await plan();
  expect(clock.now()).toBeGreaterThan(120_000);
  expect(othersAt).toBeLessThan(5000);
  const startedAt = clock.now();
  const { exitCode } = await apply(run);
  expect(exitCode).toBe(0);
  expect(othersAt - startedAt).toBeLessThan(5000);
  expect(platform.rejected).toEqual([]);
});

test('listings are read to their end before others are begun', async () => {
  const { clock, platform, plan } = await farScene(70, { attendees: () => 400 });
  await plan();
  expect(clock.now() / (lastStartsAt(280) + 900)).toBeLessThan(1.15);
  expect(platform.mostListings).toBeLessThanOrEqual(50);
});

describe('a platform that allows less than it documents', () => {
  it('is found out once, and then called as fast as it allows', async () => {
    const { clock, platform, plan } = await farScene(600, { windows: () => [{ calls: 20, perMs: 1000 }] });
    const { plan: made } = await plan();
    expect(made.complete).toBe(true);
    expect(clock.now()).toBeLessThan(30_000 * 1.15);
    // A burst of the documented size for listings and for looks, and a few where more is tried later.
    expect(platform.rejected.length).toBeLessThan(70);
    expect(platform.rejected.filter((at) => at > 2000).length).toBeLessThan(8);
  });

  it('is found out by the minute where that is what it limits', async () => {
    const windows = [{ calls: 300, perMs: 60_000 }];
    const { clock, platform, plan } = await farScene(1000, { windows: () => windows });
    const { plan: made } = await plan();
    expect(made.complete).toBe(true);
    expect(clock.now()).toBeLessThan(4 * 60_000);
    // What was under way in both APIs when it was found out, and the little more that is tried later.
    expect(platform.rejected.length).toBeLessThan(180);
  });

  it('slows no other of its APIs down', async () => {
    const few = [{ calls: 5, perMs: 1000 }];
    const { platform, plan } = await farScene(100, {
      windows: (api) => (api === 'event.get' ? few : platforms.feishu.windows),
    });
    await plan();
    const lists = platform.sentAt.get('attendees.list') ?? [];
    expect(Math.max(...lists)).toBeLessThan(2000);
  });
});

test('a platform whose answers take longer and longer is called less, until they are quick again', async () => {
  const busy = [4000, 14_000] as const;
  const { clock, platform, plan } = await farScene(900, {
    latencyMs: () => (clock.now() >= busy[0] && clock.now() < busy[1] ? 3000 : 100),
  });
  const { plan: made } = await plan();
  expect(made.complete).toBe(true);
  const lists = platform.sentAt.get('attendees.list') ?? [];
  const between = (from: number, to: number): number =>
    lists.filter((at) => at >= from && at < to).length / ((to - from) / 1000);
  expect(between(1000, 4000)).toBeGreaterThan(45);
  // So many as the windows alone let through at this latency: 50 calls in 4 s.
  expect(between(8000, 14_000)).toBeLessThan(50 / 4 / 2);
  expect(between(20_000, 24_000)).toBeGreaterThan(45);
  expect(platform.rejected).toEqual([]);
});
