import type { Secrets } from '../../http/secrets.ts';
import type { StoreAddress } from './address.ts';
import { StoreError, type StoreProblem } from './store.ts';

const alone = 'ROLLCALL_STORE names it; unset the variable to run without a shared store.';
const printed = 'Have the owner of the database run what this prints: rollcall store init --print';

/** What the machine's codes say of a host. */
const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOENT: 'there is no socket of a server',
  ENOTFOUND: 'no address is known for it',
  EAI_AGAIN: 'its address could not be looked up',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ETIMEDOUT: 'it does not answer',
  ECONNRESET: 'it closed the connection',
};

const distrusted =
  /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO$)/;

/** What PostgreSQL's codes begin with, and what they mean for us; the first that fits. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const states: readonly (readonly [RegExp, StoreProblem, string])[] = [
  // Connection lost, out of connections, shut down or starting, a lock or a statement that took too long, a deadlock.
  [/^(08|53|57|40|55P03|25P03|58)/, 'store-unreachable', alone],
  [/^28/, 'store-refused', 'Check the user and the password in ROLLCALL_STORE, PGPASSWORD or PGPASSFILE.'],
  [/^3D/, 'store-refused', 'Create the database first, or name another in ROLLCALL_STORE.'],
  [/^42501/, 'store-refused', printed],
  [/^(3F000|42P01|42883)/, 'store-missing', printed],
];

/** What a failure of the client or the server means, in words that show no secret. */
export function failureOf(error: unknown, { where, host, password }: StoreAddress, secrets: Secrets): Error {
  if (error instanceof StoreError) return error;
  const { code, message } = partsOf(error);
  const said = secrets.scrub(message);
  const store = `the store (${where})`;
  const unreachable = (why: string): StoreError =>
    new StoreError('store-unreachable', `${store} cannot be reached: ${why}`, alone);
  const refused = (why: string, hint: string): StoreError =>
    new StoreError('store-refused', `${store} ${why}`, hint);
  if (/^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]+$/.test(code)) {
    const [, problem = 'store-refused', hint = "The server's log says more."] =
      states.find(([codes]) => codes.test(code)) ?? [];
    const what = problem === 'store-unreachable' ? 'cannot be used now' : 'refuses';
    return new StoreError(problem, `${store} ${what}: ${said} (${code})`, hint, code);
  }
  const inSocket = host.startsWith('/') ? '' : ', with sslrootcert=FILE for an authority of your own';
  if (distrusted.test(code))
    return refused(`has a certificate that cannot be trusted (${code})`, `See sslmode${inSocket}.`);
  if (/does not support SSL/.test(message))
    return refused('offers no TLS', 'Turn it on there; on a network that you trust: sslmode=disable.');
  if (/SASL|password must be/i.test(message)) {
    const why = password === null ? 'requires a password, but none is set' : 'rejects the password';
    return refused(why, 'Set it in ROLLCALL_STORE, percent-encoded, in PGPASSWORD or in PGPASSFILE.');
  }
  const meaning = meanings[code];
  if (meaning !== undefined) return unreachable(`${meaning} (${code})`);
  if (/time/i.test(message)) return unreachable('it does not answer in time');
  return unreachable(said === '' ? code : said);
}

function partsOf(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const { message } = error;
  return 'code' in error && typeof error.code === 'string'
    ? { code: error.code, message }
    : { code: '', message };
}
