import {
  checkDuplicates,
  checkTemplate,
  flag,
  generate,
  list,
  moment,
  record,
  recurring,
  text,
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

export interface TenantDingtalkEvent extends TenantEvent {
  readonly status?: 'confirmed' | 'cancelled';
  readonly attendees?: readonly TenantDingtalkAttendee[];
}

/** What a tenant file holds under `dingtalk:`. */
export interface TenantDingtalk {
  readonly users?: readonly {
    readonly unionId: string;
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

const dingtalkEvent = record(
  {
    id: text,
    summary: { type: 'string' },
    start: moment,
    end: moment,
    timeZone: text,
    recurring,
    status: { enum: ['confirmed', 'cancelled'] },
    organizer: text,
    attendees: list(dingtalkAttendee),
  },
  ['id'],
);

export const dingtalkSchema: object = record({
  users: list(record({ unionId: text, events: list(dingtalkEvent) }, ['unionId'])),
  people: list(record({ user: text, name: text, gone: flag }, ['user'])),
});

export function dingtalkPart(tenant: Tenant): TenantDingtalk {
  // The tenant file was checked against the schema above, which mirrors the type.
  return tenant['dingtalk'] ?? {};
}

/** Reports what is wrong beyond the schema. */
export function checkDingtalk(tenant: Tenant, report: Report): void {
  const { users = [] } = dingtalkPart(tenant);
  checkDuplicates(users, 'unionId', ['dingtalk', 'users'], report);
  users.forEach((user, u) => {
    const path = ['dingtalk', 'users', u, 'events'];
    checkDuplicates(user.events ?? [], 'id', path, report);
    user.events?.forEach((event, e) => {
      event.attendees?.forEach((row, r) =>
        checkTemplate(row, row.user, [...path, e, 'attendees', r], report),
      );
    });
  });
}
