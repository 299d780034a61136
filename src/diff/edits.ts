import { identityOf } from '../model/attendee.ts';
import type { AddedAttendee, Edit, FlagChange, RemovedRow } from '../model/edit.ts';
import { given } from '../model/given.ts';
import { chunks } from '../model/order.ts';
import { type Change, type EventPlan, changeKey, isReplacement, replacedBy } from '../model/plan.ts';
import type { DeltaWrites, Platform, PlatformWrites } from '../model/platform.ts';
import type { Reading } from './reading.ts';

/**
 * The part of an event's changes that is through before the next begins. `all` is every change of attendees at once, on
 * a platform that replaces lists; a `replace` takes people off and adds them back with another flag.
 */
export interface Stage {
  readonly name: 'add' | 'remove' | 'replace' | 'all' | 'unbind-chat' | 'delete-event';
  readonly changes: readonly Change[];
}

/**
 * What an event's changes come to, one request each and in the order in which they are sent: planning counts them, and
 * applying sends them.
 */
export function editsOf(
  changes: readonly Change[],
  reading: Reading,
  order: EventPlan['order'],
  { writes }: Pick<Platform, 'writes'>,
): readonly Edit[] {
  return stagesOf(changes, order, writes)
    .flatMap((stage) => cutsOf(stage.changes, reading, writes))
    .map((cut) => editOf(cut, reading, writes));
}

/** An event's changes in stages: those in the plan's order, replaced flags after them, a deletion last of all. */
export function stagesOf(
  changes: readonly Change[],
  order: EventPlan['order'],
  writes: PlatformWrites,
): readonly Stage[] {
  const of = (name: Stage['name'], isOwn: (change: Change) => boolean): Stage => ({
    name,
    changes: changes.filter(isOwn),
  });
  const last = (['unbind-chat', 'delete-event'] as const).map((name) =>
    of(name, ({ action }) => action === name),
  );
  const stages =
    writes.style === 'whole' ? [of('all', isOfAttendee)] : deltaStages(changes, order, writes, of);
  return [...stages, ...last].filter((stage) => stage.changes.length > 0);
}

function deltaStages(
  changes: readonly Change[],
  order: EventPlan['order'],
  writes: DeltaWrites,
  of: (name: Stage['name'], isOwn: (change: Change) => boolean) => Stage,
): Stage[] {
  const replaced = replacedBy(changes);
  const own = (name: 'add' | 'remove'): Stage =>
    of(name, (change) => change.action === name && !isReplacement(change, replaced));
  const flags = changes.filter((change) => isReplacement(change, replaced));
  // In pieces that one request can add back, so that nobody is gone for long.
  const pieces = chunks(
    flags.filter(({ action }) => action === 'remove'),
    Math.min(writes.remove, writes.add),
  ).map((removals): Stage => {
    const pairs = replacedBy([...removals, ...flags.filter(({ action }) => action === 'add')]);
    return { name: 'replace', changes: flags.filter((change) => isReplacement(change, pairs)) };
  });
  const first = order === 'adds-first' ? [own('add'), own('remove')] : [own('remove'), own('add')];
  return [...first, ...pieces];
}

/**
 * Cuts changes to what one request can carry, removals before additions. An identity with several rows counts each of
 * them, because the platform counts the rows that a call names, and its rows stay together.
 */
export function cutsOf(
  changes: readonly Change[],
  reading: Reading,
  writes: PlatformWrites,
): readonly (readonly Change[])[] {
  const attendees = changes.filter(isOfAttendee);
  const others = changes.filter((change) => !isOfAttendee(change)).map((change) => [change]);
  if (writes.style === 'whole') return attendees.length === 0 ? others : [attendees, ...others];
  const of = (action: Change['action']): Change[] => attendees.filter((change) => change.action === action);
  return [...removalCuts(of('remove'), reading, writes), ...additionCuts(of('add'), writes), ...others];
}

