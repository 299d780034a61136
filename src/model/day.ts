/** The zone in which a day needs no time zone data: loading them takes long. */
export const utc: string = 'UTC';

/** The day of an instant in a zone, `YYYY-MM-DD`. */
export function dayIn(timeZone: string, now: number): string {
  if (timeZone === utc) return new Date(now).toISOString().slice(0, 10);
  // The Swedish locale writes YYYY-MM-DD.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);
}
