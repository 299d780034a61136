import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/http/clock.ts';
import type { Limiter, Turn } from '../../src/http/limiter.ts';
import { createLimiter } from '../../src/http/quota.ts';
import type { RateWindow } from '../../src/http/slots.ts';
import { virtualClock, type VirtualClock } from '../support/virtual-clock.ts';

const never = new AbortController().signal;
setMaxListeners(0, never);

/** Makes `count` calls at once, each counted by the platform at some moment between sending and answer. */
async function countedAt(
  count: number,
  windows: readonly RateWindow[],
  journey: (index: number) => readonly [number, number],
  clock: VirtualClock = virtualClock(),
): Promise<number[]> {
  const limiter = createLimiter(windows, clock);
  const times: number[] = [];
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const grant = await limiter.acquire('list', never);
      grant.sent();
      const [there, back] = journey(index);
      await clock.sleep(there);
      times.push(clock.now());
      await clock.sleep(back);
      grant.done();
    }),
  );
  return times.sort((a, b) => a - b);
}

function most(times: readonly number[], perMs: number): number {
  let max = 0;
  times.forEach((time, index) => {
    const first = times.findIndex((other) => other > time - perMs);
    max = Math.max(max, index - first + 1);
  });
  return max;
}

describe('the limiter', () => {
  it('never lets the platform count more calls in a sliding window than allowed, at the speed of the quota', async () => {
    const clock = virtualClock();
    const start = clock.now();
    const windows = [
      { calls: 50, perMs: 1000 },
      { calls: 1000, perMs: 60_000 },
    ];
    const times = await countedAt(600, windows, (index) => [(index * 7) % 23, (index * 3) % 11], clock);
    expect(most(times, 1000)).toBe(50);
    expect(clock.now() - start).toBeLessThan(11_000 * 1.05);
  });

  it('counts a call once that is done twice', async () => {
    const clock = virtualClock();
    const start = clock.now();
    const limiter = createLimiter([{ calls: 2, perMs: 1000 }], clock);
    const first = await limiter.acquire('list', never);
    first.done();
    first.done();
    for (let count = 0; count < 3; count += 1) {
      const grant = await limiter.acquire('list', never);
      grant.sent();
      grant.done();
    }
    expect(clock.now() - start).toBeGreaterThanOrEqual(1000);
  });

  it('wakes whoever waits as soon as a call that was not sent makes room', async () => {
    const clock = virtualClock();
    const start = clock.now();
    const limiter = createLimiter([{ calls: 2, perMs: 10_000 }], clock);
    const sent = await limiter.acquire('list', never);
    sent.sent();
    sent.done();
    const unsent = await limiter.acquire('list', never);
    const waiting = limiter.acquire('list', never);
    limiter.pauseUntil('list', start + 5000);
    unsent.done();
    await waiting;
    expect(clock.now() - start).toBe(5000);
  });

  it('keeps all windows at once', async () => {
    const windows = [
      { calls: 5, perMs: 1000 },
      { calls: 12, perMs: 10_000 },
    ];
    const times = await countedAt(40, windows, () => [1, 1]);
    expect(most(times, 1000)).toBe(5);
    expect(most(times, 10_000)).toBe(12);
  });

  it.each([30, 100, 400])(
    'loses little more to a steady latency of %i ms than half of the first answer, wherever calls are counted',
    async (ms) => {
      for (const share of [0, 0.5, 1]) {
        const clock = virtualClock();
        const start = clock.now();
        const journey = (index: number): [number, number] => {
          const whole = ms + ((index * 7) % 5);
          return [whole * share, whole * (1 - share)];
        };
        const times = await countedAt(600, [{ calls: 50, perMs: 1000 }], journey, clock);
        expect(most(times, 1000)).toBeLessThanOrEqual(50);
        // The last answer is waited for, too.
        expect(clock.now() - start).toBeLessThan(11_000 * 1.035 + 1.6 * ms);
      }
    },
  );

  it('stays below the quota where journeys vary by more than their length', async () => {
    for (const share of [0, 0.5, 1]) {
      const journey = (index: number): [number, number] => {
        const whole = 20 + ((index * 37) % 180);
        return [whole * share, whole * (1 - share)];
      };
      const times = await countedAt(300, [{ calls: 20, perMs: 1000 }], journey);
      expect(most(times, 1000)).toBeLessThanOrEqual(20);
    }
  });

  it('holds the slot of a call that has no answer yet: it may be counted at any time', async () => {
    const clock = virtualClock();
    const limiter = createLimiter([{ calls: 1, perMs: 1000 }], clock);
    const first = await limiter.acquire('a', never);
    first.sent();
    let granted = false;
    const second = limiter.acquire('a', never).then(() => {
      granted = true;
    });
    await clock.sleep(5000);
    expect(granted).toBe(false);
    first.done();
    await second;
    expect(granted).toBe(true);
  });

  it('counts a window from the answer on, not from when somebody comes to deal with it', async () => {
    const clock = virtualClock();
    const limiter = createLimiter([{ calls: 1, perMs: 1000 }], clock);
    const first = await limiter.acquire('a', never);
    first.sent();
    await clock.sleep(100);
    first.answered();
    await clock.sleep(800);
    first.done();
    await limiter.acquire('a', never);
    expect(clock.now()).toBeLessThan(1110);
  });

  it('does not take what was called in an idle minute for all that a platform allows', async () => {
    const clock = virtualClock();
    const windows = [
      { calls: 50, perMs: 1000 },
      { calls: 1000, perMs: 60_000 },
    ];
    const limiter = createLimiter(windows, clock);
    const call = async (refused: boolean): Promise<void> => {
      const grant = await limiter.acquire('a', never);
      grant.sent();
      await clock.sleep(100);
      if (refused) grant.refused(9000);
      grant.done();
    };
    const calls = (count: number): Promise<void[]> =>
      Promise.all(Array.from({ length: count }, () => call(false)));
    await calls(10);
    await clock.sleep(70_000);
    await calls(10);
    await call(true);
    const start = clock.now();
    await calls(500);
    expect(clock.now() - start).toBeLessThan(12_000);
  });

  it('serves callers of one API in order, and keeps APIs apart', async () => {
    const clock = virtualClock();
    const limiter = createLimiter([{ calls: 1, perMs: 1000 }], clock);
    const order: string[] = [];
    const call = async (api: string, name: string): Promise<void> => {
      const grant = await limiter.acquire(api, never);
      order.push(name);
      grant.sent();
      grant.done();
    };
    await Promise.all([call('a', 'a1'), call('a', 'a2'), call('a', 'a3'), call('b', 'b1')]);
    expect(order).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  /** Calls one after the other, each of these lanes and so many units; when they were granted. */
  async function grantedAt(
    limiter: Limiter,
    clock: VirtualClock,
    calls: readonly (readonly [lane: string, units: number])[],
  ): Promise<number[]> {
    const start = clock.now();
    const times: number[] = [];
    for (const [lane, units] of calls) {
      const grant = await limiter.acquire(lane, never, undefined, units);
      times.push(Math.round((clock.now() - start) / 1000));
      grant.sent();
      grant.done();
    }
    return times;
  }

  it('counts a call for as many units as it takes', async () => {
    const clock = virtualClock();
    const limiter = createLimiter([{ calls: 4, perMs: 1000 }], clock);
    const calls = [3, 1, 3, 1, 1].map((units): [string, number] => ['a', units]);
    expect(await grantedAt(limiter, clock, calls)).toEqual([0, 0, 1, 1, 2]);
  });

  it('lets a call that takes more than a window has have all of it', async () => {
    const clock = virtualClock();
    const limiter = createLimiter([{ calls: 2, perMs: 1000 }], clock);
    expect(
      await grantedAt(limiter, clock, [
        ['a', 3],
        ['a', 3],
      ]),
    ).toEqual([0, 1]);
  });

  it('has all lanes wait for a window that they share', async () => {
    const clock = virtualClock();
    const windows = [
      { calls: 2, perMs: 1000 },
      { calls: 3, perMs: 1000, shared: true },
    ] as const;
    const limiter = createLimiter(windows, clock);
    expect(
      await grantedAt(limiter, clock, [
        ['a', 2],
        ['b', 1],
        ['b', 1],
        ['a', 1],
      ]),
    ).toEqual([0, 0, 1, 1]);
  });

  it('gives a slot back that was never used', async () => {
    const clock = virtualClock();
    const start = clock.now();
    const limiter = createLimiter([{ calls: 1, perMs: 1000 }], clock);
    (await limiter.acquire('a', never)).done();
    (await limiter.acquire('a', never)).done();
    expect(clock.now()).toBe(start);
  });

  it('lets somebody who gave up leave the queue', async () => {
    const clock = virtualClock();
    const limiter = createLimiter([{ calls: 1, perMs: 1000 }], clock);
    const first = await limiter.acquire('a', never);
    const controller = new AbortController();
    const waiting = limiter.acquire('a', controller.signal);
    const after = limiter.acquire('a', never);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    first.done();
    await expect(after).resolves.toBeDefined();
    await expect(limiter.acquire('a', controller.signal)).rejects.toThrow('enough');
  });
});

it('sleeps no longer than somebody waits', async () => {
  let asleep = 0;
  const clock: Clock = {
    now: () => 0,
    date: () => 0,
    sleep: (_ms, signal) =>
      new Promise((_resolve, reject) => {
        asleep += 1;
        signal?.addEventListener('abort', () => {
          asleep -= 1;
          reject(new Error('woken'));
        });
      }),
  };
  const limiter = createLimiter([], clock);
  limiter.pauseUntil('a', 1000);
  const controller = new AbortController();
  const waiting = limiter.acquire('a', controller.signal);
  expect(asleep).toBe(1);
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  expect(asleep).toBe(0);
});

describe('a pause', () => {
  async function waits(pause: (limiter: Limiter, now: number) => void, api: string): Promise<number> {
    const clock = virtualClock();
    const start = clock.now();
    const limiter = createLimiter([], clock);
    pause(limiter, start);
    await Promise.all([limiter.acquire(api, never), limiter.acquire(api, never)]);
    return clock.now() - start;
  }

  it('holds all callers of the API, and no other', async () => {
    const pause = (limiter: Limiter, now: number): void => limiter.pauseUntil('a', now + 3000);
    expect(await waits(pause, 'a')).toBe(3000);
    expect(await waits(pause, 'b')).toBe(0);
  });

  it('is not shortened by a shorter one', async () => {
    const pause = (limiter: Limiter, now: number): void => {
      limiter.pauseUntil('a', now + 3000);
      limiter.pauseUntil('a', now + 10);
    };
    expect(await waits(pause, 'a')).toBe(3000);
  });
});

describe('the limiter without windows', () => {
  /** Works on 300 events of two calls each, on a platform that does so many calls at once, each in so long. */
  async function work(atOnce: number, ms: number): Promise<{ most: number; begun: number; ms: number }> {
    const clock = virtualClock();
    const limiter = createLimiter([], clock);
    const seen = { inFlight: 0, most: 0, working: 0, begun: 0 };
    const free = Array.from({ length: atOnce }, () => 0);
    const call = async (turn: Turn): Promise<void> => {
      const grant = await limiter.acquire('list', never, turn);
      seen.inFlight += 1;
      seen.most = Math.max(seen.most, seen.inFlight);
      grant.sent();
      const [place] = free.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at);
      const end = Math.max(clock.now(), place?.at ?? 0) + ms;
      free[place?.index ?? 0] = end;
      await clock.sleep(end - clock.now());
      seen.inFlight -= 1;
      grant.done();
    };
    await Promise.all(
      Array.from({ length: 300 }, async () => {
        const turn = await limiter.begin(never);
        seen.working += 1;
        seen.begun = Math.max(seen.begun, seen.working);
        await call(turn);
        await call(turn);
        seen.working -= 1;
        turn.end();
      }),
    );
    return { most: seen.most, begun: seen.begun, ms: clock.now() };
  }

  it('has no more events at work than a platform that is near can answer', async () => {
    const { most: inFlight, begun } = await work(1, 2);
    expect(inFlight).toBeLessThanOrEqual(12);
    expect(begun).toBeLessThanOrEqual(16);
  });

  it('has as many calls under way as travel to a platform that is far away', async () => {
    const { most: inFlight, ms } = await work(1000, 300);
    expect(inFlight).toBe(128);
    // 600 calls, at first 8 and then twice as many with each journey.
    expect(ms).toBeLessThan(10 * 300);
  });
});

describe('the time that calls still take', () => {
  it('is that of the lane that takes longest, and of the window that all of them share', () => {
    const windows: readonly RateWindow[] = [
      { calls: 10, perMs: 1000 },
      { calls: 15, perMs: 60_000, shared: true },
    ];
    const limiter = createLimiter(windows, virtualClock());
    expect(limiter.leftMs(new Map([['a', 10]]))).toBe(0);
    const second = limiter.leftMs(new Map([['a', 12]]));
    expect(second).toBeGreaterThanOrEqual(1000);
    expect(second).toBeLessThan(1100);
    const both = new Map([
      ['a', 8],
      ['b', 8],
    ]);
    expect(limiter.leftMs(both)).toBeGreaterThanOrEqual(60_000);
  });
});
