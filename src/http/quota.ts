import { Alarm } from './alarm.ts';
import { type Clock, createOnAbort, type OnAbort } from './clock.ts';
import { Crowd } from './crowd.ts';
import { Journeys } from './journeys.ts';
import { Lane, type Sending, type Waiting } from './lane.ts';
import type { Grant, Limiter, Turn } from './limiter.ts';
import type { Permits } from './permits.ts';
import type { RateWindow } from './slots.ts';
import { maxSockets } from './transport.ts';

/**
 * So many pieces of work may wait for their windows before another one begins. It is more than a window frees at once,
 * so that none is without a call while there is work, and no more, because each holds what it has read.
 */
const callsAhead = 64;

/** Rows that all work together may hold, by what it told, before another piece begins: some 15 MiB. */
const mostRows = 50_000;

/**
 * A limiter with the same windows for each lane, beside those that they share. No windows: no limit but the sockets, only
 * pauses. With `permits` others count in the windows too, and no call starts without a permit.
 */
export function createLimiter(
  windows: readonly RateWindow[],
  clock: Clock,
  permits: Permits | null = null,
): Limiter {
  return new WindowLimiter(windows, clock, permits);
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
  readonly #permits: Permits | null;
  /** Why no call can be made any more. */
  #failure: Error | null = null;
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
  readonly #alarm: Alarm;

  constructor(windows: readonly RateWindow[], clock: Clock, permits: Permits | null) {
    this.#windows = windows.filter(({ shared }) => shared !== true);
    const shared = windows.filter((window) => window.shared === true);
    this.#shared = new Lane(shared, this.#journeys);
    this.#clock = clock;
    this.#alarm = new Alarm(clock, () => {
      this.#serve();
    });
    this.#permits = permits;
    permits?.listen((failure) => {
      if (failure !== null) this.#fail(failure);
      this.#serve();
    });
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
      if (this.#failure !== null) {
        reject(this.#failure);
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
        fail: (failure) => {
          forget();
          reject(failure);
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
    this.#permits?.pauseUntil(name, time);
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
    const lane = new Lane(this.#windows, this.#journeys, this.#permits === null);
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
    for (let next = this.#next(); next !== null; next = this.#next()) this.#grant(...next);
    this.#ask();
    this.#setAlarm();
    this.#admit();
  }

  /** The open lane whose first call goes before those of the others. */
  #next(): readonly [name: string, lane: Lane, first: Waiting] | null {
    const now = this.#clock.now();
    let found: readonly [string, Lane, Waiting] | null = null;
    for (const [name, lane] of this.#lanes) {
      const { first } = lane;
      if (first === undefined || !this.#hasSocket(first) || this.#opensAt(name, lane, first) > now) continue;
      if (found === null || first.order < found[2].order) found = [name, lane, first];
    }
    return found;
  }

  #opensAt(name: string, lane: Lane, { units }: Waiting): number {
    if (this.#permits !== null) return Math.max(lane.pausedUntil, this.#permits.opensAt(name, units));
    return Math.max(lane.opensAt(), this.#shared.opensAt(units));
  }

  /** Asks for as many permits as there are calls that could start. */
  #ask(): void {
    if (this.#permits === null) return;
    const sockets = Math.max(0, this.mostAtOnce - this.#inFlight);
    for (const [name, lane] of this.#lanes) {
      const ready = lane.waiting.filter((one, place) => one.order === 0 || place < sockets);
      this.#permits.want(
        name,
        ready.map(({ units }) => units),
        lane.windowsNow(),
      );
    }
  }

  #fail(failure: Error): void {
    this.#failure = failure;
    for (const lane of this.#lanes.values()) {
      for (const waiting of lane.waiting.slice()) {
        lane.leave(waiting);
        this.#waiting -= 1;
        waiting.fail(failure);
      }
    }
  }

  /** A call outside of any turn may be what others in flight wait for, like a token. */
  #hasSocket({ order }: Waiting): boolean {
    return order === 0 || this.#inFlight < this.mostAtOnce;
  }

  #grant(name: string, lane: Lane, first: Waiting): void {
    const permit = this.#permits?.take(name, first.units);
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
        permit?.done({ sentAt, endedAt, refused });
        lane.done({ sentAt, endedAt, refused }, now, units);
        this.#shared.done({ sentAt, endedAt, refused: null }, now, units);
        this.#serve();
      },
    });
  }

  #setAlarm(): void {
    // Held slots and sockets wake the lanes when they are let go of.
    const times = [...this.#lanes].map(([name, lane]) =>
      lane.first !== undefined && this.#hasSocket(lane.first)
        ? this.#opensAt(name, lane, lane.first)
        : Number.POSITIVE_INFINITY,
    );
    this.#alarm.set(Math.min(...times));
  }
}