/** Changes of one cut as what is sent. */
export function editOf(changes: readonly Change[], reading: Reading, writes: PlatformWrites): Edit {
  const [first] = changes;
  if (first?.action === 'unbind-chat') return { kind: 'unbind-chat', chatId: first.chatId };
  if (first?.action === 'delete-event') return { kind: 'delete-event' };
  const flags = writes.flag === 'set' ? replacedBy(changes) : new Set<never>();
  const own = changes.filter((change) => !isReplacement(change, flags));
  return {
    kind: 'attendees',
    remove: own.flatMap((change) => rowsOf(change, reading)),
    add: own.flatMap((change) => (change.action === 'add' ? [addedBy(change)] : [])),
    set: changes.flatMap((change) =>
      change.action === 'add' && isReplacement(change, flags) ? [flagOf(change)] : [],
    ),
  };
}

/** The rows that a removal names: all those of its identity. */
export function rowsOf(change: Change, reading: Reading): readonly RemovedRow[] {
  if (change.action !== 'remove') return [];
  const rows = reading.rows.get(changeKey(change)) ?? [];
  return rows.map(({ type, id, attendeeId }) => ({
    type,
    id,
    ...given({ attendeeId }),
  }));
}

/**
 * A cut of everything at once that was refused for an entry: the fault is in whom it adds, so additions go apart from the
 * rest, in the plan's order. Null: there is nothing to part.
 */
export function additionsApart(
  changes: readonly Change[],
  order: EventPlan['order'],
  { style }: PlatformWrites,
): readonly [readonly Change[], readonly Change[]] | null {
  if (style !== 'whole') return null;
  const replaced = replacedBy(changes);
  const isAdded = (change: Change): boolean => change.action === 'add' && !isReplacement(change, replaced);
  const added = changes.filter(isAdded);
  const rest = changes.filter((change) => !isAdded(change));
  if (added.length === 0 || rest.length === 0) return null;
  return order === 'adds-first' ? [added, rest] : [rest, added];
}

/** What is left of a cut that was refused, in two; nothing where one attendee alone is left. */
export function halvesOf(changes: readonly Change[]): readonly [readonly Change[], readonly Change[]] | null {
  // A replaced flag that is set in place is a removal and an addition: they are never parted.
  const byIdentity = new Map<string, Change[]>();
  for (const change of changes) {
    const key = 'attendee' in change ? identityOf(change.attendee) : change.action;
    byIdentity.set(key, [...(byIdentity.get(key) ?? []), change]);
  }
  const units = [...byIdentity.values()];
  if (units.length < 2) return null;
  const middle = Math.ceil(units.length / 2);
  return [units.slice(0, middle).flat(), units.slice(middle).flat()];
}

function isOfAttendee(change: Change): boolean {
  return 'attendee' in change;
}

function addedBy({ attendee, operateId }: Change & { readonly action: 'add' }): AddedAttendee {
  return operateId === undefined ? attendee : { ...attendee, operateId };
}

function flagOf({ attendee: { type, id, optional } }: Change & { readonly action: 'add' }): FlagChange {
  return { type, id, optional };
}

function removalCuts(removals: readonly Change[], reading: Reading, { remove }: DeltaWrites): Change[][] {
  const cuts: Change[][] = [];
  let current: Change[] = [];
  let rows = 0;
  for (const change of removals) {
    const size = Math.max(1, rowsOf(change, reading).length);
    if (current.length > 0 && rows + size > remove) {
      cuts.push(current);
      current = [];
      rows = 0;
    }
    current.push(change);
    rows += size;
  }
  if (current.length > 0) cuts.push(current);
  return cuts;
}

/** Within the cap of the call and those of types, which come first: spread over as few calls as fit. */
function additionCuts(additions: readonly Change[], { add, addOf = {} }: DeltaWrites): Change[][] {
  const typeOf = (change: Change): string => ('attendee' in change ? change.attendee.type : '');
  const capped = Object.entries(addOf).map(([type, most]) => ({
    most,
    left: additions.filter((change) => typeOf(change) === type),
  }));
  const others = additions.filter((change) => !Object.hasOwn(addOf, typeOf(change)));
  const cuts: Change[][] = [];
  for (let left = additions.length; left > 0;) {
    const cut: Change[] = [];
    for (const one of capped) cut.push(...one.left.splice(0, Math.min(one.most, add - cut.length)));
    cut.push(...others.splice(0, add - cut.length));
    // A cap of nothing would not end.
    if (cut.length === 0) throw new RangeError('the platform does not take such attendees');
    left -= cut.length;
    cuts.push(cut);
  }
  return cuts;
}
