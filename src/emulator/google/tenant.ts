import { createPublicKey } from 'node:crypto';

import type { OrganisationKeys } from '../organisation.ts';
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

export type TenantGoogleException = TenantException<TenantGuest>;

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

/** What it calls somebody by among the people of the organisation. */
export interface GoogleIds {
  /** The address, where it is not `email`. */
  readonly google?: string;
}

export const googleOrganisation: OrganisationKeys = {
  ids: { google: ['The address on Google, where it is not `email`.', 'li.si@example.com'] },
};

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
    {
      email: ['The address of a person, a group or a room.', 'bob@example.com', 'p{}@example.com'],
      generate: ['Makes so many guests of this one; `{}` in address and name counts from 1.', 40],
      name: ['The name that events answer.', 'Bob Keller'],
      reply: ['The reply.'],
      optional: ['Whether the attendance is optional.'],
      resource: ['Whether it is a room.'],
      comment: ['What the guest wrote beside the reply.', 'Ten minutes late'],
      additionalGuests: ['How many people the guest brings.', 1],
    },
  ),
);
const status = { enum: ['confirmed', 'cancelled'] };
const exception = record(
  { original: moment, start: moment, end: moment, summary: { type: 'string' }, status, attendees: guests },
  ['original'],
  {
    ...exceptionWords,
    attendees: ['Who is on it, where that is not as in the series.', [{ email: 'bob@example.com' }]],
  },
);
const event = eventSchema(
  { status, iCalUID: text, attendees: guests, exceptions: list(exception), fields: { type: 'object' } },
  {
    iCalUID: ['The id across calendars; made up where it is absent.', 'staff0@google.com'],
    organizer: ["The organizer's address; absent, the calendar's own.", 'sales@partner.example'],
    attendees: ['Who is on it.', [{ email: 'bob@example.com', reply: 'accepted' }]],
    fields: ['What else the event has, as Google writes it.', { location: 'Paris' }],
  },
);
const role = { enum: ['owner', 'writer', 'reader', 'freeBusyReader'] };
const calendar = record(
  {
    id: address,
    summary: { type: 'string' },
    timeZone: text,
    owner: address,
    shared: list(
      record({ email: address, role }, ['email', 'role'], {
        email: ['Whose share it is.', 'bob@example.com'],
        role: ['What may be done there.'],
      }),
    ),
    events: list(event),
  },
  ['id'],
  {
    id: ['The address that the calendar is called by.', 'alice@example.com'],
    summary: ['The title.', 'Alice Martin'],
    timeZone: ['The time zone.', 'Europe/Paris'],
    owner: ['Whose calendar it is; absent, the one of that address.', 'alice@example.com'],
    shared: ['Who else may use it, and how far.', [{ email: 'bob@example.com', role: 'writer' }]],
    events: ['Its events.', [{ id: 'staff0', summary: 'Staff meeting' }]],
  },
);

const account = record(
  { clientEmail: address, delegated: flag, scopes: list(text), publicKey: text },
  ['clientEmail'],
  {
    clientEmail: ['The address in the key file.', 'rollcall@demo.iam.gserviceaccount.com'],
    delegated: ['False: it may act for nobody.'],
    scopes: [
      'The scopes that were delegated to it; absent, all.',
      ['https://www.googleapis.com/auth/calendar'],
    ],
    publicKey: ['The public key, PEM; absent, no signature is checked.'],
  },
);
const group = record({ email: address, name: text, members: list(address) }, ['email'], {
  email: ['The address.', 'platform@example.com'],
  name: ['The name.', 'Platform team'],
  members: ['Who is in it: people, and groups again.', ['lisi@example.com']],
});
const room = record({ email: address, name: text }, ['email'], {
  email: ['The address.', 'c_paris_3@resource.calendar.google.com'],
  name: ['The name.', 'Paris 3'],
});

export const googleSchema: object = {
  description: 'What there is on Google Calendar.',
  ...record(
    {
      domains: list(text),
      subject: address,
      accounts: list(account),
      aliases: { type: 'object', additionalProperties: { ...address, description: 'Whose alias it is.' } },
      groups: list(group),
      rooms: list(room),
      admins: list(address),
      withoutCalendar: list(address),
      externalGuests: { type: 'integer', minimum: 0 },
      calendars: list(calendar),
    },
    [],
    {
      domains: ['Domains of the organisation; absent, those of its calendars.', ['example.com']],
      subject: [
        'Whom the access tokens of `tokens` act for; absent, the owner of whichever calendar is asked for.',
        'alice@example.com',
      ],
      accounts: ['Service accounts.', [{ clientEmail: 'rollcall@demo.iam.gserviceaccount.com' }]],
      aliases: ['Aliases, and whose they are.', { 'li.si@example.com': 'lisi@example.com' }],
      groups: ['Groups.', [{ email: 'platform@example.com', members: ['lisi@example.com'] }]],
      rooms: ['Rooms.', [{ email: 'c_paris_3@resource.calendar.google.com', name: 'Paris 3' }]],
      admins: ['Who may ask the Directory API; absent, everybody.', ['alice@example.com']],
      withoutCalendar: ['Who does not use Google Calendar.', ['erin@example.com']],
      externalGuests: ['How many guests from outside each user may invite before the use limit.', 100],
      calendars: ['Calendars with their events.', [{ id: 'alice@example.com' }]],
    },
  ),
};

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
    events.forEach((one, e) => checkExceptions(one, [...path, e, 'exceptions'], report, checkGuest));
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

function checkGuest(row: TenantGuest, path: Path, report: Report): void {
  checkTemplate(row, row.email, path, report);
}
