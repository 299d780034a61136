import type { Clock } from '../http/clock.ts';
import { isObject, parseJson, textOf } from '../http/json.ts';
import { type Outcome, requestedWaitMs, type Verdict } from '../http/retry.ts';
import { Secrets } from '../http/secrets.ts';
import { createLimiter } from '../http/quota.ts';
import { createTraffic, type Traffic, type Waiting } from '../http/traffic.ts';
import { given } from '../model/given.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../http/transport.ts';
import { Lost, ReviewError } from './site.ts';

/** One call with all its repeats, in milliseconds. */
const timeoutMs = 60_000;

/** Rows that are asked for at once. */
const pageSize = 100;

/** More pages than any review has: a site that never comes to an end is not followed. */
const mostPages = 200;

/** What calls are made with. */
export interface Tools {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told of each call that waits for another try. */
  readonly onWaiting?: (waiting: Waiting) => void;
}

/** A site's API, and whom the calls are made as. */
export interface Api {
  /** `GitHub` */
  readonly site: string;
  /** Without a slash at its end. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly token: string;
  /** The variable that the token is from. */
  readonly variable: string;
  /** `pull request acme/people#7` */
  readonly about: string;
  /** What the token must be allowed to do. */
  readonly permission: string;
}

export interface Call {
  readonly method: HttpRequest['method'];
  /** Below the API's address, encoded, or a whole address. */
  readonly path: string;
  readonly body?: object;
  /** Statuses that are answers, beside 2xx. */
  readonly also?: readonly number[];
  /** Done twice it would be there twice: it is not repeated where it may have been done. */
  readonly once?: true;
}

export interface Answer {
  readonly status: number;
  readonly json: unknown;
  readonly headers: HttpAnswer['headers'];
}

/** Calls of one site for one review: repeated where that is safe, told in plain words where they fail. */
export class Calls {
  readonly #api: Api;
  readonly #tools: Tools;
  readonly #traffic: Traffic;
  readonly #secrets: Secrets;

