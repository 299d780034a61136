import type { BatchAttendee, BatchEvent, ChangeResult } from '../../src/model/result.ts';
import type { JournalLine } from '../../src/store/journal.ts';
import { type Random, shuffled } from './random.ts';

/** Whoever can write a journal file, and knows what its reader checks. */

type Loose<T> = { -readonly [Key in keyof T]: T[Key] };
type Line = Loose<JournalLine>;
type Started = Loose<JournalLine & { kind: 'batch-started' }>;
type Done = Loose<JournalLine & { kind: 'batch-done' }>;
type Lie = (lines: Line[], random: Random) => Line[];

const people = ['ou_0', 'ou_1', 'ou_2', 'ou_3', 'ou_4', 'ou_5', 'ou_6', 'ou_7', 'boss', 'ou_liar'] as const;
const crowd: readonly string[] = Array.from({ length: 40 }, (_, index) => `ou_crowd${index}`);
const names = ['e0', 'e1', 'e2', 'e3', 'e4', 'e5'] as const;

function oneOf<T>(items: readonly T[], random: Random): T | undefined {
  return items[random.int(items.length)];
}

/** Changes one batch, where there is one. */
function inBatch(change: (batch: Started, random: Random) => void): Lie {
  return (lines, random) => {
    const batch = oneOf(
      lines.filter((line): line is Started => line.kind === 'batch-started'),
      random,
    );
    if (batch !== undefined) change(batch, random);
    return lines;
  };
}

function inEnd(change: (end: Done, random: Random) => void): Lie {
  return (lines, random) => {
    const end = oneOf(
      lines.filter((line): line is Done => line.kind === 'batch-done'),
      random,
    );
    if (end !== undefined) change(end, random);
    return lines;
  };
}

function someone(random: Random): BatchAttendee {
  const more = random.chance(0.1) ? { external: true as const } : {};
  return { type: 'user', id: random.pick(people), optional: random.chance(0.3), ...more };
}

/** A batch that nobody sent, and its end. */
function batchOf(
  event: BatchEvent,
  attendees: readonly BatchAttendee[],
  lines: readonly Line[],
  random: Random,
): Line[] {
  const [first] = lines;
  if (first === undefined) return [];
  const { formatVersion, runId, at } = first;
  const base = { formatVersion, runId, at, seq: 0, batch: 0 };
  const outcome = random.pick<'done' | 'unknown' | 'failed'>(['done', 'done', 'done', 'unknown', 'failed']);
  const action = random.pick<'add' | 'remove'>(['add', 'add', 'add', 'remove']);
  const started: Line = {
    ...base,
    kind: 'batch-started',
    event,
    action,
    notify: random.chance(0.2),
    attendees,
  };
  return [started, { ...base, kind: 'batch-done', name: event.name, outcome }];
}

/** Puts lines before the last one. */
function inserted(lines: readonly Line[], more: readonly Line[]): Line[] {
  return [...lines.slice(0, -1), ...more, ...lines.slice(-1)];
}

function eventIn(lines: readonly Line[], random: Random): BatchEvent | undefined {
  return oneOf(
    lines.flatMap((line) => (line.kind === 'batch-started' ? [line.event] : [])),
    random,
  );
}

