import type { OnAbort } from './clock.ts';
import type { Turn } from './limiter.ts';

/** Rows that all work together may hold, by what it told, before another piece begins: some 15 MiB. */
const mostRows = 50_000;

interface Ticket extends Turn {
  readonly order: number;
  /** It began and has made no call yet. */
  fresh: boolean;
}

/** Pieces of work, which begin in the order of asking as there is room for them. */
export class Turns {
  readonly #hasRoom: (waiting: number) => boolean;
  readonly #onAbort: OnAbort;
  readonly #tickets = new WeakMap<Turn, Ticket>();
  readonly #beginners = new Set<(turn: Turn) => void>();
  #begun = 0;
  #rows = 0;
  /** What waits: calls, and work with its first one. */
  waiting = 0;

  constructor(onAbort: OnAbort, hasRoom: (waiting: number) => boolean) {
    this.#onAbort = onAbort;
    this.#hasRoom = hasRoom;
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
      this.admit();
    });
  }

  /** A call of it was asked for. Answers its place among the others; 0 for calls outside of any. */
  called(turn: Turn | undefined): number {
    const ticket = turn === undefined ? undefined : this.#tickets.get(turn);
    if (ticket?.fresh === true) {
      ticket.fresh = false;
      this.waiting -= 1;
    }
    return ticket?.order ?? 0;
  }

  /** Lets those begin for whom there is room. */
  admit(): void {
    for (const admit of this.#beginners) {
      if (this.#rows >= mostRows || !this.#hasRoom(this.waiting)) return;
      this.#beginners.delete(admit);
      this.waiting += 1;
      admit(this.#ticket());
    }
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
        this.admit();
      },
      end: () => {
        this.called(ticket);
        ticket.holds(0);
      },
    };
    this.#tickets.set(ticket, ticket);
    return ticket;
  }
}
