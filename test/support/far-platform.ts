import { Quota, type Window } from '../../src/emulator/quota.ts';
import type { Clock } from '../../src/http/clock.ts';
import type { RateWindow } from '../../src/http/slots.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../src/http/transport.ts';
import { type ProviderId, platforms } from '../../src/platforms/index.ts';

export interface Far {
  readonly provider: Extract<ProviderId, 'feishu' | 'dingtalk' | 'google'>;
  /** From sending to answer, in milliseconds. */
  readonly latencyMs: (request: HttpRequest, inFlight: number) => number;
  /** Where on its journey a call is counted: 0 as it is sent, 1 as it is answered. */
  readonly countedAt: number;
  /** How many attendees, `ou_1` and on, each event has; the events are `e0` and on. */
  readonly attendees: (index: number) => number;
  /** For how many seconds a call is refused though the windows have room for it; null: not at all. */
  readonly refuses: (at: number) => number | null;
  readonly windows: (api: string) => readonly (Window & { readonly shared?: true })[];
  /** How long until a removal is seen, in milliseconds. */
  readonly lagMs: number;
  /** The platform's windows, and what is known of them, are so many times narrower: fewer events take as long. */
  readonly narrower: number;
}

export function narrowed(windows: readonly RateWindow[], times: number): RateWindow[] {
  return windows.map((window) => ({ ...window, calls: window.calls / times }));
}

/** A platform that is far away, in virtual time: answers take long, and its windows are strict. */
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
  /** When they were sent. */
  readonly sentAt: Map<string, number[]> = new Map();
  inFlight = 0;
  mostInFlight = 0;
  /** Listings that were under way side by side, their first page answered and their last one not. */
  mostListings = 0;

  constructor(clock: Clock, far: Partial<Far> = {}) {
    this.#clock = clock;
    const { provider = 'feishu', narrower = 1 } = far;
    const { reads } = platforms[provider];
    const windows = narrowed(platforms[provider].windows, narrower);
    this.#far = {
      provider,
      latencyMs: () => 300,
      countedAt: 0.5,
      attendees: () => 3,
      refuses: () => null,
      windows: () => windows,
      lagMs: reads.lagMs,
      narrower,
      ...far,
    };
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    request.onSent?.();
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    const sentAt = this.sentAt.get(request.api) ?? [];
    this.sentAt.set(request.api, sentAt);
    sentAt.push(this.#clock.now());
    this.calls.set(request.api, sentAt.length);
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
    if (api === 'token')
      return ok({ tenant_access_token: 't-x', expire: 7200, accessToken: 't-x', expireIn: 7200 });
    const seconds = this.#far.refuses(this.#clock.now());
    if (seconds !== null) return this.#refuse(seconds * 1000);
    const { pathname, searchParams } = new URL(url);
    const refused = this.#refusedBy(api, pathname);
    if (refused !== undefined) return this.#refuse(refused.waitMs);
    const event = /\/events\/([^/]+)/.exec(pathname)?.[1] ?? '';
    if (method === 'POST') {
      this.#removed.set(event, this.#clock.now());
      return ok({ data: {} });
    }
    const facts = { summary: event, status: 'confirmed' };
    if (api === 'event.get') return ok({ data: { event: facts }, ...facts });
    if (api === 'events.list') return ok({ items: [] });
    if (this.#far.provider === 'google') return ok(this.#event(event, pathname, method === 'PATCH'));
    const from = Number(searchParams.get('page_token') ?? searchParams.get('nextToken') ?? '0');
    return ok(this.#page(event, from));
  }

  /** On Google calls count together for each person, a write three times. */
  #refusedBy(api: string, pathname: string): ReturnType<Quota['take']> {
    const { provider, windows } = this.#far;
    const now = this.#clock.now();
    if (provider !== 'google') return this.#quota.take(api, windows(api), now);
    const units = api === 'events.patch' ? 3 : 1;
    const [person = ''] = /\/calendars\/[^/]+/.exec(pathname) ?? [];
    const all = windows(api).filter(({ shared }) => shared === true);
    const own = windows(api).filter(({ shared }) => shared !== true);
    return this.#quota.take(person, own, now, units) ?? this.#quota.take('project', all, now, units);
  }

  /** On Google: the event, the last of its attendees removed by the write. */
  #event(id: string, pathname: string, isWrite: boolean): object {
    if (isWrite) this.#removed.set(id, this.#clock.now());
    const attendees = this.#far.attendees(Number(id.slice(1))) - (this.#removed.has(id) ? 1 : 0);
    const email = decodeURIComponent(/\/calendars\/([^/]+)/.exec(pathname)?.[1] ?? '');
    return {
      id,
      etag: `"${attendees}"`,
      status: 'confirmed',
      summary: id,
      organizer: { email, self: true },
      attendees: Array.from({ length: attendees }, (_, index) => ({
        email: `ou_${index + 1}@corp.com`,
        responseStatus: 'accepted',
      })),
    };
  }

  #refuse(waitMs: number): HttpAnswer {
    this.rejected.push(this.#clock.now());
    const seconds = String(Math.ceil(waitMs / 1000));
    if (this.#far.provider === 'dingtalk') {
      const code = 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi';
      return {
        status: 403,
        headers: { 'retry-after': seconds },
        text: JSON.stringify({ code, message: '' }),
      };
    }
    const text = JSON.stringify({ code: 99991400, msg: 'request trigger frequency limit' });
    return { status: 429, headers: { 'x-ogw-ratelimit-reset': seconds }, text };
  }

  /** The last attendee is the one that a removal takes. */
  #page(event: string, from: number): object {
    const { attendees: sizeOf, lagMs, provider } = this.#far;
    const attendees = sizeOf(Number(event.slice(1)));
    const shows = (this.#removed.get(event) ?? Number.POSITIVE_INFINITY) + lagMs <= this.#clock.now();
    const to = Math.min(attendees, from + (platforms[provider].reads.pageSize ?? attendees));
    if (to < attendees) this.#listing.set(event, to);
    else this.#listing.delete(event);
    this.mostListings = Math.max(this.mostListings, this.#listing.size);
    const numbers = Array.from({ length: to - from }, (_, index) => from + index + 1);
    const token = to < attendees ? { page_token: String(to), nextToken: String(to) } : {};
    if (provider === 'dingtalk') {
      const live = numbers.filter((number) => !shows || number < attendees);
      return {
        attendees: live.map((number) => ({ id: `ou_${number}`, responseStatus: 'accepted' })),
        ...token,
      };
    }
    const items = numbers.map((number) => ({
      type: 'user',
      attendee_id: `a_${number}`,
      user_id: `ou_${number}`,
      rsvp_status: shows && number === attendees ? 'removed' : 'accept',
    }));
    return { data: { items, has_more: to < attendees, ...token } };
  }
}

function ok(body: object): HttpAnswer {
  return { status: 200, headers: {}, text: JSON.stringify({ code: 0, ...body }) };
}
