import type { Outcome, Verdict } from '../../http/retry.ts';
import type { Secrets } from '../../http/secrets.ts';
import type { HttpAnswer, TransportError } from '../../http/transport.ts';
import { requestedWaitMs } from '../../http/wait.ts';
import { malformed } from '../problem.ts';
import { PlatformError, type PlatformErrorKind } from '../provider.ts';
import { openEnvelope, type Envelope } from './envelope.ts';
import { errorTable, kindOf, type Operation } from './errors.ts';

/** What judging an answer needs to know of the session. */
export interface Bench {
  /** Feishu or Lark. */
  readonly title: string;
  /** Where the credentials are set. */
  readonly credentialHint: string;
  /** Struck out of what the platform says. */
  readonly secrets: Secrets;
  readonly now: () => number;
}

type Refused = Extract<Envelope, { state: 'refused' }>;

const networkHint = 'Check the network, the base URL and HTTPS_PROXY.';

function shownId(logId: string | undefined, bench: Bench): string | undefined {
  return logId === undefined ? undefined : bench.secrets.scrub(logId);
}

function refusal(envelope: Refused, kind: PlatformErrorKind, bench: Bench): PlatformError {
  const row = errorTable[envelope.code];
  const parts = [row?.meaning ?? envelope.message, ...envelope.details].filter((text) => text !== '');
  const said = parts.length === 0 ? 'refused without a reason' : bench.secrets.scrub(parts.join('; '));
  const hint =
    row?.hint ?? 'The code is not known here; the log id tells the platform support which call it was.';
  return new PlatformError(kind, String(envelope.code), `${bench.title}: ${said} (code ${envelope.code})`, {
    hint: kind === 'auth' ? `${hint} ${bench.credentialHint}` : hint,
    logId: shownId(envelope.logId, bench),
  });
}

function senseless(
  answer: HttpAnswer,
  logId: string | undefined,
  operation: Operation,
  bench: Bench,
): PlatformError {
  const { status } = answer;
  const write = operation !== 'read' && operation !== 'token';
  const unsettled = status >= 500 || (write && status >= 200 && status < 300);
  const kind = status === 429 ? 'rate' : unsettled ? 'lost' : 'malformed';
  const message = `${bench.title} answered HTTP ${status} with a body that is not of this API`;
  return new PlatformError(kind, `http-${status}`, message, {
    hint: status >= 500 || status === 429 ? 'Try again later.' : networkHint,
    logId: shownId(logId, bench),
  });
}

function judgeFailure(failure: TransportError, repeatable: boolean, bench: Bench): Verdict<never> {
  const tooLarge = failure.kind === 'too-large';
  const kind = tooLarge && repeatable ? 'malformed' : 'lost';
  const error = new PlatformError(kind, failure.kind, `${bench.title}: ${failure.message}`, {
    hint: networkHint,
  });
  if (failure.kind === 'tls' || tooLarge) return { next: 'fail', error };
  return repeatable || !failure.sent
    ? { next: 'again', because: 'transient', error }
    : { next: 'fail', error };
}

/** Whether the wire's account of a call ends it, with what, or asks for another try. */
export function judge(
  outcome: Outcome,
  operation: Operation,
  bench: Bench,
): Verdict<Readonly<Record<string, unknown>>> {
  const repeatable = operation === 'read' || operation === 'token';
  if (outcome.failure !== undefined) return judgeFailure(outcome.failure, repeatable, bench);
  const { answer } = outcome;
  const envelope = openEnvelope(answer);
  if (envelope.state === 'ok') {
    // What is read is shown and saved.
    return operation === 'read' && bench.secrets.areIn(answer.text)
      ? { next: 'fail', error: malformed('it holds a secret') }
      : { next: 'done', value: envelope.body };
  }
  let error: PlatformError;
  if (envelope.state === 'senseless') {
    error = senseless(answer, envelope.logId, operation, bench);
  } else {
    error = refusal(envelope, kindOf(envelope.code, answer.status, operation), bench);
    if (errorTable[envelope.code]?.renew === true && operation !== 'token') return { next: 'renew', error };
  }
  const waitMs = requestedWaitMs(answer.headers, bench.now(), 'x-ogw-ratelimit-reset');
  if (error.kind === 'rate') return { next: 'again', because: 'rate', waitMs, error };
  if (error.kind === 'lost' && repeatable) return { next: 'again', because: 'transient', waitMs, error };
  return { next: 'fail', error, endsAll: error.kind === 'auth' || error.kind === 'quota' };
}
