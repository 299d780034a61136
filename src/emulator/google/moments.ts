import { secondsOf, type Moment } from '../moment.ts';
import { offsetOf, startsOf } from '../series.ts';

/** A point in time as Google writes it: a day, or a moment with the zone it is meant in. */
export interface GoogleMoment {
  readonly date?: string;
  readonly dateTime?: string;
  readonly timeZone?: string;
}

const daySeconds = 86_400;

/** A moment of the tenant file; the day that an event ends on is, on Google, the first that it is over. */
export function googleMoment(moment: Moment, edge: 'start' | 'end'): GoogleMoment {
  if ('day' in moment) return { date: dayOf(secondsOf(moment, edge)) };
  return { dateTime: moment.text, timeZone: moment.timeZone };
}

/** A moment in seconds since the epoch; a day begins at midnight UTC. */
export function momentSeconds({ date, dateTime }: GoogleMoment): number {
  return Math.floor(Date.parse(dateTime ?? date ?? '') / 1000);
}

/** The moment so many seconds later. */
export function later(moment: GoogleMoment, seconds: number): GoogleMoment {
  if (seconds === 0) return moment;
  if (moment.dateTime === undefined) return { date: dayOf(momentSeconds(moment) + seconds) };
  const offset = offsetOf(moment.dateTime);
  const local = new Date((momentSeconds(moment) + seconds + offset) * 1000).toISOString().slice(0, 19);
  const [zone = 'Z'] = /(Z|[+-]\d{2}:\d{2})$/.exec(moment.dateTime) ?? [];
  return { ...moment, dateTime: `${local}${zone}` };
}

/** What a series and its occurrences are called by. */
export function occurrenceId(series: string, original: number, { date }: GoogleMoment): string {
  const text = instant(original).replaceAll(/[-:]/g, '');
  return `${series}_${date === undefined ? text : text.slice(0, 8)}`;
}

/** The series of an occurrence by its id, and when that was to start, in Unix seconds. */
export function occurrenceOf(id: string): { readonly series: string; readonly original: number } | undefined {
  const [, series, day = '', time] = /^(.+)_(\d{8})(?:T(\d{6})Z)?$/.exec(id) ?? [];
  if (series === undefined) return undefined;
  const [date, clock] = [
    day.replace(/(....)(..)(..)/, '$1-$2-$3'),
    (time ?? '000000').replace(/(..)(..)(..)/, '$1:$2:$3'),
  ];
  const original = Date.parse(`${date}T${clock}Z`) / 1000;
  return Number.isNaN(original) ? undefined : { series, original };
}

/** Seconds since the epoch as RFC 3339. */
export function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}

function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** Where a series without an end is given up. */
const mostOccurrences = 730;

/** When the occurrences of a series start that do so before `until`, in Unix seconds. */
export function occurrencesOf(rule: string, start: GoogleMoment, until: number): readonly number[] {
  const offset = start.dateTime === undefined ? 0 : offsetOf(start.dateTime);
  const starts: number[] = [];
  for (const one of startsOf(rule, momentSeconds(start), until, offset)) {
    if (starts.push(one) >= mostOccurrences) break;
  }
  return starts;
}

/** Whether a series has an occurrence that starts then. */
export function occursAt(rule: string, start: GoogleMoment, original: number): boolean {
  const offset = start.dateTime === undefined ? 0 : offsetOf(start.dateTime);
  for (const one of startsOf(rule, momentSeconds(start), original + daySeconds, offset)) {
    if (one >= original) return one === original;
  }
  return false;
}
