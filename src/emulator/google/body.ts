import { objectOf, type Json } from '../body.ts';
import { GoogleRefusal } from './answer.ts';
import { momentSeconds, type GoogleMoment } from './moments.ts';
import { timeIn, type GoogleContent } from './world.ts';

/** What no body changes, and what is read apart. */
const apart = new Set([
  'kind',
  'etag',
  'id',
  'status',
  'htmlLink',
  'created',
  'updated',
  'creator',
  'organizer',
  'iCalUID',
  'recurringEventId',
  'originalStartTime',
  'attendees',
  'attendeesOmitted',
  'hangoutLink',
  'locked',
  'privateCopy',
  'sequence',
]);

/** What an event of a calendar has beside its attendees once a body was applied to it: `update` leaves nothing of before. */
export function fieldsAfter(content: GoogleContent, body: Json, mode: 'patch' | 'update'): Json {
  const sent = Object.entries(body).filter(([name]) => !apart.has(name));
  const kept = Object.entries(content.fields).filter(([name]) => mode === 'patch' || apart.has(name));
  const fields: Record<string, unknown> = { ...Object.fromEntries(kept), ...Object.fromEntries(sent) };
  for (const edge of ['start', 'end'] as const) {
    if (body[edge] !== undefined) fields[edge] = momentAfter(timeIn(content, edge), body[edge], edge);
    else if (mode === 'update') throw new GoogleRefusal('required', `Missing ${edge} time.`);
  }
  for (const [name, value] of sent) if (value === null) delete fields[name];
  const after = { ...content, fields };
  const moved = hasMoved(content, after);
  if (momentSeconds(timeIn(after, 'end')) < momentSeconds(timeIn(after, 'start'))) {
    throw new GoogleRefusal('timeRangeEmpty');
  }
  return moved ? { ...fields, sequence: Number(fields['sequence'] ?? 0) + 1 } : fields;
}

/** Whether an event starts or ends at another moment: then everybody is asked again. */
export function hasMoved(before: GoogleContent, after: GoogleContent): boolean {
  return (['start', 'end'] as const).some(
    (edge) => momentSeconds(timeIn(before, edge)) !== momentSeconds(timeIn(after, edge)),
  );
}

function momentAfter(before: GoogleMoment, given: unknown, edge: string): GoogleMoment {
  const { date, dateTime, timeZone } = objectOf(given, edge);
  const text = dateTime ?? date;
  if (typeof text !== 'string' || Number.isNaN(Date.parse(text))) {
    throw new GoogleRefusal('invalid', `Invalid ${edge} time.`);
  }
  if (typeof dateTime !== 'string') return { date: text };
  const zone = typeof timeZone === 'string' ? timeZone : before.timeZone;
  return { dateTime: text, ...(zone === undefined ? {} : { timeZone: zone }) };
}
