import type { Clock } from '../../http/clock.ts';
import type { EventRef } from '../../model/event.ts';
import type { ProviderId } from '../../platforms/index.ts';
import { PlatformError, type Writer } from '../../providers/provider.ts';
import {
  type Bench,
  type Desk,
  type Draft,
  type Probe,
  type SmokeAnswer,
  type SmokeCall,
  type TestPeople,
  Unsure,
} from '../../providers/smoke.ts';
import { type Left, ownLeft, putBack, tidy } from './events.ts';

/** What a switch of the embedded platform is, or why that is not known; it names nobody. */
export type Note = { readonly value: string } | { readonly because: string };

export interface SmokeSettings {
  readonly bench: Bench;
  readonly writer: Writer;
  /** Without an event one is made. */
  readonly event: Omit<EventRef, 'eventId'> & { readonly eventId?: string };
  readonly people: TestPeople;
  readonly draft: Draft;
  readonly clock: Clock;
  /** How long reads may lag behind writes, in milliseconds. */
  readonly lagMs: number;
  /** All of cleaning up, in milliseconds. */
  readonly timeoutMs: number;
  /** Asked before each write; `what`: the end of "may I ...?". */
  readonly consent: (what: string) => Promise<boolean>;
  /** Told what would be left if all ended now. */
  readonly onLeft: (left: Left | null) => void;
  readonly onProbe: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

export interface SmokeResult {
  readonly notes: ReadonlyMap<string, Note>;
  /** `declined`: a question was answered with no. */
  readonly ended: 'done' | 'declined' | 'interrupted' | 'failed';
  /** What ended it before its end. */
  readonly failure: PlatformError | null;
  /** What could not be cleaned up. */
  readonly left: Left | null;
}

/** A question was answered with no. */
class Declined extends Error {
  override readonly name = 'Declined';
}

/**
 * Makes a test event, or takes the one that is named, asks the platform what its pages leave open, and cleans up, however
 * that ends. After a stop only what cleans up is written.
 */
export async function runSmoke(settings: SmokeSettings): Promise<SmokeResult> {
  const { bench, signal } = settings;
  const { probes, afterwards, open } = bench.probes;
  const work = new Work(settings);
  const own = settings.event.eventId === undefined;
  let end: Pick<SmokeResult, 'ended' | 'failure'> = { ended: 'done', failure: null };
  const all = async (steps: () => Promise<void>): Promise<void> => {
    try {
      if (end.ended === 'done') await steps();
    } catch (error) {
      end = endOf(error, signal);
    }
  };
  await all(async () => {
    await work.begin();
    for (const [index, probe] of probes.entries()) {
      settings.onProbe(index, probes.length);
      await work.probe(probe, own);
    }
  });
  const left = await work.end();
  await all(async () => {
    if (left === null) for (const probe of afterwards) await work.probe(probe, own);
  });
  const why = {
    done: '',
    declined: 'you declined',
    interrupted: 'it was stopped',
    failed: 'it ended before',
  };
  for (const { switches } of [...probes, ...afterwards]) {
    for (const name of switches) work.noteRest(name, why[end.ended] || 'the event could not be deleted');
  }
  for (const [name, because] of Object.entries(open)) work.noteRest(name, because);
  return { notes: work.notes, ...end, left };
}

/** @throws what is a fault of our own */
function endOf(error: unknown, signal: AbortSignal): Pick<SmokeResult, 'ended' | 'failure'> {
  if (error instanceof Declined) return { ended: 'declined', failure: null };
  if (signal.aborted) return { ended: 'interrupted', failure: null };
  return { ended: 'failed', failure: failureIn(error) };
}

/** What nothing was prepared for ends the test like a failed call, so that it is cleaned up all the same. */
function failureIn(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  const name = error instanceof Error ? error.name : 'an unknown error';
  return new PlatformError('malformed', 'malformed', `a probe could not continue (${name})`, {
    isPlatformCode: false,
    hint: 'This is a bug in rollcall: please report it.',
    cause: error,
  });
}

/** A smoke test at work. */
class Work implements Desk {
  readonly notes: Map<string, Note> = new Map();
  readonly draft: Draft;
  readonly people: TestPeople;
  readonly #settings: SmokeSettings;
  /** Empty: there may be one that was made, but its id is not known. */
  #eventId: string | null;
  /** Whether something was written to the event that is named. */
  #touched = false;
  #readableAt = 0;

  constructor(settings: SmokeSettings) {
    this.#settings = settings;
    this.draft = settings.draft;
    this.people = settings.people;
    this.#eventId = settings.event.eventId ?? null;
  }

