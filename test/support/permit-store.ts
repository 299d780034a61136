import type { Answer, CountedLane, Question } from '../../src/store/postgres/question.ts';

const holdMs = 10_000;
const aheadMs = 100;
const tickMs = 2;
const leastWaitMs = 50;

interface Row {
  readonly lane: string;
  readonly call: string;
  countedBy: number;
}

/** Decides as `rollcall.permits_1` does where no call is refused, in memory and by a clock of its own. */
export class PermitStore {
  readonly #now: () => number;
  #rows: Row[] = [];
  readonly #pausedUntil = new Map<string, number>();
  readonly #journeys = new Map<string, number>();
  readonly used: Map<string, number> = new Map();
  exchanges = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A crash: what was written since then is lost. */
  lose(isLost: (countedBy: number) => boolean): void {
    this.#rows = this.#rows.filter(({ countedBy }) => !isLost(countedBy));
  }

  ask(question: Question): Answer {
    this.exchanges += 1;
    const { lanes, want, early } = question;
    const now = this.#now();
    this.#take(question, now);
    const paused = Math.max(0, ...lanes.map(({ name }) => (this.#pausedUntil.get(name) ?? now) - now));
    const waits: number[] = [];
    let again: number | null = null;
    let units = 0;
    for (const call of want) {
      units += call.units;
      const { slot, soon } = this.#slotFor(units, waits.length === 0, lanes, now);
      if (Math.max(slot - early, now + paused) > now + aheadMs) {
        const wait = Math.max(soon - early, now + paused) - aheadMs - now;
        again = Math.max(soon < slot ? leastWaitMs : 0, wait);
        break;
      }
      waits.push(slot - now);
    }
    want.slice(0, waits.length).forEach(({ seq, units: own }, place) => {
      this.#put(question, seq, own, now + (waits[place] ?? 0) + holdMs);
    });
    const journeys = lanes.flatMap(({ name }) => this.#journeys.get(name) ?? []);
    const journey = journeys.length === 0 ? null : Math.min(...journeys);
    return { waits, again, paused, journey, share: 1 };
  }

  #take(
    { lane: own, lanes, holder, calls, unsent, pause, journey, account, counted }: Question,
    now: number,
  ): void {
    this.used.set(account, (this.used.get(account) ?? 0) + counted);
    const gone = new Set(unsent.map((seq) => `${holder} ${seq}`));
    const names = new Set(lanes.map(({ name }) => name));
    this.#rows = this.#rows.filter(({ lane, call }) => !(names.has(lane) && gone.has(call)));
    for (const { seq, units, ago } of calls) {
      this.#put({ lanes, holder }, seq, units, ago === null ? now + holdMs : now - ago + tickMs);
    }
    for (const { name } of lanes) {
      if (journey !== null) {
        this.#journeys.set(name, Math.min(journey, this.#journeys.get(name) ?? Number.POSITIVE_INFINITY));
      }
    }
    if (pause !== null) this.#pausedUntil.set(own, Math.max(now + pause, this.#pausedUntil.get(own) ?? 0));
  }

  #put({ lanes, holder }: Pick<Question, 'lanes' | 'holder'>, seq: number, units: number, at: number): void {
    const call = `${holder} ${seq}`;
    for (const { name } of lanes) {
      this.#rows = this.#rows.filter((row) => !(row.lane === name && row.call === call));
      for (let unit = 0; unit < units; unit += 1) this.#rows.push({ lane: name, call, countedBy: at });
    }
  }

  /** When so many more units are free, the last of them; and when that may be, at the soonest. */
  #slotFor(
    units: number,
    isFirst: boolean,
    lanes: readonly CountedLane[],
    now: number,
  ): { readonly slot: number; readonly soon: number } {
    let [slot, soon] = [now, now];
    for (const { name, windows } of lanes) {
      const times = this.#rows.filter(({ lane }) => lane === name).map(({ countedBy }) => countedBy);
      times.sort((a, b) => b - a);
      for (const { calls, perMs } of windows) {
        const place = calls - units;
        if (place < 0 && !isFirst) {
          [slot, soon] = [Number.POSITIVE_INFINITY, Math.max(soon, now + perMs)];
          continue;
        }
        const countedBy = times[Math.max(0, place)];
        if (countedBy === undefined) continue;
        slot = Math.max(slot, countedBy + perMs);
        soon = Math.max(soon, (countedBy > now ? Math.max(now, countedBy - holdMs) : countedBy) + perMs);
      }
    }
    return { slot, soon };
  }
}
