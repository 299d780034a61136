import { createPublicKey } from 'node:crypto';

import { ruleOf } from '../moment.ts';
import {
  checkDuplicates,
  checkEvents,
  checkTemplate,
  checkTimes,
  eventSchema,
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
} from '../tenant-parts.ts';
import { given } from '../../model/given.ts';

export type Reply = 'needsAction' | 'declined' | 'tentative' | 'accepted';

/** A guest by address: a person, a group, or (`resource`) a room. `generate: N` makes N of them, `{}` counts from 1. */
export interface TenantGuest {
  readonly email: string;
  readonly generate?: number;
  readonly name?: string;
  readonly reply?: Reply;
  readonly optional?: boolean;
  readonly resource?: boolean;
  readonly comment?: string;
  readonly additionalGuests?: number;
}

/** An occurrence of a series that was changed. What is not given is as in the series. */
export interface TenantGoogleException {
  /** When it was to start before it was changed. */
  readonly original: string;
  readonly start?: string;
  readonly end?: string;
  readonly summary?: string;
  readonly status?: 'confirmed' | 'cancelled';
  readonly attendees?: readonly TenantGuest[];
}

/** `organizer`: the calendar's own address unless it is given. `fields`: what else the event has, as Google writes it. */
export interface TenantGoogleEvent extends TenantEvent {
  readonly status?: 'confirmed' | 'cancelled';
  readonly iCalUID?: string;
  readonly attendees?: readonly TenantGuest[];
  readonly exceptions?: readonly TenantGoogleException[];
  readonly fields?: Readonly<Record<string, unknown>>;
}

export type GoogleRole = 'owner' | 'writer' | 'reader' | 'freeBusyReader';

/** `owner`: whose calendar it is; the address that it is called by unless it is given. */
export interface TenantGoogleCalendar {
  readonly id: string;
  readonly summary?: string;
  readonly timeZone?: string;
  readonly owner?: string;
  readonly shared?: readonly { readonly email: string; readonly role: GoogleRole }[];
  readonly events?: readonly TenantGoogleEvent[];
}

/**
 * A service account. `delegated: false`: it may act for nobody. `scopes`: those it was delegated; absent, all. `publicKey`:
 * PEM; absent, the signature is not checked.
 */
export interface TenantAccount {
  readonly clientEmail: string;
  readonly delegated?: boolean;
  readonly scopes?: readonly string[];
  readonly publicKey?: string;
}

/** A group, by its address; members may be groups again. */
export interface TenantGoogleGroup {
  readonly email: string;
  readonly name?: string;
  readonly members?: readonly string[];
}

/**
 * What a tenant file holds under `google:`. `domains`: those of the organisation; absent, those of its calendars.
 * `subject`: whom the access tokens of `tokens` act for; absent, the owner of whichever calendar is asked for.
 * `aliases`: an alias, and whose it is. `admins`: who may ask the Directory API; absent, everybody. `withoutCalendar`: who
 * does not use Google Calendar. `externalGuests`: how many guests from outside each user may invite before the use limit.
 */
export interface TenantGoogle {
  readonly domains?: readonly string[];
  readonly subject?: string;
  readonly accounts?: readonly TenantAccount[];
  readonly aliases?: Readonly<Record<string, string>>;
  readonly groups?: readonly TenantGoogleGroup[];
  readonly rooms?: readonly { readonly email: string; readonly name?: string }[];
  readonly admins?: readonly string[];
  readonly withoutCalendar?: readonly string[];
  readonly externalGuests?: number;
  readonly calendars?: readonly TenantGoogleCalendar[];
}

const address: object = { type: 'string', pattern: '^[^@\\s]+@[^@\\s]+$' };
const guests = list(
  record(
    {
      email: address,
      generate,
      name: { type: 'string' },
      reply: { enum: ['needsAction', 'declined', 'tentative', 'accepted'] },
      optional: flag,
      resource: flag,
      comment: { type: 'string' },
      additionalGuests: { type: 'integer', minimum: 0 },
    },
    ['email'],
  ),
);
const status = { enum: ['confirmed', 'cancelled'] };
const exception = record(
  { original: moment, start: moment, end: moment, summary: { type: 'string' }, status, attendees: guests },
  ['original'],
);
const event = eventSchema({
  status,
  iCalUID: text,
  attendees: guests,
  exceptions: list(exception),
  fields: { type: 'object' },
});
const role = { enum: ['owner', 'writer', 'reader', 'freeBusyReader'] };
const calendar = record(
  {
    id: address,
    summary: { type: 'string' },
    timeZone: text,
    owner: address,
    shared: list(record({ email: address, role }, ['email', 'role'])),
    events: list(event),
  },
  ['id'],
);

export const googleSchema: object = record({
  domains: list(text),
  subject: address,
  accounts: list(
    record({ clientEmail: address, delegated: flag, scopes: list(text), publicKey: text }, ['clientEmail']),
  ),
  aliases: { type: 'object', additionalProperties: address },
  groups: list(record({ email: address, name: text, members: list(address) }, ['email'])),
  rooms: list(record({ email: address, name: text }, ['email'])),
  admins: list(address),
  withoutCalendar: list(address),
  externalGuests: { type: 'integer', minimum: 0 },
  calendars: list(calendar),
});

export function googlePart(tenant: Tenant): TenantGoogle {
  // The tenant file was checked against the schema above, which mirrors the type.
  return tenant['google'] ?? {};
}

/** Reports what is wrong beyond the schema. */
export function checkGoogle(tenant: Tenant, report: Report): void {
  const { calendars = [], accounts = [], groups = [], rooms = [] } = googlePart(tenant);
  accounts.forEach(({ publicKey }, index) => {
    if (publicKey === undefined || isKey(publicKey)) return;
    report(['google', 'accounts', index, 'publicKey'], 'publicKey is not a public key in PEM form');
  });
  checkDuplicates(accounts, 'clientEmail', ['google', 'accounts'], report);
  checkDuplicates(groups, 'email', ['google', 'groups'], report);
  checkDuplicates(rooms, 'email', ['google', 'rooms'], report);
  checkDuplicates(calendars, 'id', ['google', 'calendars'], report);
  calendars.forEach(({ events = [] }, c) => {
    const path: Path = ['google', 'calendars', c, 'events'];
    checkEvents(events, path, report, checkGuest);
    events.forEach((one, e) => checkExceptions(one, [...path, e, 'exceptions'], report));
  });
}

function isKey(pem: string): boolean {
  try {
    createPublicKey(pem);
    return true;
  } catch {
    return false;
  }
}

function checkExceptions(series: TenantGoogleEvent, path: Path, report: Report): void {
  const { exceptions = [] } = series;
  if (exceptions.length > 0 && ruleOf(series) === '') {
    report(path, 'exceptions are of a series: an event with a recurrence');
  }
  checkDuplicates(exceptions, 'original', path, report);
  exceptions.forEach(({ original, start, end, attendees }, index) => {
    checkTimes(given({ id: '', start, end }), [...path, index], report);
    if (!/^\d+$/.test(original) && Number.isNaN(Date.parse(original))) {
      report([...path, index, 'original'], `${original} is not a real date or time`);
    }
    attendees?.forEach((row, r) => checkGuest(row, [...path, index, 'attendees', r], report));
  });
}

function checkGuest(row: TenantGuest, path: Path, report: Report): void {
  checkTemplate(row, row.email, path, report);
}
