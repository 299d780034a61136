import { type FetchedToken, givenToken, renewingToken, type TokenSource } from '../http/token.ts';
import { given } from '../model/given.ts';
import type { Dialect, TokenAsked, TokenUse } from './dialect.ts';
import { type Account, PlatformError, type SessionOptions } from './provider.ts';

/** Buys one token. `aside`: the work goes on where it is refused. */
export type Buy = (
  asked: Omit<TokenAsked, 'now'>,
  aside: boolean,
  signal: AbortSignal,
) => Promise<FetchedToken>;

/** The tokens of an account: one for all of its calls, or one for each use that calls name. */
export function tokensOf(
  { accessToken, again }: Account,
  { clock }: SessionOptions,
  dialect: Dialect,
  buy: Buy,
): (use: TokenUse | undefined) => TokenSource {
  if (accessToken !== null) {
    const given = givenToken(accessToken, () => again?.()?.accessToken ?? null);
    return () => given;
  }
  const sources = new Map<string, TokenSource>();
  /** By the permissions that would do, those that the account turned out to have. */
  const granted = new Map<string, string>();
  const fetchFor = async (use: TokenUse, signal: AbortSignal): Promise<FetchedToken> => {
    const { scopes, aside = false, ...subject } = use;
    const key = scopes.join(' ');
    const known = granted.get(key);
    const tried = known === undefined ? scopes : [known];
    for (const scope of tried.slice(0, -1)) {
      try {
        const fetched = await buy({ ...subject, scope }, true, signal);
        granted.set(key, scope);
        return fetched;
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
        if (dialect.errors(error.code)?.permission === true) continue;
        // It is no matter of the scope: what may pass is tried in earnest.
        if (aside || (error.kind !== 'lost' && error.kind !== 'rate')) throw error;
        const fetched = await buy({ ...subject, scope }, false, signal);
        granted.set(key, scope);
        return fetched;
      }
    }
    const [scope] = tried.slice(-1);
    const fetched = await buy({ ...subject, ...given({ scope }) }, aside, signal);
    granted.set(key, scope ?? scopes[0]);
    return fetched;
  };
  return (use) => {
    const key = use === undefined ? '' : JSON.stringify(use);
    const source =
      sources.get(key) ??
      renewingToken((signal) => (use === undefined ? buy({}, false, signal) : fetchFor(use, signal)), clock);
    sources.set(key, source);
    return source;
  };
}
