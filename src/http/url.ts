/** The environment, or a part of it: hosts and proxies are named there. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * An id as one segment of a URL's path, or `null` where it cannot be one: `.` and `..` would change the path however
 * they are encoded, and half a surrogate pair has no encoding.
 */
export function pathSegment(id: string): string | null {
  if (id === '' || id === '.' || id === '..' || /\p{Surrogate}/u.test(id)) return null;
  return encodeURIComponent(id);
}

/** Parameters by name; those of a list are repeated, those that are `undefined` left out. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** `?a=1&b=2`, encoded, in the order given. */
export function queryString(parameters: Query): string {
  let query = '';
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) {
      query += `${query === '' ? '?' : '&'}${encodeURIComponent(name)}=${encodeURIComponent(one)}`;
    }
  }
  return query;
}

/** A URL fit to be shown: values of parameters that carry a token, a key or a secret are elided, user info is dropped. */
export function shownUrl(url: string): string {
  const [path = '', query] = url.split('?', 2);
  const shownPath = path.replace(/^(\w+:\/\/)[^/@]*@/, '$1');
  if (query === undefined) return shownPath;
  const shown = query.split('&').map((pair) => {
    const [name = ''] = pair.split('=', 1);
    return /token|secret|key/i.test(name) ? `${name}=...` : pair;
  });
  return `${shownPath}?${shown.join('&')}`;
}

/** Whether a host name, as `URL.hostname` gives it, is this machine: `localhost`, 127.0.0.0/8 or `[::1]`. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * Why a setting cannot be the address of a host that secrets are sent to; null where it can. It is `https:`, or `http:` on
 * this machine, without user info.
 */
export function addressFault(value: string): string | null {
  if (!URL.canParse(value)) return 'is not a URL';
  const url = new URL(value);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    return 'is neither https: nor http: on a loopback address';
  }
  if (url.username !== '' || url.password !== '' || /^[^/]*\/\/[^/]*@/.test(value))
    return 'has a user or a password';
  return value.includes('?') || value.includes('#') ? 'has a query or a fragment' : null;
}

/** Whether a token can stand in a header. */
export function fitsHeader(token: string): boolean {
  return /^[\x21-\x7e]+$/.test(token);
}
