import { addressFault, type Env, fitsHeader } from '../http/url.ts';
import { given } from '../model/given.ts';
import type { PlatformEnv } from '../model/platform.ts';
import { credentialNames, platforms, type ProviderId } from '../platforms/index.ts';
import { readKeyFile } from './key-file.ts';
import type { Account } from './provider.ts';

export type { Env } from '../http/url.ts';

/** A setting from the environment that is missing or cannot be used. Never shows a value. */
export interface SettingProblem {
  readonly problem: 'missing-credentials' | 'bad-credentials' | 'bad-base-url' | 'bad-setting';
  /** The variables that it is about. */
  readonly variables: readonly string[];
  readonly message: string;
  readonly hint: string;
}

/** An account that cannot be used as the environment has it. */
export type AccountProblem = SettingProblem & { readonly provider: ProviderId };

function baseUrlFault(value: string): string | null {
  return addressFault(value) ?? (new URL(value).pathname === '/' ? null : 'has a path');
}

/** What is set: an empty variable is as good as none, since CI systems set secrets that do not exist to nothing. */
function valueOf(env: Env, name: string): string | null {
  const value = env[name];
  return value === undefined || value === '' ? null : value;
}

/** Whether calls are made as the app itself: with the token that its secret buys, or with one that begins like such. */
export function actsAsApp({ provider, accessToken }: Pick<Account, 'provider' | 'accessToken'>): boolean {
  const { appToken } = platforms[provider].env;
  return accessToken === null || (appToken !== null && accessToken.startsWith(appToken));
}

/**
 * The account of a provider, from the environment alone. An access token, where there is one, makes the calls, and
 * the app id names the account.
 */
export function accountOf(provider: ProviderId, env: Env): Account | AccountProblem {
  const { title, env: names } = platforms[provider];
  const baseUrl = hostAt(env, names.baseUrl, names.host);
  if (typeof baseUrl !== 'string') return { provider, ...baseUrl };
  const hosts: Record<string, string> = {};
  for (const [name, { variable, host }] of Object.entries(names.otherHosts ?? {})) {
    const other = hostAt(env, variable, host);
    if (typeof other !== 'string') return { provider, ...other };
    hosts[name] = other;
  }
  const credentials = credentialsIn(env, names);
  if ('problem' in credentials) return { provider, ...credentials };
  const accessToken = valueOf(env, names.token);
  if (accessToken !== null && !fitsHeader(accessToken)) {
    return {
      provider,
      problem: 'bad-credentials',
      variables: [names.token],
      message: `${names.token} is empty or contains spaces, line breaks or characters that no token has`,
      hint: 'Set it to the bare token, without quotes and without "Bearer", or unset it.',
    };
  }
  const { appId, appSecret } = credentials;
  const [first, second = first] = credentialNames(names);
  const missing = [...new Set([...(appId === null ? [first] : []), ...(appSecret === null ? [second] : [])])];
  if (accessToken === null && valueOf(env, first) !== null && first === second && missing.length > 0) {
    return {
      provider,
      problem: 'bad-credentials',
      variables: [first],
      message: `${first} names a file without a key: it is for identity federation`,
      hint: `Have your CI system exchange it for an access token, and set ${names.token} to that.`,
    };
  }
  if (accessToken === null && missing.length > 0) {
    return {
      provider,
      problem: 'missing-credentials',
      variables: missing,
      message: `${title} needs credentials: ${missing.join(' and ')} not set`,
      hint: `Set ${credentialNames(names).join(' and ')}, or ${names.token}.`,
    };
  }
  return {
    provider,
    baseUrl,
    appId,
    appSecret,
    accessToken,
    ...(names.otherHosts === undefined ? {} : { hosts }),
    ...settingsIn(env, names),
  };
}

/** The origin that a variable names, or the one where it is not set. */
function hostAt(env: Env, variable: string, without: string): string | SettingProblem {
  const url = valueOf(env, variable) ?? without;
  const fault = baseUrlFault(url);
  if (fault === null) return new URL(url).origin;
  return {
    problem: 'bad-base-url',
    variables: [variable],
    message: `${variable} ${fault}`,
    hint: `Set it to just a host, like ${without}, or unset it.`,
  };
}

type Credentials = Pick<Account, 'appId' | 'appSecret'>;

function credentialsIn(env: Env, { credentials }: PlatformEnv): Credentials | SettingProblem {
  const textOf = (name: string): string | null => valueOf(env, name)?.trim() || null;
  if (!('keyFile' in credentials))
    return { appId: textOf(credentials.app), appSecret: textOf(credentials.secret) };
  const path = textOf(credentials.keyFile);
  if (path === null) return { appId: null, appSecret: null };
  const key = readKeyFile(path);
  if (typeof key !== 'string') return key;
  return {
    problem: 'bad-credentials',
    variables: [credentials.keyFile],
    message: `${credentials.keyFile} names a file that ${key}`,
    hint: 'Set it to the path of the JSON key file of a service account, or unset it.',
  };
}

/** What else a platform's account is told. */
function settingsIn(env: Env, names: PlatformEnv): Pick<Account, 'domains' | 'administrator'> {
  const domains = names.domains === undefined ? null : valueOf(env, names.domains);
  const administrator = names.administrator === undefined ? null : valueOf(env, names.administrator);
  return given({
    domains: domains?.split(/[\s,]+/).filter((domain) => domain !== ''),
    administrator: administrator?.trim() || undefined,
  });
}
