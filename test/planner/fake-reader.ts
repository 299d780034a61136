import type { ObservedAttendee } from '../../src/model/attendee.ts';
import type { Problem } from '../../src/model/diagnostic.ts';
import type { ChatBinding, EventFacts, EventRef, Observed } from '../../src/model/event.ts';
import type { Occurrences, Window } from '../../src/model/occurrence.ts';
import type { Answers, Reader, ReadCalls, Want } from '../../src/providers/provider.ts';
import { present } from '../support/manifest-builders.ts';

/** What a fake platform has of one event. */
export interface Shown {
  readonly rows?: readonly ObservedAttendee[];
  /** The call fails in a way that nothing is prepared for. */
  readonly breaks?: 'list' | 'look' | 'chats';
  /** The listing fails with this. */
  readonly problem?: Problem;
  readonly facts?: EventFacts;
  readonly chat?: ChatBinding;
  /** Its changed occurrences, where it is a series. */
  readonly occurrences?: Occurrences;
}

/** A reader over events by id that keeps every call it was asked for, in order. */
export class FakeReader implements Reader {
  readonly calls: string[] = [];
  /** The most calls under way at once. */
  peak: number = 0;
  readonly #shown: Readonly<Record<string, Shown>>;
  #under: number = 0;
  readonly #reads: ReadCalls = {
    attendees: (event, signal) => this.#list(event, signal),
    facts: (event, signal) => this.#look(event, signal),
  };

  constructor(shown: Readonly<Record<string, Shown>>) {
    this.#shown = shown;
  }

  read<W extends Want>(event: EventRef, want: W, signal: AbortSignal): Promise<Answers[W]> {
    return this.#reads[want](event, signal);
  }

  #list({ eventId }: EventRef, signal: AbortSignal): Promise<Observed> {
    const { rows = [], problem, breaks } = this.#of(eventId);
    return this.#called(`list ${eventId}`, signal, () =>
      breaks === 'list'
        ? broken()
        : problem === undefined
          ? { complete: true, attendees: rows }
          : { complete: false, problem },
    );
  }

  #look({ eventId }: EventRef, signal: AbortSignal): Promise<EventFacts> {
    return this.#called(`look ${eventId}`, signal, () =>
      this.#of(eventId).breaks === 'look' ? broken() : (this.#of(eventId).facts ?? present()),
    );
  }

  meetingChats(
    calendarId: string,
    eventIds: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ChatBinding>> {
    return this.#called(`chats ${calendarId} ${eventIds.join(' ')}`, signal, () => {
      const found = new Map<string, ChatBinding>();
      for (const id of eventIds) {
        const { chat, breaks } = this.#of(id);
        if (breaks === 'chats') broken();
        if (chat !== undefined) found.set(id, chat);
      }
      return found;
    });
  }

  occurrences(
    series: readonly EventRef[],
    _window: Window,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Occurrences>> {
    const ids = series.map(({ eventId }) => eventId);
    return this.#called(
      `occurrences ${ids.join(' ')}`,
      signal,
      () => new Map(ids.map((id) => [id, this.#of(id).occurrences ?? { complete: true, occurrences: [] }])),
    );
  }

  #of(eventId: string): Shown {
    return this.#shown[eventId] ?? {};
  }

  async #called<T>(call: string, signal: AbortSignal, answer: () => T): Promise<T> {
    signal.throwIfAborted();
    this.calls.push(call);
    this.#under += 1;
    this.peak = Math.max(this.peak, this.#under);
    await new Promise(setImmediate);
    this.#under -= 1;
    return answer();
  }
}

function broken(): never {
  throw new URIError('URI malformed');
}
