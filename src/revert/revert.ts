import { type Named, identityOf } from '../model/attendee.ts';
import type { Problem, Source } from '../model/diagnostic.ts';
import { type DesiredEvent, type EventFacts, defaultGuards } from '../model/event.ts';
import { given } from '../model/given.ts';
import type { Change, PlanAttendee } from '../model/plan.ts';
import { compareChanges } from '../model/plan.ts';
import { notesIn, notesOf, say } from '../model/say.ts';
import { type Difference, lostReply } from '../diff/difference.ts';
import type { AttendeeEffect, AttendeeTrace, EventEffects } from './effects.ts';
import { type PlanAndWarnings, type Policy, type Reads, planWith, unknownPlan } from '../diff/event-plan.ts';
import { organizersOf } from '../diff/exempt.ts';
import { type Loss, type Lost, irreversibleWarnings, sinceNotes } from './irreversible.ts';
import { type Live, type LiveAttendee, liveOf } from '../diff/live.ts';

/** The plan that undoes what a run did to one event, and how much of that can be undone at all. */
export interface Reverted extends PlanAndWarnings {
  /** Effects that the plan undoes, or that somebody has undone or changed since. */
  readonly reversible: number;
  /** Effects that nothing brings back. */
  readonly irreversible: number;
}

/** What becomes of one effect. */
type Undoing =
  | { readonly kind: 'undone'; readonly changes: readonly Change[] }
  /** Has left the organisation since, and cannot be invited. */
  | { readonly kind: 'left'; readonly attendee: PlanAttendee; readonly source: Source }
  /** Somebody else was faster: left as it is. */
  | { readonly kind: 'again' | 'gone' | 'changed' | 'organizer' }
  | { readonly kind: 'lost' }
  /** It was begun, and the reading shows that it did not take effect. */
  | { readonly kind: 'not-done' };

/**
 * The inverse of what a run did to one event, as a plan like any other: those it removed are added with the flag that
 * they had, those it added are removed, and only where that is still so. Pure and total.
 */
export function revertOf(effects: EventEffects, reads: Reads, policy: Policy): Reverted {
  const desired = desiredOf(effects);
  const { facts } = reads;
  const problem = problemOf(effects, reads);
  if (problem !== null) {
    return { plan: unknownPlan(desired, problem, policy), warnings: [], reversible: 0, irreversible: 0 };
  }
  const live = reads.rows === null ? null : liveOf(reads.rows);
  const organizers = organizersOf(desired, live ?? liveOf([]), facts);
  const undoings = effects.attendees.map((effect) => {
    const undoing = undoingOf(effect, live ?? liveOf([]), organizers);
    return [effect, unlessLeft(effect, undoing, reads)] as const;
  });
  const found = live === null ? null : differenceOf(undoings, live, organizers);
  const planned = planWith(desired, reads, policy, live, found);
  const of = (kind: Undoing['kind']): AttendeeEffect[] =>
    undoings.filter(([, undoing]) => undoing.kind === kind).map(([effect]) => effect);
  const losses: Lost = {
    external: of('lost'),
    deleted: isLost(effects.deleted, facts),
    unbound: unboundLoss(effects, reads),
  };
  const notes = [
    ...notesIn(planned.plan),
    ...sinceNotes({ again: of('again'), gone: of('gone'), changed: of('changed') }),
    ...(losses.deleted === null ? [] : [say`The run deleted this event.`]),
    ...(planned.plan.status === 'refused' ? [ownGuards] : []),
  ];
  const named = [...of('again'), ...of('gone'), ...of('changed'), ...losses.external].map(
    ({ type, id, name }): Named => ({ type, id, ...given({ name }) }),
  );
  if (losses.unbound !== null && losses.unbound.chatId !== '')
    named.push({ type: 'chat', id: losses.unbound.chatId });
  const irreversible =
    losses.external.length + (losses.deleted === null ? 0 : 1) + (losses.unbound === null ? 0 : 1);
  return {
    plan: { ...planned.plan, ...notesOf(notes), ...(named.length === 0 ? {} : { named }) },
    warnings: [...planned.warnings, ...irreversibleWarnings(effects, losses, planned.plan.changes)],
    reversible: undoings.filter(([, { kind }]) => kind !== 'lost' && kind !== 'not-done').length,
    irreversible,
  };
}

/** Why the current state is not known: the look that would confirm a deletion failed, or the event is gone meanwhile. */
function problemOf({ attendees }: EventEffects, { rows, facts }: Reads): Problem | null {
  if (facts?.state === 'unknown' && rows === null) return facts.problem;
  if (facts?.state !== 'deleted' || attendees.length === 0) return null;
  return {
    code: 'event-deleted',
    message: 'the event is cancelled',
    hint: 'Nobody can be added back to it or removed from it.',
  };
}

const ownGuards = say`A revert has no manifest: the guards are the defaults. To set them, revert the manifests in git and apply those.`;

/** What stands for the manifest: nothing is wanted, all policies are the defaults, people are told as the run did. */
export function desiredOf(effects: EventEffects): DesiredEvent {
  return {
    name: effects.name,
    labels: {},
    source: effects.source,
    ref: effects.ref,
    state: 'present',
    sync: 'exact',
    notify: effects.notify,
    attendees: null,
    unwanted: new Map(),
    ignore: [],
    external: 'keep',
    optionalDrift: 'replace',
    exceptions: 'leave',
    leavers: 'keep',
    guards: defaultGuards,
    unbindChat: null,
    names: new Map(),
  };
}

