import { createLimiter } from '../../src/http/quota.ts';
import { describe, expect, it } from 'vitest';
import {
  createTraffic,
  type ApiCall,
  type Traffic,
  type TrafficOptions,
  type Waiting,
} from '../../src/http/traffic.ts';
import type { Outcome, Verdict } from '../../src/http/retry.ts';
import { givenToken, type TokenSource } from '../../src/http/token.ts';
import {
  TransportError,
  type HttpAnswer,
  type HttpRequest,
  type Transport,
} from '../../src/http/transport.ts';
import { virtualClock, type VirtualClock } from '../support/virtual-clock.ts';

type Step = Verdict<string>;

const never = new AbortController().signal;
const error = new Error('no');

const request: ApiCall<string>['request'] = (token) => ({
  method: 'GET',
  url: 'http://127.0.0.1/x',
  headers: { authorization: token },
});

interface Bench {
  readonly traffic: Traffic;
  readonly clock: VirtualClock;
  readonly sent: HttpRequest[];
  readonly call: (steps: readonly Step[], more?: Partial<ApiCall<string>>) => Promise<string>;
}

/** `send` answers in place of the server, or rejects; unless it says so, the request was sent. */
function bench(
  send?: (request: HttpRequest, clock: VirtualClock) => Promise<HttpAnswer>,
  more: Partial<TrafficOptions> & { readonly connects?: () => boolean } = {},
): Bench {
  const clock = virtualClock();
  const sent: HttpRequest[] = [];
  const transport: Transport = {
    send: async (request) => {
      sent.push(request);
      if (more.connects?.() !== false) request.onSent?.();
      return (await send?.(request, clock)) ?? { status: 200, headers: {}, text: '' };
    },
    close: () => Promise.resolve(),
  };
  const traffic = createTraffic({
    transport,
    clock,
    limiter: createLimiter([], clock),
    timeoutMs: 60_000,
    random: () => 0,
    ...more,
  });
  return {
    traffic,
    clock,
    sent,
    call: (steps, more) => {
      let index = -1;
      return traffic.call<string>({
        api: 'list',
        lane: 'list',
        request,
        kind: 'read',
        signal: never,
        tokens: givenToken('t'),
        judge: () => {
          index += 1;
          return steps[Math.min(index, steps.length - 1)] ?? { next: 'fail', error };
        },
        ...more,
      });
    },
  };
}

const ok = (): Promise<HttpAnswer> => Promise.resolve({ status: 200, headers: {}, text: '' });
const done: Step = { next: 'done', value: 'yes' };
const transient: Step = { next: 'again', because: 'transient', error };
const rate: Step = { next: 'again', because: 'rate', error };

