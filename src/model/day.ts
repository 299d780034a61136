/** The zone in which a day needs no time zone data: loading them takes long. */
export const utc: string = 'UTC';

/** The day of an instant in a zone, `YYYY-MM-DD`. */
export function dayIn(timeZone: string, now: number): string {
  if (timeZone === utc) return new Date(now).toISOString().slice(0, 10);
  // The Swedish locale writes YYYY-MM-DD.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);
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
