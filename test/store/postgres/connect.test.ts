import { chownSync, copyFileSync, chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { storeAddress } from '../../../src/store/postgres/address.ts';
import { connect } from '../../../src/store/postgres/connect.ts';
import type { Store } from '../../../src/store/postgres/store.ts';
import { root } from '../../support/cli.ts';
import { noPostgres, postgresBin, type PostgresServer, startPostgres } from '../../support/postgres.ts';
import { storeProxy } from '../../support/store-proxy.ts';

if (postgresBin() === null) console.warn(noPostgres);

const opened: Store[] = [];

function storeAt(url: string, env: Readonly<Record<string, string>> = {}, signal?: AbortSignal): Store {
  const address = storeAddress({ ROLLCALL_STORE: url, ...env });
  if (address === null) throw new RangeError('no store is named');
  const store = connect(address, signal);
  opened.push(store);
  return store;
}

const one = (store: Store): Promise<unknown> => store.query('select 1 as one');

afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});

describe('a store that is not there', () => {
  it('is said to be so, with its host and database', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { readonly port: number };
    server.close();
    await expect(one(storeAt(`postgres://u:CNRYpw@127.0.0.1:${port}/teams`))).rejects.toMatchObject({
      code: 'store-unreachable',
      message: `the store (127.0.0.1:${port}, database teams) cannot be reached: nothing listens there (ECONNREFUSED)`,
      hint: 'ROLLCALL_STORE names it; unset the variable to run without a shared store.',
    });
    await expect(one(storeAt('postgres://u@/teams?host=/nowhere'))).rejects.toMatchObject({
      message: expect.stringContaining('there is no socket of a server (ENOENT)'),
    });
    await expect(one(storeAt('postgres://u@store.invalid/teams'))).rejects.toMatchObject({
      code: 'store-unreachable',
      message: expect.stringMatching(/its address could not be looked up|no address is known for it/),
    });
  });

  it('is given up on where it takes connections and says nothing, and lets the run end', async () => {
    const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { readonly port: number };
    await expect(
      one(storeAt(`postgres://u@127.0.0.1:${port}/teams?connect_timeout=1`)),
    ).rejects.toMatchObject({
      code: 'store-unreachable',
      message: expect.stringContaining('it does not answer in time'),
    });
    server.close();
  });
});

