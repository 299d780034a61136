import { describe, expect, it } from 'vitest';
import { givenToken, renewingToken, type TokenSource } from '../../src/http/token.ts';
import { virtualClock, type VirtualClock } from '../support/virtual-clock.ts';

const never = new AbortController().signal;

function source(lifetimeMs: number): {
  readonly tokens: TokenSource;
  readonly clock: VirtualClock;
  readonly fetched: () => number;
} {
  const clock = virtualClock();
  let count = 0;
  const tokens = renewingToken(async () => {
    count += 1;
    const token = `t${count}`;
    await clock.sleep(10);
    return { token, lifetimeMs };
  }, clock);
  return { tokens, clock, fetched: () => count };
}

describe('a renewing token', () => {
  it('is fetched once for all who ask at the same time', async () => {
    const { tokens, fetched } = source(7_200_000);
    expect(await Promise.all([tokens.current(never), tokens.current(never)])).toEqual(['t1', 't1']);
    expect(await tokens.current(never)).toBe('t1');
    expect(fetched()).toBe(1);
  });

  it('is renewed five minutes before its end', async () => {
    const { tokens, clock } = source(7_200_000);
    await tokens.current(never);
    await clock.sleep(7_200_000 - 5 * 60_000 - 20);
    expect(await tokens.current(never)).toBe('t1');
    await clock.sleep(20);
    expect(await tokens.current(never)).toBe('t2');
  });

  it('is used for nine tenths of a short life', async () => {
    const { tokens, clock } = source(1000);
    await tokens.current(never);
    await clock.sleep(880);
    expect(await tokens.current(never)).toBe('t1');
    await clock.sleep(20);
    expect(await tokens.current(never)).toBe('t2');
  });

  it('is renewed when refused, but not where somebody else has renewed it already', async () => {
    const { tokens, fetched } = source(7_200_000);
    await tokens.current(never);
    expect(tokens.refused('t1')).toBe(true);
    expect(await tokens.current(never)).toBe('t2');
    expect(tokens.refused('t1')).toBe(true);
    expect(await tokens.current(never)).toBe('t2');
    expect(fetched()).toBe(2);
  });

  it('lets one caller give up without ending it for the others', async () => {
    const { tokens } = source(7_200_000);
    const controller = new AbortController();
    const leaving = tokens.current(controller.signal);
    const staying = tokens.current(never);
    controller.abort(new Error('enough'));
    await expect(leaving).rejects.toThrow('enough');
    expect(await staying).toBe('t1');
  });

  it('is no longer fetched once nobody waits for it, and is fetched anew for whoever comes then', async () => {
    const fetches: AbortSignal[] = [];
    const tokens = renewingToken((signal) => {
      fetches.push(signal);
      return fetches.length === 1
        ? new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              reject(new Error('given up'));
            });
          })
        : Promise.resolve({ token: 't', lifetimeMs: 1000 });
    }, virtualClock());
    const controllers = [new AbortController(), new AbortController()];
    const waiting = controllers.map(({ signal }) => tokens.current(signal));
    controllers[0]?.abort(new Error('enough'));
    await expect(waiting[0]).rejects.toThrow('enough');
    expect(fetches[0]?.aborted).toBe(false);
    controllers[1]?.abort(new Error('enough'));
    await expect(waiting[1]).rejects.toThrow('enough');
    expect(fetches[0]?.aborted).toBe(true);
    expect(await tokens.current(never)).toBe('t');
  });

  it('is not waited for by a caller who has given up already', async () => {
    const { tokens } = source(7_200_000);
    await expect(tokens.current(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expect(await tokens.current(never)).toBe('t1');
  });

  it('is fetched anew after a fetch that failed', async () => {
    let count = 0;
    const tokens = renewingToken(() => {
      count += 1;
      return count === 1
        ? Promise.reject(new Error('down'))
        : Promise.resolve({ token: 't', lifetimeMs: 1000 });
    }, virtualClock());
    await expect(tokens.current(never)).rejects.toThrow('down');
    expect(await tokens.current(never)).toBe('t');
  });
});

it('asks anew for a token that was given and is refused, once for all who were refused it', async () => {
  const found = ['u-2', 'u-2', null];
  const tokens = givenToken('u-1', () => found.shift() ?? null);
  expect(tokens.refused('u-1')).toBe(true);
  expect(tokens.refused('u-1')).toBe(true);
  expect(await tokens.current(never)).toBe('u-2');
  expect(found).toHaveLength(2);
  // The same again, or none, is no other.
  expect(tokens.refused('u-2')).toBe(false);
  expect(tokens.refused('u-2')).toBe(false);
});

it('cannot renew a token that was given', async () => {
  const tokens = givenToken('u-x');
  expect(tokens.refused('u-x')).toBe(false);
  expect(await tokens.current(never)).toBe('u-x');
});
