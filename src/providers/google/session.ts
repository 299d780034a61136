import { given } from '../../model/given.ts';
import type { Grants } from '../../model/grants.ts';
import type { GrantSearch } from '../find.ts';
import { failureOf } from '../problem.ts';
import type { Provider } from '../provider.ts';
import { providerFrom } from '../session.ts';
import { listAhead } from './ahead.ts';
import { aliasesBy } from './aliases.ts';
import { googleDialect } from './dialect.ts';
import { rowOf } from './errors.ts';
import { findCalendars } from './find/calendars.ts';
import { findEvents } from './find/events.ts';
import { findPeople } from './find/people.ts';
import { occurrences } from './occurrences.ts';
import { list, look } from './read.ts';
import { sources } from './sources.ts';
import { editsBy } from './write.ts';

const noPerson =
  'Google answers this only for a person: pass manifests with an organizer, or set GOOGLE_ADMIN_SUBJECT.';
const nothing: Grants = { told: new Map(), listed: false, range: null, problem: null };

/**
 * Which scopes the service account is delegated: each is tried by asking for a token with it for one of the organizers,
 * or for the administrator. For itself any account is given one, which tells whether its key is taken. Of a token that was
 * given nothing is told.
 */
async function grants(search: GrantSearch): Promise<Grants> {
  const { client, wanted, subject, signal, problemOf } = search;
  const { accessToken, administrator } = client.account;
  if (accessToken !== null) return nothing;
  const person = subject ?? administrator;
  const told = new Map<string, boolean>();
  for (const scope of wanted) {
    const own = isOfDirectory(scope) ? administrator : person;
    if (own === undefined && person !== undefined) continue;
    try {
      await client.letIn({ scopes: [scope], ...given({ subject: own }) }, signal);
      if (own === undefined) return { ...nothing, entered: true, hint: noPerson };
      told.set(scope, true);
    } catch (error) {
      // Nobody of this address, or a key that is not accepted: no scope would change that.
      if (rowOf(failureOf(error, signal).code)?.permission !== true) {
        return { ...nothing, told, problem: problemOf(error) };
      }
      told.set(scope, false);
    }
  }
  if ([...told.values()].some((has) => has) || told.size === 0) return { ...nothing, told };
  const message = 'no scope is delegated to the service account, so it cannot act for anybody';
  const hint = rowOf('unauthorized_client')?.hint;
  return { ...nothing, told, problem: { code: 'credentials', message, ...given({ hint }) } };
}

function isOfDirectory(scope: string): boolean {
  return scope.includes('/admin.directory.');
}

/** Google Calendar (Calendar API v3, Directory API v1). */
export const googleProvider: Provider = providerFrom(googleDialect, {
  list,
  look,
  listAhead,
  occurrences,
  finds: { calendars: findCalendars, events: findEvents, people: findPeople },
  sources,
  // The platform tells of nobody that they have left.
  standing: () => Promise.resolve(),
  aliases: aliasesBy,
  grants,
  edit: editsBy,
  smoke: () => import('./smoke.ts'),
});
