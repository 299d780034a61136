import { utc } from '../../model/day.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const day = /^\d{4}-\d{2}-\d{2}$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * A time for people: `Mon 2099-01-05 10:00 Asia/Shanghai`, to the minute; `Mon 2099-01-05` of a day without a time.
 * Anything that is neither an instant nor a day stays as it is.
 *
 * @param timeZone an IANA zone
 */
export function momentWords(moment: string, timeZone: string): string {
  const time = Date.parse(moment);
  if (Number.isNaN(time)) return moment;
  if (day.test(moment)) return `${weekdayOf(moment)} ${moment}`;
  if (!instant.test(moment)) return moment;
  const local = localTime(time, timeZone);
  return `${weekdayOf(local.slice(0, 10))} ${local} ${timeZone}`;
}

/** `Mon 2099-01-05 10:00 Asia/Shanghai, repeats`; a day without a time lasts `all day`. */
export function startWords(start: string, recurring: boolean, timeZone: string): string {
  const words = [momentWords(start, timeZone)];
  if (day.test(start)) words.push('all day');
  if (recurring) words.push('repeats');
  return words.join(', ');
}

/** `Sun 2099-02-08 02:00 UTC, moved to Sun 2099-02-08 06:00 UTC` */
export function movedWords(original: string, start: string, timeZone: string): string {
  const was = momentWords(original, timeZone);
  return Date.parse(original) === Date.parse(start)
    ? was
    : `${was}, moved to ${momentWords(start, timeZone)}`;
}

/** `YYYY-MM-DD HH:MM`. */
function localTime(time: number, timeZone: string): string {
  // Without the zone data, which take long to load.
  if (timeZone === utc) return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
  // The Swedish locale writes YYYY-MM-DD HH:MM.
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(time);
}

function weekdayOf(date: string): string {
  return weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? '';
}
