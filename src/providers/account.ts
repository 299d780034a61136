import { addressFault, fitsHeader } from '../http/url.ts';
import type { PlatformEnv } from '../model/platform.ts';
import { platforms, type ProviderId } from '../platforms/index.ts';
import type { Account } from './provider.ts';

/** The environment, or a part of it. */
export type Env = Readonly<Record<string, string | undefined>>;

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

function missingOf(env: PlatformEnv, appId: string | null, appSecret: string | null): string[] {
  return [...(appId === null ? [env.app] : []), ...(appSecret === null ? [env.secret] : [])];
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
  const baseUrl = valueOf(env, names.baseUrl) ?? names.host;
  const fault = baseUrlFault(baseUrl);
  if (fault !== null) {
    return {
      provider,
      problem: 'bad-base-url',
      variables: [names.baseUrl],
      message: `${names.baseUrl} ${fault}`,
      hint: `Set it to just a host, like ${names.host}, or unset it.`,
    };
  }
  const appId = valueOf(env, names.app)?.trim() || null;
  const appSecret = valueOf(env, names.secret)?.trim() || null;
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
  const missing = missingOf(names, appId, appSecret);
  if (accessToken === null && missing.length > 0) {
    return {
      provider,
      problem: 'missing-credentials',
      variables: missing,
      message: `${title} needs credentials: ${missing.join(' and ')} not set`,
      hint: `Set ${names.app} and ${names.secret}, or ${names.token}.`,
    };
  }
  return { provider, baseUrl: new URL(baseUrl).origin, appId, appSecret, accessToken };
}
