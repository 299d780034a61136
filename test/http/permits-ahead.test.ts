import { expect, it } from 'vitest';
import type { Permits } from '../../src/http/limiter.ts';
import { createLimiter } from '../../src/http/quota.ts';
import { type FetchedToken, renewingToken } from '../../src/http/token.ts';
import { createTraffic } from '../../src/http/traffic.ts';
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

/** A call that waits for a permit until it is let go, and how often it fetched a token. */
function waitingCall(token: () => Promise<string>): {
  readonly ended: Promise<string>;
  readonly letGo: () => void;
  readonly fetched: () => number;
} {
  const clock = virtualClock();
  let fetched = 0;
  let tell: (failure: Error | null) => void = () => {};
  let isPermitted = false;
  const permits: Permits = {
    ...givenLater(),
    listen: (told) => (tell = told),
    want: () => {},
    opensAt: () => (isPermitted ? 0 : Number.POSITIVE_INFINITY),
  };
  const traffic = createTraffic({
    transport: {
      send: () => Promise.resolve({ status: 200, headers: {}, text: '' }),
      close: () => Promise.resolve(),
    },
    clock,
    limiter: createLimiter([{ calls: 1, perMs: 200 }], clock, permits),
    timeoutMs: 60_000,
  });
  const fetch = async (): Promise<FetchedToken> => {
    fetched += 1;
    return { token: await token(), lifetimeMs: 7_200_000 };
  };
  const ended = traffic.call({
    api: 'list',
    lane: 'list',
    kind: 'read',
    signal: new AbortController().signal,
    tokens: renewingToken(fetch, clock),
    request: (held) => ({ method: 'GET', url: 'http://127.0.0.1/x', headers: { authorization: held } }),
    judge: () => ({ next: 'done', value: 'done' }),
  });
  return {
    ended,
    letGo: () => {
      isPermitted = true;
      tell(null);
    },
    fetched: () => fetched,
  };
}

it('a token is fetched once, while its call waits for a permit', async () => {
  const call = waitingCall(() => Promise.resolve('t'));
  expect(call.fetched()).toBe(1);
  call.letGo();
  await expect(call.ended).resolves.toBe('done');
  expect(call.fetched()).toBe(1);
});

it('a call whose token could not be fetched meanwhile ends with that', async () => {
  const call = waitingCall(() => Promise.reject(new Error('no token')));
  await new Promise((resolve) => setImmediate(resolve));
  call.letGo();
  await expect(call.ended).rejects.toThrow('no token');
  expect(call.fetched()).toBe(1);
});
