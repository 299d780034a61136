import { expect, it } from 'vitest';
import type { Permits } from '../../src/http/permits.ts';
import { createLimiter } from '../../src/http/quota.ts';
import { virtualClock } from '../support/virtual-clock.ts';

/** Permits that come one by one, in a later turn of the loop. */
function givenLater(): Permits {
  let tell: (failure: Error | null) => void = () => {};
  let given = 0;
  return {
    listen: (told) => (tell = told),
    want: (_lane, units) => {
      if (units.length === 0) given = 0;
      if (units.length === 0 || given > 0) return;
      given = 1;
      setImmediate(() => tell(null));
    },
    opensAt: () => (given > 0 ? 0 : Number.POSITIVE_INFINITY),
    take: () => {
      given -= 1;
      return { done: () => {} };
    },
    shareOf: () => 1,
    pauseUntil: () => {},
  };
}

it('permits are asked for in time, however the time goes on while that is looked at', async () => {
  const clock = virtualClock();
  let lookedAt = 0;
  let slept = 0;
  const moving = {
    ...clock,
    // Timers ring a little early, and each look at the clock takes some of the time before the next slot.
    now: () => clock.now() + (lookedAt += 3),
    sleep: (ms: number, signal?: AbortSignal) => clock.sleep(Math.max(0, ms - (slept++ % 16)), signal),
  };
  const limiter = createLimiter([{ calls: 1, perMs: 200 }], moving, givenLater());
  const signal = new AbortController().signal;
  let granted = 0;
  const calls = Array.from({ length: 40 }, async () => {
    const grant = await limiter.acquire('list', signal);
    granted += 1;
    grant.sent();
    grant.done();
  });
  for (let turn = 0; turn < 4000; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(granted).toBe(40);
  await Promise.all(calls);
});
