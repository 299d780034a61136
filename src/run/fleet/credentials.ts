import { readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Tenant } from '../../manifest/tenants.ts';
import { nearest } from '../../manifest/nearest.ts';
import { reasonOf } from '../../model/diagnostic.ts';
import { credentialNames, platforms, variablesOf } from '../../platforms/index.ts';
import { type Env, accountOf } from '../../providers/account.ts';
import type { Account } from '../../providers/provider.ts';
import { readRegularFile, UnreadableFile } from '../../store/read-regular.ts';
import { UsageError } from '../usage-error.ts';

/** Where tenants' folders of credentials are, unless `ROLLCALL_TENANTS` says it. */
const defaultTenantsFolder = '/run/secrets/rollcall';

/** Every variable that an account is made of: for a tenant it comes from its folder, and from nowhere else. */
const accountVariables: ReadonlySet<string> = new Set(
  Object.values(platforms).flatMap(({ env }) => variablesOf(env)),
);

/** The variables that hold the path of a key file. */
const keyFiles: ReadonlySet<string> = new Set(
  Object.values(platforms).flatMap(({ env: { credentials } }) =>
    'keyFile' in credentials ? [credentials.keyFile] : [],
  ),
);

/** What a tenant's folder holds. */
export interface TenantVariables {
  /** The process's own variables without those of any account, and the tenant's. */
  readonly env: Env;
  /** Files that are no variable of an account, as sentences that name the one that was probably meant. */
  readonly unknown: readonly string[];
}

/** The folder with a tenant's variables. */
export function tenantFolder({ name }: Pick<Tenant, 'name'>, env: Env): string {
  return join(env['ROLLCALL_TENANTS'] || defaultTenantsFolder, name);
}

/**
 * Reads a tenant's variables: the files of its folder, one a variable, as Kubernetes, Vault Agent, Docker and systemd write
 * secrets. Names that begin with a dot (`..data`) are passed over, links are followed. The line end behind a value is not part
 * of it. A key file may be the file itself.
 *
 * @throws UsageError where the folder or a file cannot be read; no value is shown
 */
export function tenantVariables(
  { name, provider }: Pick<Tenant, 'name' | 'provider'>,
  env: Env,
): TenantVariables {
  const folder = tenantFolder({ name }, env);
  const variables = variablesOf(platforms[provider].env);
  const files = filesIn(folder, { name, provider });
  const own = files
    .filter((file) => variables.includes(file))
    .map((file) => [file, valueIn(folder, file)] as const);
  const unknown = files
    .filter((file) => !accountVariables.has(file))
    .map((file) => unknownFile(folder, file, variables));
  const others = Object.entries(env).filter(([variable]) => !accountVariables.has(variable));
  return { env: Object.fromEntries([...others, ...own]), unknown };
}

/**
 * A tenant's account with its credentials as its folder has them now, for a token that was refused; null where it has none, or
 * those of another account.
 */
export function accountAgain(tenant: Tenant, env: Env, account: Account): Account | null {
  try {
    const next = accountOf(account.provider, tenantVariables(tenant, env).env);
    const isSame = !('problem' in next) && next.appId === account.appId && next.baseUrl === account.baseUrl;
    return isSame ? next : null;
  } catch (error) {
    // It was there before, and may be on its way.
    if (error instanceof UsageError) return null;
    throw error;
  }
}

function filesIn(folder: string, { name, provider }: Pick<Tenant, 'name' | 'provider'>): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => !file.startsWith('.'))
      .sort();
  } catch (error) {
    const reason = reasonOf(error);
    const what = reason === 'ENOENT' ? 'is not there' : `cannot be read (${reason})`;
    const [variable] = credentialNames(platforms[provider].env);
    throw new UsageError(
      `the folder with the credentials of ${name} ${what}: ${folder}`,
      `It needs a file for each variable, like ${variable}. ROLLCALL_TENANTS names the folder that it is in.`,
    );
  }
}

function valueIn(folder: string, file: string): string {
  const path = join(folder, file);
  let text: string;
  try {
    text = readRegularFile(path, largestValue).toString('utf8');
  } catch (error) {
    const reason = error instanceof UnreadableFile ? error.message : reasonOf(error);
    throw new UsageError(`${path} cannot be read: ${reason}`, 'Make it a file that holds the value alone.');
  }
  if (keyFiles.has(file)) {
    if (text.trimStart().startsWith('{')) return path;
    const named = text.trim();
    return named === '' || isAbsolute(named) ? named : join(folder, named);
  }
  return text.replace(/\r?\n$/, '');
}

/** Far beyond any secret, in bytes. */
const largestValue = 64 * 1024;

function unknownFile(folder: string, file: string, variables: readonly string[]): string {
  const near = nearest(file, variables);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return `${join(folder, file)} is not a variable rollcall knows, so it is ignored${hint}`;
}
