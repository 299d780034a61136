import { organisationPart, type OrganisationKeys } from '../organisation.ts';
import {
  attendeeSchema,
  checkDuplicates,
  checkEvents,
  checkExceptions,
  originalOf,
  checkRow,
  eventSchema,
  exceptionWords,
  flag,
  list,
  moment,
  record,
  text,
  type Path,
  type Report,
  type Tenant,
  type TenantAttendee,
  type TenantEvent,
} from '../tenant-parts.ts';

/** An occurrence of a series that was changed. What is not given is as in the series. */
export interface TenantFeishuException {
  /** When it was to start before it was changed. */
  readonly original: string;
  readonly start?: string;
  readonly end?: string;
  readonly summary?: string;
  readonly status?: 'tentative' | 'confirmed' | 'cancelled';
  readonly attendees?: readonly TenantAttendee[];
}

export interface TenantFeishuEvent extends TenantEvent {
  readonly status?: 'tentative' | 'confirmed' | 'cancelled';
  readonly organizerCalendar?: string;
  /** What attendees may do where the calendar is not the organizer's: `can_see_others` unless said otherwise. */
  readonly attendeeAbility?: 'none' | 'can_see_others' | 'can_invite_others' | 'can_modify_event';
  readonly meetingChat?: { readonly id: string; readonly owner?: boolean };
  readonly attendees?: readonly TenantAttendee[];
  readonly exceptions?: readonly TenantFeishuException[];
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

/** What it calls somebody by among the people of the organisation. */
export interface FeishuIds {
  readonly openId?: string;
  readonly unionId?: string;
  readonly userId?: string;
}

export const feishuOrganisation: OrganisationKeys = {
  ids: {
    openId: ['The open_id on Feishu.', 'ou_lisi'],
    unionId: ['The union_id on Feishu.', 'on_lisi'],
    userId: ['The user_id on Feishu.', '3e3cf96b'],
  },
  examples: { person: { openId: 'ou_lisi' } },
};

/** What a tenant file holds under `feishu:`. */
export interface TenantFeishu {
  readonly calendars?: readonly TenantFeishuCalendar[];
  readonly people?: readonly TenantFeishuPerson[];
}

const status = { enum: ['tentative', 'confirmed', 'cancelled'] };
const feishuException = record(
  {
    original: moment,
    start: moment,
    end: moment,
    summary: { type: 'string' },
    status,
    attendees: list(attendeeSchema),
  },
  ['original'],
  exceptionWords,
);

const feishuEvent = eventSchema(
  {
    status,
    organizerCalendar: text,
    attendeeAbility: { enum: ['none', 'can_see_others', 'can_invite_others', 'can_modify_event'] },
    meetingChat: record({ id: text, owner: flag }, ['id'], {
      id: ['The chat id.', 'oc_launch'],
      owner: ['Whether the app owns the chat, and may unbind it.'],
    }),
    attendees: list(attendeeSchema),
    exceptions: list(feishuException),
  },
  {
    organizerCalendar: [
      'The calendar of the organizer, where it is another.',
      'feishu.cn_boss@group.calendar.feishu.cn',
    ],
    attendeeAbility: [
      "What attendees may do where the calendar is not the organizer's (default: can_see_others).",
    ],
    meetingChat: ['The meeting chat.', { id: 'oc_launch', owner: true }],
  },
);

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
  {
    id: ['The calendar id.', 'feishu.cn_demo@group.calendar.feishu.cn'],
    type: ['The kind of calendar; one at most is `primary`.'],
    role: ['What the app may do there.'],
    deleted: ['Whether it is deleted.'],
    summary: ['The title.', '平台组 Platform team'],
    events: ['Its events.', [{ id: 'weekly_0', summary: 'Weekly' }]],
  },
);

const feishuPerson = record(
  { user: text, unionId: text, userId: text, name: text, email: text, external: flag, gone: flag },
  ['user'],
  {
    user: ['A user id, of any kind that its prefix shows.', 'ou_partner'],
    unionId: ['The union_id of the same user.', 'on_partner'],
    userId: ['The user_id of the same user.', '3e3cf96b'],
    name: ['The name.', 'Pat Partner'],
    email: ['The address.', 'pat@partner.example'],
    external: ['Whether the user is of another tenant.'],
    gone: ['Whether the user has left, and cannot be added.'],
  },
);

export const feishuSchema: object = {
  description: 'What there is on Feishu and Lark.',
  ...record({ calendars: list(feishuCalendar), people: list(feishuPerson) }, [], {
    calendars: [
      'The calendars that the app may know of.',
      [{ id: 'c@group.calendar.feishu.cn', role: 'owner' }],
    ],
    people: [
      'Users of other tenants, and users of this one where `people` above does not name them.',
      [{ user: 'ou_partner', external: true }],
    ],
  }),
};

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
    const path: Path = ['feishu', 'calendars', c, 'events'];
    checkEvents(calendar.events ?? [], path, report, checkRow);
    calendar.events?.forEach((event, e) => {
      checkOccurrences(event, calendar.events ?? [], [...path, e, 'exceptions'], report);
    });
  });
}

/** Reports anyone who stands among the people of all platforms as well: what is said here would have no effect. */
function checkTwice(people: readonly TenantFeishuPerson[], tenant: Tenant, report: Report): void {
  const named = new Set(
    organisationPart<FeishuIds>(tenant).people.flatMap(({ openId, unionId, userId }) => [
      openId,
      unionId,
      userId,
    ]),
  );
  people.forEach(({ user, unionId, userId }, index) => {
    const twice = [user, unionId, userId].find((id) => id !== undefined && named.has(id));
    if (twice === undefined) return;
    report(['feishu', 'people', index], `${twice} is in people as well; keep only that entry`);
  });
}

function checkOccurrences(
  event: TenantFeishuEvent,
  events: readonly TenantFeishuEvent[],
  path: Path,
  report: Report,
): void {
  const { exceptions = [] } = event;
  if (exceptions.length > 0 && !event.id.endsWith('_0')) {
    report(path, 'exceptions need a series, whose id ends in _0');
  }
  checkExceptions(event, path, report, checkRow);
  const ids = new Set(events.map(({ id }) => id));
  exceptions.forEach((exception, index) => {
    const id = exceptionId(event, exception);
    if (id === undefined) return;
    // Also one moment that is written in two ways.
    if (ids.has(id)) report([...path, index, 'original'], `${id} already exists`);
    ids.add(id);
  });
}

/** The id of a changed occurrence: the series' with the original start, in Unix seconds. */
export function exceptionId(event: TenantFeishuEvent, exception: TenantFeishuException): string | undefined {
  const seconds = originalOf(exception);
  return seconds === undefined ? undefined : `${event.id.slice(0, -1)}${String(seconds)}`;
}
