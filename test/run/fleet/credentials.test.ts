import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accountOf } from '../../../src/providers/account.ts';
import { accountAgain, tenantVariables } from '../../../src/run/fleet/credentials.ts';
import { folderWith } from '../../support/cli.ts';

const acme = { name: 'acme', provider: 'feishu' } as const;
const tenant = { ...acme, labels: {}, manifests: 'acme', source: { file: 'f.yaml', line: 1, column: 1 } };

/** Stands for what may be shown nowhere. */
const canary = 'CANARY-4f1c';

/** What of the process is a tenant's, too, and what never is. */
const own = {
  HTTPS_PROXY: 'http://proxy.example:3128',
  ROLLCALL_TIME_ZONE: 'Asia/Shanghai',
  FEISHU_APP_ID: 'cli_process',
  FEISHU_APP_SECRET: 'process',
  FEISHU_ACCESS_TOKEN: 't-process',
  FEISHU_BASE_URL: 'https://process.example',
  GOOGLE_ADMIN_SUBJECT: 'process@corp.com',
  ROLLCALL_GOOGLE_DOMAINS: 'process.com',
};

describe("a tenant's credentials", () => {
  it('are the files of its folder, and nothing of the account of the process', () => {
    const folder = folderWith({
      'acme/FEISHU_APP_ID': 'cli_acme\n',
      'acme/FEISHU_APP_SECRET': ' s3cret\r\n',
    });
    const env = { ...own, ROLLCALL_TENANTS: folder };
    expect(tenantVariables(acme, env)).toEqual({
      env: {
        HTTPS_PROXY: own.HTTPS_PROXY,
        ROLLCALL_TIME_ZONE: own.ROLLCALL_TIME_ZONE,
        ROLLCALL_TENANTS: folder,
        FEISHU_APP_ID: 'cli_acme',
        FEISHU_APP_SECRET: ' s3cret',
      },
      unknown: [],
    });
  });

  it('are found as Kubernetes writes them: links through ..data, beside names that begin with a dot', () => {
    const folder = folderWith({ 'acme/..2026_11_30/FEISHU_ACCESS_TOKEN': 't-1' });
    symlinkSync('..2026_11_30', join(folder, 'acme/..data'));
    symlinkSync('..data/FEISHU_ACCESS_TOKEN', join(folder, 'acme/FEISHU_ACCESS_TOKEN'));
    const { env, unknown } = tenantVariables(acme, { ROLLCALL_TENANTS: folder });
    expect(env['FEISHU_ACCESS_TOKEN']).toBe('t-1');
    expect(unknown).toEqual([]);
  });

  it('tell of a file that is no variable, and of the one that was meant', () => {
    const folder = folderWith({ 'acme/FEISHU_APP_SECERT': canary, 'acme/DINGTALK_APP_KEY': 'k' });
    const { env, unknown } = tenantVariables(acme, { ROLLCALL_TENANTS: folder });
    expect(unknown).toEqual([
      `${join(folder, 'acme/FEISHU_APP_SECERT')} is not a variable rollcall knows, so it is ignored; did you mean FEISHU_APP_SECRET?`,
    ]);
    expect(JSON.stringify([env, unknown])).not.toContain(canary);
  });

  it('say what is missing or cannot be read, and never a value', () => {
    const folder = folderWith({ 'acme/FEISHU_APP_ID': canary.repeat(10_000) });
    const reads = (name: string) => () => tenantVariables({ ...acme, name }, { ROLLCALL_TENANTS: folder });
    expect(reads('globex')).toThrow(
      `the folder with the credentials of globex is not there: ${join(folder, 'globex')}`,
    );
    const other = { name: 'globex', provider: 'dingtalk' } as const;
    expect(() => tenantVariables(other, { ROLLCALL_TENANTS: folder })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('like DINGTALK_APP_KEY.') }),
    );
    expect(reads('acme')).toThrow(/FEISHU_APP_ID cannot be read: it has \d+ bytes/);
    mkdirSync(join(folder, 'pipes/FEISHU_APP_ID'), { recursive: true });
    expect(reads('pipes')).toThrow(/FEISHU_APP_ID cannot be read: it is not a regular file/);
  });

  it('may hold the key of a service account itself, or its path', () => {
    const google = { name: 'acme', provider: 'google' } as const;
    const folder = folderWith({ 'acme/GOOGLE_APPLICATION_CREDENTIALS': '{ "type": "service_account" }' });
    const file = join(folder, 'acme/GOOGLE_APPLICATION_CREDENTIALS');
    const path = () =>
      tenantVariables(google, { ROLLCALL_TENANTS: folder }).env['GOOGLE_APPLICATION_CREDENTIALS'];
    expect(path()).toBe(file);
    writeFileSync(file, '/run/keys/acme.json\n');
    expect(path()).toBe('/run/keys/acme.json');
    writeFileSync(file, 'key.json\n');
    expect(path()).toBe(join(folder, 'acme/key.json'));
  });

  it('are read again, for the same account alone', () => {
    const folder = folderWith({ 'acme/FEISHU_ACCESS_TOKEN': 't-1', 'acme/FEISHU_APP_ID': 'cli_a' });
    const env = { ROLLCALL_TENANTS: folder };
    const account = accountOf('feishu', tenantVariables(acme, env).env);
    if ('problem' in account) throw new Error(account.message);
    writeFileSync(join(folder, 'acme/FEISHU_ACCESS_TOKEN'), 't-2\n');
    expect(accountAgain(tenant, env, account)?.accessToken).toBe('t-2');
    writeFileSync(join(folder, 'acme/FEISHU_APP_ID'), 'cli_b');
    expect(accountAgain(tenant, env, account)).toBeNull();
    expect(accountAgain({ ...tenant, name: 'gone' }, env, account)).toBeNull();
  });
});
