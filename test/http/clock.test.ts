import { expect, test } from 'vitest';
import { systemClock } from '../../src/http/clock.ts';

test("the machine's clock tells the time, and sleeps", async () => {
  const before = Date.now();
  expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  await systemClock.sleep(2);
  await systemClock.sleep(2, new AbortController().signal);
  // Timers can be a millisecond early.
  expect(systemClock.now()).toBeGreaterThanOrEqual(before + 2);
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
