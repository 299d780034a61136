import type { EventRef } from '../../model/event.ts';
import { placeOf, platforms, type ProviderId } from '../../platforms/index.ts';
import type { Finder } from '../../providers/provider.ts';

const alias = 'primary';

/** Tells which event of a platform a reference means, whichever of its names the calendar goes by. */
export type PlaceOf = (ref: EventRef) => string;

/**
 * Where calendars have ids of their own, `primary` is the account's own by another name: which one is asked for, where
 * some of these are called so and others are not. Where it is not told, the two names are not taken for one.
 *
 * @param names what calendars are called, in manifests and in what was asked
 */
export async function placesOn(
  provider: ProviderId,
  names: Iterable<string>,
  finder: Finder,
  signal: AbortSignal,
): Promise<PlaceOf> {
  const called = new Set(names);
  const mixed = called.has(alias) && called.size > 1;
  if (platforms[provider].event.calendarId !== 'required' || !mixed) return placeOf;
  const { items } = await finder.find('calendars', { texts: [alias] }, signal);
  const [own] = items;
  if (own === undefined) return placeOf;
  return (ref) => placeOf(ref.calendarId === alias ? { ...ref, calendarId: own.id } : ref);
}
