import { countOf, switchOf, WrongField } from '../body.ts';
import { secondsOf } from '../moment.ts';
import { pageStart, pageToken } from '../pages.ts';
import { param, type Answer, type Call, type Context } from '../route.ts';
import { offsetOf, startsOf } from '../series.ts';
import { DingtalkRefusal, found } from './answer.ts';
import { eventView } from './event.ts';
import { hasLeft } from './people.ts';
import { dingtalkOf, occurrenceId, sees, type DingtalkEvent } from './world.ts';

/** A row of a list: an event, or one occurrence of a series with its start. */
interface Listed {
  readonly event: DingtalkEvent;
  readonly occurrence: number | null;
}

const yearMs = 366 * 86_400_000;

/**
 * The calendars of a person: the primary one, and those that are shared with them.
 * https://open.dingtalk.com/document/development/query-calendar-list
 */
export function listCalendars(call: Call, context: Context): Answer {
  eventsOf(call, context);
  const others = dingtalkOf(context.world).calendars.get(param(call, 'userId')) ?? [];
  const primary = { id: 'primary', summary: '', type: 'primary', role: 'owner' };
  const calendars = [primary, ...others].map(({ id, summary = '', type = 'shared', role = 'reader' }) => ({
    id,
    summary,
    description: '',
    timeZone: 'Asia/Shanghai',
    eTag: '0',
    type,
    privilege: role,
  }));
  return found({ response: { calendars } });
}

/**
 * A page of the events that begin from `timeMin` to `timeMax`: 1 to 100, 100 unless asked for otherwise. Of a series
 * the occurrences that are over are listed. https://open.dingtalk.com/document/development/query-an-event-list
 */
export function listEvents(call: Call, context: Context): Answer {
  const { from, to } = windowOf(call);
  if (from !== undefined && to !== undefined && to - from > yearMs) {
    throw new DingtalkRefusal('invalidParameter', 'timeMin and timeMax are at most a year apart');
  }
  const deleted = switchOf(call.query, 'showDeleted', false);
  const series = call.query.get('seriesMasterId') ?? '';
  // None is handed out, so one that is given is out of date.
  if ((call.query.get('syncToken') ?? '') !== '') throw new DingtalkRefusal('invalidParameter', 'syncToken');
  const all = eventsOf(call, context);
  const listed = all
    .filter((event) => deleted || !event.content.seen(context.now).cancelled)
    .flatMap((event) => rowsOf(event, all, context))
    .filter(({ event, occurrence }) => {
      const start = (occurrence ?? secondsOf(event.start)) * 1000;
      return start >= (from ?? -Infinity) && start <= (to ?? Infinity);
    })
    .filter(
      ({ event, occurrence }) =>
        series === '' || (event.occurrence?.series ?? (occurrence === null ? null : event.id)) === series,
    );
  return answered(listed, call, context);
}

/**
 * A page of what happens between `timeMin` and `timeMax`, series as their occurrences: 1 to 100, 100 unless asked for
 * otherwise.
 * https://open.dingtalk.com/document/development/query-schedule-view
 */
export function viewEvents(call: Call, context: Context): Answer {
  const { from, to } = windowOf(call);
  if (from === undefined || to === undefined) {
    throw new DingtalkRefusal('invalidParameter', 'timeMin and timeMax are needed');
  }
  const all = eventsOf(call, context);
  const listed = all
    .filter((event) => !event.content.seen(context.now).cancelled)
    .flatMap((event) => occurrencesOf(event, all, to / 1000))
    .filter(({ event, occurrence }) => {
      const start = occurrence ?? secondsOf(event.start);
      return (start + lengthOf(event)) * 1000 >= from && start * 1000 < to;
    });
  return answered(listed, call, context);
}

/** The events of the path's primary calendar; those of people whom the app cannot see are refused. */
function eventsOf(call: Call, context: Context): readonly DingtalkEvent[] {
  if ((call.params['calendarId'] ?? 'primary') !== 'primary') throw new DingtalkRefusal('invalidParameter');
  const { users, people } = dingtalkOf(context.world);
  const user = param(call, 'userId');
  const known = people.get(user);
  const outside =
    known === undefined
      ? context.behaviour.foreignCalendar === 'refused'
      : hasLeft(known, context.now) || !sees(context.world, known);
  if (outside) throw new DingtalkRefusal('permissionDeny');
  return [...(users.get(user)?.values() ?? [])];
}

