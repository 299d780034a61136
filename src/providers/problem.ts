import type { Problem, ProblemCode } from '../model/diagnostic.ts';
import { PlatformError, type PlatformErrorKind } from './provider.ts';

const codeOfKind: Readonly<Record<PlatformErrorKind, ProblemCode>> = {
  auth: 'credentials',
  quota: 'quota',
  malformed: 'list-malformed',
  rate: 'list-failed',
  lost: 'list-failed',
  entry: 'list-refused',
  gone: 'list-refused',
  conflict: 'list-failed',
  done: 'list-refused',
  absent: 'event-not-found',
  event: 'list-refused',
};

/**
 * A failed read as a value. `codes` are the platform's own codes that say more than their kind. Anything but a
 * {@link PlatformError} is thrown on: an abort, or a fault of this program.
 */
export function problemOf(error: unknown, codes: Readonly<Record<string, ProblemCode>> = {}): Problem {
  if (!(error instanceof PlatformError)) throw error;
  return {
    code: codes[error.code] ?? codeOfKind[error.kind],
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    platformCode: error.code,
    ...(error.logId === undefined ? {} : { logId: error.logId }),
  };
}

/** An answer that is not what the API's page describes. */
export function malformed(what: string): PlatformError {
  return new PlatformError('malformed', 'malformed', `the answer makes no sense: ${what}`, {
    hint: 'Nothing is changed on such an answer. Try again; where it stays, report it.',
  });
}
