import type { DesiredEvent, EventRef } from '../model/event.ts';
import type { EventPlan } from '../model/plan.ts';
import { type ProviderId, platforms, subjectOf } from '../platforms/index.ts';
import type { Pace } from '../providers/provider.ts';
import { type Made, Pages, Tally, boundMs, madeSince, pagesOf } from './due.ts';

/** How long the rest of the work takes, in milliseconds, or null while nothing can be said of it. */
export interface Forecast {
  leftMs(): number | null;
}

/** Of a plan's events, how it goes on with them. */
export interface PlanForecast extends Forecast {
  /** An event is done, and this is its plan. */
  done(event: EventPlan): void;
  /** These were read together with others, before their turns. */
  knows(events: readonly Known[]): void;
}

type Whose = Pick<EventRef, 'provider' | 'organizer'>;
type Known = Pick<DesiredEvent, 'name' | 'ref'>;

/** What a forecast is told of a run. */
export interface Course {
  readonly pace: (provider: ProviderId) => Pace;
  /** Events at work at most; infinity: as many as there is room for. */
  readonly concurrency: number;
}

/** Of so few events too little can be said of the others. */
const leastDone = 5;

/** Those of one person's events that are planned: where all count in the same windows, all are one person's. */
interface Own {
  events: number;
  /** Pages that their manifests say of those that are not done. */
  expected: number;
  /** Pages of those that are done. */
  read: number;
}

/** The events of one platform while they are planned. */
class Listing {
  readonly #provider: ProviderId;
  readonly #course: Course;
  readonly #made: Made;
  readonly #expected = new Pages();
  readonly #own = new Map<string | undefined, Own>();
  readonly #ahead = new Set<string>();
  #events = 0;
  #done = 0;
  #doneExpected = 0;
  #donePages = 0;

  constructor(provider: ProviderId, course: Course) {
    this.#provider = provider;
    this.#course = course;
    this.#made = madeSince(() => course.pace(provider));
  }

  /** `count`: the attendees that its manifest wants; null where its list is not read. */
  expect(ref: Whose, count: number | null): void {
    const own = this.#ownOf(ref);
    const pages = this.#pages(count);
    this.#events += 1;
    this.#expected.add(pages);
    own.events += 1;
    own.expected += pages;
  }

  /** It was read together with others, before its turn. */
  knows({ name, ref }: Known): void {
    const own = this.#ownOf(ref);
    this.#ahead.add(name);
    this.#events -= 1;
    own.events -= 1;
    own.expected -= 1;
  }

  done(event: EventPlan): void {
    const { desired, observed, series, name } = event;
    if (this.#ahead.has(name)) return;
    // Occurrences are found on the way.
    if (series !== undefined) this.expect(event, desired?.count ?? null);
    const own = this.#ownOf(event);
    // The plan of a revert wants no list; one page was expected of what it read.
    const expected = this.#pages(desired?.count ?? (observed === undefined ? null : 0));
    const pages = this.#pages(observed?.count ?? null);
    this.#done += 1;
    this.#doneExpected += expected;
    this.#donePages += pages;
    own.events -= 1;
    own.expected -= expected;
    own.read += pages;
  }

  /** Null while too few events are done to know whether the manifests say how long the lists are. */
  leftMs(): number | null {
    const events = this.#events - this.#done;
    if (events <= 0) return 0;
    if (this.#done < Math.min(leastDone, this.#events / 2)) return null;
    const longer = this.#doneExpected === 0 ? 1 : this.#donePages / this.#doneExpected;
    const { apis, reads } = platforms[this.#provider];
    const subjects = [...this.#own];
    const looked = reads.factsInList
      ? 0
      : subjects.reduce((sum, [subject]) => sum + this.#made(apis.look, subject), 0) / this.#done;
    const due = new Tally();
    for (const [subject, own] of subjects) {
      const begun = this.#made(apis.list, subject) - own.read;
      // Where one answer has all, an event is done as it comes.
      const pages = reads.factsInList ? own.events : own.expected * longer - begun;
      due.add({ api: apis.list, subject, calls: Math.max(0, Math.round(pages)) });
      // As many of the others are looked at as of those that are done.
      due.add({ api: apis.look, subject, calls: Math.round(looked * own.events) });
    }
    const pace = this.#course.pace(this.#provider);
    // The list that ends last is read page by page, and then perhaps looked at.
    const last = this.#expected.behind * longer + Math.min(1, looked);
    const behind = Math.max(0, Math.min(last, due.total - 1));
    return boundMs(pace, due, this.#course.concurrency) + behind * pace.journeyMs;
  }

  #ownOf(ref: Whose): Own {
    const subject = subjectOf(ref);
    const known = this.#own.get(subject);
    if (known !== undefined) return known;
    const { apis } = platforms[this.#provider];
    for (const api of [apis.list, apis.look]) this.#made(api, subject);
    const own = { events: 0, expected: 0, read: 0 };
    this.#own.set(subject, own);
    return own;
  }

  #pages(count: number | null): number {
    if (platforms[this.#provider].reads.factsInList) return 1;
    return count === null ? 0 : pagesOf(this.#provider, count);
  }
}

/** The longest of the platforms, each of which goes on by itself. */
export function longest(parts: Iterable<{ leftMs(): number | null }>): number | null {
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
): PlanForecast {
  const listings = new Map<ProviderId, Listing>();
  for (const { ref, attendees } of events) {
    const listing = listings.get(ref.provider) ?? new Listing(ref.provider, course);
    listings.set(ref.provider, listing);
    listing.expect(ref, attendees?.length ?? null);
  }
  return {
    done: (event) => listings.get(event.provider)?.done(event),
    knows: (known) => {
      for (const event of known) listings.get(event.ref.provider)?.knows(event);
    },
    leftMs: () => longest(listings.values()),
  };
}
