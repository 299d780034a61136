import type { OnAbort } from './clock.ts';
import type { Turn } from './limiter.ts';

/**
 * So many pieces of work in one line may wait for their windows before another one begins there. It is more than a window
 * frees at once, so that none is without a call while there is work, and no more, because each holds what it has read.
 */
export const callsAhead = 64;

/** Rows that all work together may hold, by what it told, before another piece begins: some 15 MiB. */
const mostRows = 50_000;

/** Work that counts in the same windows. */
export interface Line {
  /** What waits in it: calls, and work with its first one. */
  waiting: number;
}

interface Ticket extends Turn {
  readonly order: number;
  readonly line: Line;
  /** It began and has made no call yet. */
  fresh: boolean;
}

interface Beginner {
  readonly line: Line;
  readonly admit: (turn: Turn) => void;
}

/** Pieces of work, which begin in the order of asking as there is room for them: in each line, and in all together. */
export class Turns {
  readonly #hasRoom: (fresh: number) => boolean;
  readonly #onAbort: OnAbort;
  readonly #tickets = new WeakMap<Turn, Ticket>();
  readonly #lines = new Map<string, Line>();
  readonly #beginners = new Set<Beginner>();
  #begun = 0;
  #rows = 0;
  /** Pieces of work that began and have made no call yet. */
  #fresh = 0;

  constructor(onAbort: OnAbort, hasRoom: (fresh: number) => boolean) {
    this.#onAbort = onAbort;
    this.#hasRoom = hasRoom;
  }

  begin(signal: AbortSignal, line: string): Promise<Turn> {
    return new Promise<Turn>((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const beginner: Beginner = {
        line: this.#lineOf(line),
        admit: (turn) => {
          forget();
          resolve(turn);
        },
      };
      const forget = this.#onAbort(signal, () => {
        this.#beginners.delete(beginner);
        reject(signal.reason);
      });
      this.#beginners.add(beginner);
      this.admit();
    });
  }

  /** A call of it was asked for. Answers its place among the others; 0 for calls outside of any. */
  called(turn: Turn | undefined): number {
    const ticket = turn === undefined ? undefined : this.#tickets.get(turn);
    if (ticket?.fresh === true) {
      ticket.fresh = false;
      ticket.line.waiting -= 1;
      this.#fresh -= 1;
    }
    return ticket?.order ?? 0;
  }

  /** Where its calls wait. */
  lineOf(turn: Turn | undefined): Line {
    const ticket = turn === undefined ? undefined : this.#tickets.get(turn);
    return ticket?.line ?? this.#lineOf('');
  }

  /** Lets those begin for whom there is room. */
  admit(): void {
    for (const beginner of this.#beginners) {
      const { line, admit } = beginner;
      if (line.waiting >= callsAhead) continue;
      if (this.#rows >= mostRows || !this.#hasRoom(this.#fresh)) return;
      this.#beginners.delete(beginner);
      line.waiting += 1;
      this.#fresh += 1;
      admit(this.#ticket(line));
    }
  }

  #lineOf(name: string): Line {
    const line = this.#lines.get(name) ?? { waiting: 0 };
    this.#lines.set(name, line);
    return line;
  }

  #ticket(line: Line): Ticket {
    this.#begun += 1;
    let held = 0;
    const ticket: Ticket = {
      order: this.#begun,
      line,
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
