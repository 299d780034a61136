import type { ProviderId } from '../platforms/index.ts';
import type { Problem } from './diagnostic.ts';
import type { LockBy } from './lock.ts';

/** What can be looked for on a platform. */
export const findKinds = ['calendars', 'events', 'people', 'chats', 'departments'] as const;
export type FindKind = (typeof findKinds)[number];

/** What is not known is null, in all that is found. */
export interface FoundCalendar {
  readonly id: string;
  readonly title: string | null;
  /** What the account is on it, in the platform's own word. */
  readonly role: string | null;
  /** Whether its events can be changed. */
  readonly writable: boolean | null;
}

export interface FoundEvent {
  readonly calendarId: string;
  readonly id: string;
  readonly title: string | null;
  /** ISO 8601 instants, or `YYYY-MM-DD` for all-day events. Of a series, its first occurrence that was found. */
  readonly start: string | null;
  readonly end: string | null;
  readonly recurring: boolean;
  /** A series ends with this day or instant. */
  readonly until: string | null;
  /** A changed occurrence: the series that it is of. */
  readonly seriesId: string | null;
  /** A person, or the calendar that organizes it. */
  readonly organizer: string | null;
  /** An invitation: it is organized elsewhere, and its attendees cannot be changed from here. */
  readonly invitation: boolean;
  readonly attendees: number | null;
}

export interface FoundPerson {
  readonly name: string | null;
  /** By the platform's own names of its kinds of id. */
  readonly ids: Readonly<Record<string, string>>;
  readonly email: string | null;
  readonly mobile: string | null;
  readonly employeeNo: string | null;
  readonly status: 'active' | 'inactive' | 'left' | null;
  /** The texts of the query that it answers. */
  readonly asked: readonly string[];
}

export interface FoundGroup {
  readonly id: string;
  readonly name: string | null;
  /** People in it; of a department, with all that is below it. */
  readonly members: number | null;
}

/** One of what is found, by its kind. */
export interface FoundItems {
  readonly calendars: FoundCalendar;
  readonly events: FoundEvent;
  readonly people: FoundPerson;
  readonly chats: FoundGroup;
  readonly departments: FoundGroup;
}

/**
 * Something that was asked for and not found. `not-found`: all that there is was looked through. `not-visible`: there
 * may be more than the account may see. Neither says that somebody has left.
 */
export interface Unfound {
  readonly query: string;
  readonly reason: 'not-found' | 'not-visible';
}

/** What was found: all there is for the account, or what was read until a problem stood against the rest. */
export type Found<T> = {
  readonly items: readonly T[];
  readonly missing: readonly Unfound[];
  /** What else there is to know of it. */
  readonly notes: readonly string[];
} & ({ readonly complete: true } | { readonly complete: false; readonly problem: Problem });

/** An event that was found, and the manifest that has it. */
export type ManagedEvent = FoundEvent & { readonly managedBy: string | null };

/** What was found of one kind, for a report. */
export type Discovery = {
  readonly [K in FindKind]: {
    readonly kind: K;
    readonly provider: ProviderId;
    readonly found: Found<K extends 'events' ? ManagedEvent : FoundItems[K]>;
  };
}[FindKind];

/** What is looked for. */
export interface FindQuery {
  /** People, by address, number, id or name; calendars, by whose they are. Elsewhere nothing. */
  readonly texts: readonly string[];
  /** The texts are ids of this kind, as manifests have them; null where the platform has one kind. */
  readonly idType?: string | null;
  /** The texts are all of this sort, and only who has just that is found. */
  readonly by?: LockBy;
  readonly calendarId?: string;
  readonly organizer?: string;
  /** Events that end after this instant, and start before that; milliseconds since the epoch. */
  readonly fromMs?: number;
  readonly toMs?: number;
}
