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
export type WantedOf = ReadonlyMap<Identity, Wanted>;

/** Who is live, as plans save it. */
interface Digests {
  readonly fingerprint: string;
  readonly members: string;
}

/** What is made of a list, for all events that want it. */
interface OfList {
  readonly wanted: WantedOf;
  /** The digests where all of the list, and nobody else, is live; null until they were asked for. */
  whole: Digests | null;
}

/**
 * What was made of each list. Events that want one roster share its list, and each would make the same of it. Nobody can
 * tell whether it was made anew: a list never changes. It is held weakly, because those of thousands of events that share
 * nothing would fill the memory.
 */
const made = new WeakMap<List, WeakRef<OfList>>();

function madeOf(list: List): OfList {
  const known = made.get(list)?.deref();
  if (known !== undefined) return known;
  const wanted = new Map<Identity, Wanted>();
  for (const attendee of list) wanted.set(identityOf(attendee), { attendee, member: null });
  const fresh = { wanted, whole: null };
  made.set(list, new WeakRef(fresh));
  return fresh;
}

/** A list's attendees by identity. */
export function wantedIn(list: List): WantedOf {
  return madeOf(list).wanted;
}

/** What plans save of who is live, made once for those whom the list wants, and for all of these. */
export function digestsOf(live: Live, list: List): Digests {
  const known = madeOf(list);
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
