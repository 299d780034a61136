import { isWrittenChanged } from '../diff/occurrences.ts';
import type { Action, EventPlan, Plan } from '../model/plan.ts';
import type { ApplyEvent, ChangeResult } from '../model/result.ts';
import { type ProviderId, platforms, subjectOf } from '../platforms/index.ts';
import type { Clock, Due } from '../providers/provider.ts';
import { type Made, Pages, Tally, boundMs, madeSince, pagesOf } from './due.ts';
import { type Course, type Forecast, longest } from './forecast.ts';

/** Of the events that a plan changes, how it goes on with them. */
export interface ApplyForecast extends Forecast {
  /** A step of applying: what an event did not write when it is done is not waited for. */
  hear(step: ApplyEvent): void;
}

/** What applying is told in addition. */
export interface ApplyCourse extends Course {
  readonly clock: Pick<Clock, 'now'>;
  readonly lagMs: (provider: ProviderId) => number;
  /** Whether each event is read before it is written, and again at the end. */
  readonly rereads: boolean;
  readonly verify: boolean;
}

/** How many changes of each kind. */
type Counts = ReadonlyMap<Action, number>;

/** What is expected of one event. */
interface Expected {
  readonly counts: Counts;
  readonly writes: readonly Due[];
  readonly after: Due | null;
}

/** The events of one platform while they are applied. */
class Writing {
  readonly #provider: ProviderId;
  readonly #course: ApplyCourse;
  readonly #made: Made;
  readonly #writes = new Tally();
  readonly #before = new Tally();
  readonly #after = new Tally();
  readonly #open = new Map<string, Expected>();
  readonly #shown = new Pages();
  #firstWriteAt: number | null = null;
  #lastWriteAt: number | null = null;

  constructor(provider: ProviderId, course: ApplyCourse) {
    this.#provider = provider;
    this.#course = course;
    this.#made = madeSince(() => course.pace(provider));
  }

  expect(event: EventPlan): void {
    const { rereads, verify } = this.#course;
    const { apis, reads, writes } = platforms[this.#provider];
    const subject = subjectOf(event);
    for (const api of Object.values(apis)) this.#made(api, subject);
    const counts = countsOf(event.changes);
    const ownWrites = writesOf(this.#provider, counts).map((due) => ({ ...due, subject }));
    for (const due of ownWrites) this.#writes.add(due);
    const live = event.observed?.count ?? 0;
    const lists = counts.has('remove') || counts.has('add');
    const api = lists ? apis.list : apis.look;
    if (rereads) this.#before.add({ api, subject, calls: lists ? pagesOf(this.#provider, live) : 1 });
    // Whether an occurrence is still a changed one is asked before it is written.
    const looks = rereads && lists && isWrittenChanged(event) ? (reads.looksAtSeries ? 2 : 1) : 0;
    this.#before.add({ api: apis.look, subject, calls: looks });
    // A write of the whole list answers what it is then.
    const isSeen = !verify || (lists && writes.style === 'whole');
    const pages = lists ? pagesOf(this.#provider, live + (counts.get('add') ?? 0)) : 1;
    const after = isSeen ? null : { api, subject, calls: pages };
    this.#open.set(event.name, { counts, writes: ownWrites, after });
    if (after === null) return;
    this.#after.add(after);
    this.#shown.add(pages);
  }

  /** An event is done. `settled`: those of its changes that may not have been sent. */
  done(name: string, settled: readonly ChangeResult[]): void {
    const own = this.#open.get(name);
    if (own === undefined) return;
    this.#open.delete(name);
    const counts = new Map(own.counts);
    for (const { action, outcome } of settled) {
      if (outcome !== 'not-attempted' && outcome !== 'already') continue;
      const count = counts.get(action) ?? 0;
      if (count > 1) counts.set(action, count - 1);
      else counts.delete(action);
    }
    const sent = writesOf(this.#provider, counts);
    for (const due of own.writes) {
      const calls = sent.find(({ api }) => api === due.api)?.calls ?? 0;
      this.#writes.add({ ...due, calls: Math.min(0, calls - due.calls) });
    }
    if (sent.length === 0 && own.after !== null) this.#after.add({ ...own.after, calls: -own.after.calls });
  }

  leftMs(): number {
    const { clock, pace: paceOf, lagMs, verify, concurrency, rereads } = this.#course;
    const pace = paceOf(this.#provider);
    const lag = verify ? lagMs(this.#provider) : 0;
    const writes = this.#writes.less(this.#made);
    const reads = this.#before.plus(this.#after).less(this.#made);
    const now = clock.now();
    const open = writes.total;
    if (open > 0 || this.#lastWriteAt === null) this.#lastWriteAt = now;
    if (open < this.#writes.total) this.#firstWriteAt ??= now;
    // The last write shows after the lag; the first reading of what was written comes no earlier than that.
    const chain = Math.min(1 + this.#shown.behind, reads.total) * pace.journeyMs;
    const toShow = reads.total > 0 ? Math.max(0, this.#lastWriteAt + lag - now) + chain : 0;
    // All is read before its writes, and none of it again.
    const toShowAll = reads.total === this.#after.total;
    const toBegin = toShowAll ? Math.max(0, (this.#firstWriteAt ?? now + pace.journeyMs) + lag - now) : 0;
    return Math.max(
      boundMs(pace, writes, concurrency) + toShow,
      reads.total > 0 ? toBegin + boundMs(pace, reads, concurrency) : 0,
      // The last event is read, written, and read again once the others are through: they are for some part of its lag.
      rereads && open > 0 ? boundMs(pace, reads, concurrency) + pace.journeyMs + lag / 2 + chain : 0,
      boundMs(pace, writes.plus(reads), concurrency),
    );
  }
}

function countsOf(changes: EventPlan['changes']): Counts {
  const counts = new Map<Action, number>();
  for (const { action } of changes) counts.set(action, (counts.get(action) ?? 0) + 1);
  return counts;
}

/** The calls that so many changes of an event take. */
function writesOf(provider: ProviderId, counts: Counts): Due[] {
  const { apis, writes } = platforms[provider];
  return [...counts].flatMap(([action, count]): Due[] => {
    // Removals and additions are one write of the whole list.
    if (writes.style === 'whole' && action === 'add' && counts.has('remove')) return [];
    const most =
      writes.style === 'delta' && (action === 'remove' || action === 'add')
        ? writes[action]
        : Number.POSITIVE_INFINITY;
    return [{ api: apis[action], calls: Math.max(1, Math.ceil(count / most)) }];
  });
}

/** The time that applying a plan still takes: the plan says what is to be written, and what is read then. */
export function applyForecast({ events }: Pick<Plan, 'events'>, course: ApplyCourse): ApplyForecast {
  const writings = new Map<ProviderId, Writing>();
  for (const event of events) {
    if (event.status !== 'changed') continue;
    const part = writings.get(event.provider) ?? new Writing(event.provider, course);
    writings.set(event.provider, part);
    part.expect(event);
  }
  return {
    hear: (step) => {
      if (step.kind !== 'event-done') return;
      for (const writing of writings.values()) writing.done(step.name, step.settled);
    },
    leftMs: () => longest(writings.values()),
  };
}
