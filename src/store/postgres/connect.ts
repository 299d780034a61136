import { Socket } from 'node:net';
import { Pool, type PoolClient, type PoolConfig, type QueryConfig } from 'pg';
import { createOnAbort, systemClock } from '../../http/clock.ts';
import { Secrets } from '../../http/secrets.ts';
import type { StoreAddress, Tls } from './address.ts';
import { failureOf } from './failures.ts';
import { Places } from './places.ts';
import { type Query, type Store, StoreError } from './store.ts';

/**
 * How long a statement of a transaction may take at the server, which a caller gives up some time later. One by itself has no
 * limit there, because a connection would have to keep it, and a pooler takes connections from one and gives them to another: so
 * what a caller has given up may still be done.
 */
const statementMs = 15_000;
const graceMs = 5000;

/** How long a server is waited for that does not take leave. */
const leaveMs = 1000;

/** How long an answer is waited for once a stop has come; after that none is. */
const stopMs = 1500;

/** A few: a run's heartbeat, its quota, and lines of events side by side. */
const connections = 4;

/**
 * The connections to a store. Nothing is sent before the first statement. This is the one place that knows `pg`.
 *
 * The URL is not handed to `pg`: it would take `sslmode=require` for another mode, and what is missing from the
 * environment of the process. A stop by the signal is not held up by a store that does not answer.
 */
export function connect(address: StoreAddress, signal?: AbortSignal): Store {
  const sockets = new Set<Socket>();
  const stream = (): Socket => {
    const socket = new Socket();
    sockets.add(socket);
    return socket.once('close', () => sockets.delete(socket));
  };
  const pool = new Pool({ ...settingsOf(address), stream });
  // Errors of connections, idle or between two statements: the next statement fails with them. Without these
  // listeners a restart of the server would end the process.
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  const secrets = new Secrets(address.secrets);
  const failed = (error: unknown): Error => failureOf(error, address, secrets);
  const unlessStopped = signal === undefined ? waiting : stoppable(signal, failed);
  const places = new Places(connections, () => systemClock.now());
  const placed: Wait = (work) => unlessStopped(() => places.during(work));
  return {
    where: address.where,
    query: <Row extends object>(sql: string, values?: readonly unknown[]) =>
      placed(() => send<Row>(pool, sql, values, statementMs).catch(thrown(failed))),
    transaction: (work, timeoutMs = statementMs) => placed(() => transaction(pool, work, timeoutMs, failed)),
    close: async () => {
      if (pool.ending) return;
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, leaveMs);
      await pool.end();
      clearTimeout(timer);
    },
  };
}

type Wait = <T>(work: () => Promise<T>) => Promise<T>;

const waiting: Wait = (work) => work();

/** Gives up what takes longer once the signal has aborted, and then sends nothing more: the end has more than one statement. */
function stoppable(signal: AbortSignal, failed: (error: unknown) => Error): Wait {
  const onAbort = createOnAbort();
  let isGone = false;
  return async (work) => {
    const tooLate = (): Error => failed(new Error('no answer in time, and the run is being stopped'));
    if (isGone) throw tooLate();
    let timer: NodeJS.Timeout | undefined;
    let forget = (): void => {};
    const stopped = new Promise<never>((_, reject) => {
      const begin = (): void => {
        timer = setTimeout(() => {
          isGone = true;
          reject(tooLate());
        }, stopMs);
      };
      if (signal.aborted) begin();
      else forget = onAbort(signal, begin);
    });
    try {
      return await Promise.race([work(), stopped]);
    } finally {
      clearTimeout(timer);
      forget();
    }
  };
}

function ignore(): void {
  // See above.
}

function thrown(failed: (error: unknown) => Error): (error: unknown) => never {
  return (error) => {
    throw failed(error);
  };
}

function settingsOf(address: StoreAddress): PoolConfig {
  const { host, port, database, user, password, tls, connectMs } = address;
  return {
    host,
    port,
    database,
    user,
    // As a function: otherwise `pg` looks for one in the process's environment and in files by itself.
    password: () => password ?? '',
    ssl: sslOf(tls),
    application_name: 'rollcall',
    client_encoding: 'utf8',
    max: connections,
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  };
}

function sslOf(tls: Tls): PoolConfig['ssl'] {
  if (tls === false) return false;
  const { verify, ...files } = tls;
  if (verify === 'none') return { ...files, rejectUnauthorized: false };
  return verify === 'host' ? files : { ...files, checkServerIdentity: () => undefined };
}

/** Sends statements unprepared, by no name: a pooler gives each transaction another connection. */
async function send<Row extends object>(
  by: Pool | PoolClient,
  text: string,
  values: readonly unknown[] | undefined,
  timeoutMs: number,
): Promise<readonly Row[]> {
  const config: QueryConfig & { readonly query_timeout: number } = {
    text,
    ...(values === undefined ? {} : { values: [...values] }),
    query_timeout: timeoutMs + graceMs,
  };
  // Of several statements there is a list of results, which the types leave out.
  const result: { readonly rows?: readonly Row[] } = await by.query<Row>(config);
  return result.rows ?? [];
}

async function transaction<T>(
  pool: Pool,
  work: (query: Query) => Promise<T>,
  timeoutMs: number,
  failed: (error: unknown) => Error,
): Promise<T> {
  const client = await pool.connect().catch(thrown(failed));
  // Its own failures come back as they are; those of the store say where it is.
  const query: Query = <Row extends object>(sql: string, values?: readonly unknown[]) =>
    send<Row>(client, sql, values, timeoutMs).catch(thrown(failed));
  try {
    // Not as settings of the connection: a pooler takes none.
    await query(
      `begin; set local statement_timeout = ${timeoutMs}; set local idle_in_transaction_session_timeout = ${timeoutMs}`,
    );
    const answer = await work(query);
    await query('commit');
    client.release();
    return answer;
  } catch (error) {
    // A connection that may be lost, or waits for an answer, is ended, which rolls back as well.
    const isLost = error instanceof StoreError && error.code === 'store-unreachable';
    const clean = !isLost && (await isRolledBack(query));
    client.release(!clean);
    throw error;
  }
}

function isRolledBack(query: Query): Promise<boolean> {
  return query('rollback').then(
    () => true,
    () => false,
  );
}
