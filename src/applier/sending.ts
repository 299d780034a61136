import { type Stage, additionsApart, cutsOf, halvesOf } from '../diff/edits.ts';
import { given } from '../model/given.ts';
import { type Change, isReplacement, replacedBy } from '../model/plan.ts';
import type { PlatformError } from '../providers/provider.ts';
import { putRepliesBack } from './put-back.ts';
import { type Stops, neverStops, platformOf, stopsOf } from './run.ts';
import { type Sent, changeErrorOf, send } from './send.ts';
import { type Stop, type Work, guard, guardAnew } from './work.ts';

/** Calls beyond the usual ones that the refusals of one event may cost. */
const extraCallLimit = 30;
/** How often an event is read and sent again after answers that were lost, and after conflicts. */
const tryLimit = 6;

/** A cut to be sent, whole or what a refusal left of one. */
interface Part {
  readonly changes: readonly Change[];
  /** The refusal that this part is a piece of; its call is an extra one. */
  readonly refusal?: PlatformError;
  /** The other half, sent next. */
  readonly sibling?: Part;
}

/** What an outcome leads to: parts to be sent next, or the end of sending. */
type Next = { readonly parts: readonly Part[] } | { readonly stop: Stop };

/** How often in a row a stage's calls were answered so. */
type Tries = Record<'lost' | 'conflicts', number>;

/** Sends the stages of one event: the states `send` and `outcome`. */
export class Sending {
  readonly #work: Work;
  /** Parts known to hold an entry that is refused, because the rest of the refused cut went through. */
  readonly #refused = new Set<Part>();
  #extraCalls = 0;

  constructor(work: Work) {
    this.#work = work;
  }

  /** Sends what is pending of a stage. Null: all of it has an outcome, failed ones included. */
  async stage({ name, changes }: Stage): Promise<Stop | null> {
    return name === 'replace'
      ? this.#replace(changes)
      : this.#all(changes, stopsOf(this.#work.run, this.#work.plan));
  }

