import type { UserIdType, AttendeeType } from '../model/platform.ts';
import type { ProviderId } from '../platforms/index.ts';
import type { RemovalLimit, Sync } from '../model/event.ts';
import type { Exceptions } from '../model/occurrence.ts';
import type { SourceKind } from '../model/organisation.ts';

/** The shapes of manifests that the schemas in `schemas/` have accepted. */

/** The version that this program reads. */
export const apiVersion = 'rollcall.dev/v1';

/** The kinds of manifest. */
export const kinds = ['Event', 'Roster', 'Directory', 'Tenant'] as const;
export type Kind = (typeof kinds)[number];

/** What an entry can name. */
export const referenceKinds = ['user', 'person', 'roster', 'chat', 'room', 'email', 'group'] as const;
export type ReferenceKind = (typeof referenceKinds)[number];

/** One entry of a list: exactly one of the reference kinds is there. */
export type Entry = Readonly<Partial<Record<ReferenceKind, string>>> & {
  readonly optional?: boolean;
  /** `YYYY-MM-DD`, the last day on which it is wanted. */
  readonly until?: string;
};

/** The keys of a member of a Roster that name a part of the organisation, and what each names. */
export const sourceKeys = {
  department: 'department',
  group: 'group',
  role: 'role',
  chatMembers: 'chat',
} as const;
export type SourceKey = keyof typeof sourceKeys;

// The keys of a literal are those of its type.
const keysOfSources = Object.keys(sourceKeys) as SourceKey[];

/** A member of a Roster: an entry, or a part of the organisation whose people are members. */
export type MemberEntry = Entry &
  Readonly<Partial<Record<SourceKey, string | number>>> & {
    /** Of a department: with all that are below it. */
    readonly recursive?: boolean;
    readonly provider?: ProviderId;
  };

/** An entry of `ignore`: a whole type, or what an entry names. */
export type Ignored = Entry & { readonly type?: AttendeeType };

interface Metadata {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface EventManifest {
  readonly kind: 'Event';
  readonly metadata: Metadata;
  readonly spec: {
    readonly provider: ProviderId;
    readonly calendarId?: string;
    readonly eventId: string;
    readonly organizer?: string;
    readonly userIdType?: UserIdType;
    readonly state?: 'present' | 'absent';
    readonly sync?: Sync;
    readonly notify?: boolean;
    readonly attendees?: readonly Entry[];
    readonly ignore?: readonly Ignored[];
    readonly external?: 'keep' | 'remove';
    readonly optionalDrift?: 'ignore' | 'replace';
    readonly exceptions?: Exceptions;
    readonly leavers?: 'keep' | 'remove';
    readonly guards?: {
      readonly maxRemovals?: RemovalLimit;
      readonly allowEmpty?: boolean;
      readonly allowDelete?: boolean;
      readonly allowPast?: boolean;
      readonly maxAdditions?: number;
      readonly maxNotified?: number;
      readonly allow?: { readonly removals: number; readonly until: string };
    };
    readonly meetingChat?: { readonly id: string; readonly state: 'present' | 'absent' };
    readonly admin?: { readonly instanceStartTime?: string };
    readonly roomContact?: string;
    readonly internalDomains?: readonly string[];
  };
}

export interface RosterManifest {
  readonly kind: 'Roster';
  readonly metadata: Metadata;
  readonly spec: {
    readonly members: readonly MemberEntry[];
    readonly exclude?: readonly Entry[];
    readonly max?: number;
  };
}

/** A person's ids on one platform: one id whose prefix shows its kind, or ids by kind. */
export type PersonIds = string | Readonly<Partial<Record<UserIdType, string>>>;

/** Ids by kind only where the platform has several. */
export type PersonManifest = {
  readonly name?: string;
  readonly email?: string;
  readonly mobile?: string;
  readonly employeeNo?: string;
  /** `YYYY-MM-DD`, the last day in the organisation. */
  readonly left?: string;
} & Readonly<Partial<Record<ProviderId, PersonIds>>>;

export interface DirectoryManifest {
  readonly kind: 'Directory';
  readonly metadata: Metadata;
  readonly spec: { readonly people: Readonly<Record<string, PersonManifest>> };
}

export interface TenantManifest {
  readonly kind: 'Tenant';
  readonly metadata: Metadata;
  /** `manifests`: a path from the folder of the Tenant's file. */
  readonly spec: { readonly provider: ProviderId; readonly manifests: string };
}

export type Manifest = EventManifest | RosterManifest | DirectoryManifest | TenantManifest;

/** What an entry names. */
export function referenceOf(entry: Entry): { readonly kind: ReferenceKind; readonly id: string } {
  for (const kind of referenceKinds) {
    const id = entry[kind];
    if (id !== undefined) return { kind, id };
  }
  throw new Error('an entry without a reference passed the schema');
}

/** The part of the organisation that a member names; null where it is an entry like those of an Event. */
export function sourceIn(
  entry: MemberEntry,
): { readonly key: SourceKey; readonly kind: SourceKind; readonly id: string } | null {
  for (const key of keysOfSources) {
    const id = entry[key];
    if (id !== undefined) return { key, kind: sourceKeys[key], id: String(id) };
  }
  return null;
}

/** Whether a value is a map. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