describe.skipIf(postgresBin() === null)('a store', () => {
  let server: PostgresServer;
  const tls = mkdtempSync(join(tmpdir(), 'rollcall-tls-'));
  const cert = join(root, 'test/fixtures/tls/cert.pem');

  beforeAll(async () => {
    const key = join(tls, 'key.pem');
    copyFileSync(join(root, 'test/fixtures/tls/key.pem'), key);
    // PostgreSQL takes a key that is its own, or root's and of a group that it is in.
    chmodSync(tls, 0o755);
    chmodSync(key, 0o640);
    server = await startPostgres({
      tcp: true,
      passwords: true,
      settings: ['ssl=on', `ssl_cert_file=${cert}`, `ssl_key_file=${key}`],
      prepare: ({ gid }) => {
        chownSync(key, process.getuid?.() ?? 0, gid);
      },
    });
    await server.sql(`create role app login password 'CNRY/pw%1'`);
  });
  afterAll(async () => {
    await server.end();
    rmSync(tls, { recursive: true });
  });

  const password = { PGPASSWORD: 'CNRY/pw%1' };
  const url = (more = ''): string => `${server.url('postgres', 'app')}${more}`;

  it('lets in whoever has the password, from wherever it comes', async () => {
    await expect(one(storeAt(url(), password))).resolves.toEqual([{ one: 1 }]);
    const inUrl = server.url('postgres', 'app:CNRY%2Fpw%251');
    await expect(one(storeAt(inUrl))).resolves.toEqual([{ one: 1 }]);
  });

  it.each([
    [
      'another password',
      { PGPASSWORD: 'CNRYwrong' },
      'password authentication failed for user "app" (28P01)',
    ],
    ['no password', {}, 'requires a password, but none is set'],
  ])('does not let in whoever has %s, and nothing is said of it', async (_, env, said) => {
    const refused = one(storeAt(url(), env));
    await expect(refused).rejects.toMatchObject({
      code: 'store-refused',
      message: expect.stringContaining(said),
    });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('CNRY') });
  });

  it('says so where the database is not there, or a secret stands in what the server says', async () => {
    await expect(one(storeAt(server.url('none', 'app'), password))).rejects.toMatchObject({
      code: 'store-refused',
      message: expect.stringContaining('database "none" does not exist (3D000)'),
    });
    const echo = `do $$ begin raise exception 'CNRY/pw%%1 and CNRY%%2Fpw%%251'; end $$`;
    await expect(storeAt(url(), password).query(echo)).rejects.toMatchObject({
      message: expect.stringContaining('*** and ***'),
    });
  });

  it.each([
    ['sslmode=require', null],
    [`sslmode=verify-ca&sslrootcert=${cert}`, null],
    ['sslmode=verify-ca', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['sslmode=verify-full', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    // It is the certificate of another host.
    [`sslmode=verify-full&sslrootcert=${cert}`, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('is held to its certificate by %s', async (mode, fault) => {
    const rows = storeAt(url(`?${mode}`), password).query(
      'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
    );
    if (fault === null) return expect(rows).resolves.toEqual([{ ssl: true }]);
    return expect(rows).rejects.toMatchObject({
      code: 'store-refused',
      message: expect.stringContaining(`has a certificate that cannot be trusted (${fault})`),
      hint: expect.stringContaining('sslrootcert=FILE'),
    });
  });

  it('is used again after it was ended or has crashed, by the same connections', async () => {
    const store = storeAt(url(), password);
    await one(store);
    for (const mode of ['fast', 'immediate'] as const) {
      await server.stop(mode);
      await expect(one(store)).rejects.toMatchObject({ code: 'store-unreachable' });
      await server.start();
      await expect(one(store)).resolves.toEqual([{ one: 1 }]);
    }
  });

  it('is said to be gone where it ends within a transaction', async () => {
    const store = storeAt(url(), password);
    const within = store.transaction(async (query) => {
      await query('select 1');
      await server.stop('immediate');
      await server.start();
      return query('select 2');
    });
    await expect(within).rejects.toMatchObject({ code: 'store-unreachable' });
    await expect(one(store)).resolves.toEqual([{ one: 1 }]);
  });

  it('takes statements of whatever connection a pooler gives: nothing is prepared, set or kept', async () => {
    const store = storeAt(url(), password);
    const settings = `select name, setting from pg_settings where name in ('statement_timeout', 'application_name') order by 1`;
    await store.transaction((query) => query('select $1::int', [1]));
    expect(await store.query(settings)).toEqual([
      { name: 'application_name', setting: 'rollcall' },
      { name: 'statement_timeout', setting: '0' },
    ]);
    expect(await store.query('select name from pg_prepared_statements')).toEqual([]);
  });

  it('is left within a second or so where it has stopped answering', async () => {
    const way = await storeProxy(url());
    const store = storeAt(way.url, password);
    await one(store);
    way.stall();
    const asked = one(store).catch((error: unknown) => error);
    await store.close();
    expect(await asked).toMatchObject({ code: 'store-unreachable' });
    await way.close();
  });

  it('is not waited for once a stop has come, by what was asked before or is asked then', async () => {
    const way = await storeProxy(url());
    const stop = new AbortController();
    const store = storeAt(way.url, password, stop.signal);
    await one(store);
    way.stall();
    const asked = [one(store), store.transaction((query) => query('select 1 as one'))];
    stop.abort();
    const unreachable = { code: 'store-unreachable', message: expect.stringContaining('in time') };
    expect(await Promise.allSettled(asked)).toMatchObject(asked.map(() => ({ reason: unreachable })));
    await expect(one(store)).rejects.toMatchObject(unreachable);
    await way.close();
  });

  it('answers what is asked after a stop', async () => {
    const store = storeAt(url(), password, AbortSignal.abort());
    expect(await one(store)).toEqual([{ one: 1 }]);
  });
});
