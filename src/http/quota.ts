import { Alarm, type Clock, createOnAbort, type OnAbort } from './clock.ts';
import { Crowd } from './answer-times.ts';
import { Journeys, Lane, type Sending, type Queued } from './lane.ts';
import type { Grant, Limiter, Turn, Permits } from './limiter.ts';
import type { RateWindow } from './slots.ts';
import { maxSockets } from './transport.ts';
import { callsAhead, Turns } from './turns.ts';

/** How long before a call could start a permit is asked for, in milliseconds. */
const permitsAheadMs = 100;

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
  readonly #onAbort: OnAbort = createOnAbort();
  /** Where no windows bound the calls. */
  readonly #crowd = new Crowd();
  readonly #turns: Turns = new Turns(this.#onAbort, (fresh) => this.#hasRoom(fresh));
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

  begin(signal: AbortSignal, line = ''): Promise<Turn> {
    return this.#turns.begin(signal, line);
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
      const line = this.#turns.lineOf(turn);
      const waiting: Queued = {
        order: this.#turns.called(turn),
        units,
        grant: (grant) => {
          forget();
          line.waiting -= 1;
          resolve(grant);
        },
        fail: (failure) => {
          forget();
          line.waiting -= 1;
          reject(failure);
        },
      };
      const forget = this.#onAbort(signal, () => {
        lane.leave(waiting);
        line.waiting -= 1;
        reject(signal.reason);
        this.#serve();
      });
      line.waiting += 1;
      lane.add(waiting);
      this.#serve();
    });
  }

  pauseUntil(name: string, time: number): void {
    this.#laneOf(name).pauseUntil(time);
    this.#permits?.pauseUntil(name, time);
  }

  get isShared(): boolean {
    return this.#permits !== null;
  }

  get journeyMs(): number {
    return this.#journeys.mean;
  }

  get mostAtOnce(): number {
    return this.#windows.length === 0 ? this.#crowd.most : maxSockets;
  }

  leftMs(units: ReadonlyMap<string, number>): number {
    const now = this.#clock.now();
    const all = [...units.values()].reduce((sum, own) => sum + own, 0);
    let left = this.#shared.leftMs(all, this.journeyMs, now);
    for (const [name, own] of units) {
      const share = this.#permits?.shareOf(name) ?? 1;
      left = Math.max(left, this.#laneOf(name).leftMs(own, this.journeyMs, now, share));
    }
    return left;
  }

  #laneOf(name: string): Lane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const lane = new Lane(this.#windows, this.#journeys, this.#permits === null);
    this.#lanes.set(name, lane);
    return lane;
  }

  /** What waits for its own window waits alone; all else waits for what all need: a socket, or a window they share. */
  #hasRoom(fresh: number): boolean {
    const now = this.#clock.now();
    let waiting = fresh;
    for (const lane of this.#lanes.values()) {
      if (lane.first !== undefined && lane.opensAt() <= now) waiting += lane.waiting.length;
    }
    // Without windows a socket is free at once for work that goes on: what began before it would wait for it.
    const isUnbound = this.#windows.length === 0;
    return isUnbound ? waiting + this.#inFlight < this.mostAtOnce : waiting < callsAhead;
  }

  #serve(): void {
    for (let next = this.#next(); next !== null; next = this.#next()) this.#grant(...next);
    // At one moment for both: a lane that is too early to ask for is woken when it is time.
    const now = this.#clock.now();
    this.#ask(now);
    this.#setAlarm(now);
    this.#turns.admit();
  }

  /** The open lane whose first call goes before those of the others. */
  #next(): readonly [name: string, lane: Lane, first: Queued] | null {
    const now = this.#clock.now();
    let found: readonly [string, Lane, Queued] | null = null;
    for (const [name, lane] of this.#lanes) {
      const { first } = lane;
      if (first === undefined || !this.#hasSocket(first) || this.#opensAt(name, lane, first) > now) continue;
      if (found === null || first.order < found[2].order) found = [name, lane, first];
    }
    return found;
  }

  #opensAt(name: string, lane: Lane, first: Queued): number {
    const permitted = this.#permits?.opensAt(name, first.units) ?? Number.NEGATIVE_INFINITY;
    return Math.max(this.#opensHereAt(lane, first), permitted);
  }

  /** As far as the calls of this process tell. */
  #opensHereAt(lane: Lane, { units }: Queued): number {
    return Math.max(lane.opensAt(), this.#shared.opensAt(units));
  }

  /** Asks for as many permits as there are calls that could start soon. */
  #ask(now: number): void {
    if (this.#permits === null) return;
    const sockets = Math.max(0, this.mostAtOnce - this.#inFlight);
    for (const [name, lane] of this.#lanes) {
      const { first } = lane;
      const isReady = first !== undefined && this.#askAt(lane, first) <= now;
      const ready = lane.waiting.filter((one, place) => isReady && (one.order === 0 || place < sockets));
      const units = ready.map((one) => one.units);
      this.#permits.want(name, units, this.#windows);
    }
  }

  #fail(failure: Error): void {
    this.#failure = failure;
    for (const lane of this.#lanes.values()) {
      for (const waiting of lane.waiting.slice()) {
        lane.leave(waiting);
        waiting.fail(failure);
      }
    }
  }

  /** A call outside of any turn may be what others in flight wait for, like a token. */
  #hasSocket({ order }: Queued): boolean {
    return order === 0 || this.#inFlight < this.mostAtOnce;
  }

  #grant(name: string, lane: Lane, first: Queued): void {
    const permit = this.#permits?.take(name, first.units);
    lane.leave(first);
    const { units } = first;
    lane.take(units);
    this.#shared.take(units);
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

  #askAt(lane: Lane, first: Queued): number {
    return this.#opensHereAt(lane, first) - permitsAheadMs;
  }

  #setAlarm(now: number): void {
    // Held slots and sockets wake the lanes when they are let go of.
    const times = [...this.#lanes].map(([name, lane]) => {
      const { first } = lane;
      if (first === undefined || !this.#hasSocket(first)) return Number.POSITIVE_INFINITY;
      const askAt = this.#askAt(lane, first);
      // Who is told of a permit was asked for one before.
      return this.#permits !== null && askAt > now ? askAt : this.#opensAt(name, lane, first);
    });
    this.#alarm.set(Math.min(...times));
  }
}
