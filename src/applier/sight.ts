import { unchangedProblem } from '../diff/event-plan.ts';
import { overruled } from '../diff/leavers.ts';
import { isWrittenChanged } from '../diff/occurrences.ts';
import { type Reading, readingOf } from '../diff/reading.ts';
import { changedReplies, leftSince, straysOf } from '../diff/since.ts';
import type { ObservedAttendee } from '../model/attendee.ts';
import { type Problem, internalProblem } from '../model/diagnostic.ts';
import { type Observed, refOf } from '../model/event.ts';
import { given } from '../model/given.ts';
import { type Change, type EventPlan, changeKey } from '../model/plan.ts';
import type { Said } from '../model/say.ts';
import type { Reader } from '../providers/provider.ts';
import { type Ledger, heldBack, keptNow, leftSincePlan, notLeft, organizesNow } from './ledger.ts';
import { type Read, readingAsMeant, stillOpen, unlisted } from './reading.ts';
import type { Run, Sleep, Stops } from './run.ts';

/**
 * What is known of one event so far. Readings are asked for here and nowhere else; the work goes on from one when it is
 * adopted.
 */
export class Sight {
  readonly #plan: EventPlan;
  readonly #run: Run;
  readonly #ledger: Ledger;
  readonly #reader: Reader;
  readonly #sleep: Sleep;
  #reading: Reading;
  #adopted = 0;
  #lastWriteAt: number | null = null;
  #strays: readonly Change[] = [];
  #replies: readonly Said[] | null = null;
  #left: readonly Said[] = [];
  #looked = false;
  /** What the last write answered, until anything is listed. */
  #answer: (Observed & { readonly complete: true }) | null = null;

  constructor(
    plan: EventPlan,
    run: Run,
    ledger: Ledger,
    { reader, sleep }: { readonly reader: Reader; readonly sleep: Sleep },
  ) {
    this.#plan = plan;
    this.#run = run;
    this.#ledger = ledger;
    this.#reader = reader;
    this.#sleep = sleep;
    this.#reading = readingOf(plan, []);
  }

  /** The reading that the work goes on from. */
  get reading(): Reading {
    return this.#reading;
  }

  /** Counts the readings that the work went on from: requests after a new one are new requests. */
  get adopted(): number {
    return this.#adopted;
  }

  /** What the last listing had otherwise than the manifest wants it, where a manifest is what is applied. */
  get strays(): readonly Change[] {
    return this.#strays;
  }

