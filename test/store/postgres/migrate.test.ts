import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../src/run/store.ts';
import { storeAddress } from '../../../src/store/postgres/address.ts';
import { connect } from '../../../src/store/postgres/connect.ts';
import {
  isCurrent,
  migrate,
  migrationSql,
  sqlForOwner,
  versionsOf,
} from '../../../src/store/postgres/migrate.ts';
import { migrations } from '../../../src/store/postgres/migrations/index.ts';
import type { Store } from '../../../src/store/postgres/store.ts';
import { noPostgres, postgresBin, type PostgresServer, sharedServer } from '../../support/postgres.ts';

if (postgresBin() === null) console.warn(noPostgres);

describe.skipIf(postgresBin() === null)('the tables of the store', () => {
  let server: PostgresServer;
  const opened: Store[] = [];
  const numbers = [...migrations.keys()];

  beforeAll(async () => {
    server = await sharedServer();
  });
  afterAll(async () => {
    await Promise.all(opened.map((store) => store.close()));
  });

  function storeAt(url: string): Store {
    const address = storeAddress({ ROLLCALL_STORE: url });
    if (address === null) throw new RangeError('no store is named');
    const store = connect(address);
    opened.push(store);
    return store;
  }

  it('are made on first use, by one of many that begin at once', async () => {
    const url = await server.database();
    const stores = await Promise.all(Array.from({ length: 8 }, () => openStore({ ROLLCALL_STORE: url })));
    for (const store of stores) if (store !== null) opened.push(store);
    expect(await versionsOf(storeAt(url))).toEqual(numbers);
  });

  it('are made by the owner for a role that may only use them', async () => {
    const url = await server.database();
    const database = /\/(\w+)\?/.exec(url)?.[1] ?? '';
    const role = `user "of" ${database}`;
    await server.sql(`create role "${role.replaceAll('"', '""')}" login`);
    const store = storeAt(server.url(database, encodeURIComponent(role)));
    await expect(migrate(store)).rejects.toMatchObject({
      code: 'store-missing',
      message: expect.stringContaining('has no tables yet, and this user may not make them'),
      hint: expect.stringContaining('rollcall store init --print'),
    });
    for (let times = 0; times < 2; times += 1) await server.sql(sqlForOwner(role), database);
    await migrate(store);
    await store.query(`insert into rollcall.run(id, kind, expires_at) values ($1, 'apply', now())`, [
      'run-1',
    ]);
    expect(await store.query('select id, kind, origin from rollcall.run')).toEqual([
      { id: 'run-1', kind: 'apply', origin: {} },
    ]);
    await expect(store.query('create table rollcall.own()')).rejects.toMatchObject({
      code: 'store-refused',
      sqlState: '42501',
    });
  });

  it('are refused where a later version has changed them', async () => {
    const store = storeAt(await server.database());
    await migrate(store);
    await store.query('insert into rollcall.version(n) values (999)');
    await expect(migrate(store)).rejects.toMatchObject({
      code: 'store-newer',
      message: expect.stringContaining('has version 999, but this rollcall only knows'),
    });
  });

  it('are known to be of this version by the statement that has a connection made ready', async () => {
    const store = storeAt(await server.database());
    expect(await isCurrent(store)).toBe(false);
    await migrate(store);
    expect(await isCurrent(store)).toBe(true);
    await store.query('insert into rollcall.version(n) values (999)');
    expect(await isCurrent(store)).toBe(false);
    await store.query('delete from rollcall.version where n in (5, 999)');
    expect(await isCurrent(store)).toBe(false);
    await expect(isCurrent(storeAt(server.url('nowhere')))).rejects.toMatchObject({ sqlState: '3D000' });
  });

  it('are brought to a later version, and stay as they are where that fails', async () => {
    const store = storeAt(await server.database());
    await store.query('create schema rollcall; create table rollcall.run()');
    await expect(migrate(store)).rejects.toMatchObject({ code: 'store-refused', sqlState: '42P07' });
    expect(await versionsOf(store)).toEqual([]);
    await store.query('drop table rollcall.run');
    await migrate(store);
    await store.query('delete from rollcall.version where n <> 1');
    expect(migrationSql()).toContain('where n = 1');
    expect(await versionsOf(store)).toEqual([1]);
  });

  it('keep nothing of a transaction that fails, and the connection serves the next one', async () => {
    const store = storeAt(await server.database());
    await migrate(store);
    const insert = `insert into rollcall.version(n) values (500)`;
    const failing = store.transaction(async (query) => {
      await query(insert);
      throw new RangeError('changed my mind');
    });
    await expect(failing).rejects.toThrow(RangeError);
    const twice = store.transaction(async (query) => {
      await query(insert);
      await query(insert);
    });
    await expect(twice).rejects.toMatchObject({ sqlState: '23505' });
    const late = store.transaction((query) => query('select pg_sleep(5)'), 20);
    await expect(late).rejects.toMatchObject({ code: 'store-unreachable', sqlState: '57014' });
    expect(await versionsOf(store)).toEqual(numbers);
    expect(await store.transaction((query) => query('select 1 as one'))).toEqual([{ one: 1 }]);
  });
});
