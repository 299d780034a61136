import type { Provider } from '../provider.ts';
import { providerFrom } from '../session.ts';
import { listAhead } from './ahead.ts';
import { aliasesBy } from './aliases.ts';
import { googleDialect } from './dialect.ts';
import { findCalendars } from './find/calendars.ts';
import { findEvents } from './find/events.ts';
import { findPeople } from './find/people.ts';
import { grants } from './grants.ts';
import { occurrences } from './occurrences.ts';
import { list, look } from './read.ts';
import { sources } from './sources.ts';
import { editsBy } from './write.ts';

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
