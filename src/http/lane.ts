import type { Grant } from './limiter.ts';
import { Restraint } from './answer-times.ts';
import { Slots, lastStart, type RateWindow } from './slots.ts';

/** How much of the mean the latest journey is. */
const latestShare = 1 / 16;

/** How long the calls of one account take, of all lanes together: from sending to answer, in milliseconds. */
export class Journeys {
  #mean: number | null = null;
  #shortest = Number.POSITIVE_INFINITY;

  /** Of recent calls; 0 before the first. */
  get mean(): number {
    return this.#mean ?? 0;
  }

  /** Infinity before the first. */
  get shortest(): number {
    return this.#shortest;
  }

  /** A call took so long. */
  add(ms: number): void {
    this.#shortest = Math.min(this.#shortest, ms);
    const before = this.#mean ?? ms;
    this.#mean = before + (ms - before) * latestShare;
  }
}

/** Clocks that tick in whole milliseconds can be one short at either end. */
const tickMs = 2;

/**
 * How much of the shortest journey so far is counted on: the next one may be a little shorter, and part of each is time
 * that a busy process takes to hear the answer.
 */
const trustedShare = 0.95;
const hearingMs = 10;

/**
 * What a lane's first calls take says little of those that follow, in milliseconds from its first answer: they go out all
 * at once, on connections that are new, and wait in line on the platform before they are counted. Until more is known, so
 * much is counted on of the shortest journey that any call of the account has made.
 */
const unsteadyMs = 500;
const firstShare = 0.5;

/**
 * How long after a refusal more calls are tried again, in milliseconds; twice as long after each that is found out, up to
 * the longest: a platform that allows less than it documents is not asked about it all the time.
 */
const recoveryMs = 30_000;
const longestRecoveryMs = 600_000;

/** A lane that had nothing to do for so long, in milliseconds, begins anew: it did not try what the platform allows. */
const restMs = 1000;

/** A call that waits for its lane. */
export interface Queued {
  /** The lowest goes first; among equals, who came first. */
  readonly order: number;
  /** Slots that it takes of each window. */
  readonly units: number;
  readonly grant: (grant: Grant) => void;
  /** It never may be sent. */
  readonly fail: (failure: Error) => void;
}

/** How a call went that took slots. */
export interface Sending {
  /** Null where it was never sent. */
  readonly sentAt: number | null;
  /** When its answer was there, or was waited for no longer. */
  readonly endedAt: number;
  /** The platform refused it for its rate, and asks for this wait. */
  readonly refused: { readonly waitMs: number } | null;
}

/**
 * The windows of one lane, and those who wait for it.
 *
 * The platform counts a call somewhere on its journey, at the same share of the way each time. Whatever that share is, a
 * later call is counted one window after an earlier one if it is sent one window after the earlier one's answer, less
 * the shortest journey there is: so a steady latency costs nothing, and what varies is waited for.
 */
export class Lane {
  /** The shortest first. */
  readonly #windows: readonly Slots[];
  readonly #isAlone: boolean;
  readonly #restraint = new Restraint();
  readonly #queue: Queued[] = [];
  readonly #journeys: Pick<Journeys, 'shortest'>;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  /** From sending to answer, in milliseconds. */
  #shortestJourney = Number.POSITIVE_INFINITY;
  #steadyAt = Number.POSITIVE_INFINITY;
  /** When the first call was sent since the lane last had nothing to do. */
  #beganAt = Number.POSITIVE_INFINITY;
  /** Since when nothing waits or is under way; infinity while something does. */
  #idleSince = Number.POSITIVE_INFINITY;
  /** Slots of each window that calls hold which have not ended. */
  #underWay = 0;
  /** The last time that the platform was found to allow less, in which window, and when more is tried. */
  #lowered: { readonly at: number; readonly slots: Slots; readonly raiseAt: number } | null = null;
  #recoveryMs = recoveryMs / 2;

  /**
   * @param journeys those of all lanes
   * @param isAlone whether no other process makes calls that count here; else calls have permits as well
   */
  constructor(windows: readonly RateWindow[], journeys: Pick<Journeys, 'shortest'>, isAlone = true) {
    this.#journeys = journeys;
    this.#isAlone = isAlone;
    this.#windows = [...windows].sort((a, b) => a.perMs - b.perMs).map((window) => new Slots(window));
  }

