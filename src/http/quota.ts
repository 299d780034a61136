import { type Clock, createOnAbort, type OnAbort } from './clock.ts';
import { Crowd } from './crowd.ts';
import { Journeys } from './journeys.ts';
import { Lane, type Sending, type Waiting } from './lane.ts';
import type { RateWindow } from './slots.ts';
import { maxSockets } from './transport.ts';

/**
 * So many pieces of work may wait for their windows before another one begins. It is more than a window frees at once,
 * so that none is without a call while there is work, and no more, because each holds what it has read.
 */
const callsAhead = 64;

/** Rows that all work together may hold, by what it told, before another piece begins: some 15 MiB. */
const mostRows = 50_000;

/** The right to send one call. Each is `done` in the end, sent or not. */
export interface Grant {
  /** The call is being written. */
  sent(): void;
  /** Its answer is there. */
  answered(): void;
  /** The platform refused it for its rate, and asks for this wait, in milliseconds, or 0: the lane slows down. */
  refused(waitMs: number): void;
  /** What came of it was seen: an answer, or that there will be none. */
  done(): void;
}

/** One piece of work among others, like one event. What began first is served first, so that it ends and lets go. */
export interface Turn {
  /** It keeps so many rows in memory from now on. */
  holds(rows: number): void;
  /** It makes no further call, and holds nothing. */
  end(): void;
}

/** Rate windows for any number of lanes (an API, or several that count together), each with windows of its own. */
export interface Limiter {
  /**
   * Begins a piece of work, in the order of asking, once the windows, the sockets and memory have room for it: when
   * fewer calls wait than keep them busy. Rejects with the signal's reason when that aborts.
   */
  begin(signal: AbortSignal): Promise<Turn>;
  /**
   * Resolves when the call may be sent; rejects with the signal's reason when that aborts. In a lane the work that began
   * first goes first; calls outside of any turn go before all, and need no free socket. `units`: what the call counts.
   */
  acquire(lane: string, signal: AbortSignal, turn?: Turn, units?: number): Promise<Grant>;
  /** Lets no call of the lane start before this time, by the clock. */
  pauseUntil(lane: string, time: number): void;
  /** How long recent calls took, from sending to answer, in milliseconds. */
  readonly journeyMs: number;
  /** Calls that are made at once at most, of all lanes together. */
  readonly mostAtOnce: number;
  /** How long until so many more calls of the lane are answered at the earliest; see {@link Lane.leftMs}. */
  leftMs(lane: string, calls: number): number;
}

/** A limiter with the same windows for each lane, beside those that they share. No windows: no limit but the sockets, only pauses. */
export function createLimiter(windows: readonly RateWindow[], clock: Clock): Limiter {
  return new WindowLimiter(windows, clock);
}

interface Ticket extends Turn {
  readonly order: number;
  /** It began and has made no call yet. */
  fresh: boolean;
}

class WindowLimiter implements Limiter {
  readonly #windows: readonly RateWindow[];
  /** The windows that all lanes count in; its queue is not used. */
  readonly #shared: Lane;
  readonly #clock: Clock;
  readonly #journeys = new Journeys();
  readonly #lanes = new Map<string, Lane>();
  readonly #tickets = new WeakMap<Turn, Ticket>();
  readonly #beginners = new Set<(turn: Turn) => void>();
  readonly #onAbort: OnAbort = createOnAbort();
  /** Where no windows bound the calls. */
  readonly #crowd = new Crowd();
  #begun = 0;
  /** Work that waits: for a window or a socket, or with its first call. */
  #waiting = 0;
  #rows = 0;
  #inFlight = 0;
  /** The sleep until a lane opens, if somebody waits for that. */
  #alarm: { readonly at: number; readonly stop: AbortController } | null = null;

  constructor(windows: readonly RateWindow[], clock: Clock) {
    this.#windows = windows.filter(({ shared }) => shared !== true);
    const shared = windows.filter((window) => window.shared === true);
    this.#shared = new Lane(shared, this.#journeys);
    this.#clock = clock;
  }