const lies: readonly Lie[] = [
  inBatch((batch, random) => (batch.action = random.pick(['add', 'remove', 'delete-event', 'unbind-chat']))),
  inBatch((batch, random) => (batch.event = { ...batch.event, name: random.pick(names) })),
  inBatch(
    (batch, random) => (batch.event = { ...batch.event, eventId: random.pick(['e0', 'e1', 'e2', 'gone']) }),
  ),
  inBatch((batch) => (batch.notify = !batch.notify)),
  inBatch((batch, random) => (batch.attendees = [...batch.attendees, someone(random)])),
  inBatch((batch, random) => (batch.attendees = batch.attendees.filter(() => random.chance(0.5)))),
  inBatch((batch) => {
    batch.attendees = batch.attendees.map((one) => ({ ...one, optional: !one.optional }));
  }),
  inBatch(
    (batch, random) =>
      (batch.attendees = batch.attendees.map((one) => ({ ...one, attendeeId: random.pick(people) }))),
  ),
  inBatch((batch, random) => {
    batch.attendees = batch.attendees.map((one) => ({ ...one, operateId: random.pick(people) }));
  }),
  inBatch((batch, random) => {
    batch.event = { ...batch.event, userIdType: random.pick(['open_id', 'union_id', 'user_id']) };
  }),
  inBatch(
    (batch, random) => (batch.event = { ...batch.event, admin: { instanceStartTime: `${random.int(9)}` } }),
  ),
  inEnd((end, random) => (end.outcome = random.pick(['done', 'failed', 'unknown']))),
  inEnd((end, random) => (end.name = random.pick(names))),
  (lines, random) => lines.filter(() => random.chance(0.9)),
  (lines, random) => [...lines.slice(0, 1), ...shuffled(lines.slice(1), random)],
  (lines, random) => {
    const from = random.int(lines.length);
    return [...lines, ...structuredClone(lines.slice(from, from + 2))];
  },
  // One event under many names, some of its people under each: every name by itself stays under the guards.
  (lines, random) => {
    const event = eventIn(lines, random);
    if (event === undefined) return lines;
    const { userIdType: _, ...rest } = event;
    const dressed = random.pick(['plain', 'organizer', 'ids', 'calendar']);
    const size = 1 + random.int(5);
    return Array.from({ length: 8 }).reduce<Line[]>((all, _one, part) => {
      const who = crowd.slice(part * size, (part + 1) * size);
      const one: BatchEvent = {
        ...(dressed === 'ids' ? rest : event),
        name: `alias${part}`,
        ...(dressed === 'organizer' ? { organizer: `nobody${part}` } : {}),
        ...(dressed === 'calendar' ? { calendarId: `calendar${part}` } : {}),
      };
      const attendees = who.map((id) => ({ type: 'user' as const, id, optional: false }));
      return inserted(all, batchOf(one, attendees, all, random));
    }, lines);
  },
  // A whole crowd in one batch.
  (lines, random) => {
    const event = eventIn(lines, random);
    const who = crowd.slice(0, 1 + random.int(crowd.length));
    const attendees = who.map((id) => ({ type: 'user' as const, id, optional: false }));
    return event === undefined ? lines : inserted(lines, batchOf(event, attendees, lines, random));
  },
  // Everybody who could be there.
  (lines, random) => {
    const event = eventIn(lines, random);
    const attendees = people.map((id) => ({ type: 'user' as const, id, optional: random.chance(0.2) }));
    return event === undefined ? lines : inserted(lines, batchOf(event, attendees, lines, random));
  },
  // What became of it, told apart from its batch.
  (lines, random) => {
    const event = eventIn(lines, random);
    const first = lines[0];
    if (event === undefined || first === undefined) return lines;
    const change: ChangeResult = {
      action: random.pick(['add', 'remove']),
      attendee: { type: 'user', id: random.pick(people), optional: false },
      outcome: random.pick(['done', 'already', 'unknown']),
    };
    const { formatVersion, runId, at } = first;
    const rest = { outcome: 'partial' as const, newcomers: [], notes: [], violations: [] };
    const settled = { kind: 'event-done' as const, name: event.name, settled: [change], ...rest };
    return inserted(lines, [{ formatVersion, runId, at, seq: 0, ...settled }]);
  },
];

/** Numbers lines and batches as the reader wants them; ends without a start are left out. */
function mended(lines: readonly Line[]): Line[] {
  let next = 0;
  let open: { readonly batch: number; readonly name: string } | null = null;
  const kept: Line[] = [];
  for (const line of lines) {
    if (line.kind === 'batch-started') {
      next += 1;
      open = { batch: next, name: line.event.name };
      kept.push({ ...line, batch: next });
    } else if (line.kind === 'batch-done') {
      if (open !== null) kept.push({ ...line, ...open });
      open = null;
    } else kept.push(line);
  }
  return kept.map((line, index) => ({ ...line, seq: index + 1 }));
}

/** The same journal, lied about, in bytes. */
export function lyingJournal(honest: readonly JournalLine[], random: Random): Buffer {
  let lines: Line[] = structuredClone([...honest]);
  for (let left = 1 + random.int(3); left > 0; left -= 1) {
    lines = oneOf(lies, random)?.(lines, random) ?? lines;
  }
  if (random.chance(0.9)) lines = mended(lines);
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return Buffer.from(random.chance(0.05) ? text.slice(0, random.int(text.length)) : text);
}
