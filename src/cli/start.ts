import { JournalError } from '../store/journal.ts';
import { PlanFileError } from '../store/plan-file.ts';
import { JournalFileError } from '../store/read-journal.ts';
import { printError } from './messages.ts';
import { runProgram } from './program.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError, exitCodes } from './usage-error.ts';

/** Runs one command line with the process around it. Resolves to the exit code; never rejects. */
export async function start(args: readonly string[]): Promise<number> {
  let surroundings = processSurroundings();
  // Known before the command line is parsed: its errors can name people too.
  if (args.includes('--redact')) surroundings = (await import('./redacting.ts')).redacting(surroundings);
  try {
    return await runProgram(surroundings, args);
  } catch (error) {
    if (surroundings.signal.aborted) {
      printError(surroundings, { message: 'interrupted', hint: 'Run it again to go on.' });
      return exitCodes.interrupted;
    }
    if (error instanceof UsageError) {
      printError(surroundings, error);
      return error.exitCode;
    }
    if (error instanceof PlanFileError) {
      printError(surroundings, error);
      return error.refused ? exitCodes.refused : exitCodes.error;
    }
    if (error instanceof JournalFileError) {
      printError(surroundings, error);
      return exitCodes.error;
    }
    if (error instanceof JournalError) {
      printError(surroundings, {
        message: error.message,
        hint: 'Name a folder that can be written with --journal-dir.',
      });
      return exitCodes.error;
    }
    const message = error instanceof Error ? error.message : String(error);
    printError(surroundings, {
      message: `rollcall failed: ${message}`,
      hint: 'This is a bug of rollcall: please report it.',
    });
    return exitCodes.error;
  }
}

function processSurroundings(): Surroundings {
  const { env, stdin, stdout, stderr } = process;
  const controller = new AbortController();
  const stop = (): void => {
    // The second signal is meant: whatever is in flight is given up.
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    stderr.write('Stopping: calls in flight are finished. Once more ends at once.\n');
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Whoever read the output has gone (a pager, head): there is nobody left to tell.
      if (error.code !== 'EPIPE') throw error;
      process.exit();
    });
  }
  return { env, stdin, stdout, stderr, signal: controller.signal };
}
