import { organisationPart } from '../organisation.ts';
import {
  attendeeSchema,
  checkDuplicates,
  checkEvents,
  checkRow,
  eventSchema,
  flag,
  list,
  record,
  text,
  type Report,
  type Tenant,
  type TenantAttendee,
  type TenantEvent,
} from '../tenant-parts.ts';

export interface TenantFeishuEvent extends TenantEvent {
  readonly status?: 'tentative' | 'confirmed' | 'cancelled';
  readonly organizerCalendar?: string;
  /** What attendees may do where the calendar is not the organizer's: `can_see_others` unless said otherwise. */
  readonly attendeeAbility?: 'none' | 'can_see_others' | 'can_invite_others' | 'can_modify_event';
  readonly meetingChat?: { readonly id: string; readonly owner?: boolean };
  readonly attendees?: readonly TenantAttendee[];
}

export interface TenantFeishuCalendar {
  readonly id: string;
  readonly type?: 'primary' | 'shared' | 'google' | 'resource' | 'exchange';
  readonly role?: 'owner' | 'writer' | 'reader' | 'free_busy_reader' | 'none';
  readonly deleted?: boolean;
  readonly summary?: string;
  readonly events?: readonly TenantFeishuEvent[];
}

/** A user known beside the events' rows. `gone`: has left, cannot be added. */
export interface TenantFeishuPerson {
  readonly user: string;
  readonly unionId?: string;
  readonly userId?: string;
  readonly name?: string;
  readonly email?: string;
  readonly external?: boolean;
  readonly gone?: boolean;
}

/** What a tenant file holds under `feishu:`. */
export interface TenantFeishu {
  readonly calendars?: readonly TenantFeishuCalendar[];
  readonly people?: readonly TenantFeishuPerson[];
}

const feishuEvent = eventSchema({
  status: { enum: ['tentative', 'confirmed', 'cancelled'] },
  organizerCalendar: text,
  attendeeAbility: { enum: ['none', 'can_see_others', 'can_invite_others', 'can_modify_event'] },
  meetingChat: record({ id: text, owner: flag }, ['id']),
  attendees: list(attendeeSchema),
});

const feishuCalendar = record(
  {
    id: text,
    type: { enum: ['primary', 'shared', 'google', 'resource', 'exchange'] },
    role: { enum: ['owner', 'writer', 'reader', 'free_busy_reader', 'none'] },
    deleted: flag,
    summary: { type: 'string' },
    events: list(feishuEvent),
  },
  ['id'],
);

const feishuPerson = record(
  { user: text, unionId: text, userId: text, name: text, email: text, external: flag, gone: flag },
  ['user'],
);

export const feishuSchema: object = record({ calendars: list(feishuCalendar), people: list(feishuPerson) });

export function feishuPart(tenant: Tenant): TenantFeishu {
  // The tenant file was checked against the schema above, which mirrors the type.
  return tenant['feishu'] ?? {};
}

/** Reports what is wrong beyond the schema. */
export function checkFeishu(tenant: Tenant, report: Report): void {
  const { calendars = [], people = [] } = feishuPart(tenant);
  checkTwice(people, tenant, report);
  checkDuplicates(calendars, 'id', ['feishu', 'calendars'], report);
  const primaries = calendars.map((calendar, index) => ({ calendar, index }));
  for (const { index } of primaries.filter(({ calendar }) => calendar.type === 'primary').slice(1)) {
    report(
      ['feishu', 'calendars', index, 'type'],
      'there can be only one primary calendar; make this one shared',
    );
  }
  calendars.forEach((calendar, c) => {
    checkEvents(calendar.events ?? [], ['feishu', 'calendars', c, 'events'], report, checkRow);
  });
}

/** Reports anyone who stands among the people of all platforms as well: what is said here would have no effect. */
function checkTwice(people: readonly TenantFeishuPerson[], tenant: Tenant, report: Report): void {
  const named = new Set(
    organisationPart(tenant).people.flatMap(({ openId, unionId, userId }) => [openId, unionId, userId]),
  );
  people.forEach(({ user, unionId, userId }, index) => {
    const twice = [user, unionId, userId].find((id) => id !== undefined && named.has(id));
    if (twice === undefined) return;
    report(['feishu', 'people', index], `${twice} is in people as well; keep only that entry`);
  });
}
