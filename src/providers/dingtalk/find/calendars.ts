import { isObject, textOf } from '../../../http/json.ts';
import type { Found, FoundCalendar } from '../../../model/found.ts';
import { pathOf } from '../../client.ts';
import { gathering, keepNamed, type Search, textIn } from '../../find.ts';
import { malformed } from '../../problem.ts';
import { objectsOf } from './legacy.ts';

/** The path of a person's calendars. The `userId` of the pages is a unionId. */
export function calendarsPath(organizer: string | undefined): string {
  return `/v1.0/calendar/users/${pathOf('organizer', organizer)}/calendars`;
}

const writers: ReadonlySet<string> = new Set(['writer', 'owner']);

/** The calendars of one person. Events are kept on the primary one alone. */
export async function findCalendars(search: Search): Promise<Found<FoundCalendar>> {
  const gathered = gathering<FoundCalendar>(search);
  const { body } = await search.client.ask({
    api: 'calendars.list',
    method: 'GET',
    path: calendarsPath(search.query.organizer),
    operation: 'read',
    signal: search.signal,
  });
  // The page and the SDK differ by one level.
  const answer = isObject(body) && isObject(body['response']) ? body['response'] : body;
  if (!isObject(answer)) throw malformed('an answer has no calendars');
  const calendars = objectsOf(answer['calendars'], 'calendars').map((row): FoundCalendar => {
    const id = textOf(row['id']);
    if (id === undefined) throw malformed('a calendar has no id');
    const role = textIn(row, 'privilege');
    return {
      id,
      title: textIn(row, 'summary'),
      role,
      writable: role === null ? null : writers.has(role) && row['type'] !== 'subscribed',
    };
  });
  keepNamed(gathered, calendars, search.query.texts, ({ title }) => title);
  return gathered.found();
}
