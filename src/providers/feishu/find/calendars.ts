import { isObject, textOf, type JsonObject } from '../../../http/json.ts';
import type { Found, FoundCalendar } from '../../../model/found.ts';
import { chunks } from '../../../model/order.ts';
import { type Gathering, gathering, keepNamed, kindOfText, type Search, textIn } from '../../find.ts';
import { malformed } from '../../problem.ts';
import { ask, listing, rowsIn } from './page.ts';
import { findPeople } from './people.ts';

const root = '/open-apis/calendar/v4/calendars';

/** What the account's own calendar may be called. */
const primary = 'primary';

/** What an account may change events as. */
const writers: ReadonlySet<string> = new Set(['writer', 'owner']);
/** Calendars that only show what is kept elsewhere, whatever the role. */
const mirrors: ReadonlySet<string> = new Set(['google', 'exchange']);

function calendarOf(row: JsonObject): FoundCalendar {
  const id = textOf(row['calendar_id']);
  if (id === undefined) throw malformed('a calendar has no calendar_id');
  const role = textIn(row, 'role');
  const mirror = row['is_third_party'] === true || mirrors.has(textIn(row, 'type') ?? '');
  return {
    id,
    title: textIn(row, 'summary_alias') ?? textIn(row, 'summary'),
    role,
    writable: role === null ? null : writers.has(role) && !mirror,
  };
}

/** Those that the account owns or has subscribed to (page: `calendar/list-calendar`). */
async function own(
  search: Search,
  gathered: Gathering<FoundCalendar>,
  texts: readonly string[],
): Promise<void> {
  const rows = await gathered.read(
    listing(search, { api: 'calendars.list', method: 'GET', path: root }, 500, {
      rows: 'calendar_list',
      read: (row) => ({ calendar: calendarOf(row), deleted: row['is_deleted'] === true }),
      keyOf: ({ calendar }) => calendar.id,
    }),
    'calendars',
  );
  const calendars = rows.flatMap(({ calendar, deleted }) => (deleted ? [] : [calendar]));
  keepNamed(gathered, calendars, texts, ({ title }) => title);
}

/** The primary calendars of people, and what the account may do there (page: `calendar/primarys`). */
async function ofPeople(
  search: Search,
  gathered: Gathering<FoundCalendar>,
  texts: readonly string[],
): Promise<void> {
  const people = await findPeople({ ...search, query: { texts } });
  gathered.missing.push(...people.missing);
  if (!people.complete) gathered.failed(people.problem);
  const ids = people.items.flatMap(({ ids: { open_id: id } }) => (id === undefined ? [] : [id]));
  for (const part of chunks(ids, 10)) {
    const data = await gathered.ask(
      ask(search, {
        api: 'calendars.primary-of',
        method: 'POST',
        path: `${root}/primarys`,
        query: { user_id_type: 'open_id' },
        body: { json: { user_ids: part } },
      }),
    );
    for (const row of data === undefined ? [] : rowsIn(data, 'calendars')) {
      const calendar = row['calendar'];
      if (isObject(calendar)) gathered.items.push(calendarOf(calendar));
    }
  }
}

/** Whether a text names a person and not a calendar, whose ids look like addresses too. */
function isPerson(text: string): boolean {
  return /^o[un]_/.test(text) || (kindOfText(text) === 'email' && !text.includes('.calendar.'));
}

/** Calendars by id that the account has not subscribed to (page: `calendar/mget`); one that is not there is left out. */
async function byId(search: Search, gathered: Gathering<FoundCalendar>): Promise<void> {
  const ids = gathered.missing.map(({ query }) => query).filter((text) => text.includes('@'));
  for (const part of chunks(ids, 10)) {
    const data = await gathered.ask(
      ask(search, {
        api: 'calendars.by-id',
        method: 'POST',
        path: `${root}/mget`,
        body: { json: { calendar_ids: part } },
      }),
    );
    for (const calendar of (data === undefined ? [] : rowsIn(data, 'calendars')).map(calendarOf)) {
      const at = gathered.missing.findIndex(({ query }) => query === calendar.id);
      if (at === -1) continue;
      gathered.missing.splice(at, 1);
      gathered.items.push(calendar);
    }
  }
}

/** The account's calendars, those that are asked for, or those of people; `primary` is its own. */
export async function findCalendars(search: Search): Promise<Found<FoundCalendar>> {
  const { texts } = search.query;
  const gathered = gathering<FoundCalendar>(search);
  const people = texts.filter(isPerson);
  const titles = texts.filter((text) => !isPerson(text) && text !== primary);
  if (texts.includes(primary)) {
    const own = await gathered.ask(primaryCalendar(search));
    if (own !== undefined) gathered.items.push(own);
  }
  if (people.length > 0) await ofPeople(search, gathered, people);
  if (titles.length > 0 || texts.length === 0) {
    await own(search, gathered, titles);
    await byId(search, gathered);
  }
  return gathered.found();
}

/** The account's own calendar (page: `calendar/primary`). */
async function primaryCalendar(search: Search): Promise<FoundCalendar> {
  const data = await ask(search, { api: 'calendars.primary', method: 'POST', path: `${root}/primary` });
  const [first] = rowsIn(data, 'calendars');
  const calendar = first?.['calendar'];
  if (!isObject(calendar)) throw malformed('there is no primary calendar');
  return calendarOf(calendar);
}

/** The id of the calendar that is asked for, also behind `primary`. */
export async function calendarId(search: Search): Promise<string> {
  const { calendarId: given = primary } = search.query;
  return given === primary ? (await primaryCalendar(search)).id : given;
}
