import type { ObservedAttendee } from '../../src/model/attendee.ts';
import type { PlatformErrorKind } from '../../src/providers/provider.ts';
import type { Fault, ModelCall } from '../support/model-calls.ts';
import type { ModelPlatform } from '../support/model-platform.ts';
import type { Random } from './random.ts';

/**
 * What goes wrong with a call: answers lost before, after and halfway, refusals, rate limits, the end of the quota.
 * `lateMs`: how long after its answer a lost addition can take effect, at most.
 */
export function faultOf(call: ModelCall, lateMs: number, random: Random): Fault {
  if (call.kind === 'list' || call.kind === 'look' || call.kind === 'chats') {
    return { unreadable: random.pick(['list-failed', 'list-moved', 'list-refused', 'list-failed', 'quota']) };
  }
  if (call.kind === 'add' && lateMs > 0 && random.chance(0.2)) {
    return { error: 'lost', lateMs: random.int(lateMs) };
  }
  const effect = random.pick<'none' | 'half' | 'all'>(['none', 'half', 'all']);
  if (random.chance(0.6)) return { error: random.pick(['lost', 'lost', 'malformed']), effect };
  const batch: readonly PlatformErrorKind[] =
    call.kind === 'add' || call.kind === 'remove'
      ? ['entry', 'entry', 'gone']
      : call.kind === 'whole'
        ? ['entry', 'entry', 'conflict', 'conflict']
        : [];
  return { error: random.pick(['rate', 'event', 'auth', 'quota', ...batch]) };
}

/** Somebody else adds, takes off or promotes one of these. */
export function meddle(
  model: ModelPlatform,
  eventId: string,
  ids: readonly [string, ...string[]],
  touched: Set<string>,
  random: Random,
): void {
  // A question about several events' chats names them all.
  if (eventId.includes(' ')) return;
  const id = random.pick(ids);
  if (random.chance(0.3)) {
    // Somebody replies: nobody comes or goes, and the event is not what it was.
    model.alter(eventId, (rows) =>
      rows.map((row) => (row.id === id && row.reply !== 'removed' ? { ...row, reply: 'tentative' } : row)),
    );
    return;
  }
  touched.add(`${eventId} user:${id}`);
  switch (random.pick(['join', 'leave', 'promote'])) {
    case 'join':
      model.leave(eventId, `user:${id}`);
      model.join(eventId, id);
      break;
    case 'leave':
      model.leave(eventId, `user:${id}`);
      break;
    case 'promote':
      model.alter(eventId, (rows) => rows.map((row) => (row.id === id ? { ...row, organizer: true } : row)));
      break;
  }
}

/** The rows in another order, as a list has them whose rows move. */
export function moved(rows: readonly ObservedAttendee[], random: Random): ObservedAttendee[] {
  const start = random.int(rows.length + 1);
  return [...rows.slice(start), ...rows.slice(0, start)];
}