  begin(signal: AbortSignal): Promise<Turn> {
    return new Promise<Turn>((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const admit = (turn: Turn): void => {
        forget();
        resolve(turn);
      };
      const forget = this.#onAbort(signal, () => {
        this.#beginners.delete(admit);
        reject(signal.reason);
      });
      this.#beginners.add(admit);
      this.#admit();
    });
  }

  acquire(name: string, signal: AbortSignal, turn?: Turn, units = 1): Promise<Grant> {
    return new Promise<Grant>((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const lane = this.#laneOf(name);
      const ticket = turn === undefined ? undefined : this.#tickets.get(turn);
      const waiting: Waiting = {
        order: ticket?.order ?? 0,
        units,
        grant: (grant) => {
          forget();
          resolve(grant);
        },
      };
      const forget = this.#onAbort(signal, () => {
        lane.leave(waiting);
        this.#waiting -= 1;
        reject(signal.reason);
        this.#serve();
      });
      this.#called(ticket);
      this.#waiting += 1;
      lane.add(waiting);
      this.#serve();
    });
  }

  pauseUntil(name: string, time: number): void {
    this.#laneOf(name).pauseUntil(time);
  }

  get journeyMs(): number {
    return this.#journeys.mean;
  }

  get mostAtOnce(): number {
    return this.#windows.length === 0 ? this.#crowd.most : maxSockets;
  }

  leftMs(name: string, calls: number): number {
    return this.#laneOf(name).leftMs(calls, this.journeyMs, this.#clock.now());
  }

  #laneOf(name: string): Lane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const lane = new Lane(this.#windows, this.#journeys);
    this.#lanes.set(name, lane);
    return lane;
  }

  #called(ticket: Ticket | undefined): void {
    if (ticket?.fresh !== true) return;
    ticket.fresh = false;
    this.#waiting -= 1;
  }

  #admit(): void {
    for (const admit of this.#beginners) {
      if (!this.#hasRoom()) return;
      this.#beginners.delete(admit);
      this.#waiting += 1;
      admit(this.#ticket());
    }
  }

  #hasRoom(): boolean {
    if (this.#rows >= mostRows) return false;
    // Without windows a socket is free at once for work that goes on: what began before it would wait for it.
    const isUnbound = this.#windows.length === 0;
    return isUnbound ? this.#waiting + this.#inFlight < this.mostAtOnce : this.#waiting < callsAhead;
  }

  #ticket(): Ticket {
    this.#begun += 1;
    let held = 0;
    const ticket: Ticket = {
      order: this.#begun,
      fresh: true,
      holds: (rows) => {
        this.#rows += rows - held;
        held = rows;
        this.#admit();
      },
      end: () => {
        this.#called(ticket);
        ticket.holds(0);
      },
    };
    this.#tickets.set(ticket, ticket);
    return ticket;
  }

  #serve(): void {
    for (let lane = this.#next(); lane !== null; lane = this.#next()) this.#grant(lane);
    this.#setAlarm();
    this.#admit();
  }

  /** The open lane whose first call goes before those of the others. */
  #next(): Lane | null {
    const now = this.#clock.now();
    let found: { readonly lane: Lane; readonly order: number } | null = null;
    for (const lane of this.#lanes.values()) {
      const { first } = lane;
      if (first === undefined || !this.#hasSocket(first) || this.#opensAt(lane) > now) continue;
      if (found === null || first.order < found.order) found = { lane, order: first.order };
    }
    return found?.lane ?? null;
  }

  #opensAt(lane: Lane): number {
    return Math.max(lane.opensAt(), this.#shared.opensAt(lane.first?.units));
  }

  /** A call outside of any turn may be what others in flight wait for, like a token. */
  #hasSocket({ order }: Waiting): boolean {
    return order === 0 || this.#inFlight < this.mostAtOnce;
  }

  #grant(lane: Lane): void {
    const { first } = lane;
    if (first === undefined) return;
    lane.leave(first);
    const { units } = first;
    lane.take(units);
    this.#shared.take(units);
    this.#waiting -= 1;
    this.#inFlight += 1;
    let sentAt: number | null = null;
    let answeredAt: number | null = null;
    let refused: Sending['refused'] = null;
    let isDone = false;
    first.grant({
      sent: () => {
        sentAt ??= this.#clock.now();
      },
      answered: () => {
        answeredAt ??= this.#clock.now();
      },
      refused: (waitMs) => {
        refused = { waitMs };
      },
      done: () => {
        if (isDone) return;
        isDone = true;
        this.#inFlight -= 1;
        const now = this.#clock.now();
        const endedAt = answeredAt ?? now;
        if (sentAt !== null) this.#journeys.add(endedAt - sentAt);
        if (sentAt !== null && refused === null) this.#crowd.answered(endedAt - sentAt);
        lane.done({ sentAt, endedAt, refused }, now, units);
        this.#shared.done({ sentAt, endedAt, refused: null }, now, units);
        this.#serve();
      },
    });
  }

  #setAlarm(): void {
    // Held slots and sockets wake the lanes when they are let go of.
    const times = [...this.#lanes.values()].map((lane) =>
      lane.first !== undefined && this.#hasSocket(lane.first)
        ? this.#opensAt(lane)
        : Number.POSITIVE_INFINITY,
    );
    const at = Math.min(...times);
    if (this.#alarm?.at === at) return;
    this.#alarm?.stop.abort();
    this.#alarm = null;
    if (at === Number.POSITIVE_INFINITY) return;
    const alarm = { at, stop: new AbortController() };
    this.#alarm = alarm;
    const ring = (): void => {
      if (this.#alarm !== alarm) return;
      this.#alarm = null;
      this.#serve();
    };
    this.#clock.sleep(at - this.#clock.now(), alarm.stop.signal).then(ring, ring);
  }
}
