import type { DesiredEvent } from '../model/event.ts';
import type { Action, EventPlan, Plan } from '../model/plan.ts';
import { type ProviderId, platforms } from '../platforms/index.ts';
import type { Clock, Pace } from '../providers/provider.ts';

/** How long the rest of the work takes, in milliseconds, or null while nothing can be said of it. */
export interface Forecast {
  /** An event is done, and this is its plan. */
  done(event: EventPlan): void;
  leftMs(): number | null;
}

/** What a forecast is told of a run. */
export interface Course {
  readonly pace: (provider: ProviderId) => Pace;
  /** Events at work at most; infinity: as many as there is room for. */
  readonly concurrency: number;
}

/** Of so few events too little can be said of the others. */
const leastDone = 5;

/** Where windows are those of one person, and many events are read in one call, nothing is said rather than what is wrong. */
const isTold = (provider: ProviderId): boolean => platforms[provider].writes.style !== 'whole';

type Calls = ReadonlyMap<string, number>;

/** What is still to come on one platform is bound by the windows of each API, and by the calls that are made at once. */
function boundMs(pace: Pace, calls: Calls, concurrency: number): number {
  const windows = [...calls].map(([api, count]) => pace.leftMs(api, count));
  const total = [...calls.values()].reduce((sum, count) => sum + count, 0);
  return Math.max(0, ...windows, (total * pace.journeyMs) / Math.min(concurrency, pace.mostAtOnce));
}

function pagesOf(provider: ProviderId, rows: number): number {
  return Math.max(1, Math.ceil(rows / (platforms[provider].reads.pageSize ?? Number.POSITIVE_INFINITY)));
}

/** The pages of lists, and how many follow one another where a list ends last: the longer one is, the likelier. */
class Pages {
  #count = 0;
  #squares = 0;

  get count(): number {
    return this.#count;
  }

  add(pages: number): void {
    this.#count += pages;
    this.#squares += pages * pages;
  }

  /** Pages behind the first one. */
  get behind(): number {
    return this.#count === 0 ? 0 : this.#squares / this.#count - 1;
  }
}

/** What was made of each API since the forecast began. */
function countFrom({ pace }: Course, provider: ProviderId): (api: string) => number {
  const before = new Map<string, number>();
  return (api) => {
    const ended = pace(provider).ended(api);
    if (!before.has(api)) before.set(api, ended);
    return ended - (before.get(api) ?? 0);
  };
}

/** The events of one platform while they are planned. */
class Listing {
  readonly #provider: ProviderId;
  readonly #course: Course;
  readonly #made: (api: string) => number;
  readonly #expected = new Pages();
  #events = 0;
  #done = 0;
  #doneExpected = 0;
  #donePages = 0;

  constructor(provider: ProviderId, course: Course) {
    this.#provider = provider;
    this.#course = course;
    this.#made = countFrom(course, provider);
    for (const api of ['attendees.list', 'event.get']) this.#made(api);
  }

  /** `count`: the attendees that its manifest wants; null where its list is not read. */
  expect(count: number | null): void {
    this.#events += 1;
    this.#expected.add(this.#pages(count));
  }

  done({ desired, observed, series }: EventPlan): void {
    // Occurrences are found on the way.
    if (series !== undefined) this.expect(desired?.count ?? null);
    this.#done += 1;
    // The plan of a revert wants no list; one page was expected of what it read.
    this.#doneExpected += this.#pages(desired?.count ?? (observed === undefined ? null : 0));
    this.#donePages += this.#pages(observed?.count ?? null);
  }

