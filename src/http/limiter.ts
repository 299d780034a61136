import type { Sending } from './lane.ts';
import type { RateWindow } from './slots.ts';

/** The right to send one call. Each is `done` in the end, sent or not. */
export interface Grant {
  /** The call is being written. */
  sent(): void;
  /** Its answer is there. */
  answered(): void;
  /** The platform refused it for its rate, and asks for this wait, in milliseconds, or 0: the lane slows down. */
  refused(waitMs: number): void;
  /** What came of it was seen: an answer, or that there will be none. */
  done(): void;
}

/** One piece of work among others, like one event. What began first is served first, so that it ends and lets go. */
export interface Turn {
  /** It keeps so many rows in memory from now on. */
  holds(rows: number): void;
  /** It makes no further call, and holds nothing. */
  end(): void;
}

/** Rate windows for any number of lanes (an API, or several that count together), each with windows of its own. */
export interface Limiter {
  /**
   * Begins a piece of work, in the order of asking, once the windows, the sockets and memory have room for it: when
   * fewer calls wait than keep them busy. `line`: names the work that counts in the same windows; what waits in one line
   * takes no room of others. Rejects with the signal's reason when that aborts.
   */
  begin(signal: AbortSignal, line?: string): Promise<Turn>;
  /**
   * Resolves when the call may be sent; rejects with the signal's reason when that aborts. In a lane the work that began
   * first goes first; calls outside of any turn go before all, and need no free socket. `units`: what the call counts.
   */
  acquire(lane: string, signal: AbortSignal, turn?: Turn, units?: number): Promise<Grant>;
  /** Lets no call of the lane start before this time, by the clock. */
  pauseUntil(lane: string, time: number): void;
  /** Whether other processes count in the windows, too: then each call waits for their word. */
  readonly isShared: boolean;
  /** How long recent calls took, from sending to answer, in milliseconds. */
  readonly journeyMs: number;
  /** Calls that are made at once at most, of all lanes together. */
  readonly mostAtOnce: number;
  /** How long until so many more units of each lane are answered at the earliest; see {@link Lane.leftMs}. */
  leftMs(units: ReadonlyMap<string, number>): number;
}

/** The right to start one call. */
export interface Permit {
  /** The call has ended, sent or not. */
  done(call: Sending): void;
}

/** Gives the calls of one process their share of windows that several processes count in together. */
export interface Permits {
  /** Has `tell` called whenever a permit came, or what stands against any more of them. */
  listen(tell: (failure: Error | null) => void): void;
  /**
   * Calls of so many units each wait in a lane, the first of them first, whose windows are these. Permits beyond that are
   * given back.
   */
  want(lane: string, units: readonly number[], windows: readonly RateWindow[]): void;
  /** When the next call of so many units may start, by the clock: infinity while there is no permit for it. */
  opensAt(lane: string, units: number): number;
  /** Takes the permit that {@link opensAt} told of. */
  take(lane: string, units: number): Permit;
  /** The part of a lane's windows that this process can count on, from above 0 to 1. */
  shareOf(lane: string): number;
  /** No process starts a call of the lane before this time, by the clock. */
  pauseUntil(lane: string, time: number): void;
}
