const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds of a DURATION (`500ms`, `30s`, `5m`, `24h`), or null where it is none. */
export function durationMs(text: string): number | null {
  const match = /^(\d{1,9})(ms|s|m|h)$/.exec(text);
  if (match === null) return null;
  // The pattern admits these units alone.
  return Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
}

/** A time for people, in its largest whole unit: `26h`, `5m`. */
export function shownDuration(ms: number): string {
  if (ms >= unitMs.h) return `${Math.floor(ms / unitMs.h)}h`;
  if (ms >= unitMs.m) return `${Math.floor(ms / unitMs.m)}m`;
  return ms >= unitMs.s ? `${Math.floor(ms / unitMs.s)}s` : `${Math.floor(ms)}ms`;
}
