import { readFileSync } from 'node:fs';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { TLSSocket } from 'node:tls';
import { expect, it, test } from 'vitest';
import { resetting } from '../../src/http/connections.ts';
import type { HttpRequest } from '../../src/http/transport.ts';
import { createTransport } from '../../src/http/undici-transport.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));

function request(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return {
    api: 'test',
    method: 'POST',
    url,
    headers: {},
    body: '{}',
    signal: new AbortController().signal,
    kind: 'write',
    timeoutMs: 300,
    attempt: 1,
    ...more,
  };
}

/** A server of connections that answers nothing, and tells how each ends. */
class Silent {
  /** What arrived, decrypted. */
  heard = '';
  readonly ended: Promise<string>;
  readonly #server: Server;
  #end: (how: string) => void = () => {};

  constructor(secure = false) {
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.#server = createServer((socket) => {
      const heard: Socket = secure ? secured(socket) : socket;
      heard.on('data', (bytes: Buffer) => (this.heard += bytes.toString()));
      heard.on('error', (error: NodeJS.ErrnoException) => {
        this.#end(error.code ?? error.name);
      });
      heard.on('close', () => {
        this.#end('closed');
      });
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    // A TCP server has an address of this shape while it listens.
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
  }
}

function secured(socket: Socket): TLSSocket {
  return new TLSSocket(socket, { isServer: true, key: fixture('key.pem'), cert: fixture('cert.pem') });
}

test('a connection is reset on which a write is given up', async () => {
  const server = new Silent();
  const port = await server.listen();
  const transport = createTransport();
  const sending = transport.send(request(`http://127.0.0.1:${port}/x`));
  await expect(sending).rejects.toMatchObject({ kind: 'timeout', sent: true });
  expect(await server.ended).toBe('ECONNRESET');
  await transport.close();
  server.close();
});

test('a request that may not start is not sent, and its connection is reset', async () => {
  const server = new Silent();
  const port = await server.listen();
  const transport = createTransport();
  let sent = 0;
  const sending = transport.send(
    request(`http://127.0.0.1:${port}/x`, { mayStart: () => false, onSent: () => (sent += 1) }),
  );
  await expect(sending).rejects.toMatchObject({ kind: 'held', sent: false });
  expect(await server.ended).toBe('ECONNRESET');
  expect([server.heard, sent]).toEqual(['', 0]);
  await transport.close();
  server.close();
});

it('asks whether a request may start when there is a connection for it, and not before', async () => {
  const server = new Silent();
  const port = await server.listen();
  const transport = createTransport();
  let asked = 0;
  let allowed = true;
  const sending = transport.send(
    request(`http://127.0.0.1:${port}/x`, {
      mayStart: () => {
        asked += 1;
        return allowed;
      },
    }),
  );
  expect(asked).toBe(0);
  allowed = false;
  await expect(sending).rejects.toMatchObject({ kind: 'held' });
  expect(asked).toBe(1);
  await transport.close();
  server.close();
});

test.each([
  ['aborted', 'ECONNRESET'],
  ['over', 'closed'],
])('below TLS a connection that is %s ends as %s', async (reason, end) => {
  const server = new Silent(true);
  const port = await server.listen();
  const connect = resetting({ ca: fixture('cert.pem'), servername: 'open.example' });
  const socket = await new Promise<Socket>((resolve, reject) => {
    connect(
      { hostname: '127.0.0.1', host: '127.0.0.1', protocol: 'https:', port: String(port) },
      (...[error, made]) => {
        if (error === null) resolve(made);
        else reject(error);
      },
    );
  });
  expect(socket).toBeInstanceOf(TLSSocket);
  socket.on('error', () => {});
  // In the very call in which the handshake is done.
  socket.destroy(new Error(reason));
  expect(await server.ended).toBe(end);
  server.close();
});

test('a tunnel through a proxy is reset however it ends', async () => {
  let end: (how: string) => void = () => {};
  const ended = new Promise<string>((resolve) => (end = resolve));
  const proxy = createServer((socket) => {
    // To what begins TLS then it says nothing that makes sense.
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      end(error.code ?? error.name);
    });
    socket.on('close', () => {
      end('closed');
    });
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  // A TCP server has an address of this shape while it listens.
  const { port } = proxy.address() as AddressInfo;
  const transport = createTransport({ env: { HTTPS_PROXY: `http://127.0.0.1:${port}` } });
  const sending = transport.send(request('https://open.invalid/x'));
  await expect(sending).rejects.toMatchObject({ sent: false });
  await transport.close();
  expect(await ended).toBe('ECONNRESET');
  proxy.close();
});
