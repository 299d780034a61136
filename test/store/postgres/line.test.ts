import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/http/clock.ts';
import type { RateWindow } from '../../../src/http/slots.ts';
import type { Answer, Question } from '../../../src/store/postgres/question.ts';
import { Client, mostIn } from '../../support/permit-clients.ts';
import { PermitStore } from '../../support/permit-store.ts';
import { virtualClock, type VirtualClock } from '../../support/virtual-clock.ts';

const two: readonly RateWindow[] = [{ calls: 2, perMs: 1000 }];

interface Bench {
  readonly clock: VirtualClock;
  readonly store: PermitStore;
  readonly asked: Question[];
  /** When the platform took calls. */
  readonly times: number[];
  readonly client: (ask?: (usual: () => Answer) => Promise<Answer>, timeoutMs?: number) => Client;
  readonly call: (client: Client, ms?: number) => Promise<void>;
}

function bench(windows: readonly RateWindow[] = two): Bench {
  const clock = virtualClock();
  const store = new PermitStore(() => clock.now());
  const asked: Question[] = [];
  const times: number[] = [];
  return {
    clock,
    store,
    asked,
    times,
    client: (ask = (usual) => Promise.resolve(usual()), timeoutMs = 60_000) =>
      new Client({
        base: clock,
        windows,
        timeoutMs,
        ask: (question) => {
          asked.push(question);
          return ask(() => store.ask(question));
        },
      }),
    call: (client, ms = 0) =>
      client.call('list', [ms, 0], () => {
        times.push(clock.now());
        return 'taken';
      }),
  };
}

