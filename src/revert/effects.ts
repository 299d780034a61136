import { type Attendee, type Identity, identityOf } from '../model/attendee.ts';
import type { Source } from '../model/diagnostic.ts';
import { type EventRef, refOf } from '../model/event.ts';
import { given } from '../model/given.ts';
import { compareAttendees, compareCodePoints } from '../model/order.ts';
import { changeKey } from '../model/plan.ts';
import { placeOf } from '../platforms/index.ts';
import type { ApplyEvent, BatchAttendee, ChangeResult, EventResult, Result } from '../model/result.ts';

/** One thing that a run did, or may have done. */
export interface Trace {
  /** False where outcome unknown: then a reading has to tell. */
  readonly certain: boolean;
  /** The line of the journal that tells of it. */
  readonly source: Source;
}

/** A removal or an addition, with what it would take to undo it. */
export interface AttendeeTrace extends Trace {
  readonly optional: boolean;
  readonly operateId?: string;
  /** From another tenant. */
  readonly external: boolean;
}

/** What a run did to one attendee of one event. Both: its optional flag was replaced. */
export interface AttendeeEffect extends Attendee {
  readonly name?: string;
  readonly removed: AttendeeTrace | null;
  readonly added: AttendeeTrace | null;
}

/** What a run did to one event. */
export interface EventEffects {
  readonly name: string;
  readonly ref: EventRef;
  /** The first line of the journal that names the event. */
  readonly source: Source;
  /** Whether people were told. */
  readonly notify: boolean;
  /** By type, then id. */
  readonly attendees: readonly AttendeeEffect[];
  readonly unbound: (Trace & { readonly chatId: string }) | null;
  readonly deleted: Trace | null;
}

/** A line of a journal: `seq` is its number, counted from 1. */
export type NumberedEvent = ApplyEvent & { readonly seq: number };

type Started = NumberedEvent & { readonly kind: 'batch-started' };

/**
 * What a run did, event by event, from its journal and from what the journal comes to. `result` is the fold of the same
 * lines. What was refused, already done or never sent is not an effect of the run.
 */
export function effectsOf(lines: readonly NumberedEvent[], result: Result, file: string): EventEffects[] {
  const started = new Map<string, Started[]>();
  for (const line of lines) {
    if (line.kind !== 'batch-started') continue;
    const place = placeOf(line.event);
    const batches = started.get(place);
    if (batches === undefined) started.set(place, [line]);
    else batches.push(line);
  }
  const ends = new Map(result.events.map((event) => [event.name, endsOf(event)]));
  return [...started.values()]
    .map((batches) => eventEffects(batches, ends, file))
    .filter((effects) => effects !== null)
    .sort((a, b) => compareCodePoints(a.name, b.name));
}

/** How each change of an event ended, by its key. */
type Ends = ReadonlyMap<string, ChangeResult>;

function endsOf({ changes }: EventResult): Ends {
  return new Map(changes.map((change) => [changeKey(change), change]));
}

/** What was done to one event of the platform, under whatever names: guards count it once. */
function eventEffects(
  batches: readonly Started[],
  endsByName: ReadonlyMap<string, Ends>,
  file: string,
): EventEffects | null {
  const [first] = batches;
  if (first === undefined) return null;
  const attendees = new Map<Identity, AttendeeEffect>();
  let unbound: EventEffects['unbound'] = null;
  let deleted: EventEffects['deleted'] = null;
  for (const line of batches) {
    // Replies that were put back are what they were before the run.
    if (line.action === 'reply') continue;
    const source = { file, line: line.seq, column: 1 };
    const ends: Ends = endsByName.get(line.event.name) ?? new Map();
    if (line.action === 'unbind-chat' || line.action === 'delete-event') {
      const certain = certainty(ends.get(line.action));
      if (certain === null) continue;
      if (line.action === 'delete-event') deleted = { certain, source };
      else unbound = { certain, source, chatId: line.chatId ?? '' };
      continue;
    }
    for (const row of line.attendees) {
      const certain = certainty(ends.get(changeKey({ action: line.action, attendee: row })));
      if (certain === null) continue;
      const identity = identityOf(row);
      const before = attendees.get(identity);
      const side = line.action === 'remove' ? 'removed' : 'added';
      const trace = joined(before?.[side] ?? null, row, { certain, source });
      attendees.set(identity, { ...(before ?? effectless(row)), [side]: trace });
    }
  }
  if (attendees.size === 0 && unbound === null && deleted === null) return null;
  return {
    name: first.event.name,
    ref: refOf(first.event),
    source: { file, line: first.seq, column: 1 },
    notify: batches.some(({ notify }) => notify),
    attendees: [...attendees.values()].sort(compareAttendees),
    unbound,
    deleted,
  };
}

/** Whether a change is known to have taken effect: null where it did not, false where that has to be read. */
function certainty(end: ChangeResult | undefined): boolean | null {
  if (end?.outcome === 'done') return true;
  // A room that declined failed, but is listed anyway: a reading tells.
  const listed = end?.outcome === 'failed' && end.error?.code === 'room-declined';
  return end?.outcome === 'unknown' || listed ? false : null;
}

/** Several rows of one attendee are one removal; a later batch that names it again is the same one tried again. */
function joined(before: AttendeeTrace | null, row: BatchAttendee, trace: Trace): AttendeeTrace {
  const operateId = before?.operateId ?? row.operateId;
  return {
    ...trace,
    optional: row.optional,
    ...given({ operateId }),
    external: row.external === true || before?.external === true,
  };
}

function effectless({ type, id, name }: BatchAttendee): AttendeeEffect {
  return { type, id, ...given({ name }), removed: null, added: null };
}