  /** Null while too few events are done to know whether the manifests say how long the lists are. */
  leftMs(): number | null {
    const events = this.#events - this.#done;
    if (events === 0) return 0;
    if (!isTold(this.#provider) || this.#done < Math.min(leastDone, this.#events / 2)) return null;
    const longer = this.#doneExpected === 0 ? 1 : this.#donePages / this.#doneExpected;
    const begun = this.#made('attendees.list') - this.#donePages;
    const pages = (this.#expected.count - this.#doneExpected) * longer - begun;
    // As many of the others are looked at as of those that are done.
    const looks = (this.#made('event.get') / this.#done) * events;
    const calls = new Map([
      ['attendees.list', Math.max(0, Math.round(pages))],
      ['event.get', Math.round(looks)],
    ]);
    const pace = this.#course.pace(this.#provider);
    // The list that ends last is read page by page, and then perhaps looked at.
    const last = this.#expected.behind * longer + Math.min(1, this.#made('event.get') / this.#done);
    const behind = Math.max(0, Math.min(last, total(calls) - 1));
    return boundMs(pace, calls, this.#course.concurrency) + behind * pace.journeyMs;
  }

  #pages(count: number | null): number {
    return count === null ? 0 : pagesOf(this.#provider, count);
  }
}

/** The longest of the platforms, each of which goes on by itself. */
function longest(parts: Iterable<{ leftMs(): number | null }>): number | null {
  let left = 0;
  for (const part of parts) {
    const own = part.leftMs();
    if (own === null) return null;
    left = Math.max(left, own);
  }
  return left;
}

/**
 * The time that planning still takes: the lists that are to come are as long as their manifests say, and as much longer
 * as those were that have been read.
 */
export function planForecast(
  events: readonly Pick<DesiredEvent, 'ref' | 'attendees'>[],
  course: Course,
): Forecast {
  const listings = new Map<ProviderId, Listing>();
  for (const { ref, attendees } of events) {
    const listing = listings.get(ref.provider) ?? new Listing(ref.provider, course);
    listings.set(ref.provider, listing);
    listing.expect(attendees?.length ?? null);
  }
  return {
    done: (event) => listings.get(event.provider)?.done(event),
    leftMs: () => longest(listings.values()),
  };
}

/** What applying is told in addition. */
export interface ApplyCourse extends Course {
  readonly clock: Pick<Clock, 'now'>;
  readonly lagMs: (provider: ProviderId) => number;
  /** Whether each event is read before it is written, and again at the end. */
  readonly rereads: boolean;
  readonly verify: boolean;
}

const writing: Readonly<Record<Action, string>> = {
  remove: 'attendees.remove',
  add: 'attendees.add',
  'unbind-chat': 'meeting-chat.unbind',
  'delete-event': 'event.delete',
};

/** The events of one platform while they are applied. */
class Writing {
  readonly #provider: ProviderId;
  readonly #course: ApplyCourse;
  readonly #made: (api: string) => number;
  readonly #writes = new Map<string, number>();
  readonly #before = new Map<string, number>();
  readonly #after = new Map<string, number>();
  readonly #shown = new Pages();
  #firstWriteAt: number | null = null;
  #lastWriteAt: number | null = null;

  constructor(provider: ProviderId, course: ApplyCourse) {
    this.#provider = provider;
    this.#course = course;
    this.#made = countFrom(course, provider);
    for (const api of [...Object.values(writing), 'attendees.list', 'event.get']) this.#made(api);
  }

  expect({ changes, observed }: EventPlan): void {
    const { writes } = platforms[this.#provider];
    const counts = new Map<Action, number>();
    for (const { action } of changes) counts.set(action, (counts.get(action) ?? 0) + 1);
    for (const [action, count] of counts) {
      const most =
        writes.style === 'delta' && (action === 'remove' || action === 'add')
          ? writes[action]
          : Number.POSITIVE_INFINITY;
      add(this.#writes, writing[action], Math.max(1, Math.ceil(count / most)));
    }
    const live = observed?.count ?? 0;
    const lists = counts.has('remove') || counts.has('add');
    const reading = lists ? 'attendees.list' : 'event.get';
    if (this.#course.rereads) add(this.#before, reading, lists ? pagesOf(this.#provider, live) : 1);
    const then = live + (counts.get('add') ?? 0);
    const pages = lists ? pagesOf(this.#provider, then) : 1;
    if (!this.#course.verify) return;
    add(this.#after, reading, pages);
    this.#shown.add(pages);
  }

  leftMs(): number | null {
    if (!isTold(this.#provider)) return null;
    const { clock, pace: paceOf, lagMs, verify, concurrency, rereads } = this.#course;
    const pace = paceOf(this.#provider);
    const lag = verify ? lagMs(this.#provider) : 0;
    const writes = this.#left(this.#writes);
    const reads = this.#left(sumOf(this.#before, this.#after));
    const now = clock.now();
    const open = total(writes);
    if (open > 0 || this.#lastWriteAt === null) this.#lastWriteAt = now;
    if (open < total(this.#writes)) this.#firstWriteAt ??= now;
    // The last write shows after the lag; the first reading of what was written comes no earlier than that.
    const chain = Math.min(1 + this.#shown.behind, total(reads)) * pace.journeyMs;
    const toShow = total(reads) > 0 ? Math.max(0, this.#lastWriteAt + lag - now) + chain : 0;
    const shown = total(reads) <= total(this.#after) && this.#made('attendees.list') <= total(this.#before);
    const toBegin = shown ? Math.max(0, (this.#firstWriteAt ?? now + pace.journeyMs) + lag - now) : 0;
    return Math.max(
      boundMs(pace, writes, concurrency) + toShow,
      total(reads) > 0 ? toBegin + boundMs(pace, reads, concurrency) : 0,
      // The last event is read, written, and read again once the others are through: they are for some part of its lag.
      rereads && open > 0 ? boundMs(pace, reads, concurrency) + pace.journeyMs + lag / 2 + chain : 0,
      boundMs(pace, sumOf(writes, reads), concurrency),
    );
  }

  #left(expected: Calls): Calls {
    return new Map([...expected].map(([api, count]) => [api, Math.max(0, count - this.#made(api))] as const));
  }
}

function add(calls: Map<string, number>, api: string, count: number): void {
  calls.set(api, (calls.get(api) ?? 0) + count);
}

function total(calls: Calls): number {
  return [...calls.values()].reduce((sum, count) => sum + count, 0);
}

function sumOf(one: Calls, other: Calls): Calls {
  const sum = new Map(one);
  for (const [api, count] of other) add(sum, api, count);
  return sum;
}

/** The time that applying a plan still takes: the plan says what is to be written, and what is read then. */
export function applyForecast({ events }: Pick<Plan, 'events'>, course: ApplyCourse): Forecast {
  const writings = new Map<ProviderId, Writing>();
  for (const event of events) {
    if (event.status !== 'changed') continue;
    const part = writings.get(event.provider) ?? new Writing(event.provider, course);
    writings.set(event.provider, part);
    part.expect(event);
  }
  return {
    done: () => {},
    leftMs: () => longest(writings.values()),
  };
}