  constructor(api: Api, tools: Tools) {
    const { transport, clock, onWaiting } = tools;
    this.#api = api;
    this.#tools = tools;
    this.#traffic = createTraffic({
      transport,
      clock,
      limiter: createLimiter([], clock),
      timeoutMs,
      ...given({ onWaiting }),
    });
    this.#secrets = new Secrets([api.token]);
  }

  /** Makes a call. Rejects with {@link ReviewError}, or the signal's reason. */
  send({ method, path, body, also = [], once }: Call): Promise<Answer> {
    const { url, headers } = this.#api;
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    return this.#traffic.call({
      api: `${method} ${path}`,
      lane: 'review',
      kind: method === 'GET' ? 'read' : 'write',
      signal: this.#tools.signal,
      request: () => ({
        method,
        url: path.startsWith('https:') || path.startsWith('http:') ? path : url + path,
        headers: { ...headers, ...json, 'user-agent': 'rollcall' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
      judge: (outcome) => this.#judge(outcome, once === true, also),
    });
  }

  /** All rows of a list, page by page. */
  async rows(path: string): Promise<unknown[]> {
    const rows: unknown[] = [];
    for (let page = 1; page <= mostPages; page += 1) {
      const join = path.includes('?') ? '&' : '?';
      const { json, headers } = await this.send({
        method: 'GET',
        path: `${path}${join}per_page=${pageSize}&page=${page}`,
      });
      if (!Array.isArray(json)) throw this.senseless();
      rows.push(...json);
      // The address of the next page is not followed: the token is for this host alone.
      const more = /\brel="?next\b/.test(headers['link'] ?? '') || json.length === pageSize;
      if (!more) return rows;
    }
    throw new ReviewError(
      `${this.#api.about} has more comments on ${this.#api.site} than rollcall reads (${mostPages * pageSize})`,
    );
  }

  /** An answer that makes no sense. */
  senseless(): ReviewError {
    const { site, url } = this.#api;
    return new ReviewError(
      `${new URL(url).host} does not answer as ${site} does`,
      'Check the address of its API.',
    );
  }

  #judge(outcome: Outcome, once: boolean, also: readonly number[]): Verdict<Answer> {
    if (outcome.failure !== undefined) {
      const { failure } = outcome;
      const { site, about } = this.#api;
      const words = `${site}: ${failure.message}`;
      if (failure.kind === 'tls') return { next: 'fail', error: new ReviewError(words) };
      if (once && failure.sent) {
        return { next: 'fail', error: new Lost(words, `Look at ${about}, and run this again.`) };
      }
      return { next: 'again', because: 'transient', error: new ReviewError(words, 'Run this again.') };
    }
    const { answer } = outcome;
    const { status, headers, text } = answer;
    const json = parseJson(text);
    // First: GitHub says of a rate limit what it says of a lack of permission, which may be an answer.
    const limited = this.#limitedMs(answer);
    if (limited === null && ((status >= 200 && status < 300) || also.includes(status))) {
      return { next: 'done', value: { status, json, headers } };
    }
    const error = this.#refusal(status, json, once);
    if (limited !== null) return { next: 'again', because: 'rate', waitMs: limited, error };
    if (status < 500 || once) return { next: 'fail', error };
    return { next: 'again', because: 'transient', waitMs: this.#waitMs(answer), error };
  }

  /** How long a rate limit asks callers to wait, 0 where it does not say; null: it is none. */
  #limitedMs(answer: HttpAnswer): number | null {
    const { status, headers, text } = answer;
    const asked = this.#waitMs(answer);
    const spent = headers['x-ratelimit-remaining'] === '0';
    if (status === 429) return asked ?? this.#resetMs(headers) ?? 0;
    // GitHub says so with the status of a lack of permission.
    if (status !== 403 || (!spent && asked === null && !/rate limit/i.test(text))) return null;
    return asked ?? this.#resetMs(headers) ?? 0;
  }

  #waitMs({ headers }: HttpAnswer): number | null {
    return requestedWaitMs(headers, this.#tools.clock.date());
  }

  #resetMs(headers: HttpAnswer['headers']): number | null {
    const reset = headers['x-ratelimit-reset'] ?? '';
    return /^\d{1,12}$/.test(reset) ? Math.max(0, Number(reset) * 1000 - this.#tools.clock.date()) : null;
  }

  #refusal(status: number, json: unknown, once: boolean): ReviewError {
    const { site, variable, about, permission } = this.#api;
    const said = this.#secrets.scrub(saidBy(json));
    const words = said === '' ? `(${status})` : `(${status}): ${said}`;
    if (status === 401) {
      return new ReviewError(`${site} does not accept ${variable} ${words}`, permission);
    }
    if (status === 403)
      return new ReviewError(`${site} does not let ${variable} do this to ${about} ${words}`, permission);
    if (status === 404) {
      return new ReviewError(`${site} has no ${about}, or ${variable} may not see it ${words}`, permission);
    }
    if (status === 429) {
      return new ReviewError(`${site} accepts no more calls for now ${words}`, 'Run this again later.');
    }
    if (status < 500) return new ReviewError(`${site} refuses the change to ${about} ${words}`);
    const message = `${site} failed ${words}`;
    return once
      ? new Lost(message, `Look at ${about}, and run this again.`)
      : new ReviewError(message, 'Run this again later.');
  }
}

/** What a site says in its answer, in one line. */
function saidBy(json: unknown): string {
  if (!isObject(json)) return '';
  const { message, error, errors } = json;
  const details = Array.isArray(errors)
    ? errors.flatMap((one) => (isObject(one) ? (textOf(one['message']) ?? textOf(one['code']) ?? []) : []))
    : [];
  const words = textOf(message) ?? textOf(error) ?? (isObject(message) ? JSON.stringify(message) : '');
  return [words, ...details].filter((part) => part !== '').join('; ');
}
