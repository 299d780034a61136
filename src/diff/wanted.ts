import { type DesiredAttendee, type Identity, identityOf } from '../model/attendee.ts';
import { fingerprintOf, memberOf, membersOf } from './digest.ts';
import type { Live } from './live.ts';

/** Somebody whom a list wants. */
interface Wanted {
  readonly attendee: DesiredAttendee;
  /** What {@link memberOf} makes of the identity, from when it was first asked for. */
  member: string | null;
}

type List = readonly DesiredAttendee[];
type WantedOf = ReadonlyMap<Identity, Wanted>;

/** Who is live, as plans save it. */
interface Digests {
  readonly fingerprint: string;
  readonly members: string;
}

/**
 * The list that was asked for last, by identity. Events that want one roster share its list, and follow one another: each
 * would make the same of it. No more than one is remembered, so that the lists of thousands of events take no memory.
 */
let latest: { readonly list: List; readonly wanted: WantedOf; whole: Digests | null } | null = null;

function remembered(list: List): NonNullable<typeof latest> {
  if (latest?.list !== list) {
    const wanted = new Map<Identity, Wanted>();
    for (const attendee of list) wanted.set(identityOf(attendee), { attendee, member: null });
    latest = { list, wanted, whole: null };
  }
  return latest;
}

/** A list's attendees by identity. */
export function wantedIn(list: List): WantedOf {
  return remembered(list).wanted;
}

/** What plans save of who is live, made once for whoever the list wants, and for all of these. */
export function digestsOf(live: Live, list: List): Digests {
  const known = remembered(list);
  const { wanted } = known;
  const isWhole = isTheList(live, wanted);
  if (isWhole && known.whole !== null) return known.whole;
  const digests = {
    fingerprint: fingerprintOf(live.attendees.values()),
    members: membersOf(live.attendees.keys(), (identity) => {
      const one = wanted.get(identity);
      return one === undefined ? memberOf(identity) : (one.member ??= memberOf(identity));
    }),
  };
  if (isWhole) known.whole = digests;
  return digests;
}

/** Whether all who are wanted are live, with the flags that they are wanted with, and nobody else. */
function isTheList(live: Live, wanted: WantedOf): boolean {
  if (live.attendees.size !== wanted.size) return false;
  for (const { identity, optional } of live.attendees.values()) {
    if (wanted.get(identity)?.attendee.optional !== optional) return false;
  }
  return true;
}
