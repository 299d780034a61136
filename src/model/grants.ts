import type { Problem } from './diagnostic.ts';

/** What work needs an app's permission for. */
export type Use =
  | 'read-events'
  | 'change-attendees'
  | 'delete-events'
  | 'read-calendars'
  | 'name-user-ids'
  | 'find-people'
  | 'know-leavers'
  | 'read-departments'
  | 'read-groups'
  | 'read-roles'
  | 'read-chats';

/** A permission as the developer console has it: the code that it is found by there, and what its pages call it. */
export interface Permission {
  readonly code: string;
  /** Null where the pages give its code alone. */
  readonly title: string | null;
}

/** Permissions of which any one is enough; the first gives the least. */
export type AnyPermission = readonly [Permission, ...Permission[]];

/** What an app may see of the organisation's people. */
export type ContactRange =
  | { readonly whole: true }
  | { readonly whole: false; readonly departments: number; readonly users: number; readonly groups: number };

/** What a platform says of an app's permissions, as far as it does. */
export interface Grants {
  /** By code, whether the app has it. One that is not there cannot be told, unless `listed`. */
  readonly told: ReadonlyMap<string, boolean>;
  /** Whether the platform lists all that the app has: what is not told is not granted. */
  readonly listed: boolean;
  readonly range: ContactRange | null;
  /** Why not all of it could be asked; the first that stood against it. */
  readonly problem: Problem | null;
  /** The account was let in, whatever else is told. */
  readonly entered?: true;
  /** What it takes for the platform to tell. */
  readonly hint?: string;
}
