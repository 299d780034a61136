import { randomBytes } from 'node:crypto';

import type { TenantApp } from './tenant.ts';

/** Who calls: an app by a token of its own, or a token that the tenant file accepts as it is. */
export interface Caller {
  /** The app id, or `token` with an access token of the tenant file. */
  readonly id: string;
  /** An app itself, not a user. */
  readonly app: boolean;
  /** False for an app without the bot ability. */
  readonly bot: boolean;
}

/** A token as it is handed out. `expire` is in seconds. */
export interface IssuedToken {
  readonly token: string;
  readonly expire: number;
}

interface Grant {
  readonly token: string;
  readonly app: TenantApp;
  until: number;
}

const halfAnHour = 30 * 60_000;

/** The access tokens that are valid: handed out to apps, or accepted as the tenant file says. In memory only. */
export class Tokens {
  readonly #apps: readonly TenantApp[];
  readonly #fixed: ReadonlySet<string>;
  readonly #lifetime: number;
  readonly #grants = new Map<string, Grant>();
  readonly #latest = new Map<string, Grant>();

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
   * A Feishu tenant token: the one that the app has, while half an hour of it is left, else a new one beside it.
   * https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal
   */
  feishu(app: TenantApp, now: number): IssuedToken {
    const last = this.#latest.get(`feishu ${app.id}`);
    const grant =
      last !== undefined && last.until - now >= halfAnHour ? last : this.#issue('feishu', app, now);
    return { token: grant.token, expire: Math.floor((grant.until - now) / 1000) };
  }

  /**
   * A DingTalk token: the one that the app has, renewed, while it is valid, else a new one.
   * https://open.dingtalk.com/document/development/obtain-the-access-token-of-an-internal-app
   */
  dingtalk(app: TenantApp, now: number): IssuedToken {
    const last = this.#latest.get(`dingtalk ${app.id}`);
    const grant = last !== undefined && last.until > now ? last : this.#issue('dingtalk', app, now);
    grant.until = now + this.#lifetime;
    return { token: grant.token, expire: Math.floor(this.#lifetime / 1000) };
  }

  /** Who a token stands for; undefined for one that is unknown, expired, or of the other platform. */
  caller(platform: 'feishu' | 'dingtalk', token: string, now: number): Caller | undefined {
    if (this.#fixed.has(token)) return { id: `token ${token}`, app: token.startsWith('t-'), bot: true };
    const grant = this.#grants.get(`${platform} ${token}`);
    if (grant === undefined || grant.until <= now) return undefined;
    return { id: grant.app.id, app: true, bot: grant.app.bot !== false };
  }

  /** Ends every token that was handed out. */
  revoke(): void {
    this.#grants.clear();
    this.#latest.clear();
  }

  #issue(platform: 'feishu' | 'dingtalk', app: TenantApp, now: number): Grant {
    const secret = randomBytes(16).toString('hex');
    const token = platform === 'feishu' ? `t-${secret}` : secret;
    const grant = { token, app, until: now + this.#lifetime };
    this.#grants.set(`${platform} ${token}`, grant);
    this.#latest.set(`${platform} ${app.id}`, grant);
    return grant;
  }
}
