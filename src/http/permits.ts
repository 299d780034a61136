import type { Sending } from './lane.ts';
import type { RateWindow } from './slots.ts';

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
