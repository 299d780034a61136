import { generateKeyPairSync } from 'node:crypto';
import type { Fault } from '../../src/emulator/intercept.ts';
import { folderWith } from '../support/cli.ts';
import type { Scene, Seat, World } from './suite/fixture.ts';
import type { Wired } from './suite/stage.ts';

export const organizer = 'org@corp.com';

/** Who is called `guest` is from outside: here an address alone tells. */
const user = (name: string): string => (name === 'guest' ? 'guest@else.org' : `${name}@corp.com`);

export const robot = 'contract@demo.iam.gserviceaccount.com';
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

let written: string | undefined;

/** The key file of the service account. */
function keyFile(): string {
  const key = { type: 'service_account', client_email: robot, private_key: privateKey };
  written ??= `${folderWith({ 'key.json': JSON.stringify(key) })}/key.json`;
  return written;
}

/** What sends rollcall to a server, as the service account. */
export function googleEnv(url: string): Readonly<Record<string, string>> {
  return {
    GOOGLE_BASE_URL: url,
    GOOGLE_TOKEN_URL: url,
    GOOGLE_ADMIN_BASE_URL: url,
    GOOGLE_APPLICATION_CREDENTIALS: keyFile(),
    ROLLCALL_GOOGLE_DOMAINS: 'corp.com',
  };
}

function seat({ id, optional }: Seat): object {
  return { email: user(id), ...(optional === undefined ? {} : { optional }) };
}

function seriesOf({ recurring = false, series }: Scene): object {
  if (series === undefined) return { recurring };
  const { rule, start, exceptions = [] } = series;
  return {
    recurrence: rule,
    start,
    exceptions: exceptions.map(({ cancelled, seats, ...times }) => ({
      ...times,
      ...(cancelled === true ? { status: 'cancelled' } : {}),
      ...(seats === undefined ? {} : { attendees: [{ email: organizer }, ...seats.map(seat)] }),
    })),
  };
}

/** The tenant file of a world: all its events on the organizer's own calendar. */
export function googleTenant({ scenes, behaviour = {}, scopes }: World): string {
  return JSON.stringify({
    tokens: ['given-token'],
    behaviour,
    google: {
      domains: ['corp.com'],
      accounts: [
        { clientEmail: robot, delegated: true, publicKey, ...(scopes === undefined ? {} : { scopes }) },
      ],
      calendars: [
        {
          id: organizer,
          events: scenes.map((scene) => ({
            id: scene.id,
            summary: scene.id,
            ...seriesOf(scene),
            ...(scene.deleted === true ? { status: 'cancelled' } : {}),
            ...(scene.handedTo === undefined ? {} : { organizer: user(scene.handedTo) }),
            attendees: [
              ...(scene.bare === true ? [] : [{ email: organizer, reply: 'accepted' }]),
              ...scene.seats.filter(({ removed }) => removed !== true).map(seat),
              ...(scene.crowd === undefined ? [] : [{ generate: scene.crowd, email: user('crowd{}') }]),
            ],
          })),
        },
      ],
    },
  });
}

/** An error as Google answers it. */
export function googleRefusal(reason: string, status: number): Fault & { readonly kind: 'answer' } {
  const error = { domain: 'global', reason, message: 'as scripted' };
  return {
    kind: 'answer',
    status,
    body: { error: { errors: [error], code: status, message: 'as scripted' } },
  };
}

export const googleFixture: Wired = {
  provider: 'google',
  title: 'Google Calendar',
  deviations: [
    { topic: 'chats', reason: 'there are groups instead, which are one row' },
    { topic: 'meeting-chat', reason: 'an event has no meeting chat' },
    { topic: 'room-admin', reason: 'rooms are attendees like others' },
    { topic: 'user-id-types', reason: 'everybody is known by an address' },
    { topic: 'removed-rows', reason: 'whoever was removed is gone from the list' },
    { topic: 'page-token-expiry', reason: 'a list is one answer' },
    {
      topic: 'handed-over',
      reason: 'an event that was handed over is on another calendar, where alone it can be changed',
    },
  ],
  user,
  organizer,
  ref: (eventId, place = {}) => ({
    provider: 'google',
    calendarId: organizer,
    eventId,
    organizer: place.organizer ?? organizer,
  }),
  tenant: googleTenant,
  env: googleEnv,
  routes: {
    token: 'google.token',
    list: 'google.event.get',
    look: 'google.event.get',
    // One call does both, and changes flags.
    add: 'google.event.patch',
    remove: 'google.event.patch',
    delete: 'google.event.delete',
    unbind: 'google has no such call',
  },
};
