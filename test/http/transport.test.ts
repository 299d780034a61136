import { type AddressInfo, type Socket, createServer } from 'node:net';
import { describe, expect, it, test } from 'vitest';
import { TransportError, type HttpRequest, type RequestEvent } from '../../src/http/transport.ts';
import { createTransport, type TransportOptions } from '../../src/http/undici-transport.ts';
import { scriptedServer, type Script, type ScriptedServer } from '../support/scripted-server.ts';

function request(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const signal = new AbortController().signal;
  return {
    api: 'test',
    method: 'GET',
    url,
    headers: {},
    signal,
    kind: 'read',
    timeoutMs: 5000,
    attempt: 1,
    ...more,
  };
}

async function withServer<T>(
  script: Script,
  work: (send: (more?: Partial<HttpRequest>) => Promise<unknown>, server: ScriptedServer) => Promise<T>,
  options: TransportOptions = {},
): Promise<T> {
  await using server = await scriptedServer(script);
  const transport = createTransport(options);
  try {
    return await work((more) => transport.send(request(`${server.url}/x`, more)), server);
  } finally {
    await transport.close();
  }
}

describe('the transport', () => {
  it('gives status, headers in lower case and text', async () => {
    const script: Script = () => ({ status: 404, headers: { 'X-Tt-Logid': 'abc' }, body: 'nö' });
    await withServer(script, async (send) => {
      expect(await send()).toMatchObject({ status: 404, headers: { 'x-tt-logid': 'abc' }, text: 'nö' });
    });
  });

  it('sends method, headers and body, and asks for no compression', async () => {
    await withServer(
      () => ({}),
      async (send, server) => {
        await send({ method: 'POST', headers: { 'x-a': 'b' }, body: '{"c":1}' });
        expect(server.requests[0]).toMatchObject({ method: 'POST', headers: { 'x-a': 'b' }, json: { c: 1 } });
        expect(server.requests[0]?.headers['accept-encoding']).toBeUndefined();
      },
    );
  });

  it('takes a redirect as an answer', async () => {
    await withServer(
      () => ({ status: 302, headers: { location: '/other' } }),
      async (send, server) => {
        expect(await send()).toMatchObject({ status: 302 });
        expect(server.requests).toHaveLength(1);
      },
    );
  });

  it('ends a request that gets no answer, and says that it was sent', async () => {
    await withServer(
      () => 'hang',
      async (send) => {
        await expect(send({ timeoutMs: 500 })).rejects.toMatchObject({ kind: 'timeout', sent: true });
      },
    );
  });

  it('ends an answer that drips', async () => {
    const script: Script = (_request, response) => {
      response.writeHead(200).write('{');
      return 'handled';
    };
    await withServer(script, async (send) => {
      await expect(send({ timeoutMs: 500 })).rejects.toMatchObject({ kind: 'timeout', sent: true });
    });
  });

  it('says that a connection broke off', async () => {
    await withServer(
      () => 'reset',
      async (send) => {
        await expect(send()).rejects.toMatchObject({ kind: 'reset', sent: true });
      },
    );
  });

  it('takes an answer that is cut short for none', async () => {
    const script: Script = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"code":0}');
      setImmediate(() => response.socket?.destroy());
      return 'handled';
    };
    await withServer(script, async (send) => {
      await expect(send()).rejects.toMatchObject({ kind: 'reset', sent: true });
    });
  });

  it('says that nothing was sent where nobody listens', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    // A TCP server has an address of this shape while it listens.
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => {
      server.close(resolve);
    });
    const transport = createTransport();
    const sending = transport.send(request(`http://127.0.0.1:${port}/`));
    await expect(sending).rejects.toMatchObject({ kind: 'connect', sent: false });
    await transport.close();
  });

  it('drops an answer that is longer than the limit', async () => {
    await withServer(
      () => ({ body: 'x'.repeat(2000) }),
      async (send) => {
        await expect(send()).rejects.toMatchObject({ kind: 'too-large' });
      },
      { maxAnswerBytes: 1000 },
    );
  });

  it('rejects with the reason of an abort, before and during the exchange', async () => {
    await withServer(
      () => 'hang',
      async (send) => {
        const reason = new Error('stop');
        const controller = new AbortController();
        const sending = send({ signal: controller.signal, onSent: () => controller.abort(reason) });
        await expect(sending).rejects.toBe(reason);
        await expect(send({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      },
    );
  });

  it('tells when the request is written', async () => {
    await withServer(
      () => ({}),
      async (send) => {
        let sent = 0;
        await send({ onSent: () => (sent += 1) });
        expect(sent).toBe(1);
      },
    );
  });
});

describe('the request listener', () => {
  it('is told of every end, without any secret', async () => {
    const events: RequestEvent[] = [];
    let call = 0;
    const script: Script = () => {
      call += 1;
      return call === 1 ? { status: 200 } : call === 2 ? 'reset' : 'hang';
    };
    await withServer(
      script,
      async (send, server) => {
        const more = {
          url: `${server.url}/x?page_token=CANARY`,
          headers: { authorization: 'Bearer CANARY' },
          body: '"CANARY"',
          method: 'POST' as const,
        };
        await send(more);
        const failures = [
          await send(more).catch(String),
          await send({ ...more, timeoutMs: 20 }).catch(String),
        ];
        const aborted = send({ ...more, signal: AbortSignal.abort() });
        await expect(aborted).rejects.toThrow();
        expect(events.map((event) => event.status ?? event.error)).toEqual([
          200,
          'reset',
          'timeout',
          'aborted',
        ]);
        expect(events[0]).toMatchObject({
          api: 'test',
          method: 'POST',
          attempt: 1,
          url: `${server.url}/x?page_token=...`,
        });
        expect(JSON.stringify([events, failures])).not.toContain('CANARY');
      },
      { onRequest: (event) => events.push(event) },
    );
  });
});

/** A proxy that answers each request for a tunnel with a text, or not at all. */
async function proxyThat(answer: string | null): Promise<{
  readonly url: string;
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
}> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const proxy = createServer((socket) => {
    sockets.add(socket);
    socket.once('data', (data) => {
      asked.push(String(data).split('\r\n')[0] ?? '');
      if (answer !== null) socket.end(answer);
    });
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  // A TCP server has an address of this shape while it listens.
  const { port } = proxy.address() as AddressInfo;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      proxy.close(resolve);
    });
  };
  return { url: `127.0.0.1:${port}`, asked, close };
}

