import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Places } from '../../../src/store/postgres/places.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const now = (): number => performance.now();

/** Statements that end when they are told to, and how many are under way. */
function statements(places: Places) {
  const underWay: (() => void)[] = [];
  const results: string[] = [];
  return {
    underWay,
    results,
    send: (name: string) => {
      const work = (): Promise<void> => new Promise((resolve) => underWay.push(resolve));
      void places.during(work).then(() => results.push(name));
    },
    /** Ends the one that began first. */
    end: async () => {
      underWay.shift()?.();
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

/** Places whose first connection took 50 ms. */
async function begun(most: number): Promise<Places> {
  const places = new Places(most, now);
  const { send, end } = statements(places);
  send('first');
  await vi.advanceTimersByTimeAsync(50);
  await end();
  return places;
}

it('waits for the first connection', async () => {
  const { send, end, underWay } = statements(new Places(4, now));
  for (const name of ['a', 'b', 'c']) send(name);
  await vi.advanceTimersByTimeAsync(300);
  expect(underWay.length).toBe(1);
  await end();
  expect(underWay.length).toBe(1);
});

it('sends statements one after the other while each is soon answered', async () => {
  const { send, end, underWay, results } = statements(await begun(4));
  for (const name of ['a', 'b', 'c']) send(name);
  for (const done of [0, 1, 2]) {
    await vi.advanceTimersByTimeAsync(15);
    expect([underWay.length, results.length]).toEqual([1, done]);
    await end();
  }
  expect(results).toEqual(['a', 'b', 'c']);
});

it('takes another connection for whoever has waited for as long as one takes, and so on up to the most', async () => {
  const { send, end, underWay } = statements(await begun(3));
  send('a');
  send('b');
  await vi.advanceTimersByTimeAsync(100);
  expect(underWay.length).toBe(2);
  for (const name of ['c', 'd', 'e']) send(name);
  expect(underWay.length).toBe(2);
  await vi.advanceTimersByTimeAsync(100);
  // Those for whom there is none wait for one of these: whoever has the connections says for how long.
  expect(underWay.length).toBe(5);
  for (let count = 5; count > 0; count -= 1) await end();
  for (const name of ['f', 'g', 'h']) send(name);
  expect(underWay.length).toBe(3);
});

it('takes another one where many wait, each for a little', async () => {
  const { send, end, underWay } = statements(await begun(2));
  send('first');
  for (let count = 0; count < 6; count += 1) {
    send(`${count}`);
    await vi.advanceTimersByTimeAsync(10);
    await end();
  }
  send('more');
  await vi.advanceTimersByTimeAsync(1);
  expect(underWay.length).toBe(2);
});

it('takes none for waits that are far apart', async () => {
  const { send, end, underWay } = statements(await begun(2));
  for (let count = 0; count < 6; count += 1) {
    send(`${count}`);
    send(`${count} again`);
    await vi.advanceTimersByTimeAsync(40);
    expect(underWay.length).toBe(1);
    await end();
    await end();
    await vi.advanceTimersByTimeAsync(2000);
  }
});

it('goes on after a statement that fails', async () => {
  const places = new Places(2, now);
  const first = places.during(() => Promise.reject(new Error('gone')));
  const second = places.during(() => Promise.resolve('there'));
  await expect(first).rejects.toThrow('gone');
  await expect(second).resolves.toBe('there');
});
