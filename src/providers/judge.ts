import { type Outcome, type Verdict, requestedWaitMs } from '../http/retry.ts';
import type { Secrets } from '../http/secrets.ts';
import type { HttpAnswer, TransportError } from '../http/transport.ts';
import type { Dialect, ErrorRow, Opened, Operation } from './dialect.ts';
import { endsAll, malformed } from './problem.ts';
import { PlatformError, type PlatformErrorKind } from './provider.ts';

/** What judging an answer needs to know of the session. */
export interface JudgeOptions {
  /** The platform's name. */
  readonly title: string;
  /** Where the credentials are set. */
  readonly credentialHint: string;
  /** What to do where the host cannot be reached: that of calls, or of tokens. */
  readonly hostHint: (operation: Operation) => string;
  /** Where it is set. */
  readonly networkHint: (operation: Operation) => string;
  /** Struck out of what the platform says. */
  readonly secrets: Secrets;
  /** Milliseconds since the epoch. */
  readonly date: () => number;
}

/** A success, and how long its text was. */
export interface Judged {
  readonly body: unknown;
  /** In characters. */
  readonly size: number;
}

type Refused = Extract<Opened, { state: 'refused' }>;

/** What a refusal means for this operation; an unknown code goes by the HTTP status. */
export function kindOf(row: ErrorRow | undefined, status: number, operation: Operation): PlatformErrorKind {
  if (row?.doneFor === operation) return 'done';
  const told = row?.kind ?? kindOfStatus(status);
  const kind = operation !== 'batch' && (told === 'entry' || told === 'gone') ? 'event' : told;
  return operation === 'token' && kind === 'event' && row?.ofPerson !== true ? 'auth' : kind;
}

function kindOfStatus(status: number): PlatformErrorKind {
  if (status === 429) return 'rate';
  if (status === 412) return 'conflict';
  if (status >= 500) return 'lost';
  return status === 401 ? 'auth' : 'event';
}

/** Judges answers in one platform's dialect. */
export class Judge {
  readonly #dialect: Dialect;
  readonly #options: JudgeOptions;

  constructor(dialect: Dialect, options: JudgeOptions) {
    this.#dialect = dialect;
    this.#options = options;
  }

  /** Whether a call ends, with what, or is tried again. */
  verdictOn(outcome: Outcome, operation: Operation): Verdict<Judged> {
    const repeatable = isRepeatable(operation);
    if (outcome.failure !== undefined) return this.#ofFailure(outcome.failure, operation);
    const { answer } = outcome;
    const opened = this.#dialect.open(answer);
    switch (opened.state) {
      case 'ok':
        // What is read is shown and saved.
        return operation === 'read' && this.#options.secrets.areIn(answer.text)
          ? { next: 'fail', error: malformed('it holds a secret') }
          : { next: 'done', value: { body: opened.body, size: answer.text.length } };
      case 'barred':
        // The bar is on the address, and each further call may prolong it.
        return { next: 'fail', error: this.#barred(opened.minutes), endsAll: true };
      case 'senseless': {
        const error = this.#senseless(answer.status, opened.logId, operation);
        if (error.kind === 'auth' && operation !== 'token') return { next: 'renew', error };
        return this.#ofError(error, repeatable, answer);
      }
      case 'refused': {
        const error = this.#refusal(opened, answer.status, operation);
        const row = this.#dialect.errors(opened.code);
        const expired = row?.renew === true || (row === undefined && answer.status === 401);
        if (expired && operation !== 'token') return { next: 'renew', error };
        return this.#ofError(error, repeatable || row?.repeat === true, answer);
      }
    }
  }

  #refusal(opened: Refused, status: number, operation: Operation): PlatformError {
    const row = this.#dialect.errors(opened.code);
    const kind = kindOf(row, status, operation);
    const code = this.#options.secrets.scrub(opened.code);
    const said = [
      row?.meaning ?? '',
      this.#options.secrets.scrub(opened.said.filter((text) => text !== '').join('; ')),
    ]
      .filter((text) => text !== '')
      .join('; ');
    const tells = opened.logId === undefined ? 'time of the call' : this.#dialect.logIdName;
    const unknown = `This code is not documented; the ${tells} tells the platform's support which call it was.`;
    const hints = [
      row?.hint ?? unknown,
      ...(opened.missing.length === 0
        ? []
        : [`Missing: ${this.#options.secrets.scrub(opened.missing.join(', '))}.`]),
      ...(kind === 'auth' ? [this.#options.credentialHint] : []),
    ];
    return new PlatformError(
      kind,
      code,
      `${this.#options.title}: ${said || 'refused without a reason'} (code ${code})`,
      {
        hint: hints.join(' '),
        logId: this.#scrubbed(opened.logId),
      },
    );
  }

  #senseless(status: number, logId: string | undefined, operation: Operation): PlatformError {
    const write = operation !== 'read' && operation !== 'token';
    const uncertain = status >= 500 || (write && status >= 200 && status < 300);
    const kind = status === 429 ? 'rate' : status === 401 ? 'auth' : uncertain ? 'lost' : 'malformed';
    const hint =
      kind === 'auth'
        ? this.#options.credentialHint
        : kind === 'malformed'
          ? this.#options.networkHint(operation)
          : 'Try again later.';
    const message = `${this.#options.title} answered HTTP ${status} with a body that does not come from this API`;
    return new PlatformError(kind, `http-${status}`, message, { hint, logId: this.#scrubbed(logId) });
  }

  #barred(minutes: number | null): PlatformError {
    const wait = minutes === null ? 'some minutes' : `${minutes} minutes`;
    const message = `${this.#options.title} blocks this network address for ${wait}: too many calls`;
    return new PlatformError('rate', 'ip-barred', message, {
      hint: `Wait ${wait}, then start again. Other programs behind the same address count too.`,
    });
  }

  #ofFailure(failure: TransportError, operation: Operation): Verdict<never> {
    const repeatable = isRepeatable(operation);
    const tooLarge = failure.kind === 'too-large';
    if (failure.kind === 'held')
      return {
        next: 'fail',
        error: new PlatformError('held', 'held', 'it was too late to send it', { isPlatformCode: false }),
      };
    const kind = tooLarge && repeatable ? 'malformed' : failure.sent ? 'lost' : 'rate';
    const error = new PlatformError(kind, failure.kind, `${this.#options.title}: ${failure.message}`, {
      hint: this.#options[failure.kind === 'connect' ? 'hostHint' : 'networkHint'](operation),
      isPlatformCode: false,
    });
    if (failure.kind === 'tls' || tooLarge) return { next: 'fail', error };
    return repeatable || !failure.sent
      ? { next: 'again', because: 'transient', error }
      : { next: 'fail', error };
  }

  #ofError(error: PlatformError, repeatable: boolean, answer: HttpAnswer): Verdict<never> {
    const waitMs = requestedWaitMs(answer.headers, this.#options.date(), this.#dialect.resetHeader);
    if (error.kind === 'rate') {
      return { next: 'again', because: 'rate', waitMs, atLeastMs: this.#dialect.rateRestMs ?? 0, error };
    }
    if (error.kind === 'lost' && repeatable) return { next: 'again', because: 'transient', waitMs, error };
    return { next: 'fail', error, endsAll: endsAll(error) };
  }

  #scrubbed(id: string | undefined): string | undefined {
    return id === undefined ? undefined : this.#options.secrets.scrub(id);
  }
}

function isRepeatable(operation: Operation): boolean {
  return operation === 'read' || operation === 'token';
}
