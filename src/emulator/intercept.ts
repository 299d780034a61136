import type { Answer } from './route.ts';

/** A call as an interceptor sees it, before anything is done. */
export interface InterceptedCall {
  /** `feishu.attendees.list` and the like; `unknown` where no route fits. */
  readonly api: string;
  readonly method: string;
  /** As it stands in the request line, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Calls of this API so far, this one included. */
  readonly count: number;
}

/**
 * What happens in the place of the usual answer, `before` or `after` the call took effect.
 *
 * - `answer`: this answer. A body that is no string is sent as JSON.
 * - `reset`: the connection is cut without an answer.
 * - `hang`: no answer, until the client gives up or the server is closed.
 * - `rewrite`: the usual answer, changed.
 * - `run`: something else happens first; the call is then answered as usual.
 */
export type Fault =
  | {
      readonly kind: 'answer';
      readonly when?: 'before' | 'after';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  | { readonly kind: 'hang'; readonly when: 'before' | 'after' }
  | { readonly kind: 'rewrite'; readonly rewrite: (answer: Answer) => Answer }
  | { readonly kind: 'run'; readonly run: () => void | Promise<void> };

/** Asked for every call; undefined lets it pass. */
export type Intercept = (call: InterceptedCall) => Fault | undefined;

/** What goes out: an answer, a cut connection, or nothing. */
export type Outcome = Answer | 'reset' | 'hang';

/** Carries a fault out around the usual answer. */
export async function withFault(fault: Fault | undefined, usual: () => Answer): Promise<Outcome> {
  if (fault === undefined) return usual();
  if (fault.kind === 'rewrite') return fault.rewrite(usual());
  if (fault.kind === 'run') {
    await fault.run();
    return usual();
  }
  if (fault.when === 'after') usual();
  return fault.kind === 'answer' ? scripted(fault) : fault.kind;
}

function scripted(fault: Fault & { readonly kind: 'answer' }): Answer {
  const { status, headers = {}, body = '' } = fault;
  if (typeof body === 'string') return { status, headers, body };
  const json = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers: { ...json, ...headers }, body: JSON.stringify(body) };
}
