import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type StoreAddress, storeAddress } from '../../../src/store/postgres/address.ts';
import { StoreError } from '../../../src/store/postgres/store.ts';
import { folderWith, root } from '../../support/cli.ts';

const cert = join(root, 'test/fixtures/tls/cert.pem');

function addressOf(url: string, env: Record<string, string> = {}): StoreAddress | null {
  return storeAddress({ ROLLCALL_STORE: url, ...env });
}

function faultOf(url: string): StoreError {
  try {
    addressOf(url);
  } catch (error) {
    if (error instanceof StoreError) return error;
  }
  throw new RangeError(`${url} is taken`);
}

describe('the address of the store', () => {
  it('is none where the variable is not set, or is empty', () => {
    expect(storeAddress({})).toBeNull();
    expect(addressOf(' ')).toBeNull();
  });

  it.each([
    ['postgres://u@db.internal/rollcall', { host: 'db.internal', port: 5432, tls: { verify: 'host' } }],
    ['postgresql://u@db.internal:6432/rollcall?sslmode=require', { port: 6432, tls: { verify: 'none' } }],
    ['postgres://u@db.internal/rollcall?sslmode=verify-ca', { tls: { verify: 'authority' } }],
    ['postgres://u@db.internal/rollcall?sslmode=disable', { tls: false }],
    [`postgres://u@db.internal/r?sslrootcert=${cert}`, { tls: { ca: expect.stringMatching(/^-----BEGIN/) } }],
    ['postgres://u@db.internal/r?sslrootcert=system', { tls: { verify: 'host' } }],
    ['postgres://u@127.0.0.1/rollcall', { host: '127.0.0.1', tls: false }],
    ['postgres://u@localhost/rollcall?sslmode=verify-full', { tls: { verify: 'host' } }],
    ['postgres://u@[::1]/rollcall', { host: '::1', tls: false }],
    ['postgres://u@/rollcall?host=/run/pg', { host: '/run/pg', where: '/run/pg, database rollcall' }],
    ['postgres:///rollcall?host=/run/pg', { host: '/run/pg', user: 'of-env' }],
    ['postgres://u@%2Frun%2Fpg/rollcall', { host: '/run/pg', tls: false }],
    ['postgres://a%40b:p%2Fw%25@h/rollcall', { user: 'a@b', password: 'p/w%' }],
    ['postgres://u@h/rollcall', { password: 'of-env' }],
    ['postgres://u@h/rollcall?connect_timeout=2', { connectMs: 2000 }],
  ])('is read from %s', (url, wanted) => {
    expect(addressOf(url, { PGUSER: 'of-env', PGPASSWORD: 'of-env' })).toMatchObject(wanted);
  });

  it.each([
    ['mysql://u:CNRYpw@h/r', 'is not a postgres: URL'],
    ['CNRYpw', 'is not a postgres: URL'],
    ['postgres://u:CNRY#pw@h/r', 'cannot be read as a URL'],
    ['postgres://u:CNRY/pw@h/r', 'cannot be read as a URL'],
    ['postgres://u:12/CNRYpw@h/r', 'a character in its password'],
    ['postgres://u:12/CNRYpw/@h', 'a character in its password'],
    ['postgres://u:12#CNRYpw@h/r', 'a character in its password'],
    ['postgres://u:12?CNRYpw@h/r', 'has a parameter other than'],
    ['postgres://u:CNRY%zz@h/r', 'has a % that does not start an encoded character'],
    ['postgres://u:CNRYpw@h1,h2/r', 'names more than one host'],
    ['postgres://u:CNRYpw@h', 'names no database'],
    ['postgres://u:CNRYpw@/r', 'names no host'],
    ['postgres://:CNRYpw@h/r', 'names no user'],
    ['postgres://u@h/r?password=CNRYpw', 'has a parameter other than'],
    ['postgres://u:CNRYpw@h/r?sslmode=prefer', 'has an sslmode other than'],
    ['postgres://u:CNRYpw@h/r?sslrootcert=/nowhere.pem', 'names a file with sslrootcert that cannot be read'],
    ['postgres://u:CNRYpw@h/r?connect_timeout=0', 'connect_timeout'],
  ])('is refused as %s, with nothing of it shown', (url, fault) => {
    const { code, message, hint } = faultOf(url);
    expect(code).toBe('store-setting');
    expect(message).toContain(fault);
    expect(`${message} ${hint}`).not.toMatch(/CNRY|12/);
  });

  it('has its password from a file that nobody else may read', () => {
    const lines = ['# by hand', 'h:5432:other:u:no', String.raw`*:*:r\:1:u:of\:file\\`, '*:*:*:*:last', ''];
    const folder = folderWith({ pass: lines.join('\n') });
    const env = { PGPASSFILE: join(folder, 'pass') };
    const password = (url: string): string | null | undefined => addressOf(url, env)?.password;
    chmodSync(env.PGPASSFILE, 0o600);
    expect(password('postgres://u@h/r%3A1')).toBe('of:file\\');
    expect(password('postgres://u@h/other')).toBe('no');
    expect(password('postgres://v@elsewhere:7/x')).toBe('last');
    expect(password('postgres://v:own@h/x')).toBe('own');
    chmodSync(env.PGPASSFILE, 0o644);
    expect(password('postgres://u@h/other')).toBeNull();
    expect(addressOf('postgres://u@h/r', { HOME: folder })?.password).toBeNull();
  });
});
