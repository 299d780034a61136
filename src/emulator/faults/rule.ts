import type { Meddling } from '../platform.ts';

/** Which calls a rule hits: all that is given has to hold. */
export interface Matching {
  /** Names of APIs, `*` for any text: `feishu.attendees.*`. */
  readonly api?: string | readonly string[];
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** The path as it is sent, `*` for any text. */
  readonly path?: string;
  /** The event's id. */
  readonly event?: string;
  /** Of the calls that fit, counted from 1: one, or a range such as `2-5` and `3-`. */
  readonly calls?: number | string;
  readonly every?: number;
  /** Above 0, up to 1. */
  readonly chance?: number;
}

type When = 'before' | 'after';

/** Milliseconds, or a text such as `2s`. */
type Duration = number | string;

/** What an error answers in the place of the platform. */
export interface ErrorAnswer {
  readonly status?: number;
  readonly body?: 'html' | 'json' | 'nothing';
  readonly retryAfter?: number;
}

/** What happens to a call that a rule hits. */
export type Happening =
  | { readonly fault: 'reset'; readonly when?: When }
  | { readonly fault: 'hang'; readonly when?: When }
  | { readonly fault: 'drip'; readonly bytes?: number; readonly pause?: Duration }
  | ({ readonly fault: 'error'; readonly when?: When } & ErrorAnswer)
  | {
      readonly fault: 'rate-limit';
      readonly code?: number | string;
      readonly reset?: number;
    }
  | { readonly fault: 'expired-token' }
  | { readonly fault: 'expired-page-token' }
  | { readonly fault: 'stale'; readonly for: Duration }
  | { readonly fault: 'moving-rows'; readonly row?: 'twice' | 'lost' }
  | ({ readonly fault: 'others'; readonly when?: When } & Meddling)
  | ({ readonly fault: 'half-done'; readonly end?: 'reset' | 'error' } & ErrorAnswer);

export type FaultRule = Matching & Happening;

/** A faults file. */
export interface Faults {
  /** What `chance` is drawn from: the same seed, the same faults. */
  readonly seed: number;
  readonly rules: readonly FaultRule[];
}
