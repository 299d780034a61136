import { randomBytes } from 'node:crypto';

import type { TenantApp } from './tenant-parts.ts';

/** Who calls: an app by a token of its own, or a token that the tenant file accepts as it is. */
export interface Caller {
  /** The app id, or `token` with an access token of the tenant file. */
  readonly id: string;
  /** An app itself, not a user. */
  readonly app: boolean;
  /** False for an app without the bot ability. */
  readonly bot: boolean;
  /** The permissions it has; null stands for all. */
  readonly scopes: readonly string[] | null;
}

/** The caller of what needs no token. */
export const nobody: Caller = { id: '', app: true, bot: true, scopes: null };

/** Whether a caller has one of these permissions. */
export function may(caller: Caller, ...scopes: readonly string[]): boolean {
  return caller.scopes === null || scopes.some((scope) => caller.scopes?.includes(scope) === true);
}

/** A token as it is handed out. `expire` is in seconds. */
export interface IssuedToken {
  readonly token: string;
  readonly expire: number;
}

/** How a platform hands tokens out. */
export interface TokenTerms {
  readonly prefix: string;
  readonly leftMs: number;
  readonly renewed: boolean;
  /** How long a token lives at most, whatever the tenant file says. */
  readonly mostMs?: number;
}

interface HandedOut {
  readonly token: string;
  readonly app: TenantApp;
  until: number;
}

/** The access tokens that are valid: handed out to apps, or accepted as the tenant file says. In memory only. */
export class Tokens {
  readonly #apps: readonly TenantApp[];
  readonly #fixed: ReadonlySet<string>;
  readonly #lifetime: number;
  readonly #grants = new Map<string, HandedOut>();
  readonly #latest = new Map<string, HandedOut>();

  constructor(apps: readonly TenantApp[], fixed: readonly string[], lifetimeMs: number) {
    this.#apps = apps;
    this.#fixed = new Set(fixed);
    this.#lifetime = lifetimeMs;
  }

  /** The app with this id and secret. */
  app(id: string, secret: string): TenantApp | undefined {
    return this.#apps.find((app) => app.id === id && app.secret === secret);
  }

  /**
   * The app's token while so many milliseconds of it are left, made to last anew where it is renewed; else a new
   * one.
   */
  issue(platform: string, app: TenantApp, now: number, terms: TokenTerms): IssuedToken {
    const last = this.#latest.get(`${platform} ${app.id}`);
    const keeps = last !== undefined && last.until - now >= terms.leftMs;
    const until = now + Math.min(this.#lifetime, terms.mostMs ?? Infinity);
    const grant = keeps ? last : this.#made(platform, app, until, terms.prefix);
    if (terms.renewed) grant.until = until;
    return { token: grant.token, expire: Math.floor((grant.until - now) / 1000) };
  }

  /** Who a token stands for; undefined for one that is unknown, expired, or of the other platform. */
  caller(platform: string, token: string, now: number): Caller | undefined {
    if (this.#fixed.has(token))
      return { id: `token ${token}`, app: token.startsWith('t-'), bot: true, scopes: null };
    const grant = this.#grants.get(`${platform} ${token}`);
    if (grant === undefined || grant.until <= now) return undefined;
    const { id, bot = true, scopes = null } = grant.app;
    return { id, app: true, bot, scopes };
  }

  /** Ends every token that was handed out. */
  revoke(): void {
    this.#grants.clear();
    this.#latest.clear();
  }

  #made(platform: string, app: TenantApp, until: number, prefix: string): HandedOut {
    const token = prefix + randomBytes(16).toString('hex');
    const grant = { token, app, until };
    this.#grants.set(`${platform} ${token}`, grant);
    this.#latest.set(`${platform} ${app.id}`, grant);
    return grant;
  }
}
