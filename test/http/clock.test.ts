import { getEventListeners } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { createOnAbort, longestSleepMs, systemClock } from '../../src/http/clock.ts';

afterEach(() => {
  vi.useRealTimers();
});

test("the machine's clock tells the date", () => {
  const before = Date.now();
  expect(systemClock.date()).toBeGreaterThanOrEqual(before);
});

test("the machine's clock goes on, and sleeps", async () => {
  const before = systemClock.now();
  await systemClock.sleep(2);
  await systemClock.sleep(2, new AbortController().signal);
  // Timers can be a millisecond early.
  expect(systemClock.now()).toBeGreaterThanOrEqual(before + 2);
});

test.each([-86_400_000, 86_400_000])('goes on evenly where the date is moved by %s ms', (ms) => {
  const before = systemClock.now();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
  expect(systemClock.now() - before).toBeGreaterThanOrEqual(0);
  expect(systemClock.now() - before).toBeLessThan(3_600_000);
});

test.each([0, 1])('a sleep ends at once when its signal aborts, %s ms after it began', async (ms) => {
  const controller = new AbortController();
  const sleeping = systemClock.sleep(60_000, controller.signal);
  setTimeout(() => {
    controller.abort(new Error('enough'));
  }, ms);
  await expect(sleeping).rejects.toThrow('enough');
  await expect(systemClock.sleep(60_000, controller.signal)).rejects.toThrow('enough');
});

test('a sleep beyond what timers can does not end at once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let woken = false;
  const sleeping = systemClock.sleep(longestSleepMs * 2).then(() => (woken = true));
  await vi.advanceTimersByTimeAsync(longestSleepMs - 1);
  expect(woken).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await sleeping;
});

test('calls all that wait when a signal aborts, once, save those that were taken back', () => {
  const onAbort = createOnAbort();
  const [first, second] = [new AbortController(), new AbortController()];
  const called: string[] = [];
  const wait = (controller: AbortController, name: string): (() => void) =>
    onAbort(controller.signal, () => called.push(name));
  wait(first, 'a');
  const forget = wait(first, 'b');
  wait(first, 'c');
  wait(second, 'd');
  forget();
  forget();
  first.abort();
  expect(called).toEqual(['a', 'c']);
  second.abort();
  expect(called).toEqual(['a', 'c', 'd']);
});

test('lets calls be taken back while others are told of the abort', () => {
  const onAbort = createOnAbort();
  const controller = new AbortController();
  const called: string[] = [];
  const forget = onAbort(controller.signal, () => {
    called.push('a');
    forget();
  });
  onAbort(controller.signal, () => called.push('b'));
  controller.abort();
  expect(called).toEqual(['a', 'b']);
});

test('listens to a signal once, however many wait, and no longer than one of them does', () => {
  const onAbort = createOnAbort();
  const { signal } = new AbortController();
  const forgets = Array.from({ length: 100 }, () => onAbort(signal, () => undefined));
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  for (const forget of forgets) forget();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
