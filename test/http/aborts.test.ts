import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { createOnAbort } from '../../src/http/aborts.ts';

it('calls all that wait when a signal aborts, once, save those that were taken back', () => {
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

it('lets calls be taken back while others are told of the abort', () => {
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

it('listens to a signal once, however many wait, and no longer than one of them does', () => {
  const onAbort = createOnAbort();
  const { signal } = new AbortController();
  const forgets = Array.from({ length: 100 }, () => onAbort(signal, () => undefined));
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  for (const forget of forgets) forget();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
