const firstMs = 500;
const longestMs = 10_000;

/**
 * The wait after a try that failed, in milliseconds: 500 ms, doubled each time up to 10 s, up to a fifth shorter by
 * chance so that callers do not come back all at once.
 */
export function backOffMs(attempt: number, random: () => number): number {
  return Math.min(longestMs, firstMs * 2 ** (attempt - 1)) * (1 - 0.2 * random());
}

function secondsMs(value: string | undefined): number | null {
  if (value === undefined || !/^\d+(\.\d+)?$/.test(value.trim())) return null;
  return Number(value) * 1000;
}

/**
 * The wait that an answer asks for, in milliseconds, or `null` where it asks for none. `resetHeader` names the
 * platform's own header, in lower case and in seconds; it goes before `Retry-After` (seconds or a date).
 */
export function requestedWaitMs(
  headers: Readonly<Record<string, string>>,
  now: number,
  resetHeader?: string,
): number | null {
  const reset = resetHeader === undefined ? null : secondsMs(headers[resetHeader]);
  if (reset !== null) return reset;
  const retryAfter = headers['retry-after'];
  if (retryAfter === undefined) return null;
  const seconds = secondsMs(retryAfter);
  if (seconds !== null) return seconds;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
