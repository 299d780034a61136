import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Behaviour } from './behaviour.ts';
import { withFault, type Intercept } from './intercept.ts';
import { emulated, platformAt, platformOf } from './platforms.ts';
import { Quota } from './quota.ts';
import { keptHeaders, keptQuery, RequestLog, type LoggedRequest } from './requests.ts';
import { matchRoute, type Answer, type Call, type Context, type Matched } from './route.ts';
import { saveState } from './state-file.ts';
import type { Tokens } from './tokens.ts';
import { headersOf, readBody, send } from './wire.ts';
import type { World } from './world.ts';

/** What the calls are answered from, and how. */
export interface ServiceOptions {
  readonly world: World;
  readonly tokens: Tokens;
  readonly behaviour: Behaviour;
  readonly state?: string;
  readonly quota?: 'documented' | 'none';
  readonly latencyMs?: number;
  readonly now?: () => number;
  readonly intercept?: Intercept;
}

/** A call as it was read, and its place in the log. */
interface Taken {
  readonly matched: Matched<Answer> | undefined;
  readonly call: Omit<Call, 'twin'>;
  readonly entry: Omit<LoggedRequest, 'status'>;
  /** Its number in the log. */
  readonly number: number;
  readonly token: string | undefined;
  readonly tooLarge: boolean;
}

const routes = emulated.flatMap((platform) => platform.routes);

/** Takes a call in, answers it, and keeps the log. */
export class Service {
  readonly log: RequestLog = new RequestLog();
  readonly #options: ServiceOptions;
  readonly #quota: Quota | null;
  readonly #counts = new Map<string, number>();
  /** The client tokens of calls that have no answer yet. */
  readonly #running = new Set<string>();
  /** The count of changes that the state file holds. */
  #saved = 0;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#quota = options.quota === 'documented' ? new Quota() : null;
  }

  /** Answers one call. The state is on disk before the answer leaves. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLoopback(request.headers.host)) {
      request.resume();
      send(response, plain(421, 'this server answers only calls to 127.0.0.1 and localhost'));
      return;
    }
    const taken = await this.#take(request);
    const { entry, number, token } = taken;
    const twin = token !== undefined && this.#running.has(token);
    if (token !== undefined && !twin) {
      this.#running.add(token);
      response.once('close', () => this.#running.delete(token));
    }
    const count = this.#count(entry.api);
    const fault = this.#options.intercept?.({ ...entry, params: taken.call.params, count });
    if (this.#options.latencyMs !== undefined) await sleep(this.#options.latencyMs);
    const outcome = await withFault(fault, (change = (call) => call) => {
      if (taken.tooLarge) return plain(413, 'request entity too large');
      const call = { ...taken.call, ...change(taken.call), twin };
      return this.#answer(taken.matched, call, entry.path);
    });
    this.#save();
    if (typeof outcome !== 'string') this.log.answered(number, outcome.status);
    if (token !== undefined && !twin && outcome !== 'hang') this.#running.delete(token);
    send(response, outcome);
  }

  async #take(request: IncomingMessage): Promise<Taken> {
    const { method = 'GET', url = '/' } = request;
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
    const headers = headersOf(request);
    const { tooLarge, bytes, ...read } = await readBody(request);
    const matched = matchRoute(routes, method, path);
    const api = matched?.route.api ?? 'unknown';
    // The calls without a token are those that fetch one: their bodies hold a secret.
    const body = matched?.route.open === true ? undefined : read.body;
    const entry = {
      api,
      method,
      path,
      query: keptQuery(query),
      headers: keptHeaders(headers),
      body,
    };
    const number = this.log.add(entry, body === undefined ? 0 : bytes);
    const call = { ...read, api, method, params: matched?.params ?? {}, query, headers };
    return { matched, call, entry, number, token: headers['x-client-token'], tooLarge };
  }

  #count(api: string): number {
    const count = (this.#counts.get(api) ?? 0) + 1;
    this.#counts.set(api, count);
    return count;
  }

  #answer(matched: Matched<Answer> | undefined, call: Call, path: string): Answer {
    if (matched === undefined) return platformAt(path).unknown();
    const { world, tokens, behaviour, now = Date.now } = this.#options;
    const context: Context = { world, tokens, behaviour, now: now() };
    return platformOf(matched.route.api).answer(matched.route, call, context, this.#quota);
  }

  /** Writes what changed to disk, whatever changed it. */
  #save(): void {
    const { world, state } = this.#options;
    if (state === undefined || world.changes === this.#saved) return;
    saveState(world, state);
    this.#saved = world.changes;
  }
}

/** A page on the web whose host name was turned to this address would name its own host. */
function isLoopback(host = 'localhost'): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host);
}

function plain(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}
