import type { Env } from './url.ts';

/** A proxy setting that cannot be used. Never shows the value: it may hold a password. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
}

/** Through what requests go to hosts that are not loopback. */
export interface ProxySettings {
  readonly proxy: URL;
  /** Hosts, each with its subdomains and optionally a port, by comma or space; `*` means all. */
  readonly noProxy: string;
}

function isEncoded(text: string): boolean {
  try {
    // What it answers is looked at, so that no build takes the call for one without an effect.
    return typeof decodeURIComponent(text) === 'string';
  } catch {
    return false;
  }
}

function fault(text: string): string | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return 'is not an http: or https: URL';
  const { username, password, pathname, search, hash } = new URL(text);
  if (!isEncoded(username) || !isEncoded(password)) {
    return 'has a user or password whose "%" is not encoded (as %25)';
  }
  return pathname === '/' && search === '' && hash === '' ? null : 'has more than a host and a port';
}

/**
 * Reads `HTTPS_PROXY` and `NO_PROXY` (also in lower case, which wins, as in curl). Null: there is no proxy.
 *
 * @throws {@link ProxyError} where the proxy cannot be used; it names the variable
 */
export function proxySettings(env: Env): ProxySettings | null {
  const name = env['https_proxy'] === undefined ? 'HTTPS_PROXY' : 'https_proxy';
  const value = (env[name] ?? '').trim();
  if (value === '') return null;
  const text = value.includes('://') ? value : `http://${value}`;
  const problem = fault(text);
  if (problem !== null) throw new ProxyError(`${name} ${problem}`);
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  // Undici takes a star only where nothing stands beside it.
  const none = noProxy.split(/[\s,]+/).includes('*');
  return { proxy: new URL(text), noProxy: none ? '*' : noProxy };
}
