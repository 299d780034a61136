import type { Outcome, Verdict } from '../../http/retry.ts';
import type { Secrets } from '../../http/secrets.ts';
import type { HttpAnswer, TransportError } from '../../http/transport.ts';
import { requestedWaitMs } from '../../http/wait.ts';
import { malformed } from '../problem.ts';
import { PlatformError } from '../provider.ts';
import { openEnvelope, type Envelope } from './envelope.ts';
import { kindOf, rowOf, type Operation } from './errors.ts';

/** What judging an answer needs to know of the session. */
export interface Bench {
  /** Where the credentials are set. */
  readonly credentialHint: string;
  /** Struck out of what the platform says. */
  readonly secrets: Secrets;
  readonly now: () => number;
}

type Refused = Extract<Envelope, { state: 'refused' }>;

/** The documented rest after a rate limit. */
const rateRestMs = 1000;

const networkHint = 'Check the network, DINGTALK_BASE_URL and HTTPS_PROXY.';

function shownId(requestId: string | undefined, bench: Bench): string | undefined {
  return requestId === undefined ? undefined : bench.secrets.scrub(requestId);
}

function refusal(envelope: Refused, status: number, operation: Operation, bench: Bench): PlatformError {
  const row = rowOf(envelope.code);
  const kind = kindOf(row, status, operation);
  const code = bench.secrets.scrub(envelope.code);
  // The platform has one code for many faults of a parameter; only its text tells them apart.
  const said = [row?.meaning, bench.secrets.scrub(envelope.message)].filter(
    (text) => text !== undefined && text !== '',
  );
  const hints = [
    row?.hint ?? 'The code is not known here; the request id tells the platform support which call it was.',
    ...(envelope.scopes.length === 0 ? [] : [`Missing: ${bench.secrets.scrub(envelope.scopes.join(', '))}.`]),
    ...(kind === 'auth' ? [bench.credentialHint] : []),
  ];
  return new PlatformError(
    kind,
    code,
    `DingTalk: ${said.join('; ') || 'refused without a reason'} (code ${code})`,
    {
      hint: hints.join(' '),
      logId: shownId(envelope.requestId, bench),
    },
  );
}

function senseless(
  status: number,
  requestId: string | undefined,
  operation: Operation,
  bench: Bench,
): PlatformError {
  const write = operation === 'batch' || operation === 'delete';
  const unsettled = status >= 500 || (write && status >= 200 && status < 300);
  const kind = status === 429 ? 'rate' : status === 401 ? 'auth' : unsettled ? 'lost' : 'malformed';
  const message = `DingTalk answered HTTP ${status} with a body that is not of this API`;
  const hint =
    kind === 'auth' ? bench.credentialHint : kind === 'malformed' ? networkHint : 'Try again later.';
  return new PlatformError(kind, `http-${status}`, message, { hint, logId: shownId(requestId, bench) });
}

function barred(minutes: number | null): PlatformError {
  const wait = minutes === null ? 'some minutes' : `${minutes} minutes`;
  return new PlatformError(
    'rate',
    'ip-barred',
    `DingTalk bars this network address for ${wait}: too many calls`,
    {
      hint: `Wait ${wait}, then start again. Other programs behind the same address count too.`,
    },
  );
}

function judgeFailure(failure: TransportError, repeatable: boolean): Verdict<never> {
  const tooLarge = failure.kind === 'too-large';
  const kind = tooLarge && repeatable ? 'malformed' : 'lost';
  const error = new PlatformError(kind, failure.kind, `DingTalk: ${failure.message}`, { hint: networkHint });
  if (failure.kind === 'tls' || tooLarge) return { next: 'fail', error };
  return repeatable || !failure.sent
    ? { next: 'again', because: 'transient', error }
    : { next: 'fail', error };
}

function judgeError(
  error: PlatformError,
  repeatable: boolean,
  answer: HttpAnswer,
  bench: Bench,
): Verdict<never> {
  const waitMs = requestedWaitMs(answer.headers, bench.now());
  if (error.kind === 'rate') return { next: 'again', because: 'rate', waitMs, atLeastMs: rateRestMs, error };
  if (error.kind === 'lost' && repeatable) return { next: 'again', because: 'transient', waitMs, error };
  return { next: 'fail', error, endsAll: error.kind === 'auth' || error.kind === 'quota' };
}

/** Whether the wire's account of a call ends it, with what body, or asks for another try. */
export function judge(outcome: Outcome, operation: Operation, bench: Bench): Verdict<unknown> {
  const repeatable = operation === 'read' || operation === 'token';
  if (outcome.failure !== undefined) return judgeFailure(outcome.failure, repeatable);
  const { answer } = outcome;
  const envelope = openEnvelope(answer);
  if (envelope.state === 'ok') {
    // What is read is shown and saved.
    return operation === 'read' && bench.secrets.areIn(answer.text)
      ? { next: 'fail', error: malformed('it holds a secret') }
      : { next: 'done', value: envelope.body };
  }
  if (envelope.state === 'barred') {
    // The bar is on the address, and each further call may prolong it.
    return { next: 'fail', error: barred(envelope.minutes), endsAll: true };
  }
  const refused = envelope.state === 'refused';
  const error = refused
    ? refusal(envelope, answer.status, operation, bench)
    : senseless(answer.status, envelope.requestId, operation, bench);
  const row = refused ? rowOf(envelope.code) : undefined;
  const expired = row?.renew === true || (row === undefined && answer.status === 401);
  if (expired && operation !== 'token') return { next: 'renew', error };
  return judgeError(error, repeatable || row?.repeat === true, answer, bench);
}
