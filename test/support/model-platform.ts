import { type Identity, type ObservedAttendee, type Reply, identityOf } from '../../src/model/attendee.ts';
import type { Occurrences, Window } from '../../src/model/occurrence.ts';
import type { ChatBinding, EventFacts, EventRef, Observed } from '../../src/model/event.ts';
import type { Action } from '../../src/model/plan.ts';
import { editBy } from '../../src/providers/delta.ts';
import { type ProviderId, platforms } from '../../src/platforms/index.ts';
import type { AddedAttendee, RemovedRow } from '../../src/model/edit.ts';
import type { Answers, Clock, ReadCalls, Want, WriteOptions, Writer } from '../../src/providers/provider.ts';
import {
  type Effect,
  type Fault,
  type ModelCall,
  named,
  scripted,
  targetOf,
  unreadable,
} from './model-calls.ts';
import { ModelEvents, attendeeOf } from './model-events.ts';

/** One platform in memory, in virtual time: reads lag behind writes, and each call can be made to fail. */
export class ModelPlatform implements Writer {
  readonly calls: ModelCall[] = [];
  readonly effects: Effect[] = [];
  /** Asked at the start of each call; may change the model, as somebody else would. */
  onCall: (call: ModelCall) => Fault | undefined = () => undefined;
  /** Told of each effect as it happens. */
  onEffect: (effect: Effect) => void = () => {};
  /** A batch that names one of these is refused as a whole, for an entry. */
  readonly refused: Set<Identity> = new Set();
  /** How long reads lag behind writes, in milliseconds. */
  lagMs = 0;
  /** How long a call takes, in milliseconds. */
  callMs: (call: ModelCall) => number = () => 0;
  /** What a room answers when it is added. */
  roomReply: Reply = 'accepted';
  /** Whether the binding of a meeting chat can be asked for. */
  tellsChats = true;
  facts: Partial<EventFacts & { state: 'present' }> = {};
  /** The order that a listing has its rows in; rows can move between two of them. */
  order: (rows: readonly ObservedAttendee[]) => readonly ObservedAttendee[] = (rows) => rows;
  /** What the last complete listing of each event answered. */
  readonly listed: Map<string, readonly ObservedAttendee[]> = new Map();
  /** What is told of the changed occurrences of series, by the series' ids. */
  readonly series: Map<string, Occurrences> = new Map();
  /** Occurrences that are as their series has them. */
  readonly plain: Set<string> = new Set();
  readonly #provider: ProviderId;
  protected readonly clock: Clock;
  protected readonly events: ModelEvents;
  #rowCount = 0;
  readonly edit: Writer['edit'] = editBy(this);
  readonly #reads: ReadCalls = {
    attendees: (event, signal) => this.#list(event, signal),
    facts: (event, signal) => this.#look(event, signal),
  };

  constructor(provider: ProviderId, clock: Clock) {
    this.#provider = provider;
    this.clock = clock;
    this.events = new ModelEvents(clock);
  }

  /** Creates an event; attendees as {@link attendeeOf} writes them, or whole rows. */
  create(
    eventId: string,
    attendees: readonly (string | Partial<ObservedAttendee>)[],
    chat: string | null = null,
  ): void {
    this.events.create(
      eventId,
      attendees.map((one) => this.row(one)),
      chat,
    );
  }

  /** Somebody else changes the rows of an event. */
  alter(eventId: string, change: (rows: readonly ObservedAttendee[]) => readonly ObservedAttendee[]): void {
    this.events.change(eventId, { rows: change(this.events.now(eventId).rows) });
  }

  /** Somebody else adds an attendee. */
  join(eventId: string, attendee: string | Partial<ObservedAttendee>): void {
    this.alter(eventId, (rows) => [...rows, this.row(attendee)]);
  }

  /** Somebody else takes an attendee off. */
  leave(eventId: string, identity: string): void {
    this.alter(eventId, (rows) => rows.filter((row) => identityOf(row) !== identity));
  }

  /** Somebody else deletes an event. */
  erase(eventId: string): void {
    this.events.change(eventId, { deleted: true });
  }

  /** Who is really live now, as `type:id`, an optional one with a `?` behind it; sorted. */
  live(eventId: string): string[] {
    const rows = this.events.now(eventId).rows.filter(({ reply }) => reply !== 'removed');
    return [...new Set(rows.map((row) => `${identityOf(row)}${row.optional ? '?' : ''}`))].sort();
  }

  has(eventId: string): boolean {
    return this.events.has(eventId);
  }

  rows(eventId: string): readonly ObservedAttendee[] {
    return this.events.now(eventId).rows;
  }

  isDeleted(eventId: string): boolean {
    return this.events.now(eventId).deleted;
  }

  chatOf(eventId: string): string | null {
    return this.events.now(eventId).chat;
  }

  /** The calls that write. */
  get writes(): ModelCall[] {
    return this.calls.filter(({ kind }) => kind !== 'list' && kind !== 'look' && kind !== 'chats');
  }

  read<W extends Want>(event: EventRef, want: W, signal: AbortSignal): Promise<Answers[W]> {
    return this.#reads[want](event, signal);
  }

  async #list(event: EventRef, signal: AbortSignal): Promise<Observed> {
    const fault = await this.enter({ kind: 'list', eventId: event.eventId }, signal);
    if (fault !== undefined && 'unreadable' in fault) return unreadable(fault.unreadable);
    if (!this.events.has(event.eventId)) return unreadable('event-not-found');
    const { deleted, rows } = this.events.before(event.eventId, this.lagMs);
    if (deleted) return unreadable('event-deleted');
    const attendees = this.order(rows);
    this.listed.set(event.eventId, attendees);
    return { complete: true, attendees };
  }

  async #look(event: EventRef, signal: AbortSignal): Promise<EventFacts> {
    const fault = await this.enter({ kind: 'look', eventId: event.eventId }, signal);
    if (fault !== undefined && 'unreadable' in fault) {
      return { state: 'unknown', problem: { code: fault.unreadable, message: 'scripted' } };
    }
    if (!this.events.has(event.eventId)) return { state: 'absent' };
    const seen = this.events.before(event.eventId, this.lagMs);
    if (seen.deleted) return { state: 'deleted' };
    const exception = this.plain.has(event.eventId) ? { exception: false } : {};
    return { recurring: true, ...this.facts, ...exception, state: 'present' };
  }

  async meetingChats(
    _calendarId: string,
    eventIds: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ChatBinding>> {
    await this.enter({ kind: 'chats', eventId: eventIds.join(' ') }, signal);
    return new Map(eventIds.map((eventId) => [eventId, this.#binding(eventId)]));
  }

  async occurrences(
    series: readonly EventRef[],
    _window: Window,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Occurrences>> {
    if (this.series.size > 0) await this.enter({ kind: 'look', eventId: 'occurrences' }, signal);
    const none = { complete: true, occurrences: [] } as const;
    return new Map(series.map(({ eventId }) => [eventId, this.series.get(eventId) ?? none]));
  }

  async remove(
    { eventId }: EventRef,
    batch: readonly RemovedRow[],
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const fault = await this.enter({ kind: 'remove', eventId, ...named(batch), ...options }, signal);
    await this.change(fault, batch, (part) => {
      const { rows } = this.events.now(eventId);
      const targets = new Set(part.map(targetOf));
      const hit = (row: ObservedAttendee): boolean => targets.has(targetOf(row));
      const there = new Set(rows.filter(({ reply }) => reply !== 'removed').map(targetOf));
      const missed = part.some((one) => !there.has(targetOf(one)));
      // Feishu refuses the whole batch for one row that is gone (194000); DingTalk removes the others.
      if (missed && platforms[this.#provider].reads.showsRemoved) throw scripted('gone');
      this.refuse(part);
      const kept = platforms[this.#provider].reads.showsRemoved
        ? rows.map((row) => (hit(row) ? { ...row, reply: 'removed' as const } : row))
        : rows.filter((row) => !hit(row));
      this.events.change(eventId, { rows: kept });
      this.tell('remove', eventId, part);
    });
  }

  async add(
    { eventId }: EventRef,
    batch: readonly AddedAttendee[],
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const fault = await this.enter({ kind: 'add', eventId, ...named(batch), ...options }, signal);
    await this.change(fault, batch, (part) => {
      this.refuse(part);
      const { rows } = this.events.now(eventId);
      const there = new Set(rows.filter(({ reply }) => reply !== 'removed').map(identityOf));
      const added = part.filter((one) => !there.has(identityOf(one)));
      const names = new Set(added.map(identityOf));
      const next = [
        ...rows.filter((row) => !names.has(identityOf(row))),
        ...added.map((one) =>
          this.row({ ...one, ...(one.type === 'room' ? { reply: this.roomReply } : {}) }),
        ),
      ];
      const count = next.filter(({ reply }) => reply !== 'removed').length;
      if (count > platforms[this.#provider].event.most) throw scripted('event');
      this.events.change(eventId, { rows: next });
      this.tell('add', eventId, added);
    });
  }

  async deleteEvent({ eventId }: EventRef, options: WriteOptions, signal: AbortSignal): Promise<void> {
    const fault = await this.enter({ kind: 'delete-event', eventId, ...options }, signal);
    await this.change(fault, [], () => {
      if (this.events.now(eventId).deleted) throw scripted('done');
      this.events.change(eventId, { deleted: true });
      this.tell('delete-event', eventId, null);
    });
  }

  async unbindChat(
    { eventId }: EventRef,
    chatId: string,
    { mayStart }: WriteOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const fault = await this.enter({ kind: 'unbind-chat', eventId, mayStart }, signal);
    await this.change(fault, [], () => {
      if (this.events.now(eventId).chat !== chatId) throw scripted('done');
      this.events.change(eventId, { chat: null });
      this.tell('unbind-chat', eventId, null);
    });
  }

  protected async enter(
    {
      mayStart = () => true,
      ...call
    }: Partial<ModelCall> & Pick<ModelCall, 'kind' | 'eventId'> & Pick<WriteOptions, 'mayStart'>,
    signal: AbortSignal,
  ): Promise<Fault | undefined> {
    const whole = {
      identities: [],
      targets: [],
      size: 0,
      rooms: 0,
      key: '',
      notify: false,
      ...call,
      at: this.clock.now(),
    };
    signal.throwIfAborted();
    if (!mayStart()) throw scripted('held');
    this.calls.push(whole);
    const fault = this.onCall(whole);
    const ms = this.callMs(whole);
    // As with the client, a stop cuts reads off, and lets a write that was sent have its answer.
    const reads = whole.kind === 'list' || whole.kind === 'look' || whole.kind === 'chats';
    if (ms > 0) await this.clock.sleep(ms, reads ? signal : undefined);
    if (reads) signal.throwIfAborted();
    return fault;
  }

  /** Does what a write asks for, or as much of it as its fault lets through, and answers as the fault says. */
  protected change<T>(
    fault: Fault | undefined,
    batch: readonly T[],
    work: (part: readonly T[]) => void,
  ): Promise<void> {
    return Promise.resolve().then(() => {
      if (fault !== undefined && 'drops' in fault) {
        if (fault.drops === 'half') work(batch.slice(0, Math.floor(batch.length / 2)));
        return;
      }
      if (fault === undefined || !('error' in fault)) {
        work(batch);
        return;
      }
      // Nobody hears any more what a late effect runs into.
      if (fault.lateMs !== undefined) {
        void this.clock
          .sleep(fault.lateMs)
          .then(() => {
            work(batch);
          })
          .catch(() => {});
      }
      if (fault.effect === 'all') work(batch);
      if (fault.effect === 'half') work(batch.slice(0, Math.floor(batch.length / 2)));
      throw scripted(fault.error);
    });
  }

  protected tell(
    action: Action,
    eventId: string,
    batch: readonly (AddedAttendee | RemovedRow)[] | null,
  ): void {
    const who = batch === null ? [null] : new Map(batch.map((one) => [targetOf(one), one])).values();
    for (const one of who) {
      const named = one === null ? null : { identity: identityOf(one), target: targetOf(one) };
      const effect = { action, eventId, identity: null, target: null, ...named, at: this.clock.now() };
      this.effects.push(effect);
      this.onEffect(effect);
    }
  }

  protected refuse(batch: readonly { readonly type: AddedAttendee['type']; readonly id: string }[]): void {
    if (batch.some((one) => this.refused.has(identityOf(one)))) throw scripted('entry');
  }

  protected row(attendee: string | Partial<ObservedAttendee>): ObservedAttendee {
    this.#rowCount += 1;
    const given = typeof attendee === 'string' ? attendeeOf(attendee) : attendee;
    const base: ObservedAttendee = {
      type: 'user',
      id: 'nobody',
      optional: false,
      organizer: false,
      external: false,
      reply: 'none',
      ...given,
    };
    return platforms[this.#provider].reads.showsRemoved
      ? { attendeeId: `row_${this.#rowCount}`, ...base }
      : base;
  }

  #binding(eventId: string): ChatBinding {
    const { chat } = this.events.before(eventId, this.lagMs);
    if (!this.tellsChats) return { state: 'unknown' };
    return chat === null ? { state: 'unbound' } : { state: 'bound', chatId: chat };
  }
}
