import type { EventRef } from '../model/event.ts';
import type { Dialect, Operation, WireCall } from './dialect.ts';
import { PlatformError, type PlatformErrorKind } from './provider.ts';

/** A call that a probe makes. */
export interface SmokeCall extends WireCall {
  /** The API's name: `attendees.list`. */
  readonly api: string;
  readonly operation: Exclude<Operation, 'token'>;
  /** However it is refused, that ends no other call. */
  readonly aside?: true;
}

/** How a call was answered. */
export interface SmokeAnswer {
  /** What it was refused with; null: it was taken. */
  readonly code: string | null;
  /** The same in words that name nobody: a code that is not documented could hold anything. */
  readonly told: string;
  /** Undecoded; undefined where it was refused. */
  readonly body: unknown;
}

/** The event that a probe makes. */
export interface Draft {
  /** Twenty letters and digits that no other run has. */
  readonly stamp: string;
  readonly title: string;
  /** In Unix seconds; it lasts half an hour. */
  readonly start: number;
  readonly end: number;
}

/** Whom a probe may invite, by their ids on the platform. */
export interface TestPeople {
  readonly person: string;
  /** Somebody by an address alone. */
  readonly address: string | undefined;
  /** Another address of the person. */
  readonly alias: string | undefined;
  /** Somebody of another organisation. */
  readonly external: string | undefined;
}

/** What probes work with. Its calls reject where nothing follows from how they end. */
export interface Desk {
  readonly event: EventRef;
  readonly draft: Draft;
  readonly people: TestPeople;
  /** Waits until reads show what was written. */
  read(call: SmokeCall): Promise<SmokeAnswer>;
  /** Asks first; `what`: the end of "may I ...?", which names nobody. */
  write(what: string, call: SmokeCall): Promise<SmokeAnswer>;
  /** Notes what a switch is; undefined: it is not known, because of that. */
  note(name: string, value: string | undefined, because?: string): void;
}

/** Some questions, and the calls that answer them. What it leaves open ends up unknown. */
export interface Probe {
  readonly switches: readonly string[];
  /** Only on an event that was made for it: what it does cannot be put back for sure. */
  readonly own?: true;
  readonly run: (desk: Desk) => Promise<void>;
}

/** What a platform hands over. */
export interface Probes {
  /** The call that makes the event, with nobody on it and nobody told, and the id in its answer. */
  readonly make: (desk: Desk) => SmokeCall;
  readonly madeId: (body: unknown) => string | undefined;
  /** The id that it has whatever was answered, where the caller chooses it. */
  readonly chosenId?: (draft: Draft) => string;
  readonly probes: readonly Probe[];
  /** Asked once the event is deleted. */
  readonly afterwards: readonly Probe[];
  /** What no probe here answers, and why. */
  readonly open: Readonly<Record<string, string>>;
}

/** Why a probe can say nothing; in words that name nobody. */
export class Unsure extends Error {
  override readonly name = 'Unsure';
}

/** Notes what the answer to a call means, by its code, `ok` where it was taken; of any other code that it is not known. */
export function conclude(
  desk: Desk,
  name: string,
  said: SmokeAnswer,
  values: Readonly<Record<string, string>>,
): void {
  const answer = said.code ?? 'ok';
  desk.note(name, Object.hasOwn(values, answer) ? values[answer] : undefined, said.told);
}

/** @throws Unsure where a call that others stand on was refused */
export function taken({ code, told, body }: SmokeAnswer, what: string): unknown {
  if (code !== null) throw new Unsure(`${what}: ${told}`);
  return body;
}

/** Kinds that are an answer of the event, not of the account, the network or the time. */
const answers: ReadonlySet<PlatformErrorKind> = new Set([
  'entry',
  'gone',
  'conflict',
  'done',
  'absent',
  'event',
  'malformed',
]);

/** A session as a smoke test has it. */
export interface Bench {
  readonly probes: Probes;
  /** Rejects with `PlatformError` where the answer says nothing of the event, or with the signal's reason. */
  ask(call: SmokeCall, signal: AbortSignal): Promise<SmokeAnswer>;
}

/** Makes calls and tells how they were answered. */
export function benchOf(
  client: { ask(call: SmokeCall & { readonly signal: AbortSignal }): Promise<{ readonly body: unknown }> },
  dialect: Dialect,
  probes: Probes,
): Bench {
  return {
    probes,
    ask: async (call, signal) => {
      try {
        const { body } = await client.ask({ ...call, signal });
        return { code: null, told: 'it was accepted', body };
      } catch (error) {
        const tells = error instanceof PlatformError && (call.aside === true || answers.has(error.kind));
        if (!tells || signal.aborted) throw error;
        return { code: error.code, told: told(error, dialect), body: undefined };
      }
    },
  };
}

function told({ code }: PlatformError, dialect: Dialect): string {
  const known = dialect.errors(code) !== undefined || /^(\d{3,8}|http-\d{3})$/.test(code);
  return known ? `it was answered with ${code}` : 'it was answered with a code that is not documented';
}