describe('the permits of a process', () => {
  it('are asked for in one exchange by all who come at once', async () => {
    const { client, call, asked } = bench([{ calls: 50, perMs: 1000 }]);
    const one = client();
    await Promise.all(Array.from({ length: 20 }, () => call(one)));
    expect(asked).toHaveLength(1);
    await one.permits.close();
    expect(asked.at(-1)?.calls).toHaveLength(20);
    expect(asked).toHaveLength(2);
  });

  it('are told of at the end at once, and where calls are under way once those have ended', async () => {
    const { clock, client, call, asked } = bench([{ calls: 50, perMs: 1000 }]);
    const one = client();
    await call(one);
    await one.permits.close(new Promise(() => {}));
    expect(asked.at(-1)?.calls).toHaveLength(1);
    const other = client();
    const late = call(other, 5000);
    await clock.sleep(10);
    await other.permits.close(late);
    expect(asked.at(-1)?.calls).toMatchObject([{ ago: expect.any(Number) }]);
    expect(clock.now()).toBe(5000);
  });

  it('are asked for anew after an exchange in which somebody came, or the time to ask went by', async () => {
    const { clock, client, call } = bench();
    // As slow as the window is long.
    const slow = client(async (usual) => {
      await clock.sleep(500);
      const answer = usual();
      await clock.sleep(500);
      return answer;
    });
    const calls = [call(slow), call(slow), call(slow)];
    await clock.sleep(10);
    calls.push(call(slow));
    await Promise.all(calls);
    // Two exchanges for each two calls.
    expect(clock.now()).toBeLessThan(5000);
  });

  it('are had soon after the calls of another process were answered, and not after their hold', async () => {
    const { clock, client, call, times } = bench();
    const [one, other] = [client(), client()];
    const slow = [call(one, 3000), call(one, 3000)];
    await clock.sleep(100);
    await call(other);
    await Promise.all(slow);
    expect(times.at(-1)).toBeGreaterThanOrEqual(4000);
    expect(times.at(-1)).toBeLessThan(4500);
    expect(mostIn(times, 1000)).toBe(2);
  });

  it('of calls that are under way for long are held on to', async () => {
    const { clock, client, call, times, asked } = bench();
    const [one, other] = [client(), client()];
    const slow = [call(one, 25_000), call(one, 25_000)];
    await clock.sleep(100);
    await call(other);
    await Promise.all(slow);
    expect(times.at(-1)).toBeGreaterThanOrEqual(26_000);
    expect(asked.flatMap(({ calls }) => calls).filter(({ ago }) => ago === null)).not.toEqual([]);
  });

  it('are had by a process whose answers take long, too', async () => {
    const { clock, client, call } = bench([{ calls: 10, perMs: 1000 }]);
    const clients = [client(), client(), client()];
    const [slow] = clients;
    await Promise.all(
      clients.flatMap((one) =>
        Array.from({ length: 10 }, async () => {
          while (clock.now() < 40_000) await call(one, one === slow && clock.now() > 4000 ? 1500 : 30);
        }),
      ),
    );
    const answered = clients.map((one) => one.answered);
    const mean = answered.reduce((sum, one) => sum + one, 0) / answered.length;
    expect(Math.min(...answered) / mean).toBeGreaterThan(0.5);
  });

  it('are given back where they were not used', async () => {
    const { clock, client, call, asked } = bench();
    const one = client();
    const { signal } = new AbortController();
    const grant = await one.limiter.acquire('list', signal);
    grant.done();
    await clock.sleep(1000);
    expect(asked.at(-1)).toMatchObject({ calls: [], unsent: [1], want: [] });
    await call(one);
  });

  it('are not used by a process that was stopped meanwhile: it asks anew', async () => {
    const { clock, client, call, store, times } = bench();
    const [one, other] = [client(), client()];
    const calls = [call(one)];
    one.stop();
    await clock.sleep(12_000);
    await Promise.all([call(other), call(other)]);
    one.goOn();
    await Promise.all(calls);
    expect(mostIn(times, 1000)).toBe(2);
    expect(store.exchanges).toBeGreaterThan(3);
  });

  it('are asked for with what the platform refused, once', async () => {
    const { clock, client, asked } = bench();
    const one = client();
    let refusals = 1;
    await one.call('list', [100, 50], () => (refusals-- > 0 ? 'refused' : 'taken'));
    await clock.sleep(1000);
    const told = asked.flatMap(({ refused, pause }) => (refused === null ? [] : [{ refused, pause }]));
    expect(told).toEqual([{ refused: { ago: 150, waitMs: 1000 }, pause: 1000 }]);
  });

  it('make what is left take as long as this process has to share', async () => {
    const { clock, client } = bench([{ calls: 50, perMs: 1000 }]);
    const one = client((usual) => Promise.resolve({ ...usual(), share: 0.25 }));
    expect(one.limiter.leftMs(new Map([['list', 500]]))).toBeLessThan(11_000);
    await one.call('list', [10, 10], () => 'taken');
    expect(one.limiter.leftMs(new Map([['list', 500]]))).toBeGreaterThan(38_000);
    expect(clock.now()).toBeLessThan(1000);
  });

  it('keep no process from its end, but a process that waits for them', async () => {
    const waiting = new Client({
      base: systemClock,
      windows: two,
      ask: () => Promise.resolve({ waits: [], again: 60_000, paused: 0, journey: null, share: 1 }),
    });
    const stop = new AbortController();
    const timers = (): number => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
    const before = timers();
    const call = waiting.limiter.acquire('list', stop.signal);
    await new Promise((resolve) => setImmediate(resolve));
    expect(timers()).toBeGreaterThan(before);
    stop.abort(new Error('stopped'));
    await expect(call).rejects.toThrow('stopped');
    await waiting.permits.close();
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it('wait for a store that fails, and tell it again what it may have lost', async () => {
    const { clock, client, call, asked } = bench();
    let fails = false;
    const one = client((usual) => (fails ? Promise.reject(new Error('no store')) : Promise.resolve(usual())));
    await call(one);
    await clock.sleep(450);
    expect(asked.at(-1)?.calls).toMatchObject([{ seq: 1 }]);
    fails = true;
    const later = call(one);
    await clock.sleep(2000);
    fails = false;
    await later;
    expect(asked.at(-1)?.calls).toMatchObject([{ seq: 1 }]);
    expect(clock.now()).toBeLessThan(4500);
  });

  it('end with the failure of a store that is away for longer than a call may take, and are never made up', async () => {
    const { clock, client, call, times } = bench();
    const one = client(() => Promise.reject(new Error('no store')), 5000);
    const started = [call(one), call(one)];
    for (const each of started) await expect(each).rejects.toThrow('no permit');
    expect(clock.now()).toBeGreaterThanOrEqual(5000);
    expect(clock.now()).toBeLessThan(7000);
    await expect(call(one)).rejects.toThrow('no permit');
    expect(times).toEqual([]);
  });

  it('do not wait for ever for an answer of the store', async () => {
    const { clock, client, call } = bench();
    let hangs = true;
    const one = client((usual) => {
      if (!hangs) return Promise.resolve(usual());
      hangs = false;
      return new Promise(() => {});
    });
    await call(one);
    expect(clock.now()).toBeLessThan(11_000);
  });

  it('count the calls of an account, each once, whatever fails', async () => {
    const { clock, client, call, store } = bench();
    let asks = 0;
    const one = client((usual) => {
      asks += 1;
      return asks % 3 === 0 ? Promise.reject(new Error('no store')) : Promise.resolve(usual());
    });
    for (let count = 0; count < 9; count += 1) await call(one);
    await clock.sleep(5000);
    expect([...store.used.values()]).toEqual([9]);
  });
});
