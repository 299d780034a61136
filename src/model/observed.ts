import type { ObservedAttendee } from './attendee.ts';
import type { Problem } from './diagnostic.ts';
import type { EventFacts } from './event.ts';

declare const basisBrand: unique symbol;

/**
 * What a write of the whole list stands on: the version and the rows as they were read. Opaque to all but the provider
 * that made it; it is in no plan and in no journal, since every reply moves the version.
 */
export type Basis = { readonly [basisBrand]: unknown };

/**
 * An event's complete list, or the reason why there is none. A page that failed is never an empty page, and a list that
 * is not complete is not a basis for a write.
 */
export type Observed =
  | {
      readonly complete: true;
      readonly attendees: readonly ObservedAttendee[];
      /** Where one answer has both. */
      readonly facts?: EventFacts;
      /** Where the platform replaces lists. */
      readonly basis?: Basis;
    }
  | { readonly complete: false; readonly problem: Problem };
