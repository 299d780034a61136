import type { Problem, ProblemCode } from '../model/diagnostic.ts';
import { given } from '../model/given.ts';
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
  // Said of writes alone.
  held: 'list-failed',
};

/** What the store could not permit is no fault of the platform. */
function problemCodeOf({ code, kind, isPlatformCode }: PlatformError): ProblemCode {
  return code === 'store' && !isPlatformCode ? 'store' : codeOfKind[kind];
}

/** A failed read as a value. `code`: what its platform code is called where that says more than its kind. */
export function problemOf(error: PlatformError, code: ProblemCode = problemCodeOf(error)): Problem {
  return {
    code,
    message: error.message,
    ...given({
      hint: error.hint,
      platformCode: error.isPlatformCode ? error.code : undefined,
      logId: error.logId,
    }),
  };
}

/** Whether no other call of the account would go through either. */
export function endsAll({ kind }: PlatformError): boolean {
  return kind === 'auth' || kind === 'quota';
}

/** An answer that is not what the API's page describes. */
export function malformed(what: string): PlatformError {
  return new PlatformError('malformed', 'malformed', `the answer makes no sense: ${what}`, {
    isPlatformCode: false,
    hint: 'Nothing is changed on such an answer. Try again; if it persists, report it.',
  });
}

/**
 * What ended a read, as the platform's failure: an answer of a shape that nobody thought of makes its own event unknown
 * and not the run an error. An abort is thrown on.
 */
export function failureOf(error: unknown, signal: AbortSignal): PlatformError {
  if (signal.aborted) throw error;
  if (error instanceof PlatformError) return error;
  return malformed(error instanceof Error ? `it cannot be read (${error.name})` : 'it cannot be read');
}