  /**
   * How long until calls that take so many slots more are answered, in milliseconds, those under way among them: if all of
   * the others were ready now, and each took as long as `journeyMs`. `share`: the part of the windows that is there for
   * this process.
   */
  leftMs(units: number, journeyMs: number, now: number, share = 1): number {
    if (units <= 0) return 0;
    const open = units - this.#underWay;
    if (open <= 0) return journeyMs;
    // What no journey has told so far, it will.
    const early = trusted(Math.min(this.#shortestJourney, journeyMs));
    const lowered = this.#lowered;
    const windows = this.#windows.map((slots, index) => ({
      freeAt: slots
        // The next answer raises it.
        .freeTimes(
          now + journeyMs + slots.perMs,
          this.#partOf(index) * share,
          slots === lowered?.slots && now >= lowered.raiseAt,
        )
        .map((time) => time - early),
      takenMs: slots.perMs + Math.max(0, journeyMs - early) + tickMs,
    }));
    return lastStart(windows, open, Math.max(now, this.#pausedUntil)) - now + journeyMs;
  }

  /** Whose turn is next. */
  get first(): Queued | undefined {
    return this.#queue[0];
  }

  /** Those who wait, who is next first. */
  get waiting(): readonly Queued[] {
    return this.#queue;
  }

  /** When the next call may start: infinity while too many slots are held. `units`: those that it takes. */
  opensAt(units: number = this.first?.units ?? 1): number {
    const freeAt = Math.max(
      Number.NEGATIVE_INFINITY,
      ...this.#windows.map((slots, index) => slots.nextFreeAt(this.#partOf(index), units)),
    );
    return Math.max(this.#pausedUntil, freeAt - trusted(this.#expectedJourney));
  }

  /** What the next call takes at least, from sending to answer; infinity while nothing is known of that. */
  get #expectedJourney(): number {
    return Number.isFinite(this.#shortestJourney)
      ? this.#shortestJourney
      : firstShare * this.#journeys.shortest;
  }

  add(waiting: Queued): void {
    // Most come in order: the search from the end is short.
    const before = this.#queue.findLastIndex(({ order }) => order <= waiting.order);
    this.#queue.splice(before + 1, 0, waiting);
  }

  /** Whether it waited. */
  leave(waiting: Queued): boolean {
    const place = this.#queue.indexOf(waiting);
    if (place >= 0) this.#queue.splice(place, 1);
    return place >= 0;
  }

  pauseUntil(time: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, time);
  }

  /** Takes so many slots of each window. */
  take(units: number): void {
    this.#underWay += units;
    for (const slots of this.#windows) for (let unit = 0; unit < units; unit += 1) slots.take();
  }

  /** A call that took so many slots has ended, which is dealt with now. */
  done(call: Sending, now: number, units: number): void {
    const { sentAt, endedAt, refused } = call;
    const each = (end: (slots: Slots) => void): void => {
      for (const slots of this.#windows) for (let unit = 0; unit < units; unit += 1) end(slots);
    };
    this.#underWay -= units;
    if (sentAt === null) {
      each((slots) => slots.giveBack());
      return;
    }
    this.#beganAt = sentAt - this.#idleSince > restMs ? sentAt : Math.min(this.#beganAt, sentAt);
    this.#idleSince = this.#underWay === 0 && this.#queue.length === 0 ? now : Number.POSITIVE_INFINITY;
    if (sentAt >= this.#steadyAt) this.#shortestJourney = Math.min(this.#shortestJourney, endedAt - sentAt);
    this.#steadyAt = Math.min(this.#steadyAt, endedAt + unsteadyMs);
    if (refused === null) this.#restraint.answered(endedAt - sentAt);
    this.#adapt(call, now);
    each((slots) => slots.countedBy(endedAt + tickMs, refused !== null));
  }

  /** Finds out what the platform allows. Calls that were under way when it was found out say no more than that. */
  #adapt({ sentAt, refused }: Sending, now: number): void {
    // Those who make the others find it out together, and give fewer permits.
    if (!this.#isAlone) return;
    const lowered = this.#lowered;
    const underWay = sentAt !== null && lowered !== null && sentAt <= lowered.at;
    if (refused !== null) {
      if (!underWay) this.#lower(now, refused.waitMs);
    } else if (underWay) {
      lowered.slots.tookAnother();
    } else if (lowered !== null && now >= lowered.raiseAt) {
      lowered.slots.raise();
      this.#lowered = { ...lowered, raiseAt: now + this.#recoveryMs };
    }
  }

  /**
   * The wait that is asked for tells in which window there is no room; one that is longer than all, of nothing so exact.
   * Nor do calls that began within the window: what took up the rest of it came before them.
   */
  #lower(now: number, waitMs: number): void {
    const full = this.#windows.find(({ perMs }) => perMs >= waitMs);
    const slots = full ?? this.#windows[0];
    if (slots === undefined) return;
    const isWhole = full !== undefined && now - this.#beganAt >= full.perMs;
    slots.lower(isWhole ? now : null);
    this.#recoveryMs = Math.min(longestRecoveryMs, this.#recoveryMs * 2);
    this.#lowered = { at: now, slots, raiseAt: now + this.#recoveryMs };
  }

  /** The part of a window to use: slow answers make it the shortest one's alone, which spreads the calls. */
  #partOf(index: number): number {
    return index === 0 ? this.#restraint.part : 1;
  }
}

/** How much earlier than a window after an answer the next call may be sent. */
function trusted(shortestJourney: number): number {
  return Number.isFinite(shortestJourney) ? Math.max(0, shortestJourney * trustedShare - hearingMs) : 0;
}
