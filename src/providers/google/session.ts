import type { Provider } from '../provider.ts';
import { providerFrom } from '../session.ts';
import { googleDialect } from './dialect.ts';
import { list, look } from './read.ts';
import { editsBy } from './write.ts';

/** Google Calendar (Calendar API v3, Directory API v1). */
export const googleProvider: Provider = providerFrom(googleDialect, {
  list,
  look,
  occurrences: () => Promise.resolve(new Map()),
  finds: {},
  sources: {},
  // The platform tells of nobody that they have left.
  standing: () => Promise.resolve(),
  grants: () => Promise.resolve({ told: new Map(), listed: false, range: null, problem: null }),
  edit: editsBy,
});
