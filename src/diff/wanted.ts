import { type DesiredAttendee, type Identity, identityOf } from '../model/attendee.ts';
import { memberOf } from './digest.ts';

/** Somebody whom a list wants. */
interface Wanted {
  readonly attendee: DesiredAttendee;
  /** What {@link memberOf} makes of the identity, from when it was first asked for. */
  member: string | null;
}

type List = readonly DesiredAttendee[];
type WantedOf = ReadonlyMap<Identity, Wanted>;

/**
 * The list that was asked for last, by identity. Events that want one roster share its list, and follow one another: each
 * would make the same of it. No more than one is remembered, so that the lists of thousands of events take no memory.
 */
let latest: { readonly list: List; readonly wanted: WantedOf } | null = null;

/** A list's attendees by identity. */
export function wantedIn(list: List): WantedOf {
  if (latest?.list !== list) {
    const wanted = new Map<Identity, Wanted>();
    for (const attendee of list) wanted.set(identityOf(attendee), { attendee, member: null });
    latest = { list, wanted };
  }
  return latest.wanted;
}

/** {@link memberOf}, made once for everyone the list wants. */
export function memberOfWanted(list: List): (identity: Identity) => string {
  const wanted = wantedIn(list);
  return (identity) => {
    const known = wanted.get(identity);
    return known === undefined ? memberOf(identity) : (known.member ??= memberOf(identity));
  };
}
