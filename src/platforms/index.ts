import type { EventRef } from '../model/event.ts';
import type { Platform, PlatformEnv } from '../model/platform.ts';
import { dingtalk } from './dingtalk.ts';
import { feishu } from './feishu.ts';
import { google } from './google.ts';
import { lark } from './lark.ts';

/** A platform by the name that manifests give it. */
// Not the keys of the rows below: users of this type would then pull in the types of whole rows.
export type ProviderId = 'feishu' | 'lark' | 'dingtalk' | 'google';

/** The calendar platforms: everything that differs between them as data is looked up here. */
export const platforms: Readonly<Record<ProviderId, Platform>> = { feishu, lark, dingtalk, google };

/** The names of the platforms, in the order in which they are listed. */
// The keys of a literal are those of its type, and it is not empty.
export const providerIds: readonly [ProviderId, ...ProviderId[]] = Object.keys(platforms) as [ProviderId];

/** Something for each platform. */
export function eachPlatform<T>(valueOf: (id: ProviderId) => T): Record<ProviderId, T> {
  // One entry for each key of the record.
  return Object.fromEntries(providerIds.map((id) => [id, valueOf(id)])) as Record<ProviderId, T>;
}

/** Whether a text is the name of a platform. */
export function isProviderId(text: string): text is ProviderId {
  return Object.hasOwn(platforms, text);
}

/** The variables that hold an account's credentials, the one that names it first. */
export function credentialNames({
  credentials,
}: Pick<PlatformEnv, 'credentials'>): readonly [string, ...string[]] {
  return 'keyFile' in credentials ? [credentials.keyFile] : [credentials.app, credentials.secret];
}

/** All variables of a platform: hosts, credentials, and what else its account is told. */
export function variablesOf(env: PlatformEnv): readonly string[] {
  const { baseUrl, token, otherHosts = {}, domains, administrator } = env;
  const hosts = Object.values(otherHosts).map(({ variable }) => variable);
  const others = [domains, administrator].filter((name) => name !== undefined);
  return [...credentialNames(env), token, baseUrl, ...hosts, ...others];
}

/** What makes it that one event of the platform, whatever it is called: nothing that the platform does not ask for. */
export function placeOf(
  event: Pick<EventRef, 'provider' | 'calendarId' | 'organizer' | 'eventId' | 'admin'>,
): string {
  const { provider, eventId, admin } = event;
  const { calendar, owner } = calendarAndOwner(event);
  return JSON.stringify([provider, calendar, owner, eventId, admin?.instanceStartTime ?? null]);
}

/** An event's calendar, whatever it is called, and its organizer where the platform asks for one. */
export function calendarAndOwner(event: Pick<EventRef, 'provider' | 'calendarId' | 'organizer'>): {
  readonly calendar: string;
  readonly owner: string | null;
} {
  const { provider, calendarId, organizer } = event;
  const { organizer: role } = platforms[provider].event;
  const owner = role === 'required' ? (organizer ?? null) : null;
  const calendar =
    role === 'subject' ? ownCalendarOf(event).trim().normalize('NFC').toLowerCase() : calendarId;
  return { calendar, owner };
}

/** For whom an event's calls are made; undefined where they are the account's own. */
export function subjectOf({
  provider,
  organizer,
}: Pick<EventRef, 'provider' | 'organizer'>): string | undefined {
  return platforms[provider].event.organizer === 'subject' ? organizer : undefined;
}

/** The calendar where calendars are called by addresses: `primary` is the organizer's, which has theirs. */
export function ownCalendarOf({ calendarId, organizer }: Pick<EventRef, 'calendarId' | 'organizer'>): string {
  return calendarId === 'primary' ? (organizer ?? calendarId) : calendarId;
}

/** The series of an occurrence by its id, and when that was to start, in Unix seconds; null where the id does not tell. */
export function seriesOf(
  provider: ProviderId,
  eventId: string,
): { readonly eventId: string; readonly start: number } | null {
  switch (platforms[provider].event.exceptions.ids) {
    case 'uid-start': {
      const [, uid, start] = /^(.+)_(\d{1,12})$/.exec(eventId) ?? [];
      return uid === undefined || Number(start) === 0 ? null : { eventId: `${uid}_0`, start: Number(start) };
    }
    case 'series-instant': {
      const [, series, day = '', time = 'T000000Z'] = /^(.+)_(\d{8})(T\d{6}Z)?$/.exec(eventId) ?? [];
      const start = Date.parse(`${day}${time}`.replace(instantParts, '$1-$2-$3T$4:$5:$6Z')) / 1000;
      return series === undefined || Number.isNaN(start) ? null : { eventId: series, start };
    }
    case null:
      return null;
  }
}

const instantParts = /^(....)(..)(..)T(..)(..)(..)Z$/;
