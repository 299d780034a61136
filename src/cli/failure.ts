import { ReviewError } from '../review/site.ts';
import { JournalError } from '../store/journal.ts';
import { LockFileError } from '../store/write-whole.ts';
import { PlanFileError } from '../store/plan-file.ts';
import { JournalFileError } from '../store/read-journal.ts';
import { StoreError } from '../store/postgres/store.ts';
import { printError } from './messages.ts';
import type { Surroundings } from './surroundings.ts';
import { storeUsageError } from '../run/store.ts';
import { UsageError, exitCodes } from '../run/usage-error.ts';

/** Says on stderr what ended a command, and answers the exit code. */
export function reportFailure(surroundings: Surroundings, error: unknown): number {
  if (surroundings.signal.aborted) {
    printError(surroundings, { message: 'interrupted', hint: 'Run it again to continue.' });
    return exitCodes.interrupted;
  }
  if (error instanceof UsageError) {
    printError(surroundings, error);
    return error.exitCode;
  }
  if (error instanceof StoreError) {
    printError(surroundings, storeUsageError(error));
    return exitCodes.error;
  }
  if (error instanceof PlanFileError) {
    printError(surroundings, error);
    return error.refused ? exitCodes.refused : exitCodes.error;
  }
  if (error instanceof JournalFileError || error instanceof LockFileError || error instanceof ReviewError) {
    printError(surroundings, error);
    return exitCodes.error;
  }
  if (error instanceof JournalError) {
    printError(surroundings, {
      message: error.message,
      hint: 'Choose a writable folder with --journal-dir.',
    });
    return exitCodes.error;
  }
  const message = error instanceof Error ? error.message : String(error);
  printError(surroundings, {
    // What nothing was prepared for may quote anybody.
    message: surroundings.redactor === undefined ? `rollcall failed: ${message}` : 'rollcall failed',
    hint: 'This is a bug in rollcall: please report it.',
  });
  return exitCodes.error;
}
