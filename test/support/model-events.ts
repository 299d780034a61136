import type { ObservedAttendee } from '../../src/model/attendee.ts';
import type { AttendeeType } from '../../src/model/platform.ts';
import type { Clock } from '../../src/providers/provider.ts';

/** How one event is at a time. */
export interface Snapshot {
  readonly at: number;
  /** Moves with every change. */
  readonly version: number;
  readonly rows: readonly ObservedAttendee[];
  readonly deleted: boolean;
  readonly chat: string | null;
}

/** The events of a model platform with all their past, so that reads can lag behind writes. */
export class ModelEvents {
  readonly #clock: Clock;
  readonly #histories = new Map<string, Snapshot[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  create(eventId: string, rows: readonly ObservedAttendee[], chat: string | null): void {
    this.#histories.set(eventId, [{ at: -Infinity, version: 0, rows, deleted: false, chat }]);
  }

  has(eventId: string): boolean {
    return this.#histories.has(eventId);
  }

  now(eventId: string): Snapshot {
    return lastOf(this.#of(eventId));
  }

  /** The state as it was `lagMs` ago. */
  before(eventId: string, lagMs: number): Snapshot {
    const until = this.#clock.now() - lagMs;
    return lastOf(this.#of(eventId).filter(({ at }) => at <= until));
  }

  change(eventId: string, change: Partial<Omit<Snapshot, 'at' | 'version'>>): void {
    const before = this.now(eventId);
    this.#of(eventId).push({ ...before, ...change, version: before.version + 1, at: this.#clock.now() });
  }

  #of(eventId: string): Snapshot[] {
    const history = this.#histories.get(eventId);
    if (history === undefined) throw new RangeError(`the model has no event ${eventId}`);
    return history;
  }
}

function lastOf(history: readonly Snapshot[]): Snapshot {
  const last = history.at(-1);
  if (last === undefined) throw new RangeError('an event begins with a state');
  return last;
}

/** An attendee in short: `ou_a` a user, `oc_a` a chat, `omm_a` a room, `a@b` an address; with `?` behind it optional. */
export function attendeeOf(text: string): { type: AttendeeType; id: string; optional: boolean } {
  const optional = text.endsWith('?');
  const id = optional ? text.slice(0, -1) : text;
  return { type: typeOf(id), id, optional };
}

function typeOf(id: string): AttendeeType {
  if (id.includes('@')) return 'email';
  if (id.startsWith('omm_')) return 'room';
  return id.startsWith('oc_') ? 'chat' : 'user';
}
