import { isLoopback } from './url.ts';

/** The environment, or a part of it. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A proxy setting that cannot be used. Never shows the value: it may hold a password. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
}

/** Which requests go through a proxy. */
export interface ProxyRule {
  /** `null`: none does. */
  readonly proxy: URL | null;
  /** Whether a request to this URL goes straight to its host. Loopback always does. */
  isDirect(url: URL): boolean;
}

function hostMatches(entry: string, url: URL): boolean {
  const [, name = '', port = ''] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  const urlPort = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  if (port !== '' && port !== urlPort) return false;
  const host = name.replace(/^\*?\./, '').toLowerCase();
  return url.hostname === host || url.hostname.endsWith(`.${host}`);
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads `HTTPS_PROXY` and `NO_PROXY` (also in lower case, which wins, as in curl). `NO_PROXY` lists hosts, each with
 * its subdomains and optionally a port, by comma or space; `*` means all.
 *
 * @throws {@link ProxyError} where the proxy is no http: or https: URL
 */
export function proxyRule(env: Env): ProxyRule {
  const value = (env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '').trim();
  if (value === '') return { proxy: null, isDirect: () => true };
  const text = value.includes('://') ? value : `http://${value}`;
  if (!/^https?:/i.test(text) || !URL.canParse(text)) {
    throw new ProxyError('HTTPS_PROXY is no http: or https: URL');
  }
  const proxy = new URL(text);
  if (!isEncoded(proxy.username) || !isEncoded(proxy.password)) {
    throw new ProxyError('HTTPS_PROXY holds a user or a password whose "%" is not encoded (as %25)');
  }
  const exempt = (env['no_proxy'] ?? env['NO_PROXY'] ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  return {
    proxy,
    isDirect: (url) =>
      isLoopback(url.hostname) || exempt.some((entry) => entry === '*' || hostMatches(entry, url)),
  };
}
