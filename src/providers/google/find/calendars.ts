import { textOf } from '../../../http/json.ts';
import type { Found, FoundCalendar } from '../../../model/found.ts';
import { gathering, keepNamed, type Search, textIn } from '../../find.ts';
import { malformed } from '../../problem.ts';
import { calendarRoot, forCalendars } from '../dialect.ts';
import { listing } from './page.ts';

const writers: ReadonlySet<string> = new Set(['writer', 'owner']);

/** The calendars that somebody has on their list (page: `calendarList/list`). */
export async function findCalendars(search: Search): Promise<Found<FoundCalendar>> {
  const gathered = gathering<FoundCalendar>(search);
  const { organizer, texts } = search.query;
  const calendars = await gathered.read(
    listing(search, {
      api: 'calendars.list',
      path: `${calendarRoot}/users/me/calendarList`,
      query: { maxResults: '250' },
      as: forCalendars(organizer),
      rows: 'items',
      read: (row): FoundCalendar => {
        const id = textOf(row['id']);
        if (id === undefined) throw malformed('a calendar has no id');
        const role = textIn(row, 'accessRole');
        return {
          id,
          title: textIn(row, 'summaryOverride') ?? textIn(row, 'summary'),
          role,
          writable: role === null ? null : writers.has(role),
        };
      },
      keyOf: ({ id }) => id,
    }),
    'calendars',
  );
  keepNamed(gathered, calendars, texts, ({ title }) => title);
  return gathered.found();
}
