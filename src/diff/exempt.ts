import { type Identity, identityOf } from '../model/attendee.ts';
import type { DesiredEvent, EventFacts } from '../model/event.ts';
import type { Kept } from '../model/plan.ts';
import type { ObservedAttendee } from '../model/attendee.ts';
import { type ProviderId, platforms } from '../platforms/index.ts';
import type { Live, LiveAttendee } from './live.ts';

/** Why a live attendee is left alone whatever the manifest says of it. */
export type Exemption = Exclude<Kept['reason'], 'add-only'>;

/** The identities that organize the event: as the listing marks them, the path names them and the look answers. */
export function organizersOf(
  desired: DesiredEvent,
  live: Live,
  facts: EventFacts | null,
): ReadonlySet<Identity> {
  const organizers = new Set<Identity>();
  for (const attendee of live.attendees.values()) if (attendee.organizer) organizers.add(attendee.identity);
  const named = [desired.ref.organizer, facts?.state === 'present' ? facts.organizer : undefined];
  const { people: type } = platforms[desired.ref.provider].event;
  for (const id of named) if (id !== undefined) organizers.add(identityOf({ type, id }));
  return organizers;
}

/** Tells for each live attendee the first exemption that fits: organizer, ignored, external. */
export function exemptions(
  desired: DesiredEvent,
  organizers: ReadonlySet<Identity>,
): (attendee: LiveAttendee) => Exemption | null {
  const types = new Set<string>();
  const identities = new Set<Identity>();
  for (const rule of desired.ignore) {
    if ('id' in rule) identities.add(identityOf(rule));
    else types.add(rule.type);
  }
  return (attendee) => {
    if (organizers.has(attendee.identity)) return 'organizer';
    // A listing tells a group from a person for a while at most: rules take it for the address that it is.
    if (types.has(attendee.type === 'group' ? 'email' : attendee.type) || identities.has(attendee.identity))
      return 'ignored';
    return isForeign(desired.ref.provider, attendee) && desired.external === 'keep' ? 'external' : null;
  };
}

/**
 * Whether somebody is from another organisation, as far as that keeps them. Where people have ids, an address is always
 * somebody from outside; it is matched by address and can be removed.
 */
export function isForeign(
  provider: ProviderId,
  { type, external }: Pick<ObservedAttendee, 'type' | 'external'>,
): boolean {
  return external && type !== 'room' && (type !== 'email' || platforms[provider].event.people === 'email');
}
