import type { Dispatcher } from 'undici';
import { describe, expect, it, test } from 'vitest';
import { createOnAbort } from '../../src/http/clock.ts';
import { exchange } from '../../src/http/exchange.ts';
import type { HttpAnswer, HttpRequest } from '../../src/http/transport.ts';

const { signal } = new AbortController();

/** What a dispatcher does with the handler that it is given. */
type Play = (handler: Dispatcher.DispatchHandler, controller: Dispatcher.DispatchController) => void;

interface Played {
  readonly answer: Promise<HttpAnswer>;
  /** What the request was stopped with. */
  readonly stopped: Error[];
}

function played(play: Play, more: Partial<HttpRequest> = {}, proxy: string | null = null): Played {
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
    signal,
    kind: 'read',
    timeoutMs: 5000,
    attempt: 1,
    ...more,
  } as const;
  const route = { dispatcher, url: new URL('https://host.example/x'), proxy };
  return { answer: exchange(route, request, { maxBytes: 100, onAbort: createOnAbort() }), stopped };
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
    {
      kind: 'connect',
      message: 'host.example cannot be reached: no connection to host.example could be made (TypeError)',
    },
  ],
  [
    'a code that is not text',
    Object.assign(new Error('no'), { code: 7 }),
    'before',
    {
      kind: 'connect',
      message: 'host.example cannot be reached: no connection to host.example could be made (Error)',
    },
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
  const { answer, stopped } = played(
    (handler, controller) => {
      begin = () => handler.onRequestStart?.(controller, {});
    },
    { timeoutMs: 1 },
  );
  await expect(answer).rejects.toMatchObject({ kind: 'connect', sent: false, code: 'ETIMEDOUT' });
  begin();
  expect(stopped.map(({ message }) => message)).toEqual(['stopped']);
});

test('a request is not begun where its signal has aborted', async () => {
  let dispatched = false;
  const { answer } = played(() => (dispatched = true), {
    signal: AbortSignal.abort(new Error('enough')),
  });
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

test.each([
  ['ECONNREFUSED', null, 'host.example cannot be reached: nothing listens on host.example (ECONNREFUSED)'],
  ['ENOTFOUND', null, 'host.example cannot be reached: no address is known for host.example (ENOTFOUND)'],
  [
    'UND_ERR_CONNECT_TIMEOUT',
    null,
    'host.example cannot be reached: host.example does not answer (ETIMEDOUT)',
  ],
  [
    'ECONNREFUSED',
    'p:3128',
    'host.example cannot be reached: nothing listens on host.example or the proxy p:3128 (ECONNREFUSED)',
  ],
  [
    'UND_ERR_HEADERS_TIMEOUT',
    'p:3128',
    'host.example cannot be reached: host.example or the proxy p:3128 does not answer (ETIMEDOUT)',
  ],
])('%s with the proxy %s is told in words', async (code, proxy, message) => {
  const { answer } = played(
    (handler, controller) => {
      handler.onResponseError?.(controller, withCode(code));
    },
    {},
    proxy,
  );
  await expect(answer).rejects.toMatchObject({ kind: 'connect', sent: false, message });
});

test('a name that is not known is told, also where it is the name of the proxy', async () => {
  const error = Object.assign(withCode('ENOTFOUND'), { hostname: 'p' });
  const { answer } = played(
    (handler, controller) => {
      handler.onResponseError?.(controller, error);
    },
    {},
    'p:3128',
  );
  await expect(answer).rejects.toThrow('no address is known for p (ENOTFOUND)');
});

test('answers that are there are all heard before the first is dealt with', async () => {
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const dealt = ['a', 'b'].map(async (name) => {
    const play: Play = (handler, controller) => {
      handler.onRequestStart?.(controller, {});
      handler.onResponseStart?.(controller, 200, {});
      ends.push(() => handler.onResponseEnd?.(controller, {}));
    };
    await played(play, { onAnswered: () => order.push(`heard ${name}`) }).answer;
    order.push(`dealt with ${name}`);
  });
  for (const end of ends) {
    end();
    // As between two sockets that have something to read.
    await new Promise<void>((next) => {
      process.nextTick(next);
    });
  }
  await Promise.all(dealt);
  expect(order).toEqual(['heard a', 'heard b', 'dealt with a', 'dealt with b']);
});

describe('a stop', () => {
  it.each(['read', 'write'] as const)('ends a %s that was not sent yet', async (kind) => {
    const stop = new AbortController();
    const { answer } = played(() => undefined, { kind, signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
  });

  it('cuts a read off', async () => {
    const stop = new AbortController();
    const { answer, stopped } = played(
      (handler, controller) => {
        handler.onRequestStart?.(controller, {});
      },
      { kind: 'read', signal: stop.signal },
    );
    stop.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
    expect(stopped).toHaveLength(1);
  });

  it('lets a write that was sent have its answer', async () => {
    const stop = new AbortController();
    let end = (): void => {};
    const { answer, stopped } = played(
      (handler, controller) => {
        handler.onRequestStart?.(controller, {});
        handler.onResponseStart?.(controller, 200, {});
        end = () => handler.onResponseEnd?.(controller, {});
      },
      { kind: 'write', signal: stop.signal },
    );
    stop.abort(new Error('enough'));
    end();
    await expect(answer).resolves.toMatchObject({ status: 200 });
    expect(stopped).toEqual([]);
  });
});
