import type { DesiredEvent } from '../model/event.ts';
import { manifestDigest } from './digest.ts';

/**
 * The events that want something else than the event of that name does in `base`, and those that `base` does not have.
 * What counts is what a plan's `manifestDigest` counts: moving a manifest changes nothing, moving a member of a roster
 * changes every event that uses it.
 */
export function changedEvents(
  events: readonly DesiredEvent[],
  base: readonly DesiredEvent[],
): readonly DesiredEvent[] {
  const before = new Map(base.map((event) => [event.name, manifestDigest([event])]));
  return events.filter((event) => before.get(event.name) !== manifestDigest([event]));
}
