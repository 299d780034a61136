/** The zone in which a day needs no time zone data: loading them takes long. */
export const utc: string = 'UTC';

/** The day of an instant in a zone, `YYYY-MM-DD`. */
export function dayIn(timeZone: string, now: number): string {
  if (timeZone === utc) return new Date(now).toISOString().slice(0, 10);
  // The Swedish locale writes YYYY-MM-DD.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);
}

/** The time of day of an instant in a zone, `HHMM`. */
export function timeIn(timeZone: string, now: number): string {
  if (timeZone === utc) return new Date(now).toISOString().slice(11, 16).replace(':', '');
  const parts = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat('sv-SE', { timeZone, ...parts }).format(now).replace(':', '');
}

/** When a day begins in a zone, in milliseconds since the epoch. Where the clocks skip midnight, just after it. */
export function dayStart(timeZone: string, day: string): number {
  const utcStart = Date.parse(`${day}T00:00:00Z`);
  if (timeZone === utc) return utcStart;
  const dayMs = 86_400_000;
  // No zone is more than 14 hours from UTC; the first minute that is of the day is found by halving.
  let before = utcStart - dayMs;
  let after = utcStart + dayMs;
  while (after - before > 60_000) {
    const middle = Math.floor((before + after) / 120_000) * 60_000;
    if (dayIn(timeZone, middle) < day) before = middle;
    else after = middle;
  }
  return after;
}

/** The day after one. */
export function nextDay(day: string): string {
  return daysAfter(day, 1);
}

/** The day so many days after one. */
export function daysAfter(day: string, days: number): string {
  return dayIn(utc, Date.parse(`${day}T00:00:00Z`) + days * 86_400_000);
}

const form = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;

/** Whether `text` is a day that exists in the Gregorian calendar, written `YYYY-MM-DD`. */
export function isCalendarDay(text: string): boolean {
  const match = form.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}
