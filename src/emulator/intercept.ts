import type { Answer, Call } from './route.ts';

/** A call as an interceptor sees it, before anything is done. */
export interface InterceptedCall {
  /** `feishu.attendees.list` and the like; `unknown` where no route fits. */
  readonly api: string;
  readonly method: string;
  /** As it stands in the request line, without the query. */
  readonly path: string;
  /** The path's ids, decoded: `calendarId`, `eventId`, DingTalk's `userId`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Calls of this API so far, this one included. */
  readonly count: number;
}

/** An answer in the place of the usual one. A body that is not a string is sent as JSON. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What of a call may be changed before it takes effect. */
export type Changeable = Pick<Call, 'query' | 'headers' | 'body'>;

/** The usual answer: to the call as it came, or as it was changed. */
export type Usual = (change?: (call: Changeable) => Changeable) => Answer;

/**
 * What happens in the place of the usual answer, `before` or `after` the call took effect.
 *
 * - `answer`: this answer.
 * - `reset`: the connection is cut without an answer.
 * - `hang`: no answer, until the client gives up or the server is closed.
 * - `rewrite`: the usual answer, changed.
 * - `run`: something else happens too; the call is answered as usual.
 * - `change`: another call takes effect than the one that was sent; `instead` is what is answered.
 */
export type Fault =
  | ({ readonly kind: 'answer'; readonly when?: 'before' | 'after' } & ScriptedAnswer)
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  | { readonly kind: 'hang'; readonly when: 'before' | 'after' }
  | { readonly kind: 'rewrite'; readonly rewrite: (answer: Answer) => Answer }
  | {
      readonly kind: 'run';
      readonly when?: 'before' | 'after';
      readonly run: () => void | Promise<void>;
    }
  | {
      readonly kind: 'change';
      readonly change: (call: Changeable) => Changeable;
      readonly instead?: ScriptedAnswer | 'reset';
    };

/** Asked for every call; undefined lets it pass. */
export type Intercept = (call: InterceptedCall) => Fault | undefined;

/** What goes out: an answer, a cut connection, or nothing. */
export type Outcome = Answer | 'reset' | 'hang';

/** Carries a fault out around the usual answer. */
export async function withFault(fault: Fault | undefined, usual: Usual): Promise<Outcome> {
  if (fault === undefined) return usual();
  switch (fault.kind) {
    case 'rewrite':
      return fault.rewrite(usual());
    case 'run': {
      const early = fault.when === 'after' ? usual() : undefined;
      await fault.run();
      return early ?? usual();
    }
    case 'change': {
      const answer = usual(fault.change);
      if (fault.instead === undefined) return answer;
      return fault.instead === 'reset' ? 'reset' : scripted(fault.instead);
    }
    case 'answer':
    case 'reset':
    case 'hang':
      if (fault.when === 'after') usual();
      return fault.kind === 'answer' ? scripted(fault) : fault.kind;
  }
}

function scripted({ status, headers = {}, body = '' }: ScriptedAnswer): Answer {
  if (typeof body === 'string') return { status, headers, body };
  const json = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers: { ...json, ...headers }, body: JSON.stringify(body) };
}