function windowOf(call: Call): { readonly from: number | undefined; readonly to: number | undefined } {
  const [from, to] = (['timeMin', 'timeMax'] as const).map((name) => {
    const text = call.query.get(name) ?? '';
    if (text === '') return undefined;
    const at = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(at)) throw new WrongField(name, 'a moment as in ISO 8601');
    return at;
  });
  if (from !== undefined && to !== undefined && to < from) throw new WrongField('timeMax', 'after timeMin');
  return { from, to };
}

function rowsOf(event: DingtalkEvent, all: readonly DingtalkEvent[], context: Context): readonly Listed[] {
  // Of occurrences those that are over.
  if (event.occurrence !== null && secondsOf(event.start) * 1000 >= context.now) return [];
  if (event.recurrence === '') return [{ event, occurrence: null }];
  const { listedSeries } = context.behaviour;
  return [
    ...(listedSeries === 'occurrences' ? [] : [{ event, occurrence: null }]),
    ...(listedSeries === 'master' ? [] : occurrencesOf(event, all, context.now / 1000)),
  ];
}

/** The occurrences of a series that begin before then and nobody changed; of another event itself. */
function occurrencesOf(
  event: DingtalkEvent,
  all: readonly DingtalkEvent[],
  until: number,
): readonly Listed[] {
  if (event.recurrence === '') return [{ event, occurrence: null }];
  const changed = new Set(
    all.flatMap(({ occurrence }) => (occurrence?.series === event.id ? [occurrence.original] : [])),
  );
  const offset = 'day' in event.start ? 0 : offsetOf(event.start.text);
  return [...startsOf(event.recurrence, secondsOf(event.start), until, offset)]
    .filter((occurrence) => !changed.has(occurrence))
    .map((occurrence) => ({ event, occurrence }));
}

function lengthOf(event: DingtalkEvent): number {
  return secondsOf(event.end, 'end') - secondsOf(event.start);
}

function answered(listed: readonly Listed[], call: Call, context: Context): Answer {
  const size = countOf(call.query, 'maxResults', 100);
  if (size < 1 || size > 100) throw new DingtalkRefusal('invalidParameter', 'maxResults is 1 to 100');
  const most = countOf(call.query, 'maxAttendees', 100);
  if (most < 0 || most > 100) throw new DingtalkRefusal('invalidParameter', 'maxAttendees is at most 100');
  const kept = [...call.query].filter(([name]) => name !== 'nextToken' && name !== 'maxResults');
  const list = JSON.stringify([call.api, call.params, kept]);
  const given = call.query.get('nextToken') ?? '';
  const { pageTokenLifetime } = context.behaviour;
  const start = pageStart(given === '0' ? '' : given, list, context.now, pageTokenLifetime);
  if ('problem' in start) throw new DingtalkRefusal('invalidParameter', 'nextToken is not valid');
  const end = start.offset + size;
  const user = param(call, 'userId');
  return found({
    events: listed.slice(start.offset, end).map((row) => listedView(row, most, user, context)),
    ...(end < listed.length ? { nextToken: pageToken(list, end, context.now) } : {}),
  });
}

function listedView({ event, occurrence }: Listed, most: number, user: string, context: Context): object {
  const view = eventView(event, event.content.seen(context.now), most, user, context);
  if (event.occurrence !== null) {
    const { series, original } = event.occurrence;
    return { ...view, originStart: { dateTime: instant(original) }, seriesMasterId: series };
  }
  if (occurrence === null) return view;
  const { recurrence: _, ...rest } = view;
  const start = instant(occurrence);
  const end = instant(occurrence + lengthOf(event));
  const timed =
    'day' in event.start
      ? { start: { date: start.slice(0, 10) }, end: { date: start.slice(0, 10) } }
      : {
          start: { dateTime: start, timeZone: event.start.timeZone },
          end: { dateTime: end, timeZone: event.start.timeZone },
        };
  return {
    ...rest,
    id: occurrenceId(event.id, occurrence),
    ...timed,
    originStart: { dateTime: start },
    seriesMasterId: event.id,
  };
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}