  /** Takes people off and adds them back at once with another flag. */
  async #replace(changes: readonly Change[]): Promise<Stop | null> {
    const { ledger, plan, run } = this.#work;
    const removals = changes.filter(({ action }) => action === 'remove');
    const stop = await this.#all(removals, stopsOf(run, plan));
    // From here on even a run that is being stopped adds back anyone who was just removed.
    await this.#clearDoubts(removals);
    const gone = ledger.with('done', 'already').filter((change) => removals.includes(change));
    const additions = changes.filter(({ action }) => action === 'add');
    const pairs = replacedBy([...gone, ...additions]);
    const back = additions.filter((change) => isReplacement(change, pairs));
    const backStop = await this.#all(back, neverStops);
    return stop ?? backStop;
  }

  /**
   * Reads until it is known who of these removals is gone: somebody who is wanted may be, and is added back only where
   * that is certain, because platforms do not say what comes of adding somebody who is there.
   */
  async #clearDoubts(removals: readonly Change[]): Promise<void> {
    const { ledger, sight } = this.#work;
    await sight.askUntil(
      neverStops.signal,
      async () => {
        const doubtful = ledger.with('unknown').filter((change) => removals.includes(change));
        if (doubtful.length === 0) return true;
        return (await sight.outcomeByReading(doubtful, 'done', neverStops)) === null;
      },
      (isClear) => isClear,
    );
  }

  async #all(changes: readonly Change[], stops: Stops): Promise<Stop | null> {
    const queue = this.#cut(changes);
    const tries: Tries = { lost: 0, conflicts: 0 };
    for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
      const pending = this.#work.ledger.pending(part.changes);
      if (pending.length === 0) continue;
      if (stops.isStopped()) return { kind: 'stopped' };
      const next =
        this.#unsent(part, pending) ??
        (await this.#unbased(part, stops)) ??
        (await this.#outcome(part, pending, await send(this.#work, pending, stops), tries, stops));
      if ('stop' in next) return next.stop;
      queue.unshift(...next.parts);
    }
    return null;
  }

  /** A piece of a refused cut for which no call is made: one too many, or one that would be refused. Null: send it. */
  #unsent(part: Part, pending: readonly Change[]): Next | null {
    const { refusal } = part;
    if (refusal === undefined) return null;
    if (this.#extraCalls >= extraCallLimit) {
      this.#work.ledger.mark(pending, 'failed', changeErrorOf(refusal));
      return { parts: [] };
    }
    const halves = this.#refused.has(part) ? halvesOf(pending) : null;
    if (halves !== null) return { parts: asParts(halves, refusal) };
    // Those who were to take the place of the removed may have been refused meanwhile.
    if (pending.some(({ action }) => action === 'remove')) {
      const violations = guard(this.#work);
      if (violations.length > 0) return { stop: { kind: 'guarded', violations } };
    }
    this.#extraCalls += 1;
    return null;
  }

  /**
   * A list is only written as it was read: without a version of it, it is read first. Null: there is one, or none
   * is needed.
   */
  async #unbased(part: Part, stops: Stops): Promise<Next | null> {
    const { plan, sight } = this.#work;
    const needsBasis = part.changes.some((change) => 'attendee' in change);
    if (platformOf(plan).writes.style === 'delta' || !needsBasis || sight.reading.basis !== undefined)
      return null;
    const next = await this.#again(part, stops);
    if ('stop' in next || sight.reading.basis !== undefined) return next;
    const message = 'the attendee list came without a version, so it cannot be replaced';
    return { stop: { kind: 'unread', problem: { code: 'list-malformed', message } } };
  }

  async #outcome(
    part: Part,
    pending: readonly Change[],
    sent: Sent,
    tries: Tries,
    stops: Stops,
  ): Promise<Next> {
    const { ledger, plan, run } = this.#work;
    if (sent.kind === 'stopped' || sent.kind === 'held') return { stop: { kind: sent.kind } };
    if (sent.kind === 'taken') {
      if (part.sibling !== undefined) this.#refused.add(part.sibling);
      tries.conflicts = 0;
      await putRepliesBack(this.#work, sent.answer);
      return { parts: [] };
    }
    const { error } = sent;
    switch (error.kind) {
      case 'lost':
      case 'malformed':
        return this.#lost(pending, error, tries, stops);
      case 'conflict':
        return this.#conflict(part, pending, error, tries, stops);
      case 'gone':
        // Anyone who is named may be gone meanwhile; an addition names nobody who is there.
        return pending[0]?.action === 'remove'
          ? this.#gone(pending, error, stops)
          : this.#halve(pending, error);
      case 'entry':
        return this.#halve(pending, error);
      case 'done':
        // Said of a deletion or an unbinding: it is the case, after a lost answer by this very run.
        ledger.mark(pending, tries.lost > 0 ? 'done' : 'already');
        return { parts: [] };
      case 'absent':
        // An event that was there when it was read and is not found after a lost answer is as good an answer.
        if (tries.lost === 0 || pending.some((change) => 'attendee' in change)) break;
        ledger.mark(pending, 'done');
        return { parts: [] };
      case 'auth':
      case 'quota':
        run.end(plan.provider);
        break;
      case 'rate':
      case 'event':
      case 'held':
        break;
    }
    return { stop: { kind: 'refused' } };
  }

  /** Lost: read, and send again what is missing. */
  async #lost(pending: readonly Change[], error: PlatformError, tries: Tries, stops: Stops): Promise<Next> {
    const { ledger } = this.#work;
    tries.lost += 1;
    const stop = await this.#readAgain(pending, 'done', stops, restAfter(tries.lost));
    if (stop !== null) return { stop };
    const left = ledger.pending(pending);
    // An error of HTTP alone, from something in between: what it has refused it will refuse again.
    if (left.length === 0 || (tries.lost < tryLimit && error.kind !== 'malformed')) {
      return { parts: this.#cut(left) };
    }
    ledger.mark(left, 'failed', changeErrorOf(error));
    return { stop: { kind: 'refused' } };
  }

  /** Gone: read, and find out who it is where a reading does not tell. */
  async #gone(pending: readonly Change[], error: PlatformError, stops: Stops): Promise<Next> {
    const stop = await this.#readAgain(pending, 'already', stops);
    if (stop !== null) return { stop };
    const left = this.#work.ledger.pending(pending);
    // A platform that misses somebody whom it lists would say so for ever: then the entry is looked for.
    return left.length === pending.length ? this.#halve(left, error) : { parts: this.#cut(left, error) };
  }

  /** Refused for an entry: what is left to try is its halves, and nothing of a single one. */
  #halve(changes: readonly Change[], error: PlatformError): Next {
    const { ledger, plan } = this.#work;
    const parted = additionsApart(changes, plan.order, platformOf(plan).writes);
    if (parted !== null) {
      ledger.mark(changes, 'pending');
      return { parts: parted.map((part) => ({ changes: part, refusal: error })) };
    }
    const halves = halvesOf(changes);
    if (halves === null) {
      ledger.mark(changes, 'failed', changeErrorOf(error));
      return { parts: [] };
    }
    ledger.mark(changes, 'pending');
    return { parts: asParts(halves, error) };
  }

  /** Conflict: the event is not what was read, and nothing was taken. The same plan on a new reading, a few times. */
  async #conflict(
    part: Part,
    pending: readonly Change[],
    error: PlatformError,
    tries: Tries,
    stops: Stops,
  ): Promise<Next> {
    this.#work.ledger.mark(pending, 'pending');
    tries.conflicts += 1;
    if (tries.conflicts < tryLimit) return this.#again(part, stops, pauseAfter(tries.conflicts));
    const message = `the event keeps changing: ${error.message}`;
    const hint = 'Someone else is changing it right now. Apply again when they are done.';
    return { stop: { kind: 'moving', problem: { code: 'list-moved', message, hint } } };
  }

  /** Reads, adopts what is there, guards again; the part is then cut anew. */
  async #again(part: Part, stops: Stops, pauseMs = 0): Promise<Next> {
    const { sleep, sight } = this.#work;
    try {
      if (pauseMs > 0) await sleep(pauseMs, stops.signal);
      const read = await sight.read(stops.signal);
      if (!read.ok) return { stop: { kind: 'unread', problem: read.problem } };
      sight.adopt(read.reading);
    } catch (error) {
      if (stops.signal.aborted) return { stop: { kind: 'stopped' } };
      throw error;
    }
    const violations = guardAnew(this.#work);
    if (violations.length > 0) return { stop: { kind: 'guarded', violations } };
    return { parts: this.#cut(part.changes, part.refusal) };
  }

  async #readAgain(
    changes: readonly Change[],
    outcome: 'done' | 'already',
    stops: Stops,
    restMs = 0,
  ): Promise<Stop | null> {
    const { ledger, sleep, sight } = this.#work;
    try {
      if (restMs > 0) await sleep(restMs, stops.signal);
      const problem = await sight.outcomeByReading(changes, outcome, stops);
      if (problem !== null) return { kind: 'unread', problem };
      // Others may have gone meanwhile: nobody is removed on a reading that the guards have not seen.
      const removes = ledger.pending(changes).some(({ action }) => action === 'remove');
      const violations = removes ? guardAnew(this.#work) : [];
      return violations.length === 0 ? null : { kind: 'guarded', violations };
    } catch (error) {
      if (stops.signal.aborted) return { kind: 'stopped' };
      throw error;
    }
  }

  /** What is pending of these changes, in requests. */
  #cut(changes: readonly Change[], refusal?: PlatformError): Part[] {
    const { ledger, plan, sight } = this.#work;
    const cuts = cutsOf(ledger.pending(changes), sight.reading, platformOf(plan).writes);
    return cuts.map((cut) => ({ changes: cut, ...given({ refusal }) }));
  }
}

function asParts(
  [left, right]: readonly [readonly Change[], readonly Change[]],
  refusal: PlatformError,
): Part[] {
  const sibling: Part = { changes: right, refusal };
  return [{ changes: left, refusal, sibling }, sibling];
}

/** How long to leave the platform alone after so many lost answers in a row: one may be chance, more are a fault. */
function restAfter(lost: number): number {
  return lost === 1 || lost >= tryLimit ? 0 : 250 * 2 ** (lost - 2);
}

/** How long to let others finish after so many conflicts in a row. */
function pauseAfter(conflicts: number): number {
  return 250 * 2 ** (conflicts - 1);
}
