import type { Answer, Call, Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import { roleOn, seatOf, actingOf, type Seat } from './access.ts';
import { found } from './answer.ts';
import { pageOf } from './events.ts';
import { googleOf } from './world.ts';

const ranks = ['freeBusyReader', 'reader', 'writer', 'owner'];

/** https://developers.google.com/workspace/calendar/api/v3/reference/calendarList/list */
export function listCalendars(call: Call, context: Context, caller: Caller): Answer {
  const google = googleOf(context.world);
  const acting = actingOf(caller, context);
  if (acting.subject !== null) google.calendar(acting.subject);
  const least = ranks.indexOf(call.query.get('minAccessRole') ?? 'freeBusyReader');
  const all = [...google.calendars.values()].flatMap((calendar): readonly Seat[] => {
    const role = roleOn(calendar, acting);
    return role === undefined || ranks.indexOf(role) < least ? [] : [{ calendar, role }];
  });
  const { rows, next } = pageOf(all, { usual: 100, most: 250 }, call, context);
  const primary = acting.subject ?? all[0]?.calendar.id;
  return found(call, {
    kind: 'calendar#calendarList',
    etag: '"p1"',
    ...(next === undefined ? { nextSyncToken: 's1' } : { nextPageToken: next }),
    items: rows.map((seat) => ({
      kind: 'calendar#calendarListEntry',
      etag: '"1"',
      ...calendarView(seat),
      ...(seat.calendar.id === primary ? { primary: true } : {}),
      accessRole: seat.role,
      selected: true,
      defaultReminders: [],
    })),
  });
}

/** https://developers.google.com/workspace/calendar/api/v3/reference/calendars/get */
export function getCalendar(call: Call, context: Context, caller: Caller): Answer {
  return found(call, {
    kind: 'calendar#calendar',
    etag: '"1"',
    ...calendarView(seatOf(call, context, caller)),
  });
}

function calendarView({ calendar: { id, summary, timeZone } }: Seat): object {
  return {
    id,
    summary,
    timeZone,
    conferenceProperties: { allowedConferenceSolutionTypes: ['hangoutsMeet'] },
  };
}
