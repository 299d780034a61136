import { given } from '../model/given.ts';
import { type Action, changeKey, compareChanges } from '../model/plan.ts';
import type {
  ApplyEvent,
  BatchAttendee,
  ChangeResult,
  EventOutcome,
  EventResult,
  Result,
  ResultSummary,
} from '../model/result.ts';
import { compareCodePoints } from '../model/order.ts';
import { notesIn, notesOf } from '../model/say.ts';

interface EventState {
  changes: Map<string, ChangeResult>;
  done: (ApplyEvent & { kind: 'event-done' }) | null;
}

/**
 * Brings the events of a run together, one by one. The events of a run that was cut off give what is known of it: a
 * batch without an end is `unknown`, an event without one `interrupted`.
 */
export class ResultFold {
  #started: (ApplyEvent & { kind: 'run-started' }) | null = null;
  #ended: (ApplyEvent & { kind: 'run-done' }) | null = null;
  #wrote = false;
  readonly #events = new Map<string, EventState>();
  /** The batches without an end so far. */
  readonly #batches = new Map<number, readonly string[]>();

  add(event: ApplyEvent): void {
    switch (event.kind) {
      case 'run-started':
        this.#started = event;
        for (const name of event.events) this.#state(name);
        break;
      case 'batch-started': {
        const { changes } = this.#state(event.event.name);
        const results = resultsOf(event);
        for (const [key, result] of results) changes.set(key, result);
        this.#batches.set(
          event.batch,
          results.map(([key]) => key),
        );
        break;
      }
      case 'batch-done': {
        if (event.outcome !== 'failed') this.#wrote = true;
        const changes = this.#state(event.name).changes;
        const keys = this.#batches.get(event.batch) ?? [];
        this.#batches.delete(event.batch);
        for (const key of keys) {
          const change = changes.get(key);
          if (change === undefined) continue;
          const { error: _before, ...rest } = change;
          changes.set(key, {
            ...rest,
            outcome: event.outcome,
            ...given({ error: event.error }),
          });
        }
        break;
      }
      case 'event-done': {
        const state = this.#state(event.name);
        state.done = event;
        for (const change of event.settled) state.changes.set(changeKey(change), change);
        break;
      }
      case 'run-done':
        this.#ended = event;
        break;
    }
  }

  /** Whether a call changed something, or may have. */
  get wrote(): boolean {
    return this.#wrote || this.#batches.size > 0;
  }

  /**
   * What is known so far. `journal` is where the events were written to. `failed`: the run could not go on, which is
   * neither its own end nor a stop; with the calls made until then.
   */
  result(journal: string | null = null, failed?: { readonly requests: number }): Result {
    const events = [...this.#events]
      .sort(([a], [b]) => compareCodePoints(a, b))
      .map(([name, state]) => eventResult(name, state));
    return {
      formatVersion: '1',
      runId: this.#started?.runId ?? '',
      planDigest: this.#started?.planDigest ?? '',
      journal,
      exitCode:
        this.#ended?.exitCode ?? exitCodeOf(events, { interrupted: failed === undefined, wrote: this.wrote }),
      requests: { used: this.#ended?.requests ?? failed?.requests ?? 0 },
      summary: resultSummary(events),
      events,
    };
  }

  #state(name: string): EventState {
    const state = this.#events.get(name) ?? { changes: new Map(), done: null };
    this.#events.set(name, state);
    return state;
  }
}

/** What a run means to its caller: the public exit codes. */
export function exitCodeOf(
  events: readonly EventResult[],
  run: { readonly interrupted: boolean; readonly wrote: boolean },
): number {
  if (run.interrupted) return 130;
  const outcomes = new Set(events.map(({ outcome }) => outcome));
  const fine: ReadonlySet<EventOutcome> = new Set(['converged', 'applied', 'unchanged']);
  if (events.every(({ outcome }) => fine.has(outcome))) return 0;
  if (run.wrote) return 4;
  return outcomes.has('refused') ? 3 : 1;
}

function resultsOf(event: ApplyEvent & { kind: 'batch-started' }): [string, ChangeResult][] {
  const { action, attendees, chatId } = event;
  // Replies that are put back are no change of the plan.
  if (action === 'reply') return [];
  if (action === 'delete-event' || action === 'unbind-chat') {
    return [[action, { action, ...given({ chatId }), outcome: 'unknown' }]];
  }
  return attendees.map((attendee) => [
    changeKey({ action, attendee }),
    { action, attendee: shown(attendee), outcome: 'unknown' },
  ]);
}

function shown(attendee: BatchAttendee): NonNullable<ChangeResult['attendee']> {
  const { operateId: _contact, external: _tenant, source: _line, ...rest } = attendee;
  return rest;
}

function eventResult(name: string, state: EventState): EventResult {
  const changes = [...state.changes.values()].sort(compareChanges);
  const { done } = state;
  if (done === null) {
    const outcome = changes.length > 0 ? 'interrupted' : 'not-attempted';
    return { name, outcome, changes, newcomers: [], notes: [], violations: [] };
  }
  const { outcome, newcomers, violations, problem } = done;
  return {
    name,
    outcome,
    changes,
    newcomers,
    ...notesOf(notesIn(done)),
    violations,
    ...given({ problem }),
  };
}

function resultSummary(events: readonly EventResult[]): ResultSummary {
  const of = (outcome: EventOutcome): number => events.filter((event) => event.outcome === outcome).length;
  const changes = events.flatMap((event) => event.changes);
  const done = (action: Action): number =>
    changes.filter((change) => change.action === action && change.outcome === 'done').length;
  return {
    events: events.length,
    converged: of('converged'),
    applied: of('applied'),
    unchanged: of('unchanged'),
    partial: of('partial'),
    failed: of('failed'),
    refused: of('refused'),
    unknown: of('unknown'),
    notConverged: of('not-converged'),
    notAttempted: of('not-attempted'),
    interrupted: of('interrupted'),
    added: done('add'),
    removed: done('remove'),
    failedChanges: changes.filter(({ outcome }) => outcome === 'failed').length,
    eventsDeleted: done('delete-event'),
    chatsUnbound: done('unbind-chat'),
  };
}
