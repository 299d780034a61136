import type { BehaviourInput } from './behaviour.ts';
import { compileSchema, readYaml, type Validate } from './read-yaml.ts';
import { tenantSchema } from './tenant-schema.ts';

/** An app whose id and secret buy tokens. `bot: false`: without the bot ability, so Feishu answers 190007. */
export interface TenantApp {
  readonly id: string;
  readonly secret: string;
  readonly bot?: boolean;
}

/**
 * A row of a Feishu event: exactly one of `user`, `chat`, `room` and `email`. `generate: N` makes N such rows, in
 * which `{}` counts from 1. `user` may be of any kind, as its prefix shows; `unionId` and `userId` name the others.
 */
export interface TenantFeishuAttendee {
  readonly user?: string;
  readonly unionId?: string;
  readonly userId?: string;
  readonly chat?: string;
  readonly room?: string;
  readonly email?: string;
  readonly generate?: number;
  readonly name?: string;
  readonly organizer?: boolean;
  readonly rsvp?: 'needs_action' | 'accept' | 'tentative' | 'decline' | 'removed';
  readonly optional?: boolean;
  readonly external?: boolean;
}

/** `start` and `end`: RFC 3339, a day, or Unix seconds. `recurring`: true, or a recurrence rule. */
interface TenantEvent {
  readonly id: string;
  readonly summary?: string;
  readonly start?: string;
  readonly end?: string;
  readonly timeZone?: string;
  readonly recurring?: boolean | string;
  /** The organizer's id, where no row of the list has the flag. */
  readonly organizer?: string;
}

export interface TenantFeishuEvent extends TenantEvent {
  readonly status?: 'tentative' | 'confirmed' | 'cancelled';
  readonly organizerCalendar?: string;
  /** What attendees may do where the calendar is not the organizer's: `can_see_others` unless said otherwise. */
  readonly attendeeAbility?: 'none' | 'can_see_others' | 'can_invite_others' | 'can_modify_event';
  readonly meetingChat?: { readonly id: string; readonly owner?: boolean };
  readonly attendees?: readonly TenantFeishuAttendee[];
}

export interface TenantFeishuCalendar {
  readonly id: string;
  readonly type?: 'primary' | 'shared' | 'google' | 'resource' | 'exchange';
  readonly role?: 'owner' | 'writer' | 'reader' | 'free_busy_reader' | 'none';
  readonly deleted?: boolean;
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

/** A tenant file: who may call, and what there is at the start. */
export interface Tenant {
  readonly apps?: readonly TenantApp[];
  readonly tokens?: readonly string[];
  readonly behaviour?: BehaviourInput;
  readonly feishu?: {
    readonly calendars?: readonly TenantFeishuCalendar[];
    readonly people?: readonly TenantFeishuPerson[];
  };
  readonly dingtalk?: {
    readonly users?: readonly {
      readonly unionId: string;
      readonly events?: readonly TenantDingtalkEvent[];
    }[];
    readonly people?: readonly { readonly user: string; readonly name?: string; readonly gone?: boolean }[];
  };
}

/** A tenant file that cannot be served. Each problem starts with `file:line:column:`. */
export class TenantError extends Error {
  override readonly name = 'TenantError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Where something stands in a YAML document. */
export type Path = readonly (string | number)[];
/** Told of a mistake and where it stands. */
export type Report = (path: Path, message: string) => void;

/** Compiled once: that takes longer than all else about starting a server. */
const validateTenant: Validate = compileSchema(tenantSchema);

/**
 * Reads a tenant file strictly: unknown keys, duplicate ids and wrong types are errors.
 *
 * @throws {TenantError} with every problem that was found.
 */
export function parseTenant(text: string, file: string): Tenant {
  const { value, problems, at } = readYaml(text, file, validateTenant);
  if (problems.length > 0) throw new TenantError(problems);
  // readYaml checked the value against the schema that mirrors this type.
  const tenant = (value ?? {}) as Tenant;
  const found: string[] = [];
  checkTenant(tenant, (path, message) => found.push(`${at(path)}: ${message}`));
  if (found.length > 0) throw new TenantError(found);
  return tenant;
}

function checkTenant(tenant: Tenant, report: Report): void {
  const calendars = tenant.feishu?.calendars ?? [];
  checkDuplicates(calendars, 'id', ['feishu', 'calendars'], report);
  const primaries = calendars.map((calendar, index) => ({ calendar, index }));
  for (const { index } of primaries.filter(({ calendar }) => calendar.type === 'primary').slice(1)) {
    report(['feishu', 'calendars', index, 'type'], 'there is one primary calendar; make this one shared');
  }
  calendars.forEach((calendar, c) => {
    const path = ['feishu', 'calendars', c, 'events'];
    checkDuplicates(calendar.events ?? [], 'id', path, report);
    calendar.events?.forEach((event, e) => {
      checkTimes(event, [...path, e], report);
      event.attendees?.forEach((row, r) => checkRow(row, [...path, e, 'attendees', r], report));
    });
  });
  const users = tenant.dingtalk?.users ?? [];
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

function checkDuplicates<Key extends string>(
  items: readonly Readonly<Record<Key, string>>[],
  key: Key,
  path: Path,
  report: Report,
): void {
  const seen = new Set<string>();
  items.forEach((item, index) => {
    if (seen.has(item[key])) {
      report([...path, index, key], `${item[key]} is given twice; every ${key} here stands once`);
    }
    seen.add(item[key]);
  });
}

function checkTimes(event: TenantEvent, path: Path, report: Report): void {
  for (const key of ['start', 'end'] as const) {
    const text = event[key];
    if (text === undefined || /^\d+$/.test(text) || !Number.isNaN(Date.parse(text))) continue;
    report([...path, key], `${text} is no day and no moment of the calendar`);
  }
}

/** Reports what is wrong with an attendee of the tenant file beyond its keys. */
export function checkRow(row: TenantFeishuAttendee, path: Path, report: Report): void {
  const ids = [row.user, row.chat, row.room, row.email].filter((id) => id !== undefined);
  const [id, ...others] = ids;
  if (id === undefined || others.length > 0) {
    report(path, 'an attendee has exactly one of user, chat, room and email');
    return;
  }
  checkTemplate(row, id, path, report);
}

function checkTemplate(row: { readonly generate?: number }, id: string, path: Path, report: Report): void {
  if (row.generate === undefined || id.includes('{}')) return;
  report(path, `generate needs {} in the id, so that the rows differ: "${id}_{}"`);
}
