import { type Identity, identityOf, type ObservedAttendee } from '../model/attendee.ts';
import type { DesiredEvent, RememberedAlias } from '../model/event.ts';
import { given } from '../model/given.ts';
import type { ProviderId } from '../platforms/index.ts';
import type { Organisation } from './provider.ts';

/**
 * Asks whose the addresses are that a manifest names and the event does not list: people who are on it under another
 * address are neither added nor removed. Questions left unanswered change nothing in a plan.
 *
 * @throws the signal's reason when it aborts
 */
export async function withAliases(
  event: DesiredEvent,
  rows: readonly ObservedAttendee[],
  organisation: Organisation | undefined,
  signal: AbortSignal,
): Promise<DesiredEvent> {
  if (organisation?.aliases === undefined) return event;
  const listed = rows.filter(({ reply }) => reply !== 'removed');
  const there = new Set(listed.map(identityOf));
  const ignored = event.ignore.flatMap((rule) => ('id' in rule ? [rule] : []));
  const named = [...(event.attendees ?? []), ...ignored].flatMap((one) =>
    one.type === 'email' && !there.has(identityOf(one)) ? [one.id] : [],
  );
  if (named.length === 0) return event;
  const of = await organisation.aliases({ event: event.ref, named, listed }, signal);
  if (of.size === 0) return event;
  const person = (id: string): Identity => identityOf({ type: 'email', id });
  const aliases = new Map([...of].map(([address, primary]) => [person(address), person(primary)]));
  return { ...event, aliases };
}

/** An event, or an occurrence that follows it, with what earlier runs found of addresses on it. */
export function withRemembered(
  event: DesiredEvent,
  remembered?: ReadonlyMap<string, readonly RememberedAlias[]>,
): DesiredEvent {
  const own = remembered?.get(event.series?.name ?? event.name);
  return own === undefined ? event : { ...event, remembered: own };
}

/** Events with all that was learnt of addresses by platform, whichever event it was learnt for. */
export function withLearnt(
  events: readonly DesiredEvent[],
  learnt: readonly (readonly [ProviderId, DesiredEvent['aliases']])[],
): readonly DesiredEvent[] {
  const of = new Map<ProviderId, Map<Identity, Identity>>();
  for (const [provider, aliases] of learnt) {
    if (aliases === undefined) continue;
    const own = of.get(provider) ?? new Map<Identity, Identity>();
    of.set(provider, own);
    for (const [identity, person] of aliases) own.set(identity, person);
  }
  if (of.size === 0) return events;
  return events.map((event) => ({ ...event, ...given({ aliases: of.get(event.ref.provider) }) }));
}
