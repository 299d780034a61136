import { ResultFold } from '../../src/applier/result-of.ts';
import { type EventEffects, type NumberedEvent, effectsOf } from '../../src/revert/effects.ts';
import type { ApplyEvent, BatchAttendee, BatchEvent, ChangeResult } from '../../src/model/result.ts';

/** What a run of the event `weekly` told, and what it comes to. */

export const event: BatchEvent = {
  name: 'weekly',
  provider: 'feishu',
  calendarId: 'cal',
  eventId: 'weekly_0',
};
export const dingtalk: BatchEvent = { ...event, provider: 'dingtalk', organizer: 'boss' };
export function user(id: string, more: Partial<BatchAttendee> = {}): BatchAttendee {
  return { type: 'user', id, optional: false, ...more };
}

export type End = 'done' | 'unknown' | 'failed' | 'open';

/** A batch and its end; `open` has none. */
export function batch(
  number: number,
  action: 'add' | 'remove' | 'delete-event' | 'unbind-chat',
  attendees: readonly BatchAttendee[],
  end: End = 'done',
  of: BatchEvent = event,
  notify: boolean = false,
): ApplyEvent[] {
  const chat = action === 'unbind-chat' ? { chatId: 'oc_meet' } : {};
  const started: ApplyEvent = {
    kind: 'batch-started',
    event: of,
    action,
    batch: number,
    notify,
    attendees,
    ...chat,
  };
  if (end === 'open') return [started];
  return [started, { kind: 'batch-done', name: 'weekly', batch: number, outcome: end }];
}

export function settled(...changes: readonly ChangeResult[]): ApplyEvent {
  return {
    kind: 'event-done',
    name: 'weekly',
    outcome: 'partial',
    settled: changes,
    newcomers: [],
    notes: [],
    violations: [],
  };
}

export function effects(...events: readonly ApplyEvent[]): EventEffects[] {
  const lines = events.map((one, index): NumberedEvent => ({ ...one, seq: index + 2 }));
  const fold = new ResultFold();
  for (const line of lines) fold.add(line);
  return effectsOf(lines, fold.result(), 'run.ndjson');
}
