import type { Dispatcher } from 'undici';
import { expect, test } from 'vitest';
import { createOnAbort } from '../../src/http/aborts.ts';
import { exchange } from '../../src/http/exchange.ts';
import type { HttpAnswer } from '../../src/http/transport.ts';

const { signal } = new AbortController();

/** What a dispatcher does with the handler that it is given. */
type Play = (handler: Dispatcher.DispatchHandler, controller: Dispatcher.DispatchController) => void;

interface Played {
  readonly answer: Promise<HttpAnswer>;
  /** What the request was stopped with. */
  readonly stopped: Error[];
}

function played(play: Play, timeoutMs: number = 5000, of: AbortSignal = signal): Played {
  const stopped: Error[] = [];
  // Of the controller and the dispatcher an exchange uses these alone.
  const controller = {
    abort: (reason: Error) => stopped.push(reason),
  } as unknown as Dispatcher.DispatchController;
  const dispatcher = {
    dispatch: (_options: unknown, handler: Dispatcher.DispatchHandler) => {
      play(handler, controller);
      return true;
    },
  } as unknown as Dispatcher;
  const request = {
    api: 'test',
    method: 'GET',
    url: '',
    headers: {},
    signal: of,
    timeoutMs,
    attempt: 1,
  } as const;
  return {
    answer: exchange(dispatcher, new URL('https://host.example/x'), request, 100, createOnAbort()),
    stopped,
  };
}

function withCode(code: string): Error {
  return Object.assign(new Error('no'), { code });
}

test.each<[string, Error, 'before' | 'after', object]>([
  ['a name that is not known', withCode('ENOTFOUND'), 'before', { kind: 'connect', sent: false }],
  [
    'a certificate of another host',
    withCode('ERR_TLS_CERT_ALTNAME_INVALID'),
    'before',
    { kind: 'tls', sent: false },
  ],
  [
    'a certificate of nobody known',
    withCode('SELF_SIGNED_CERT_IN_CHAIN'),
    'before',
    { kind: 'tls', sent: false },
  ],
  ['a handshake that fails', withCode('EPROTO'), 'before', { kind: 'tls', sent: false }],
  [
    'a fault without a code',
    new TypeError('no'),
    'before',
    { kind: 'connect', message: 'host.example cannot be reached (TypeError)' },
  ],
  [
    'a code that is no text',
    Object.assign(new Error('no'), { code: 7 }),
    'before',
    { kind: 'connect', message: 'host.example cannot be reached (Error)' },
  ],
  ['a connection that breaks off', withCode('ECONNRESET'), 'after', { kind: 'reset', sent: true }],
  ['a certificate that is refused later on', withCode('EPROTO'), 'after', { kind: 'reset', sent: true }],
])('%s is told by its kind', async (_what, error, when, expected) => {
  const { answer } = played((handler, controller) => {
    if (when === 'after') handler.onRequestStart?.(controller, {});
    handler.onResponseError?.(controller, error);
  });
  await expect(answer).rejects.toMatchObject(expected);
});

test('a request whose time is over before it begins is stopped as it begins', async () => {
  let begin = (): void => {};
  const { answer, stopped } = played((handler, controller) => {
    begin = () => handler.onRequestStart?.(controller, {});
  }, 1);
  await expect(answer).rejects.toMatchObject({ kind: 'timeout', sent: false });
  begin();
  expect(stopped.map(({ message }) => message)).toEqual(['stopped']);
});

test('a request is not begun where its signal has aborted', async () => {
  let dispatched = false;
  const { answer } = played(() => (dispatched = true), 5000, AbortSignal.abort(new Error('enough')));
  await expect(answer).rejects.toThrow('enough');
  expect(dispatched).toBe(false);
});

test('a header that comes twice is one, and one without a value is none', async () => {
  const { answer } = played((handler, controller) => {
    handler.onRequestStart?.(controller, {});
    handler.onResponseStart?.(controller, 200, { 'X-A': ['1', '2'], 'x-b': 'c', 'x-d': undefined });
    handler.onResponseEnd?.(controller, {});
  });
  expect((await answer).headers).toEqual({ 'x-a': '1, 2', 'x-b': 'c' });
});