describe('a proxy', () => {
  it('is asked for hosts that are not loopback, and a refusal means that nothing was sent', async () => {
    const proxy = await proxyThat('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
    const transport = createTransport({ env: { HTTPS_PROXY: `http://u:CANARY@${proxy.url}` } });
    const failure = await transport.send(request('https://open.invalid/x')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TransportError);
    expect(failure).toMatchObject({ kind: 'connect', sent: false });
    expect(String(failure)).toContain(`the proxy ${proxy.url} answered HTTP 407`);
    expect(String(failure)).not.toContain('CANARY');
    expect(proxy.asked).toEqual(['CONNECT open.invalid:443 HTTP/1.1']);
    await transport.close();
    await proxy.close();
  });

  it.each(['*', 'invalid', '.open.invalid', 'a.example open.invalid:443'])(
    'is passed by for the hosts of NO_PROXY=%s',
    async (noProxy) => {
      const proxy = await proxyThat('HTTP/1.1 407 No\r\n\r\n');
      const transport = createTransport({ env: { HTTPS_PROXY: proxy.url, NO_PROXY: noProxy } });
      // The name is nobody's, so that nothing leaves this machine.
      const sending = transport.send(request('https://open.invalid/x', { timeoutMs: 300 }));
      await expect(sending).rejects.toMatchObject({ kind: 'connect', sent: false });
      expect(proxy.asked).toEqual([]);
      await transport.close();
      await proxy.close();
    },
  );

  it.each(['http://127.0.0.1:9', 'https://127.0.0.1:9', 'https://[::1]:9', 'https://localhost:9'])(
    'is never asked for %s',
    async (url) => {
      const proxy = await proxyThat('HTTP/1.1 407 No\r\n\r\n');
      const transport = createTransport({ env: { HTTPS_PROXY: proxy.url } });
      await expect(transport.send(request(url))).rejects.toMatchObject({ kind: 'connect', sent: false });
      expect(proxy.asked).toEqual([]);
      await transport.close();
      await proxy.close();
    },
  );

  it('that takes the connection and says nothing holds nobody up', async () => {
    const proxy = await proxyThat(null);
    const transport = createTransport({ env: { HTTPS_PROXY: proxy.url } });
    const sending = transport.send(request('https://open.invalid/x', { timeoutMs: 200 }));
    await expect(sending).rejects.toMatchObject({ kind: 'connect', sent: false, code: 'ETIMEDOUT' });
    // It still waits for the proxy; the test's own limit is far below what undici gives a proxy.
    await transport.close();
    expect(proxy.asked).toHaveLength(1);
    await proxy.close();
  });
});

describe('requests in flight', () => {
  it('are counted from when they are sent until they are answered or given up', async () => {
    const counts: number[] = [];
    const onInFlight = (count: number): void => void counts.push(count);
    await withServer(
      (_request, response) => {
        setTimeout(() => response.end('{}'), 50);
        return 'handled';
      },
      async (send) => {
        await Promise.all([send(), send()]);
        await send({ timeoutMs: 1 }).catch(() => undefined);
      },
      { onInFlight },
    );
    expect(counts.slice(0, 4)).toEqual([1, 2, 1, 0]);
    expect(counts.at(-1)).toBe(0);
  });
});

test('an error carries no cause, whose fields could hold bytes of the exchange', () => {
  expect(new TransportError('reset', true, 'x').cause).toBeUndefined();
});
