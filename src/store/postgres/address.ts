import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Env, isLoopback } from '../../http/url.ts';
import { StoreError } from './store.ts';

/** How the server is known by its certificate; false: no TLS. */
export type Tls =
  | false
  | {
      readonly verify: 'none' | 'authority' | 'host';
      readonly ca?: string;
      readonly cert?: string;
      readonly key?: string;
    };

/** Where the store is, and as whom it is used. */
export interface StoreAddress {
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | null;
  /** What may be in no output: the password as it is, and as the variable has it. */
  readonly secrets: readonly string[];
  readonly tls: Tls;
  readonly connectMs: number;
  /** Host and database, for messages. */
  readonly where: string;
}

const example = 'postgres://rollcall@db.internal/rollcall?sslmode=verify-full';
const nowhere = 'nowhere.invalid';
const modes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
const parameters = ['host', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'connect_timeout'];

/** What nothing of the variable is shown in: a password that is not encoded may stand anywhere. */
function bad(fault: string, hint = `Set it like ${example}, or unset it.`): StoreError {
  return new StoreError('store-setting', `ROLLCALL_STORE ${fault}`, hint);
}

/**
 * The store that the environment names with `ROLLCALL_STORE`; null where it names none. Without a password in it,
 * `PGPASSWORD` or the file of passwords (`PGPASSFILE`) is asked.
 *
 * @throws StoreError where it cannot be used; no part of it is shown.
 */
export function storeAddress(env: Env): StoreAddress | null {
  const text = (env['ROLLCALL_STORE'] ?? '').trim();
  if (text === '') return null;
  const encoded = `has a character in its password or name that is special in a URL (one of / ? # @ : %)`;
  const asPercent = 'Write it percent-encoded, as %2F for a slash, or set PGPASSWORD instead.';
  if (!/^postgres(ql)?:\/\//.test(text)) throw bad('is not a postgres: URL');
  // With `?host=` PostgreSQL's own programs take an empty host behind a user, which a URL cannot have.
  const whole = text.replace(/^([^/]+\/\/[^/?#]*@)(?=\/)/, `$1${nowhere}`);
  if (!URL.canParse(whole)) throw bad('cannot be read as a URL', asPercent);
  const url = new URL(whole);
  const [, name = '', ...rest] = url.pathname.split('/');
  if (url.hash !== '' || rest.length > 0 || name.includes('@')) throw bad(encoded, asPercent);
  const strange = [...url.searchParams.keys()].some((key) => !parameters.includes(key));
  if (strange) throw bad(`has a parameter other than ${parameters.join(', ')}`);
  const database = decoded(name);
  const user = decoded(url.username) || (env['PGUSER'] ?? '');
  if (database === '') throw bad('names no database');
  if (user === '') throw bad('names no user');
  const named = url.hostname === nowhere ? '' : decoded(url.hostname).replace(/^\[|\]$/g, '');
  const host = named || (url.searchParams.get('host') ?? '');
  if (host === '') throw bad('names no host');
  if (host.includes(','))
    throw bad('names more than one host', 'Name the one that always points to the primary.');
  const port = url.port === '' ? 5432 : Number(url.port);
  const own = decoded(url.password) || env['PGPASSWORD'] || null;
  const password = own ?? filed(env, [host, String(port), database, user]);
  const seconds = Number(url.searchParams.get('connect_timeout') ?? 5);
  if (!(seconds >= 1 && seconds <= 600)) throw bad('has a connect_timeout that is not from 1 to 600 seconds');
  return {
    host,
    port,
    database,
    user,
    password,
    secrets: [password, url.password].filter((one) => one !== null).filter((one) => one !== ''),
    tls: tlsOf(url.searchParams, host),
    connectMs: seconds * 1000,
    where: `${host}${port === 5432 ? '' : `:${port}`}, database ${database}`,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw bad(
      'has a % that does not start an encoded character',
      'Write it as %25, or set PGPASSWORD instead.',
    );
  }
}

/** A password must not go to an impostor that answers in place of a host: TLS without checks has to be asked for. */
function tlsOf(given: URLSearchParams, host: string): Tls {
  const isNear = host.startsWith('/') || isLoopback(host) || host === '::1';
  const asked = given.get('sslmode') ?? (isNear ? 'disable' : 'verify-full');
  const mode = modes.find((one) => one === asked);
  if (mode === undefined) {
    throw bad(
      `has an sslmode other than ${modes.join(', ')}`,
      'Write sslmode=verify-full, with sslrootcert=FILE for a certificate authority of your own.',
    );
  }
  if (mode === 'disable' || host.startsWith('/')) return false;
  const ca = given.get('sslrootcert');
  const cert = given.get('sslcert');
  const key = given.get('sslkey');
  return {
    verify: mode === 'verify-full' ? 'host' : mode === 'verify-ca' ? 'authority' : 'none',
    ...(ca === null || ca === 'system' ? {} : { ca: fileOf('sslrootcert', ca) }),
    ...(cert === null ? {} : { cert: fileOf('sslcert', cert) }),
    ...(key === null ? {} : { key: fileOf('sslkey', key) }),
  };
}

function fileOf(parameter: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw bad(`names a file with ${parameter} that cannot be read`, 'Give the path of a PEM file.');
  }
}

/**
 * The password that a file has for this host, port, database and user, one a line with colons between; as `psql` does,
 * it is passed over where others may read it. https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
function filed(env: Env, wanted: readonly string[]): string | null {
  const path = env['PGPASSFILE'] || (env['HOME'] && join(env['HOME'], '.pgpass'));
  if (!path) return null;
  try {
    const { mode } = statSync(path);
    if ((mode & 0o077) !== 0) return null;
    for (const line of readFileSync(path, 'utf8').split(/\r?\n/)) {
      const [...fields] = line.matchAll(/(?:\\.|[^:\\])+/g);
      const texts = fields.map(([field]) => field.replaceAll(/\\(.)/g, '$1'));
      if (texts.length === 5 && wanted.every((one, at) => texts[at] === '*' || texts[at] === one))
        return texts[4] ?? null;
    }
  } catch {
    // No such file, or none that may be read: then there is no password in it.
  }
  return null;
}