  get event(): EventRef {
    return { ...this.#settings.event, eventId: this.#eventId ?? '' };
  }

  /** Makes the event, where none is named. Rejects with `PlatformError` where there is none then. */
  async begin(): Promise<void> {
    const { bench, onLeft } = this.#settings;
    if (this.#eventId !== null) return;
    const { make, madeId, chosenId } = bench.probes;
    const call = make(this);
    const day = new Date(this.draft.start * 1000).toISOString().slice(0, 10);
    await this.#ask(
      `create a private test event on ${day} without notifying anybody, and delete it at the end`,
    );
    this.#eventId = chosenId?.(this.draft) ?? '';
    onLeft(ownLeft(this.event, this.draft));
    const said = await this.#made(call);
    if (said.code === null) this.#eventId = madeId(said.body) ?? this.#eventId;
    else this.#eventId = null;
    if (this.#eventId) return onLeft(ownLeft(this.event, this.draft));
    throw new PlatformError(
      'event',
      said.code ?? 'http-200',
      `the test event could not be created: ${said.told}`,
      {
        hint: 'Check that this account may create events on that calendar, or name one with --event.',
      },
    );
  }

  /** Makes the event. Unless it is not known what became of that, there is none where it rejects. */
  async #made(call: SmokeCall): Promise<SmokeAnswer> {
    try {
      return await this.#send(call);
    } catch (error) {
      if (!(error instanceof PlatformError && error.kind === 'lost')) this.#eventId = null;
      throw error;
    }
  }

  async probe({ switches, own, run }: Probe, isOwn: boolean): Promise<void> {
    const rest = (because: string): void => {
      for (const name of switches) this.noteRest(name, because);
    };
    if (switches.length > 0 && switches.every((name) => this.notes.has(name))) return undefined;
    if (own === true && !isOwn) return rest('checked only on an event created for it');
    if (!this.#eventId) return rest('there is no event');
    try {
      await run(this);
      return rest('the answers were inconclusive');
    } catch (error) {
      if (error instanceof Unsure) return rest(error.message);
      const goesOn = error instanceof PlatformError && error.kind !== 'auth' && error.kind !== 'quota';
      if (!goesOn || this.#settings.signal.aborted) throw error;
      return rest(`a call failed (${error.kind})`);
    }
  }

  /** Cleans up. Answers what is left. */
  async end(): Promise<Left | null> {
    const { event, onLeft } = this.#settings;
    const left = await (event.eventId === undefined ? this.#tidied() : this.#putBack());
    this.#wrote();
    onLeft(left);
    return left;
  }

  async #tidied(): Promise<Left | null> {
    if (this.#eventId === null) return null;
    if (this.#eventId === '') return ownLeft(this.event, this.draft);
    return tidy(this.#settings.writer, this.event, this.draft, this.#lastCalls());
  }

  async #putBack(): Promise<Left | null> {
    if (!this.#touched) return null;
    const { person } = this.people;
    return putBack(this.#settings.writer, this.event, person, this.draft, this.#lastCalls());
  }

  /** For what cleans up, also after a stop: all of it together has the time of one call. */
  #lastCalls(): AbortSignal {
    return AbortSignal.timeout(this.#settings.timeoutMs);
  }

  async read(call: SmokeCall): Promise<SmokeAnswer> {
    const { bench, clock, signal } = this.#settings;
    const waitMs = this.#readableAt - clock.now();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    signal.throwIfAborted();
    return bench.ask(call, signal);
  }

  async write(what: string, call: SmokeCall): Promise<SmokeAnswer> {
    await this.#ask(what);
    this.#touched = true;
    return this.#send(call);
  }

  note(name: string, value: string | undefined, because = 'the answers were inconclusive'): void {
    this.notes.set(name, value === undefined ? { because } : { value });
  }

  /** Notes of a switch that nothing was noted of. */
  noteRest(name: string, because: string): void {
    if (!this.notes.has(name)) this.notes.set(name, { because });
  }

  async #ask(what: string): Promise<void> {
    const { consent, signal } = this.#settings;
    signal.throwIfAborted();
    if (!(await consent(what))) throw new Declined();
    signal.throwIfAborted();
  }

  async #send(call: SmokeCall): Promise<SmokeAnswer> {
    const { bench, signal } = this.#settings;
    try {
      return await bench.ask(call, signal);
    } finally {
      this.#wrote();
    }
  }

  #wrote(): void {
    const { clock, lagMs } = this.#settings;
    this.#readableAt = clock.now() + lagMs;
  }
}

/**
 * What a smoke test found, as the part of a tenant file that makes the embedded platform do the same. It is made of names
 * and values of switches, of our own sentences and of documented codes: it names nobody.
 */
export function smokeYaml(
  { notes, ended }: SmokeResult,
  {
    version,
    provider,
    calls,
  }: { readonly version: string; readonly provider: ProviderId; readonly calls: number },
): string {
  const rows = [...notes].sort(([one], [two]) => (one < two ? -1 : 1));
  const known = rows.flatMap(([name, note]) => ('value' in note ? [`  ${name}: ${note.value}`] : []));
  const open = rows.flatMap(([name, note]) =>
    'because' in note ? [`  # ${name}: not known: ${note.because}`] : [],
  );
  return [
    `# rollcall ${version}: smoke --provider ${provider}, ${calls} calls${ended === 'done' ? '' : ', ended before its end'}`,
    known.length === 0 ? 'behaviour: {}' : 'behaviour:',
    ...known,
    ...open,
    '',
  ].join('\n');
}
