import type { Behaviour } from './behaviour.ts';
import type { Window } from './quota.ts';
import type { Caller, Tokens } from './tokens.ts';
import type { World } from './world.ts';

/** One call as it came in, decoded as far as that needs no platform. */
export interface Call {
  /** The platform and the name of the API: `feishu.attendees.list`. */
  readonly api: string;
  readonly method: string;
  /** The path's ids, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON body; undefined where there is none. */
  readonly body: unknown;
  /** The body is not JSON, or does not say that it is. */
  readonly malformed: boolean;
  /** Another call with the same `x-client-token` has not been answered yet. */
  readonly twin: boolean;
}

/** What is sent back. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Sent so many bytes at a time, with a pause in milliseconds before each. */
  readonly drip?: { readonly bytes: number; readonly pauseMs: number };
}

/** What a route works on. */
export interface Context {
  readonly world: World;
  readonly behaviour: Behaviour;
  readonly tokens: Tokens;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** One API: `path` with `:name` for ids. `open`: needs no token and has no part in the quota. */
export interface Route<Result> {
  readonly api: string;
  readonly method: string;
  readonly path: string;
  readonly open?: true;
  /** One of these permissions is needed; none where they are absent. */
  readonly scopes?: readonly string[];
  /** Whose tokens are taken: those of apps, or those of users; both where it is absent. */
  readonly callers?: 'app' | 'user';
  /** Its rate windows, where they are not those of the platform. */
  readonly windows?: readonly Window[];
  readonly handle: (call: Call, context: Context, caller: Caller) => Result;
}

/** A route that fits, with the ids of the path. */
export interface Matched<Result> {
  readonly route: Route<Result>;
  readonly params: Readonly<Record<string, string>>;
}

/** The route for a method and a path as it stands in the request line; ids are decoded one by one. */
export function matchRoute<Result>(
  routes: readonly Route<Result>[],
  method: string,
  path: string,
): Matched<Result> | undefined {
  const parts = path.split('/');
  for (const route of routes) {
    const params = route.method === method ? paramsOf(route.path.split('/'), parts) : undefined;
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function paramsOf(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (!expected.startsWith(':')) {
      if (part !== expected) return undefined;
      continue;
    }
    const id = decoded(part);
    if (id === undefined || id === '') return undefined;
    params[expected.slice(1)] = id;
  }
  return params;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** One of the path's ids. */
export function param(call: Call, name: string): string {
  return call.params[name] ?? '';
}
