import { organisationPart } from '../organisation.ts';
import {
  checkDuplicates,
  checkEvents,
  checkTemplate,
  eventSchema,
  flag,
  generate,
  list,
  record,
  text,
  type Path,
  type Report,
  type Tenant,
  type TenantEvent,
} from '../tenant-parts.ts';

export interface TenantDingtalkAttendee {
  readonly user: string;
  readonly generate?: number;
  readonly name?: string;
  readonly organizer?: boolean;
  readonly rsvp?: 'needsAction' | 'accepted' | 'declined' | 'tentative';
  readonly optional?: boolean;
}

/** A calendar beside the primary one, which everybody has. `role`: what its user may do there. */
export interface TenantDingtalkCalendar {
  readonly id: string;
  readonly summary?: string;
  readonly type?: 'shared' | 'subscribed' | 'unknown';
  readonly role?: 'owner' | 'writer' | 'reader' | 'title_reader' | 'free_busy_reader';
}

export interface TenantDingtalkEvent extends TenantEvent {
  readonly status?: 'confirmed' | 'cancelled';
  readonly attendees?: readonly TenantDingtalkAttendee[];
}

/** What a tenant file holds under `dingtalk:`. */
export interface TenantDingtalk {
  readonly users?: readonly {
    readonly unionId: string;
    readonly calendars?: readonly TenantDingtalkCalendar[];
    /** Of the primary calendar. */
    readonly events?: readonly TenantDingtalkEvent[];
  }[];
  readonly people?: readonly { readonly user: string; readonly name?: string; readonly gone?: boolean }[];
}

const dingtalkAttendee = record(
  {
    user: text,
    generate,
    name: { type: 'string' },
    organizer: flag,
    rsvp: { enum: ['needsAction', 'accepted', 'declined', 'tentative'] },
    optional: flag,
  },
  ['user'],
);

const dingtalkEvent = eventSchema({
  status: { enum: ['confirmed', 'cancelled'] },
  attendees: list(dingtalkAttendee),
});

const dingtalkCalendar = record(
  {
    id: text,
    summary: { type: 'string' },
    type: { enum: ['shared', 'subscribed', 'unknown'] },
    role: { enum: ['owner', 'writer', 'reader', 'title_reader', 'free_busy_reader'] },
  },
  ['id'],
);

export const dingtalkSchema: object = record({
  users: list(
    record({ unionId: text, calendars: list(dingtalkCalendar), events: list(dingtalkEvent) }, ['unionId']),
  ),
  people: list(record({ user: text, name: text, gone: flag }, ['user'])),
});

export function dingtalkPart(tenant: Tenant): TenantDingtalk {
  // The tenant file was checked against the schema above, which mirrors the type.
  return tenant['dingtalk'] ?? {};
}

/** Reports what is wrong beyond the schema. */
export function checkDingtalk(tenant: Tenant, report: Report): void {
  const { users = [], people = [] } = dingtalkPart(tenant);
  const named = new Set(organisationPart(tenant).people.map(({ dingtalk }) => dingtalk));
  people.forEach(({ user }, index) => {
    if (!named.has(user)) return;
    report(['dingtalk', 'people', index], `${user} is in people as well; keep only that entry`);
  });
  checkDuplicates(users, 'unionId', ['dingtalk', 'users'], report);
  users.forEach((user, u) => {
    checkDuplicates(user.calendars ?? [], 'id', ['dingtalk', 'users', u, 'calendars'], report);
    checkEvents(user.events ?? [], ['dingtalk', 'users', u, 'events'], report, checkAttendee);
  });
}

function checkAttendee(row: TenantDingtalkAttendee, path: Path, report: Report): void {
  checkTemplate(row, row.user, path, report);
}
