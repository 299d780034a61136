import type { EventRef } from '../model/event.ts';
import type { Platform } from '../model/platform.ts';
import { dingtalk } from './dingtalk.ts';
import { feishu } from './feishu.ts';
import { lark } from './lark.ts';

/** The calendar platforms: everything that differs between them as data is looked up here. */
export const platforms: Readonly<Record<'feishu' | 'lark' | 'dingtalk', Platform>> = {
  feishu,
  lark,
  dingtalk,
};

/** A platform by the name that manifests give it. */
export type ProviderId = keyof typeof platforms;

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

/** What makes it that one event of the platform, whatever it is called: nothing that the platform does not ask for. */
export function placeOf(
  event: Pick<EventRef, 'provider' | 'calendarId' | 'organizer' | 'eventId' | 'admin'>,
): string {
  const { provider, calendarId, organizer, eventId, admin } = event;
  const owner = platforms[provider].event.organizer === 'required' ? (organizer ?? null) : null;
  return JSON.stringify([provider, calendarId, owner, eventId, admin?.instanceStartTime ?? null]);
}

/** The series of an occurrence by its id, and when that was to start, in Unix seconds; null where the id does not tell. */
export function seriesOf(
  provider: ProviderId,
  eventId: string,
): { readonly eventId: string; readonly start: number } | null {
  if (platforms[provider].event.exceptions.ids === null) return null;
  const [, uid, start] = /^(.+)_(\d{1,12})$/.exec(eventId) ?? [];
  return uid === undefined || Number(start) === 0 ? null : { eventId: `${uid}_0`, start: Number(start) };
}