function undoingOf(effect: AttendeeEffect, live: Live, organizers: ReturnType<typeof organizersOf>): Undoing {
  const identity = identityOf(effect);
  const row = live.attendees.get(identity);
  const { removed, added } = effect;
  if (removed !== null && added !== null) return replacementUndone(effect, removed, added, row, live);
  if (removed !== null) return removalUndone(effect, removed, row, live);
  if (added === null) return { kind: 'not-done' };
  if (row === undefined) return { kind: added.certain ? 'gone' : 'not-done' };
  if (organizers.has(identity)) return { kind: 'organizer' };
  if (hasFlag(effect) && row.optional !== added.optional) return { kind: 'changed' };
  return { kind: 'undone', changes: [removal(row, added)] };
}

/** People who have left are not added back; where their flag was replaced they are left as they are. */
function unlessLeft({ type, id }: AttendeeEffect, undoing: Undoing, { standingOf }: Reads): Undoing {
  if (undoing.kind !== 'undone' || type !== 'user' || standingOf?.(id) !== 'left') return undoing;
  const addition = undoing.changes.find(({ action }) => action === 'add');
  if (addition?.action !== 'add' || addition.source === undefined) return undoing;
  return { kind: 'left', attendee: addition.attendee, source: addition.source };
}

function removalUndone(
  effect: AttendeeEffect,
  removed: AttendeeTrace,
  row: LiveAttendee | undefined,
  live: Live,
): Undoing {
  if (row !== undefined) return { kind: removed.certain ? 'again' : 'not-done' };
  if (removed.external) return { kind: 'lost' };
  return { kind: 'undone', changes: [addition(effect, removed, live)] };
}

/** The flag was replaced; where only the removal is known to have been made, that is what is undone. */
function replacementUndone(
  effect: AttendeeEffect,
  removed: AttendeeTrace,
  added: AttendeeTrace,
  row: LiveAttendee | undefined,
  live: Live,
): Undoing {
  if (row === undefined) {
    return added.certain ? { kind: 'gone' } : removalUndone(effect, removed, row, live);
  }
  if (row.optional === removed.optional) return { kind: removed.certain ? 'again' : 'not-done' };
  if (row.organizer || row.optional !== added.optional) return { kind: 'changed' };
  return { kind: 'undone', changes: [removal(row, added), addition(effect, removed, live)] };
}

/** Rooms and chats have no flag that could tell who added them. */
function hasFlag({ type }: AttendeeEffect): boolean {
  return type === 'user' || type === 'email';
}

function removal(row: LiveAttendee, { source }: AttendeeTrace): Change {
  const attendeeId = row.rows[0]?.attendeeId;
  const attendee: PlanAttendee = {
    type: row.type,
    id: row.id,
    ...given({ attendeeId, name: row.name }),
    optional: row.optional,
    ...lostReply(row),
  };
  return { action: 'remove', attendee, reason: 'reverted', certain: true, source };
}

function addition(effect: AttendeeEffect, removed: AttendeeTrace, live: Live): Change {
  const { type, id, name } = effect;
  const { optional, operateId, source } = removed;
  return {
    action: 'add',
    attendee: { type, id, ...given({ name }), optional },
    reason: 'reverted',
    certain: true,
    source,
    ...(live.removed.has(identityOf(effect)) ? { wasRemoved: true as const } : {}),
    ...given({ operateId }),
  };
}

function differenceOf(
  undoings: readonly (readonly [AttendeeEffect, Undoing])[],
  live: Live,
  organizers: ReturnType<typeof organizersOf>,
): Difference {
  const changes = undoings.flatMap(([, undoing]) => (undoing.kind === 'undone' ? undoing.changes : []));
  const kept = undoings.flatMap(([effect, { kind }]) => {
    const row = live.attendees.get(identityOf(effect));
    if (kind !== 'organizer' || row === undefined) return [];
    const { type, id, optional, name } = row;
    const attendee = { type, id, ...given({ name }), optional };
    return [{ attendee, reason: 'organizer' as const }];
  });
  const skipped = undoings.flatMap(([, undoing]) =>
    undoing.kind === 'left'
      ? [{ attendee: undoing.attendee, reason: 'left' as const, source: undoing.source }]
      : [],
  );
  // What the manifests ignore is not known here: everybody but the organizer is managed.
  const managed = [...live.attendees.keys()].filter((identity) => !organizers.has(identity)).length;
  const none = { missing: [], drift: [], aliases: [] };
  return { ...none, changes: changes.toSorted(compareChanges), kept, skipped, managed };
}

function isLost(deleted: EventEffects['deleted'], facts: EventFacts | null): Loss | null {
  if (deleted === null) return null;
  return deleted.certain || facts?.state === 'deleted' || facts?.state === 'absent' ? deleted : null;
}

/** Where the binding cannot be asked for, an unbinding that was begun counts as done. */
function unboundLoss(
  { unbound }: EventEffects,
  { chat }: Reads,
): (Loss & { readonly chatId: string }) | null {
  if (unbound === null) return null;
  const bound = chat?.state === 'bound' && chat.chatId === unbound.chatId;
  return !unbound.certain && bound ? null : unbound;
}
