import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';

/** A way to a store that a test can make slow, or cut. */
export interface StoreProxy {
  /** `ROLLCALL_STORE` by this way. */
  readonly url: string;
  /** Connections that were made so far. */
  readonly connections: () => number;
  /** From now on nothing comes back, and whoever connects waits. */
  readonly stall: () => void;
  /** Lets go what was held back. */
  readonly resume: () => void;
  /** Cuts every connection, and takes none until it goes on. */
  readonly cut: () => void;
  /** Takes connections again. */
  readonly restore: () => void;
  readonly close: () => Promise<void>;
}

/** Listens on loopback, and passes all on to the server that `url` (`ROLLCALL_STORE`) names. */
export async function storeProxy(url: string): Promise<StoreProxy> {
  const [, user = '', at = '', database = ''] = /\/\/([^@]*)@([^/]*)\/(\w+)/.exec(url) ?? [];
  const folder = decodeURIComponent(/host=([^&]*)/.exec(url)?.[1] ?? '');
  const way =
    at === '' ? { path: `${folder}/.s.PGSQL.5432` } : { host: '127.0.0.1', port: Number(at.split(':')[1]) };
  const sockets = new Set<Socket>();
  const answers = new Set<Socket>();
  let isStalled = false;
  let isCut = false;
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    if (isCut) {
      client.destroy();
      return;
    }
    const store = connect(way);
    for (const socket of [client, store]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        store.destroy();
      });
    }
    answers.add(store);
    client.pipe(store).pipe(client);
    if (isStalled) store.pause();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `postgres://${user}@127.0.0.1:${port}/${database}`,
    connections: () => connections,
    stall: () => {
      isStalled = true;
      for (const store of answers) store.pause();
    },
    resume: () => {
      isStalled = false;
      for (const store of answers) store.resume();
    },
    cut,
    restore: () => {
      isCut = false;
    },
    close: async () => {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