describe('a call', () => {
  it('carries the token and counts', async () => {
    const { call, sent, traffic } = bench();
    expect(await call([done])).toBe('yes');
    expect(sent[0]?.headers).toEqual({ authorization: 't' });
    expect(traffic.requests).toBe(1);
  });

  it('rejects with a fault of the transport itself, which no repeat mends', async () => {
    const bug = new TypeError('a bug');
    const { call, sent } = bench(() => Promise.reject(bug));
    await expect(call([done])).rejects.toBe(bug);
    expect(sent).toHaveLength(1);
  });

  it('is tried six times at most, backing off further each time', async () => {
    const { call, sent, clock, traffic } = bench();
    await expect(call([transient])).rejects.toBe(error);
    expect(sent.map((request) => request.attempt)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(clock.slept).toEqual([500, 1000, 2000, 4000, 8000]);
    expect(traffic.requests).toBe(6);
  });

  it('is not repeated after a final verdict', async () => {
    const { call, sent } = bench();
    await expect(call([{ next: 'fail', error }])).rejects.toBe(error);
    expect(sent).toHaveLength(1);
  });

  it('waits as long as it is asked to, and at least as long as the platform wants', async () => {
    const { call, clock } = bench();
    await call([{ ...transient, waitMs: 2500 }, { ...transient, atLeastMs: 3000 }, done]);
    expect(clock.slept).toEqual([2500, 3000]);
  });

  it('gives a read a third of the time a try, and a write all of it', async () => {
    const { call, sent } = bench();
    await call([done]);
    await call([done], { kind: 'write' });
    expect(sent.map((request) => request.timeoutMs)).toEqual([20_000, 60_000]);
  });

  it('ends when its time is used up', async () => {
    const { call, sent, clock } = bench(async (request, time) => {
      await time.sleep(request.timeoutMs);
      throw new TransportError('timeout', true, 'slow');
    });
    const start = clock.now();
    await expect(call([transient])).rejects.toBe(error);
    expect(sent).toHaveLength(3);
    expect(clock.now() - start).toBe(60_000);
  });

  it('does not start a wait that would outlast its time', async () => {
    const { call, sent } = bench();
    await expect(call([{ ...transient, waitMs: 60_000 }])).rejects.toBe(error);
    expect(sent).toHaveLength(1);
  });

  it('does not count waiting for the quota as its time', async () => {
    const { call, clock } = bench();
    const start = clock.now();
    const long: Step = { ...rate, waitMs: 55_000 };
    expect(await call([long, long, done])).toBe('yes');
    expect(clock.now() - start).toBe(110_000);
  });

  it('does not wait for a pause of more than five minutes', async () => {
    const { call, sent } = bench();
    await expect(call([{ ...rate, waitMs: 301_000 }])).rejects.toBe(error);
    expect(sent).toHaveLength(1);
  });

  it('makes all callers of its API wait after a rate limit', async () => {
    const { call, clock } = bench();
    const start = clock.now();
    await Promise.all([call([{ ...rate, waitMs: 3000 }, done]), call([{ ...rate, waitMs: 1000 }, done])]);
    expect(clock.now() - start).toBe(3000);
  });

  it('ends with the reason of an abort, also while it waits', async () => {
    const { call } = bench();
    const controller = new AbortController();
    const calling = call([{ ...transient, waitMs: 50_000 }], { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(calling).rejects.toThrow('enough');
  });
});

describe('a host to which no connection comes about', () => {
  const refused = new TransportError('connect', false, 'nothing listens on h (ECONNREFUSED)', 'ECONNREFUSED');
  const dead = (): Promise<HttpAnswer> => Promise.reject(refused);
  /** As clients judge it: once more, with what the failure says. */
  const judge = ({ failure }: Outcome): Step =>
    failure === undefined ? done : { next: 'again', because: 'transient', error: new Error(failure.message) };

  it('ends for the run with all tries of one call: later ones reject with the same error and send nothing', async () => {
    const { call, sent, clock } = bench(dead, { connects: () => false });
    const start = clock.now();
    const ended = await call([], { judge }).catch((reason: unknown) => reason);
    expect(String(ended)).toBe('Error: nothing listens on h (ECONNREFUSED), tried 6 times in 16 s');
    expect(clock.now() - start).toBe(15_500);
    await expect(call([done])).rejects.toBe(ended);
    expect(sent).toHaveLength(6);
  });

  it('is told of all calls that were tried side by side with one and the same error', async () => {
    const { call } = bench(dead, { connects: () => false, random: Math.random });
    const calls = Array.from({ length: 8 }, () => call([], { judge }).catch((reason: unknown) => reason));
    expect(new Set(await Promise.all(calls)).size).toBe(1);
  });

  it('does not end where others got through meanwhile', async () => {
    let connects = false;
    const { call, sent } = bench(({ api }) => (api === 'alive' ? ok() : dead()), {
      connects: () => connects,
    });
    const failing = call([], { judge });
    connects = true;
    await call([done], { api: 'alive' });
    connects = false;
    await expect(failing).rejects.toThrow('tried 6 times');
    expect(await call([done], { api: 'alive' })).toBe('yes');
    expect(sent).toHaveLength(8);
  });

  it('does not end where one try of the call was sent', async () => {
    let tries = 0;
    const { call } = bench(
      () => {
        tries += 1;
        return Promise.reject(tries === 3 ? new TransportError('reset', true, 'broke off') : refused);
      },
      { connects: () => tries === 2 },
    );
    await expect(call([], { judge })).rejects.toThrow('tried 6 times');
    await expect(call([], { judge })).rejects.toThrow('tried 6 times');
    expect(tries).toBe(12);
  });

  it('ends at once where it cannot be trusted', async () => {
    const untrusted = new TransportError('tls', false, 'h cannot be trusted');
    const { call, sent } = bench(() => Promise.reject(untrusted), { connects: () => false });
    await expect(call([{ next: 'fail', error }])).rejects.toBe(error);
    await expect(call([done])).rejects.toBe(error);
    expect(sent).toHaveLength(1);
  });

  it('is told of before each wait', async () => {
    const waits: Waiting[] = [];
    const { call } = bench(dead, { connects: () => false, onWaiting: (waiting) => waits.push(waiting) });
    await call([], {
      judge,
      request: () => ({ method: 'GET', url: 'http://127.0.0.1:9/x', headers: {} }),
    }).catch(() => undefined);
    expect(waits.map(({ waitMs, repeat, of }) => [waitMs, repeat, of])).toEqual([
      [500, 1, 5],
      [1000, 2, 5],
      [2000, 3, 5],
      [4000, 4, 5],
      [8000, 5, 5],
    ]);
    expect(waits[0]).toMatchObject({ host: '127.0.0.1:9', because: 'unreachable', code: 'ECONNREFUSED' });
  });
});

describe('a stop', () => {
  it('ends a write that waits to be sent again after a rate limit', async () => {
    const stop = new AbortController();
    const { call, sent } = bench();
    const calling = call([{ ...rate, waitMs: 15_000 }], { kind: 'write', signal: stop.signal });
    const failed = expect(calling).rejects.toThrow('enough');
    await Promise.resolve();
    stop.abort(new Error('enough'));
    await failed;
    expect(sent).toHaveLength(1);
  });

  it('is for the transport to heed: it says what is a write', async () => {
    const { call, sent } = bench();
    await call([done], { kind: 'write' });
    await call([done]);
    expect(sent.map(({ kind }) => kind)).toEqual(['write', 'read']);
  });
});

describe('a token that takes long', () => {
  it('takes its time from the call', async () => {
    const { call, sent, clock } = bench();
    const tokens: TokenSource = {
      current: async () => {
        await clock.sleep(55_000);
        return 't';
      },
      refused: () => false,
    };
    await call([done], { tokens });
    expect(sent.map(({ timeoutMs }) => timeoutMs)).toEqual([5000]);
  });
});

describe('a refused token', () => {
  const renewable = (): TokenSource & { readonly refusals: string[] } => {
    const refusals: string[] = [];
    return {
      refusals,
      current: () => Promise.resolve(`t${refusals.length}`),
      refused: (token) => {
        refusals.push(token);
        return true;
      },
    };
  };

  it('is renewed once for a call, at once', async () => {
    const { call, sent, clock } = bench();
    const tokens = renewable();
    expect(await call([{ next: 'renew', error }, done], { tokens })).toBe('yes');
    expect(sent.map((request) => request.headers['authorization'])).toEqual(['t0', 't1']);
    expect(clock.slept).toEqual([]);
  });

  it('ends the session where the new one is refused too', async () => {
    const { call, sent } = bench();
    const tokens = renewable();
    await expect(call([{ next: 'renew', error }], { tokens })).rejects.toBe(error);
    expect(sent).toHaveLength(2);
    await expect(call([done])).rejects.toBe(error);
    expect(sent).toHaveLength(2);
  });

  it('ends the session at once where it was given', async () => {
    const { call, sent } = bench();
    await expect(call([{ next: 'renew', error }])).rejects.toBe(error);
    await expect(call([done])).rejects.toBe(error);
    expect(sent).toHaveLength(1);
  });
});

describe('a verdict that ends all', () => {
  it('stops later calls and those that wait, without sending anything', async () => {
    const { call, sent } = bench();
    const waiting = call([rate, done]);
    const last = call([{ next: 'fail', error, endsAll: true }]);
    await expect(last).rejects.toBe(error);
    await expect(waiting).rejects.toBe(error);
    await expect(call([done])).rejects.toBe(error);
    expect(sent).toHaveLength(2);
  });
});
