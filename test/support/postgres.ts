import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Pool } from 'pg';
import { guard, onceInRun, sharedFolder, until } from './once-in-run.ts';

/** Where Debian puts what no user calls: a folder a version. */
const debian = '/usr/lib/postgresql';

/** Who owns the databases, and is let in without a password unless a server is started otherwise. */
const owner = 'owner';

/** The folder with PostgreSQL's programs; `null` where there is none. An empty $POSTGRES_BIN stands for none. */
export function postgresBin(): string | null {
  const named = process.env['POSTGRES_BIN'];
  if (named !== undefined) return named === '' ? null : named;
  const versions = existsSync(debian)
    ? readdirSync(debian).map((version) => join(debian, version, 'bin'))
    : [];
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...versions];
  return (
    folders.find((folder) => ['initdb', 'postgres'].every((one) => existsSync(join(folder, one)))) ?? null
  );
}

/** What is printed where there is none. */
export const noPostgres: string =
  'No PostgreSQL: the tests of the shared store are passed over. Install postgresql, or name the folder of initdb in $POSTGRES_BIN.';

/** A server of a test's own, or the one that the tests of a run share. */
export interface PostgresServer {
  /** `ROLLCALL_STORE` for a database; `user`: with a password or without. */
  readonly url: (database: string, user?: string) => string;
  /** Runs statements as the owner of everything. */
  readonly sql: (text: string, database?: string) => Promise<readonly Record<string, unknown>[]>;
  /** Makes an empty database, and answers its `ROLLCALL_STORE`. */
  readonly database: () => Promise<string>;
  readonly start: () => Promise<void>;
  /** `fast` ends connections and then itself; `immediate` is a crash: it has to recover when it is started again. */
  readonly stop: (mode: 'fast' | 'immediate') => Promise<void>;
  /** Ends it for good, with its files. Also done when the process that started it ends, however that ends. */
  readonly end: () => Promise<void>;
}

export interface PostgresOptions {
  /** Listens on 127.0.0.1, too, at a port of its own. */
  readonly tcp?: true;
  /** Asks for passwords, instead of trusting whoever comes. */
  readonly passwords?: true;
  /** Like `ssl=on`. */
  readonly settings?: readonly string[];
  /** Done before it starts, with whom it runs under. */
  readonly prepare?: (user: { readonly uid: number; readonly gid: number }) => void;
}

/** Starts a server of the test's own, to stop and to kill. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-postgres-'));
  const server = serverIn(folder, options.tcp === true ? await freePort() : 5432, options);
  guard(folder, process.pid);
  options.prepare?.(userOf() ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 });
  await server.start();
  return server;
}

/** An empty database on the server that all tests of a run share, as `ROLLCALL_STORE` names it. */
export async function freshDatabase(): Promise<string> {
  return (await sharedServer()).database();
}

/** The server that all tests of a run share: it ends with the run. */
export async function sharedServer(): Promise<PostgresServer> {
  const server = serverIn(sharedFolder('postgres'), 5432, {});
  await onceInRun('postgres', server.start);
  return server;
}

/** A cluster as initdb makes it, of which the servers of a run are copies: to make one takes seconds. */
async function emptyCluster(bin: string): Promise<string> {
  const data = join(sharedFolder('cluster'), 'data');
  await onceInRun('cluster', () => {
    const as = userOf();
    if (as !== null) chownSync(dirname(data), as.uid, as.gid);
    const flags = ['-U', owner, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    execFileSync(join(bin, 'initdb'), ['-D', data, ...flags], { ...as, cwd: dirname(data), stdio: 'pipe' });
  });
  return data;
}

function serverIn(folder: string, port: number, options: PostgresOptions): PostgresServer {
  const { tcp, passwords, settings = [] } = options;
  const bin = postgresBin();
  if (bin === null) throw new Error(noPostgres);
  const log = join(folder, 'server.log');
  const pidFile = join(folder, 'data/postmaster.pid');
  const as = userOf();
  const make = async (): Promise<void> => {
    chmodSync(folder, 0o755);
    if (as !== null) chownSync(folder, as.uid, as.gid);
    execFileSync('cp', ['-a', await emptyCluster(bin), folder]);
    if (passwords === true) {
      const rules = `local all ${owner} trust\nlocal all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n`;
      writeFileSync(join(folder, 'data/pg_hba.conf'), rules);
    }
  };
  const sql: PostgresServer['sql'] = async (text, database = 'postgres') => {
    const pool = new Pool({ host: folder, port, user: owner, database, max: 1 });
    pool.on('error', () => {});
    try {
      return (await pool.query<Record<string, unknown>>(text)).rows;
    } finally {
      await pool.end();
    }
  };
  const url: PostgresServer['url'] = (database, user = owner) =>
    tcp === true
      ? `postgres://${user}@127.0.0.1:${port}/${database}`
      : `postgres://${user}@/${database}?host=${encodeURIComponent(folder)}`;
  const stop: PostgresServer['stop'] = async (mode) => {
    process.kill(pidIn(pidFile), mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    // After a crash the file stays.
    await until(() => !existsSync(pidFile) || !isRunning(pidIn(pidFile)), 'the server to end');
  };
  return {
    url,
    sql,
    database: async () => {
      const name = `d${process.pid}_${Date.now().toString(36)}_${(count += 1)}`;
      await sql(`create database ${name}`);
      return url(name);
    },
    start: async () => {
      if (!existsSync(join(folder, 'data'))) await make();
      const listens = ['-c', `listen_addresses=${tcp === true ? '127.0.0.1' : ''}`];
      const fast = ['fsync=off', 'full_page_writes=off', 'shared_buffers=32MB', 'max_connections=200'];
      const flags = [...fast, ...settings].flatMap((setting) => ['-c', setting]);
      const out = openSync(log, 'a');
      const args = ['-D', join(folder, 'data'), '-k', folder, '-p', String(port), ...listens, ...flags];
      const child = spawn(join(bin, 'postgres'), args, {
        ...as,
        cwd: folder,
        detached: true,
        stdio: ['ignore', out, out],
      });
      child.unref();
      await until(() => {
        if (child.exitCode !== null) throw new Error(readFileSync(log, 'utf8'));
        return existsSync(pidFile) && /^ready/m.test(readFileSync(pidFile, 'utf8'));
      }, 'the server to start');
    },
    stop,
    end: async () => {
      if (existsSync(pidFile) && isRunning(pidIn(pidFile))) await stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let count = 0;

/** PostgreSQL does not run as root: then the user is one that its package makes. */
function userOf(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function pidIn(file: string): number {
  return Number.parseInt(readFileSync(file, 'utf8'), 10);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
