import { Alarm, type Clock } from '../../http/clock.ts';
import type { Permit } from '../../http/limiter.ts';
import { SharedJourneys } from './shared-journeys.ts';
import type { Answer, CountedLane, NumberedCall, Question } from './question.ts';

/** How late a permit may be used, in milliseconds. A process that was stopped for longer asks anew. */
const usableMs = 3000;

/** When the store hears again that a call is under way: after half of the time for which it believes it. */
const believedMs = 5000;

/** How long what is of no use to this process may be kept from the store, in milliseconds. */
const untoldMs = 400;

/** Answers of the last while are told again where the store failed: it may have lost them. In milliseconds. */
const lossMs = 3000;

/** A process that got more lately asks later: so much for each permit of the last while, in milliseconds. */
const fairness = { eachMs: 4, lastMs: 2000, mostMs: 80 };

/** Calls that wait ask so often at least, because others may give back what they hold. */
const longestWaitMs = 2000;

const firstRetryMs = 50;
const longestRetryMs = 1000;

type Asked = Omit<Question, 'holder' | 'account' | 'counted'>;

/** What the lanes of an account have in common. */
export interface Counter {
  readonly clock: Clock;
  /** How long the store is tried again, in milliseconds. */
  readonly timeoutMs: number;
  nextSeq(): number;
  ask(question: Asked): Promise<Answer>;
  /** There are permits. */
  changed(): void;
  /** There will be no more, for this reason. */
  failed(error: unknown): void;
  /** Whether asking again is of no use. */
  isLasting(error: unknown): boolean;
}

interface Held extends NumberedCall {
  /** When its slot is free. */
  readonly slotAt: number;
  /** Later it is not used: the store may not count on it any more. */
  readonly until: number;
  /** When the store heard of it last. */
  toldAt: number;
}

interface Answered extends NumberedCall {
  readonly at: number;
}

/**
 * The permits of one lane in this process. All that happens ends in {@link arm}, which works out anew when the store is
 * asked next: so no alarm is lost while an exchange is under way.
 */
export class Line {
  readonly #counter: Counter;
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  readonly #journeys = new SharedJourneys();
  readonly #name: string;
  #lanes: readonly CountedLane[] = [];
  #wanted: readonly number[] = [];
  #held: Held[] = [];
  readonly #underWay = new Map<number, Held>();
  readonly #answered = new Map<number, Answered>();
  /** What the store was told of last. */
  #told: readonly Answered[] = [];
  readonly #unsent = new Set<number>();
  /** When the first of what is to be told happened. */
  #untoldSince = Number.POSITIVE_INFINITY;
  /** When permits came lately. */
  #got: readonly number[] = [];
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #isPauseTold = true;
  /** The last call that the platform refused for its rate, until the store knows of it. */
  #refused: { readonly sentAt: number; readonly waitMs: number } | null = null;
  /** See {@link Answer}. */
  share = 1;
  #askAt = Number.NEGATIVE_INFINITY;
  #retryMs = 0;
  #retryAt = Number.NEGATIVE_INFINITY;
  #failingSince: number | null = null;
  #exchange: Promise<void> | null = null;
  #isClosed = false;

