import type { Source } from './diagnostic.ts';
import type { EventRef } from './event.ts';

/** An event that the manifests of the base name and the current ones do not: it is left as it is. */
export interface Unmanaged extends Pick<EventRef, 'provider' | 'calendarId' | 'eventId'> {
  readonly name: string;
  /** Where the base's manifests have it. */
  readonly source: Source;
  /** Live attendees; null without credentials or after a failed read. */
  readonly observed: { readonly count: number } | null;
  /** The Event that names the same platform event now, or null. */
  readonly renamedTo: string | null;
}
