import type { Pace, Turn } from '../../src/providers/provider.ts';

/** A turn among no others. */
export const aTurn: Turn = { holds: () => {}, end: () => {} };

/** Room for any number of events. */
export const roomForAll = (): Promise<Turn> => Promise.resolve(aTurn);

/** Calls that take no time. */
export const noPace: Pace = { journeyMs: 0, mostAtOnce: 1, ended: () => 0, leftMs: () => 0 };