  /** @param name the lane's, among those of all accounts */
  constructor(name: string, counter: Counter) {
    this.#name = name;
    this.#counter = counter;
    this.#clock = counter.clock;
    this.#alarm = new Alarm(counter.clock, () => {
      this.#arm();
    });
  }

  want(lanes: readonly CountedLane[], units: readonly number[]): void {
    this.#lanes = lanes;
    this.#wanted = units;
    const open = [...units];
    // What nobody waits for any more goes back.
    this.#keep(({ units: own }) => {
      const place = open.indexOf(own);
      if (place >= 0) open.splice(place, 1);
      return place >= 0;
    });
    this.#arm();
  }

  opensAt(units: number): number {
    const now = this.#clock.now();
    this.#keep(({ until }) => now <= until);
    const first = this.#held.find((held) => held.units === units);
    if (first === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(this.#pausedUntil, first.slotAt - this.#journeys.earlyMs);
  }

  take(units: number): Permit {
    const place = this.#held.findIndex((held) => held.units === units);
    const [held] = this.#held.splice(place, 1);
    if (place < 0 || held === undefined) throw new RangeError('no permit was given for this call');
    this.#underWay.set(held.seq, held);
    return {
      done: ({ sentAt, endedAt, refused }) => {
        this.#underWay.delete(held.seq);
        const now = this.#clock.now();
        if (sentAt === null) this.#unsent.add(held.seq);
        else {
          this.#journeys.answered(sentAt, endedAt);
          this.#answered.set(held.seq, { seq: held.seq, units, at: endedAt });
          if (refused !== null) this.#refused = { sentAt, waitMs: refused.waitMs };
        }
        this.#untoldSince = Math.min(this.#untoldSince, now);
        this.#arm();
      },
    };
  }

  pauseUntil(time: number): void {
    if (time <= this.#pausedUntil) return;
    this.#pausedUntil = time;
    this.#isPauseTold = false;
    this.#arm();
  }

  /** Whether a call is under way. */
  get isAtWork(): boolean {
    return this.#underWay.size > 0;
  }

  /** Tells the store what it does not know yet, if it can be told. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#alarm.set(Number.POSITIVE_INFINITY);
    this.#wanted = [];
    this.#keep(() => false);
    await this.#exchange;
    if (this.#answered.size + this.#unsent.size > 0) await this.#ask();
  }

  #keep(isKept: (held: Held) => boolean): void {
    const kept = this.#held.filter((held) => {
      const keeps = isKept(held);
      if (!keeps) this.#unsent.add(held.seq);
      return keeps;
    });
    if (kept.length === this.#held.length) return;
    this.#held = kept;
    this.#untoldSince = Math.min(this.#untoldSince, this.#clock.now());
  }

  /** Has the store asked when that is due. */
  #arm(): void {
    if (this.#exchange !== null || this.#isClosed || this.#lanes.length === 0) return;
    const at = Math.max(this.#dueAt(), this.#retryAt);
    if (at > this.#clock.now()) {
      this.#alarm.set(at);
      return;
    }
    this.#alarm.set(Number.POSITIVE_INFINITY);
    // Those who come in the same turn of the loop are asked for together.
    this.#exchange = Promise.resolve().then(async () => {
      await this.#ask();
      this.#exchange = null;
      this.#arm();
    });
  }

  #dueAt(): number {
    const times = [this.#untoldSince + untoldMs];
    if (this.#wanted.length > this.#held.length) times.push(this.#askAt);
    if (!this.#isPauseTold || this.#refused !== null) times.push(Number.NEGATIVE_INFINITY);
    for (const { toldAt } of this.#underWay.values()) times.push(toldAt + believedMs);
    return Math.min(...times);
  }

  async #ask(): Promise<void> {
    const startedAt = this.#clock.now();
    const question = this.#question(startedAt);
    this.#untoldSince = Number.POSITIVE_INFINITY;
    const paused = this.#pausedUntil;
    const refused = this.#refused;
    try {
      const answer = await this.#counter.ask(question);
      this.#failingSince = null;
      this.#retryMs = 0;
      this.#retryAt = Number.NEGATIVE_INFINITY;
      if (paused === this.#pausedUntil) this.#isPauseTold = true;
      if (refused === this.#refused) this.#refused = null;
      this.#heard(question, startedAt);
      this.#took(question, answer, startedAt);
    } catch (error) {
      this.#failed(error, question, startedAt);
    }
  }

  #question(now: number): Asked {
    const open = [...this.#wanted];
    for (const { units } of this.#held) open.splice(open.indexOf(units), 1);
    const underWay = [...this.#underWay.values()].filter(({ toldAt }) => now >= toldAt + believedMs);
    return {
      lane: this.#name,
      lanes: this.#lanes,
      calls: [
        ...[...this.#answered.values()].map(({ seq, units, at }) => ({ seq, units, ago: now - at })),
        ...underWay.map(({ seq, units }) => ({ seq, units, ago: null })),
      ],
      unsent: [...this.#unsent],
      want: open.map((units) => ({ seq: this.#counter.nextSeq(), units })),
      early: this.#journeys.earlyMs,
      pause: this.#isPauseTold ? null : this.#pausedUntil - now,
      refused: this.#refused && { ago: now - this.#refused.sentAt, waitMs: this.#refused.waitMs },
      journey: this.#journeys.steady,
    };
  }

  /** The store knows what it was told. */
  #heard({ calls, unsent }: Asked, at: number): void {
    const told: Answered[] = [];
    for (const { seq, ago } of calls) {
      const answered = this.#answered.get(seq);
      const underWay = this.#underWay.get(seq);
      if (ago === null) {
        if (underWay !== undefined) underWay.toldAt = at;
      } else if (answered !== undefined) {
        this.#answered.delete(seq);
        told.push(answered);
      }
    }
    this.#told = [...this.#told.filter(({ at: then }) => then >= at - lossMs), ...told];
    for (const seq of unsent) this.#unsent.delete(seq);
  }

  /** The answer may have come late, or have been heard late: it says what was so when it was asked for at the earliest. */
  #took({ want }: Asked, { waits, again, paused, journey, share }: Answer, askedAt: number): void {
    const now = this.#clock.now();
    want.forEach(({ seq, units }, place) => {
      const wait = waits[place];
      if (wait === undefined) return;
      const until = askedAt + wait + usableMs;
      this.#held.push({ seq, units, slotAt: now + wait, until, toldAt: askedAt });
    });
    this.#held.sort((a, b) => a.slotAt - b.slotAt);
    this.#journeys.shared = journey;
    this.share = share;
    if (paused > 0) this.#pausedUntil = Math.max(this.#pausedUntil, now + paused);
    this.#got = [...this.#got.filter((at) => at > now - fairness.lastMs), ...waits.map(() => now)];
    const delay = Math.min(fairness.mostMs, this.#got.length * fairness.eachMs);
    this.#askAt = again === null ? Number.NEGATIVE_INFINITY : now + Math.min(longestWaitMs, again) + delay;
    if (waits.length > 0) this.#counter.changed();
  }

  /** The question may have been taken or not, and a store that crashed may have lost what it was told last. */
  #failed(error: unknown, { want }: Asked, startedAt: number): void {
    const now = this.#clock.now();
    for (const { seq } of want) this.#unsent.add(seq);
    for (const told of this.#told) if (told.at >= now - lossMs) this.#answered.set(told.seq, told);
    for (const call of this.#underWay.values()) call.toldAt = Number.NEGATIVE_INFINITY;
    this.#keep(() => false);
    if (this.#answered.size + this.#unsent.size > 0) this.#untoldSince = now;
    this.#failingSince = want.length === 0 ? null : (this.#failingSince ?? startedAt);
    this.#retryMs = Math.min(longestRetryMs, Math.max(firstRetryMs, this.#retryMs * 2));
    this.#retryAt = now + this.#retryMs;
    const isOver = this.#failingSince !== null && now - this.#failingSince >= this.#counter.timeoutMs;
    if (isOver || this.#counter.isLasting(error)) this.#counter.failed(error);
  }
}
