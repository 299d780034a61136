/** The parts of a recurrence rule, each by its name. Those that have no part in the arithmetic below have no effect. */
export function partsOf(rule: string): ReadonlyMap<string, string> {
  const pairs = rule.split(';').map((part) => part.split('='));
  return new Map(pairs.map(([name = '', value = '']) => [name, value]));
}

/** RFC 5545's days, as `Date` counts them. */
export const weekdays: readonly string[] = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

const daySeconds = 86_400;
/** Where a rule without an end, or one that no day fits, is given up. */
const mostSteps = 40_000;

/**
 * The starts of a series from its first one, in seconds since the epoch, that lie before `until`. Days are counted in
 * UTC with the series' own offset, so a zone that turns its clocks is not followed.
 */
export function* startsOf(
  rule: string,
  first: number,
  until: number,
  offset: number,
): Generator<number, void, void> {
  const parts = partsOf(rule);
  const last = Math.min(until - 1, endOf(parts.get('UNTIL')));
  const most = Number(parts.get('COUNT') ?? Infinity);
  let count = 0;
  for (const start of candidates(parts, first, offset)) {
    if (start > last || count >= most) return;
    if (start < first) continue;
    count += 1;
    yield start;
  }
}

function endOf(text: string | undefined): number {
  const [, year, month, day, rest] = /^(\d{4})(\d{2})(\d{2})(?:T(\d{6})Z?)?$/.exec(text ?? '') ?? [];
  if (year === undefined) return Infinity;
  const time = rest === undefined ? '23:59:59' : rest.replace(/(..)(..)(..)/, '$1:$2:$3');
  return Date.parse(`${year}-${month ?? ''}-${day ?? ''}T${time}Z`) / 1000;
}

function* candidates(parts: ReadonlyMap<string, string>, first: number, offset: number): Generator<number> {
  const interval = Math.max(1, Number(parts.get('INTERVAL') ?? 1));
  const frequency = parts.get('FREQ');
  const begin = new Date((first + offset) * 1000);
  // `MO`, or with the number that a month counts by: `2MO`.
  const named = (parts.get('BYDAY') ?? '').split(',').map((day) => weekdays.indexOf(day.slice(-2)));
  const days = named.some((day) => day >= 0) ? named.filter((day) => day >= 0) : [begin.getUTCDay()];
  for (let step = 0; step < mostSteps; step += 1) {
    if (frequency === 'WEEKLY') {
      const monday = first - ((begin.getUTCDay() + 6) % 7) * daySeconds + step * interval * 7 * daySeconds;
      const ordered = days.map((day) => (day + 6) % 7).sort((one, other) => one - other);
      for (const day of ordered) yield monday + day * daySeconds;
    } else if (frequency === 'DAILY') {
      const start = first + step * interval * daySeconds;
      const day = new Date((start + offset) * 1000).getUTCDay();
      if (!parts.has('BYDAY') || days.includes(day)) yield start;
    } else {
      const months = step * interval * (frequency === 'YEARLY' ? 12 : 1);
      const moved = new Date(begin);
      moved.setUTCMonth(begin.getUTCMonth() + months);
      // A month that lacks the day is left out.
      if (moved.getUTCDate() === begin.getUTCDate()) yield moved.getTime() / 1000 - offset;
    }
  }
}

/** The seconds that a moment's text is ahead of UTC by: 28800 for `+08:00`. */
export function offsetOf(text: string): number {
  const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})$/.exec(text) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
