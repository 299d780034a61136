import { emulated } from './platforms.ts';

/** A call as the log keeps it: no token, no secret. */
export interface LoggedRequest {
  readonly api: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON body; undefined where there is none, for calls that fetch a token, and once too much else was sent since. */
  readonly body: unknown;
  /** Null while there is no answer, and for good where the connection was cut. */
  readonly status: number | null;
}

const secret = new Set(['cookie', ...emulated.flatMap(({ secretHeaders }) => secretHeaders)]);

/** The headers that may be kept. */
export function keptHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secret.has(name)));
}

const secretQuery = new Set(emulated.flatMap(({ secretQuery = [] }) => secretQuery));

/** The query without what may not be kept. */
export function keptQuery(query: URLSearchParams): Readonly<Record<string, string>> {
  return Object.fromEntries([...query].filter(([name]) => !secretQuery.has(name)));
}

/** What is kept at most: calls, and bytes of their bodies together. */
const most = { calls: 50_000, bytes: 32 * 1024 * 1024 };

/** The calls so far, the oldest first. A server that runs for days forgets old bodies, then old calls. */
export class RequestLog {
  readonly calls: LoggedRequest[] = [];
  readonly #sizes: number[] = [];
  #bytes = 0;
  /** The first call whose body is kept. */
  #firstBody = 0;
  /** Calls that were forgotten. */
  #gone = 0;

  /** Keeps a call with a body of so many bytes. Its number is for {@link answered}. */
  add(call: Omit<LoggedRequest, 'status'>, bytes: number): number {
    this.#sizes.push(bytes);
    this.#bytes += bytes;
    const at = this.calls.push({ ...call, status: null }) - 1;
    for (; this.#bytes > most.bytes && this.#firstBody < at; this.#firstBody += 1) {
      this.#bytes -= this.#sizes[this.#firstBody] ?? 0;
      this.#change(this.#firstBody, { body: undefined });
      this.#sizes[this.#firstBody] = 0;
    }
    const number = this.#gone + at;
    if (this.calls.length >= 2 * most.calls) this.#forget(most.calls);
    return number;
  }

  /** Notes what a call was answered with. */
  answered(number: number, status: number): void {
    this.#change(number - this.#gone, { status });
  }

  #change(at: number, change: Partial<LoggedRequest>): void {
    const call = this.calls[at];
    if (call !== undefined) this.calls[at] = { ...call, ...change };
  }

  #forget(count: number): void {
    this.calls.splice(0, count);
    for (const bytes of this.#sizes.splice(0, count)) this.#bytes -= bytes;
    this.#gone += count;
    this.#firstBody = Math.max(0, this.#firstBody - count);
  }
}
