const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** The longest duration in milliseconds, some 24 days: timers take no longer wait, and end at once where asked for one. */
export const longestDurationMs: number = 2 ** 31 - 1;

/** What is wrong with a DURATION: it is none, or too long. The sentence says what to give. */
export type DurationFault = 'Give a duration like 500ms, 30s, 5m or 24h.' | 'Give 596h at most.';

/** Milliseconds of a DURATION (`500ms`, `30s`, `5m`, `24h`; at most 596h), or what is wrong with it. */
export function parseDuration(text: string): number | DurationFault {
  const ms = durationMs(text);
  if (ms === null) return 'Give a duration like 500ms, 30s, 5m or 24h.';
  return ms > longestDurationMs ? 'Give 596h at most.' : ms;
}

/** Milliseconds of a text such as `500ms`, `30s`, `5m`, `24h`, however long; null where it is none. */
export function durationMs(text: string): number | null {
  const match = /^(\d+)(ms|s|m|h)$/.exec(text);
  // The pattern admits these units alone.
  return match === null ? null : Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
}

/** A time for people, in its largest whole unit: `26h`, `5m`. */
export function shownDuration(ms: number): string {
  if (ms >= unitMs.h) return `${Math.floor(ms / unitMs.h)}h`;
  if (ms >= unitMs.m) return `${Math.floor(ms / unitMs.m)}m`;
  return ms >= unitMs.s ? `${Math.floor(ms / unitMs.s)}s` : `${Math.floor(ms)}ms`;
}
