import { organisationPart, type OrganisationKeys } from '../organisation.ts';
import {
  checkDuplicates,
  checkEvents,
  checkExceptions,
  checkTemplate,
  eventSchema,
  exceptionWords,
  flag,
  generate,
  list,
  moment,
  record,
  text,
  type Path,
  type Report,
  type Tenant,
  type TenantEvent,
  type TenantException,
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

export type TenantDingtalkException = TenantException<TenantDingtalkAttendee>;

export interface TenantDingtalkEvent extends TenantEvent {
  readonly status?: 'confirmed' | 'cancelled';
  readonly attendees?: readonly TenantDingtalkAttendee[];
  readonly exceptions?: readonly TenantDingtalkException[];
}

/** What it calls somebody by, and knows of them, among the people of the organisation. */
export interface DingtalkIds {
  readonly dingtalk?: string;
  readonly dingtalkUserId?: string;
  /** Listed only where such people are asked for. */
  readonly accessLimited?: boolean;
}

/** What it calls a department by. */
export interface DingtalkDepartment {
  readonly dingtalk?: number;
}

export const dingtalkOrganisation: OrganisationKeys = {
  ids: { dingtalk: ['The unionId on DingTalk.', 'unionLisi'] },
  idsBeside: { dingtalkUserId: ['The userid on DingTalk; made up where it is absent.', 'manager01'] },
  flags: { accessLimited: ['True: DingTalk lists this person only where such people are asked for.'] },
  departmentIds: {
    schemas: { dingtalk: { type: 'integer', minimum: 2 } },
    words: { dingtalk: ['The number on DingTalk.', 12] },
  },
  examples: { person: { dingtalk: 'unionLisi' }, department: { dingtalk: 12 } },
  checkPerson({ dingtalk, dingtalkUserId }, path, report) {
    if (dingtalkUserId === undefined || dingtalk !== undefined) return;
    report([...path, 'dingtalkUserId'], 'dingtalkUserId needs dingtalk, the unionId, beside it');
  },
};

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
  {
    user: ['A unionId.', 'unionA', 'unionMember{}'],
    generate: ['Makes so many rows of this one; `{}` in its id and name counts from 1.', 6],
    name: ['The name that lists answer.', 'Alice Martin'],
    organizer: ['Whether this is the organizer of the event.'],
    rsvp: ['The reply.'],
    optional: ['Whether the attendance is optional.'],
  },
);

const status = { enum: ['confirmed', 'cancelled'] };
const attendees = list(dingtalkAttendee);
const dingtalkException = record(
  { original: moment, start: moment, end: moment, summary: { type: 'string' }, status, attendees },
  ['original'],
  exceptionWords,
);

const dingtalkEvent = eventSchema({ status, attendees, exceptions: list(dingtalkException) });

const dingtalkCalendar = record(
  {
    id: text,
    summary: { type: 'string' },
    type: { enum: ['shared', 'subscribed', 'unknown'] },
    role: { enum: ['owner', 'writer', 'reader', 'title_reader', 'free_busy_reader'] },
  },
  ['id'],
  {
    id: ['The calendar id.', 'shared_demo'],
    summary: ['The title.', '部门日历 Department'],
    type: ['The kind of calendar.'],
    role: ['What the user may do there.'],
  },
);

const dingtalkUser = record(
  { unionId: text, calendars: list(dingtalkCalendar), events: list(dingtalkEvent) },
  ['unionId'],
  {
    unionId: ['Whose calendars these are.', 'unionOrg'],
    calendars: [
      'Calendars beside the primary one, which everybody has.',
      [{ id: 'shared_demo', role: 'reader' }],
    ],
    events: ['Events of the primary calendar.', [{ id: 'standup', summary: 'Stand-up' }]],
  },
);
const dingtalkPerson = record({ user: text, name: text, gone: flag }, ['user'], {
  user: ['A unionId.', 'unionDave'],
  name: ['The name.', 'Dave Novak'],
  gone: ['Whether the user has left, and cannot be added.'],
});

export const dingtalkSchema: object = {
  description: 'What there is on DingTalk.',
  ...record({ users: list(dingtalkUser), people: list(dingtalkPerson) }, [], {
    users: ['Users with their calendars.', [{ unionId: 'unionOrg' }]],
    people: ['Users whom `people` above does not name.', [{ user: 'unionDave', gone: true }]],
  }),
};

export function dingtalkPart(tenant: Tenant): TenantDingtalk {
  // The tenant file was checked against the schema above, which mirrors the type.
  return tenant['dingtalk'] ?? {};
}

/** Reports what is wrong beyond the schema. */
export function checkDingtalk(tenant: Tenant, report: Report): void {
  const { users = [], people = [] } = dingtalkPart(tenant);
  const named = new Set(organisationPart<DingtalkIds>(tenant).people.map(({ dingtalk }) => dingtalk));
  people.forEach(({ user }, index) => {
    if (!named.has(user)) return;
    report(['dingtalk', 'people', index], `${user} is in people as well; keep only that entry`);
  });
  checkDuplicates(users, 'unionId', ['dingtalk', 'users'], report);
  users.forEach((user, u) => {
    checkDuplicates(user.calendars ?? [], 'id', ['dingtalk', 'users', u, 'calendars'], report);
    const path: Path = ['dingtalk', 'users', u, 'events'];
    checkEvents(user.events ?? [], path, report, checkAttendee);
    user.events?.forEach((event, e) => {
      checkExceptions(event, [...path, e, 'exceptions'], report, checkAttendee);
    });
  });
}

function checkAttendee(row: TenantDingtalkAttendee, path: Path, report: Report): void {
  checkTemplate(row, row.user, path, report);
}
