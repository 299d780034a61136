/** A point in time of a tenant file: a day, or a moment in a time zone. */
export type Moment =
  { readonly day: string } | { readonly seconds: number; readonly timeZone: string; readonly text: string };

/** Far ahead: an event that is over is guarded against changes. */
const defaultStart = '2099-01-04T10:00:00+08:00';
const defaultZone = 'Asia/Shanghai';

/** Start and end of an event of the tenant file; without an end it lasts an hour, or the day. */
export function timesOf(event: {
  readonly start?: string;
  readonly end?: string;
  readonly timeZone?: string;
}): {
  readonly start: Moment;
  readonly end: Moment;
} {
  const zone = event.timeZone ?? defaultZone;
  const start = momentOf(event.start ?? defaultStart, zone);
  if (event.end !== undefined) return { start, end: momentOf(event.end, zone) };
  if ('day' in start) return { start, end: start };
  return { start, end: momentOf(String(start.seconds + 3600), zone) };
}

function momentOf(text: string, timeZone: string): Moment {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return { day: text };
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.floor(Date.parse(text) / 1000);
  const written = /^\d+$/.test(text) ? new Date(seconds * 1000).toISOString().replace('.000', '') : text;
  return { seconds, timeZone, text: written };
}

/** A moment in seconds since the epoch; a day begins, and ends, at midnight UTC. */
export function secondsOf(moment: Moment, edge: 'start' | 'end' = 'start'): number {
  if (!('day' in moment)) return moment.seconds;
  return Date.parse(moment.day) / 1000 + (edge === 'end' ? 86_400 : 0);
}

/** The recurrence rule of an event of the tenant file; empty where it is not a series. */
export function ruleOf({
  recurring,
  recurrence,
}: {
  readonly recurring?: boolean | string;
  readonly recurrence?: string;
}): string {
  if (recurrence !== undefined) return recurrence;
  if (typeof recurring === 'string') return recurring;
  return recurring === true ? 'FREQ=WEEKLY;INTERVAL=1' : '';
}

/** The times of an event that starts at another moment and lasts as long. */
export function startingAt(
  text: string,
  { start, end }: { readonly start: Moment; readonly end: Moment },
): { readonly start: Moment; readonly end: Moment } {
  if ('day' in start) return timesOf({ start: text });
  const moved = momentOf(text, start.timeZone);
  const length = secondsOf(end) - start.seconds;
  return { start: moved, end: momentOf(String(secondsOf(moved) + length), start.timeZone) };
}
