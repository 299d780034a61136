import { TransportError } from './transport.ts';

const tlsCodes = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO$)/;

const timeoutCodes: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
]);

/** What the machine's codes say of a host, or of a proxy on the way to it. */
const meanings: Readonly<Record<string, (where: string) => string>> = {
  ECONNREFUSED: (where) => `nothing listens on ${where}`,
  ENOTFOUND: (where) => `no address is known for ${where}`,
  EAI_AGAIN: (where) => `the address of ${where} could not be looked up`,
  EHOSTUNREACH: (where) => `there is no route to ${where}`,
  ENETUNREACH: (where) => `there is no route to ${where}`,
  ETIMEDOUT: (where) => `${where} does not answer`,
  ECONNRESET: (where) => `${where} closed the connection`,
};

/** Why no connection to a host came about. `proxy`: the host and port of the proxy on the way, if there may be one. */
export function unreachable(error: Error, host: string, proxy: string | null): TransportError {
  const given = failureCode(error);
  if (tlsCodes.test(given)) {
    return new TransportError('tls', false, `${host} cannot be trusted (${given})`, given);
  }
  const code = timeoutCodes.has(given) ? 'ETIMEDOUT' : given;
  const where = 'hostname' in error ? String(error.hostname) : either(host, proxy);
  const [, answered] = /^Proxy response \((\d+)\)/.exec(error.message) ?? [];
  if (answered !== undefined) {
    const said = `HTTP ${answered}`;
    return new TransportError(
      'connect',
      false,
      `${host} cannot be reached: the proxy ${proxy} answered ${said}`,
      said,
    );
  }
  const meaning = meanings[code]?.(where) ?? `no connection to ${where} could be made`;
  return new TransportError('connect', false, `${host} cannot be reached: ${meaning} (${code})`, code);
}

function either(host: string, proxy: string | null): string {
  return proxy === null ? host : `${host} or the proxy ${proxy}`;
}

/** No connection was made within the time for one try. */
export function tooSlow(host: string, proxy: string | null): TransportError {
  return unreachable(Object.assign(new Error(), { code: 'ETIMEDOUT' }), host, proxy);
}

/** The code of an error, or its name. */
export function failureCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
