import type { Problem } from './diagnostic.ts';
import type { Change, Drift, Missing } from './plan.ts';

/** What becomes of the changed occurrences of a series: not read, listed with their differences, or planned apart. */
export type Exceptions = 'leave' | 'report' | 'follow';

/** A stretch of time in milliseconds since the epoch; its end is not included. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** An occurrence of a series that was changed, as its platform has it. Times are as in `EventFacts`. */
export interface Occurrence {
  readonly eventId: string;
  /** When it was to start before it was changed. */
  readonly original: string;
  readonly start: string;
  readonly summary?: string;
}

/**
 * The changed occurrences of one series, without cancelled ones, or the reason why they are not all known. What was
 * found of an incomplete reading is not told: a part would look like the whole.
 */
export type Occurrences =
  | { readonly complete: true; readonly occurrences: readonly Occurrence[] }
  | { readonly complete: false; readonly problem: Problem };

/** A changed occurrence, as the plan of its series lists it. */
export interface PlanOccurrence extends Occurrence {
  /** `NAME@YYYY-MM-DD`, after the series and the original start; `NAME@YYYY-MM-DDTHHMM` where a day has two. */
  readonly name: string;
  /** Under `report`, what the series' manifest would have otherwise; absent where it could not be read. */
  readonly differs?: {
    readonly changes: readonly Change[];
    readonly missing: readonly Missing[];
    readonly drift: readonly Drift[];
  };
}

/** Which series an event's plan belongs to. */
export interface OfSeries {
  /** The series' name. */
  readonly name: string;
  /** When this occurrence was to start; absent where the plan stands for all that could not be read. */
  readonly original?: string;
  readonly start?: string;
}
