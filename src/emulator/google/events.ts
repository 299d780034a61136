import { countOf, switchOf, type Json } from '../body.ts';
import { pageStart, pageToken } from '../pages.ts';
import { type Answer, type Call, type Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import { seatOf, type Seat } from './access.ts';
import { found, GoogleRefusal, wrongParameter } from './answer.ts';
import { eventOf, eventsOn, eventView, mostOf, type Found } from './event.ts';
import { momentSeconds, occurrencesOf } from './moments.ts';
import { folded } from './people.ts';
import { ruleIn, timeIn, type GoogleContent, type GoogleEvent } from './world.ts';

/** A stretch of time, in Unix seconds; without an end on either side where that is not given. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A page of so many rows of a list; where it goes on. */
export function pageOf<Row>(
  rows: readonly Row[],
  sizes: { readonly usual: number; readonly most: number },
  call: Call,
  { behaviour, now }: Context,
): { readonly rows: readonly Row[]; readonly next: string | undefined } {
  const size = Math.min(countOf(call.query, 'maxResults', sizes.usual), sizes.most);
  if (size < 1) throw wrongParameter('maxResults');
  const kept = [...call.query].filter(([name]) => name !== 'pageToken' && name !== 'maxResults');
  const list = JSON.stringify([call.api, call.params, kept]);
  const start = pageStart(call.query.get('pageToken') ?? '', list, now, behaviour.pageTokenLifetime);
  if ('problem' in start) throw wrongParameter('pageToken');
  const end = start.offset + size;
  return {
    rows: rows.slice(start.offset, end),
    next: end < rows.length ? pageToken(list, end, now) : undefined,
  };
}

/** https://developers.google.com/workspace/calendar/api/v3/reference/events/list */
export function listEvents(call: Call, context: Context, caller: Caller): Answer {
  const seat = seatOf(call, context, caller);
  const { query } = call;
  // One is handed out, as on the platform, and it may be out of date at any time.
  if ((query.get('syncToken') ?? '') !== '') throw new GoogleRefusal('fullSyncRequired');
  const single = switchOf(query, 'singleEvents', false);
  const order = query.get('orderBy');
  if (order === 'startTime' && !single) {
    throw wrongParameter('orderBy', 'The requested ordering is not available for the particular query.');
  }
  const stretch = stretchOf(query);
  const all = eventsOn(seat.calendar, context);
  const rows = all
    .flatMap((event) => (single ? singly(event, all, stretch, context) : [{ event, original: null }]))
    .filter((one) => isAskedFor(one, stretch, single, query, context));
  if (order === 'startTime') rows.sort((one, other) => startOf(one, context) - startOf(other, context));
  if (order === 'updated')
    rows.sort((one, other) => contentIn(one, context).updated - contentIn(other, context).updated);
  return listed(rows, seat, call, context);
}

/** https://developers.google.com/workspace/calendar/api/v3/reference/events/instances */
export function listInstances(call: Call, context: Context, caller: Caller): Answer {
  const seat = seatOf(call, context, caller);
  const { event } = eventOf(call, seat, context);
  const { query } = call;
  const stretch = stretchOf(query);
  const wanted = query.get('originalStart');
  const rows = singly(event, eventsOn(seat.calendar, context), stretch, context)
    .filter((one) => isAskedFor(one, stretch, true, query, context))
    .filter((one) => wanted === null || originalOf(one, context) === Math.floor(Date.parse(wanted) / 1000))
    .sort((one, other) => originalOf(one, context) - originalOf(other, context));
  return listed(rows, seat, call, context);
}

function listed(all: readonly Found[], seat: Seat, call: Call, context: Context): Answer {
  const { rows, next } = pageOf(all, { usual: 250, most: 2500 }, call, context);
  const most = mostOf(call);
  return found(call, {
    kind: 'calendar#events',
    etag: `"p${String(context.world.changes)}"`,
    summary: seat.calendar.summary,
    updated: new Date(context.now).toISOString(),
    timeZone: seat.calendar.timeZone,
    accessRole: seat.role,
    defaultReminders: [],
    ...(next === undefined
      ? { nextSyncToken: `s${String(context.world.changes)}` }
      : { nextPageToken: next }),
    items: rows.map((one): Json => eventView(one, contentIn(one, context), seat, most, context)),
  });
}

/** An event as its occurrences: those that were changed as they are, the others as their series has them. */
function singly(
  event: GoogleEvent,
  all: readonly GoogleEvent[],
  { to }: Stretch,
  context: Context,
): readonly Found[] {
  const content = event.content.seen(context.now);
  const rule = ruleIn(content);
  if (rule === '') return event.occurrence !== null && isBelow(event, all) ? [] : [{ event, original: null }];
  const changed = all.filter(({ occurrence }) => occurrence?.series === event.id);
  const originals = new Set(changed.map(({ occurrence }) => occurrence?.original));
  return [
    ...occurrencesOf(rule, timeIn(content, 'start'), to)
      .filter((original) => !originals.has(original))
      .map((original) => ({ event, original })),
    ...changed.map((one) => ({ event: one, original: null })),
  ];
}

/** Whether the series of a changed occurrence is there as well: then it is listed with that. */
function isBelow({ occurrence }: GoogleEvent, all: readonly GoogleEvent[]): boolean {
  return all.some(({ id }) => id === occurrence?.series);
}

function isAskedFor(
  one: Found,
  stretch: Stretch,
  single: boolean,
  query: URLSearchParams,
  context: Context,
): boolean {
  const content = contentIn(one, context);
  const { event } = one;
  const deleted = switchOf(query, 'showDeleted', false) || (event.occurrence !== null && !single);
  if (content.cancelled && !deleted) return false;
  const uid = query.get('iCalUID') ?? '';
  if (uid !== '' && uid !== event.iCalUID) return false;
  const since = query.get('updatedMin') ?? '';
  if (since !== '' && content.updated < momentOf('updatedMin', since) * 1000) return false;
  return isWithin(one, content, stretch, context) && hasWords(event, content, query.get('q') ?? '');
}

function isWithin(one: Found, content: GoogleContent, { from, to }: Stretch, context: Context): boolean {
  const length = momentSeconds(timeIn(content, 'end')) - momentSeconds(timeIn(content, 'start'));
  const rule = one.original === null ? ruleIn(content) : '';
  const starts = rule === '' ? [startOf(one, context)] : occurrencesOf(rule, timeIn(content, 'start'), to);
  return starts.some((start) => start < to && start + length > from);
}

function hasWords({ organizer }: GoogleEvent, { fields, rows }: GoogleContent, words: string): boolean {
  const { summary = '', description = '', location = '' } = fields;
  const people = rows.flatMap(({ email, name }) => [email, name ?? '']);
  const text = folded([summary, description, location, organizer, ...people].join('\n'));
  return folded(words)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function contentIn({ event }: Found, { now }: Context): GoogleContent {
  return event.content.seen(now);
}

function startOf(one: Found, context: Context): number {
  return one.original ?? momentSeconds(timeIn(contentIn(one, context), 'start'));
}

function originalOf(one: Found, context: Context): number {
  return one.event.occurrence?.original ?? startOf(one, context);
}

function stretchOf(query: URLSearchParams): Stretch {
  const [from, to] = [query.get('timeMin') ?? '', query.get('timeMax') ?? ''];
  const stretch = {
    from: from === '' ? -Infinity : momentOf('timeMin', from),
    to: to === '' ? Infinity : momentOf('timeMax', to),
  };
  if (stretch.from >= stretch.to)
    throw new GoogleRefusal('timeRangeEmpty', undefined, { parameter: 'timeMax' });
  return stretch;
}

function momentOf(name: string, text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new GoogleRefusal('badRequest', undefined, { parameter: name });
  return ms / 1000;
}