  /** What became of the event since the plan was made and is none of the plan's business, in sentences. */
  get since(): readonly Said[] {
    return [...(this.#replies ?? []), ...this.#left];
  }

  /** A call that writes has ended. */
  wrote(): void {
    this.#lastWriteAt = this.#run.options.clock.now();
  }

  /** What a list stands on after a write of it: what the answer says, or nothing that is known. */
  rebase(answer: Observed | null): void {
    const { basis: _before, ...reading } = this.#reading;
    this.#answer = answer?.complete === true ? answer : null;
    const basis = this.#answer?.basis;
    this.#reading = basis === undefined ? reading : { ...reading, basis };
  }

  /**
   * Goes on from a new reading: pending changes that are already in place are dropped, and nobody is removed who now
   * organizes the event or whom its manifest keeps.
   */
  adopt(reading: Reading): void {
    const pending = this.#ledger.pending();
    const among = (keys: ReadonlySet<string>): Change[] =>
      pending.filter((change) => keys.has(changeKey(change)));
    this.#reading = reading;
    this.#adopted += 1;
    this.#ledger.mark(among(reading.already), 'already');
    this.#ledger.mark(among(reading.organizers), 'failed', organizesNow);
    const { standings } = this.#run;
    if (standings !== undefined) {
      const { stays, gone } = overruled(this.#plan.changes, standings.of(this.#plan));
      this.#ledger.mark(among(stays), 'failed', notLeft);
      this.#ledger.mark(among(gone), 'failed', leftSincePlan);
    }
    this.#ledger.mark(among(reading.kept), 'failed', keptNow);
    this.#ledger.mark(among(reading.unlisted), 'failed', heldBack);
  }

  /**
   * Reads what the plan's changes are about: the list, or for a deletion or an unbinding alone the event or the binding.
   *
   * @throws the stop's reason when it comes meanwhile.
   */
  async read(signal: AbortSignal): Promise<Read> {
    try {
      return this.#heard(await this.#readOnce(signal));
    } catch (error) {
      if (signal.aborted) throw error;
      return { ok: false, problem: internalProblem(error) };
    }
  }

  /**
   * The list alone; with `orAnswer` what the last write answered, where nothing was listed since.
   *
   * @throws the stop's reason when it comes meanwhile.
   */
  async list(signal: AbortSignal, orAnswer = false): Promise<Observed> {
    const answer = orAnswer ? this.#answer : null;
    this.#answer = null;
    try {
      const observed = answer ?? (await this.#reader.read(refOf(this.#plan), 'attendees', signal));
      if (observed.complete) this.#compare(observed.attendees);
      else this.#hear(observed.problem);
      return observed;
    } catch (error) {
      if (signal.aborted) throw error;
      return { complete: false, problem: internalProblem(error) };
    }
  }

  /** The unbinding's key where the platform says that its chat is not bound; nothing where it cannot tell. */
  async unboundKeys(change: Change, signal: AbortSignal): Promise<readonly string[]> {
    if (change.action !== 'unbind-chat' || !change.certain) return [];
    const { calendarId, eventId } = this.#plan;
    const bindings = await this.#reader.meetingChats(calendarId, [eventId], signal);
    const binding = bindings.get(eventId);
    const bound =
      binding === undefined ||
      binding.state === 'unknown' ||
      (binding.state === 'bound' && binding.chatId === change.chatId);
    return bound ? [] : [changeKey(change)];
  }

  /** Waits until reads show the last write: as long as they may lag behind it. */
  async waitForLag(signal: AbortSignal): Promise<void> {
    const { clock, lagMs } = this.#run.options;
    if (this.#lastWriteAt === null) return;
    const left = this.#lastWriteAt + lagMs(this.#plan.provider) - clock.now();
    if (left > 0) await this.#sleep(left, signal);
  }

  /**
   * Asks again, with waits that grow to 5 s, until the answer is enough, the time that verifying may take is over, or
   * credentials or quota ended the run. Answers the last answer.
   */
  async askUntil<T>(
    signal: AbortSignal,
    ask: () => Promise<T>,
    isEnough: (answer: T) => boolean,
  ): Promise<T> {
    const { clock, verifyTimeoutMs } = this.#run.options;
    const deadline = clock.now() + verifyTimeoutMs;
    for (let wait = shortestWaitMs; ; wait = Math.min(longestWaitMs, wait * 2)) {
      const answer = await ask();
      const left = deadline - clock.now();
      if (isEnough(answer) || left <= 0 || this.#run.hasEnded(this.#plan.provider)) return answer;
      await this.#sleep(Math.min(wait, left), signal);
    }
  }

  /**
   * Reads the event after a call whose answer was lost, or that named somebody who was gone. What is seen to have been done is
   * marked as `outcome`; the rest is pending again. An addition is taken for not done only when two readings that are as
   * far apart as reads may lag lack it, because it cannot be told from one that is still on its way.
   */
  async outcomeByReading(
    changes: readonly Change[],
    outcome: 'done' | 'already',
    { signal }: Stops,
  ): Promise<Problem | null> {
    await this.waitForLag(signal);
    let read = await this.read(signal);
    let open = stillOpen(read, changes);
    if (open.some(({ action }) => action === 'add')) {
      const { lagMs } = this.#run.options;
      await this.#sleep(lagMs(this.#plan.provider), signal);
      read = await this.read(signal);
      open = stillOpen(read, open);
    }
    if (!read.ok) return read.problem;
    this.#ledger.mark(changes, outcome);
    this.#ledger.mark(open, 'pending');
    this.adopt(read.reading);
    return null;
  }

  async #readOnce(signal: AbortSignal): Promise<Read> {
    const plan = this.#plan;
    const unbinding = plan.changes.find(({ action }) => action === 'unbind-chat');
    const unbound = unbinding === undefined ? [] : await this.unboundKeys(unbinding, signal);
    if (plan.changes.some(({ action }) => action === 'delete-event')) {
      const facts = await this.#reader.read(refOf(plan), 'facts', signal);
      if (facts.state === 'unknown') return { ok: false, problem: facts.problem };
      // With the event its chat's binding is gone.
      const already = facts.state === 'present' ? unbound : ['delete-event', 'unbind-chat'];
      const basis = facts.state === 'present' ? facts.basis : undefined;
      return { ok: true, reading: { ...unlisted(plan, already), ...given({ basis }) } };
    }
    if (plan.changes.every(({ action }) => action === 'unbind-chat')) {
      return { ok: true, reading: unlisted(plan, unbound) };
    }
    const fault = await this.#occurrenceFault(signal);
    if (fault !== null) return { ok: false, problem: fault };
    const observed = await this.list(signal);
    if (!observed.complete) return { ok: false, problem: observed.problem };
    const { attendees, basis } = observed;
    // What the plan shows is held against what is there before anything is written.
    this.#replies ??= changedReplies(plan, attendees);
    const reading = await readingAsMeant(plan, attendees, this.#run.options, signal);
    const already = new Set([...reading.already, ...unbound]);
    return { ok: true, reading: { ...reading, already, ...given({ basis }) } };
  }

  /** Before the first write: an occurrence that is no longer a changed one belongs to its series. */
  async #occurrenceFault(signal: AbortSignal): Promise<Problem | null> {
    if (this.#looked || !isWrittenChanged(this.#plan)) return null;
    const facts = await this.#reader.read(refOf(this.#plan), 'facts', signal);
    if (facts.state === 'unknown') return facts.problem;
    this.#looked = facts.state === 'present';
    return facts.state === 'present' && facts.exception === false ? unchangedProblem : null;
  }

  #heard(read: Read): Read {
    if (!read.ok) this.#hear(read.problem);
    return read;
  }

  #hear({ code }: Problem): void {
    if (code === 'quota' || code === 'credentials') this.#run.end(this.#plan.provider);
  }

  /** Holds a listing against the manifest, where one is applied or has to be followed. */
  #compare(listed: readonly ObservedAttendee[]): void {
    const { wants, follows } = this.#run.options;
    const { name } = this.#plan;
    const wanted = wants?.get(name);
    const followed = follows?.get(name);
    if (wanted !== undefined) this.#strays = straysOf(this.#plan, wanted, listed);
    else if (followed !== undefined) this.#left = leftSince(this.#plan, followed, listed);
  }
}

const [shortestWaitMs, longestWaitMs] = [1000, 5000];
