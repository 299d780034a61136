import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpRequest, Transport } from '../../src/http/transport.ts';
import { maxSockets } from '../../src/http/transport.ts';
import { createTransport } from '../../src/http/undici-transport.ts';
import { feishuEvent, onFeishu, signal } from '../providers/bench.ts';
import { removal } from '../support/edits.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();
const transports: Transport[] = [];
afterEach(async () => {
  // First, so that no connection comes in that nobody ends.
  const closed = servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)));
  for (const socket of sockets) socket.destroy();
  await Promise.all(transports.splice(0).map((transport) => transport.close()));
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await Promise.all(closed);
});

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A TCP server has an address of this shape while it listens.
  return (server.address() as AddressInfo).port;
}

function transport(): Transport {
  const made = createTransport();
  transports.push(made);
  return made;
}

function request(url: string, timeoutMs: number): HttpRequest {
  const { signal } = new AbortController();
  return { api: 'test', method: 'GET', url, headers: {}, signal, kind: 'read', timeoutMs, attempt: 1 };
}

describe('the open sockets', () => {
  it(`are ${maxSockets} to one host at most, however many calls wait`, async () => {
    const waiting: ServerResponse[] = [];
    let most = 0;
    const server = createHttpServer((_request, response) => {
      waiting.push(response);
      // All that can be open are open: every answer lets one more call in.
      if (waiting.length >= maxSockets || most >= maxSockets) waiting.shift()?.end('{}');
    });
    let open = 0;
    server.on('connection', (socket) => {
      open += 1;
      most = Math.max(most, open);
      socket.once('close', () => (open -= 1));
    });
    const port = await portOf(server);
    const sender = transport();
    let answered = 0;
    const all = Array.from({ length: 150 }, async () => {
      await sender.send(request(`http://127.0.0.1:${port}/`, 15_000));
      answered += 1;
      if (answered > 150 - maxSockets) waiting.shift()?.end('{}');
    });
    await Promise.all(all);
    expect(most).toBe(maxSockets);
  });
});

describe('a connection', () => {
  it('that never comes about ends in time, and nothing was sent', async () => {
    // It takes the connection and never answers the handshake.
    const port = await portOf(createServer(() => undefined));
    const sending = transport().send(request(`https://127.0.0.1:${port}/`, 50));
    await expect(sending).rejects.toMatchObject({ kind: 'connect', sent: false });
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%d is not followed: the token stays where it is', async (status) => {
    let others = 0;
    const other = createHttpServer((_request, response) => {
      others += 1;
      response.end('{}');
    });
    const location = `http://127.0.0.1:${await portOf(other)}/`;
    await onFeishu(
      () => ({ status, headers: { location } }),
      async ({ reader, writer, calls }) => {
        expect(await reader.read(feishuEvent, 'attendees', signal)).toMatchObject({
          complete: false,
          problem: { message: expect.stringContaining(`HTTP ${status}`) },
        });
        const row = { type: 'user' as const, id: 'ou_a', attendeeId: 'user_a' };
        const removing = writer.edit(
          feishuEvent,
          removal([row]),
          undefined,
          { notify: false, key: 'k' },
          signal,
        );
        await expect(removing).rejects.toMatchObject({ code: `http-${status}` });
        expect(calls()).toHaveLength(2);
      },
    );
    expect(others).toBe(0);
  });
});
