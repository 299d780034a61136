import { type Refused, Quota, type Window } from '../../src/emulator/quota.ts';
import type { Clock } from '../../src/http/clock.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../src/http/transport.ts';
import { platforms } from '../../src/platforms/index.ts';

export interface Far {
  /** From sending to answer, in milliseconds. */
  readonly latencyMs: (request: HttpRequest, inFlight: number) => number;
  /** Where on its journey a call is counted: 0 as it is sent, 1 as it is answered. */
  readonly countedAt: number;
  /** How many attendees, `ou_1` and on, each event has. */
  readonly attendees: number;
  readonly windows: (api: string) => readonly Window[];
  /** How long until a removal is seen, in milliseconds. */
  readonly lagMs: number;
}

const pageSize = 100;

/** A Feishu that is far away, in virtual time: answers take long, and its windows are strict. */
export class FarPlatform implements Transport {
  readonly #clock: Clock;
  readonly #far: Far;
  readonly #quota = new Quota();
  /** By event: how many of the last attendees are removed, and since when. */
  readonly #removed = new Map<string, number>();
  readonly #listing = new Map<string, number>();
  readonly rejected: number[] = [];
  /** Calls of each API. */
  readonly calls: Map<string, number> = new Map();
  inFlight = 0;
  mostInFlight = 0;
  /** Listings that were under way side by side, their first page answered and their last one not. */
  mostListings = 0;

  constructor(clock: Clock, far: Partial<Far> = {}) {
    this.#clock = clock;
    const { windows } = platforms.feishu;
    this.#far = {
      latencyMs: () => 300,
      countedAt: 0.5,
      attendees: 3,
      windows: () => windows,
      lagMs: 2000,
      ...far,
    };
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    request.onSent?.();
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    this.calls.set(request.api, (this.calls.get(request.api) ?? 0) + 1);
    const ms = this.#far.latencyMs(request, this.inFlight);
    await this.#clock.sleep(ms * this.#far.countedAt);
    const answer = this.#answer(request);
    await this.#clock.sleep(ms * (1 - this.#far.countedAt));
    this.inFlight -= 1;
    return answer;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #answer({ api, url, method }: HttpRequest): HttpAnswer {
    if (api === 'token') return ok({ tenant_access_token: 't-x', expire: 7200 });
    const refused = this.#quota.take(api, this.#far.windows(api), this.#clock.now());
    if (refused !== undefined) return this.#refuse(refused);
    const { pathname, searchParams } = new URL(url);
    const event = /\/events\/([^/]+)/.exec(pathname)?.[1] ?? '';
    if (method === 'POST') {
      this.#removed.set(event, this.#clock.now());
      return ok({ data: {} });
    }
    if (api === 'event.get') return ok({ data: { event: { summary: event, status: 'confirmed' } } });
    return ok({ data: this.#page(event, Number(searchParams.get('page_token') ?? '0')) });
  }

  #refuse({ waitMs }: Refused): HttpAnswer {
    this.rejected.push(this.#clock.now());
    const seconds = String(Math.ceil(waitMs / 1000));
    const text = JSON.stringify({ code: 99991400, msg: 'request trigger frequency limit' });
    return { status: 429, headers: { 'x-ogw-ratelimit-reset': seconds }, text };
  }

  /** The last attendee is the one that a removal takes. */
  #page(event: string, from: number): object {
    const { attendees, lagMs } = this.#far;
    const shows = (this.#removed.get(event) ?? Number.POSITIVE_INFINITY) + lagMs <= this.#clock.now();
    const to = Math.min(attendees, from + pageSize);
    if (to < attendees) this.#listing.set(event, to);
    else this.#listing.delete(event);
    this.mostListings = Math.max(this.mostListings, this.#listing.size);
    const items = Array.from({ length: to - from }, (_, index) => ({
      type: 'user',
      attendee_id: `a_${from + index + 1}`,
      user_id: `ou_${from + index + 1}`,
      rsvp_status: shows && from + index + 1 === attendees ? 'removed' : 'accept',
    }));
    return { items, has_more: to < attendees, ...(to < attendees ? { page_token: String(to) } : {}) };
  }
}

function ok(body: object): HttpAnswer {
  return { status: 200, headers: {}, text: JSON.stringify({ code: 0, ...body }) };
}
