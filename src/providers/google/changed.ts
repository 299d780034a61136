import type { JsonObject } from '../../http/json.ts';
import { rowsIn, timeOf } from './event.ts';

/** What an occurrence has from its series unless it was changed. Its times and its identity are its own. */
const inherited = ['summary', 'description', 'location', 'status', 'visibility', 'transparency'] as const;

/** Whether an occurrence is otherwise than its series would have it: a reply to it alone is enough. */
export function isChanged(event: JsonObject, series: JsonObject): boolean {
  const isMoved = timeOf(event['start']) !== timeOf(event['originalStartTime']);
  if (isMoved || lengthOf(event) !== lengthOf(series)) return true;
  if (inherited.some((key) => event[key] !== series[key])) return true;
  const rows = (of: JsonObject): string =>
    rowsIn(of)
      .map((row) => JSON.stringify(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1))))
      .sort()
      .join();
  return rows(event) !== rows(series);
}

function lengthOf(event: JsonObject): number | null {
  const [start, end] = [timeOf(event['start']), timeOf(event['end'])];
  return start === undefined || end === undefined ? null : Date.parse(end) - Date.parse(start);
}
