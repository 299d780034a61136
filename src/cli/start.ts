import { runProgram } from './program.ts';
import type { Surroundings } from './surroundings.ts';
import { exitCodes } from './usage-error.ts';

/** Runs one command line with the process around it. Resolves to the exit code; never rejects. */
export async function start(args: readonly string[]): Promise<number> {
  let surroundings = processSurroundings();
  // Known before the command line is parsed: its errors can name people too.
  if (args.includes('--redact')) surroundings = (await import('./redacting.ts')).redacting(surroundings);
  try {
    return await runProgram(surroundings, args);
  } catch (error) {
    return (await import('./failure.ts')).reportFailure(surroundings, error);
  }
}

/**
 * What is done where output cannot be written: the command goes on to its end, because batches may be in flight. Whoever
 * read a pipe and left (a pager, head) has seen enough; output that was lost elsewhere is no success.
 */
function onWriteError(stream: NodeJS.WriteStream): (error: NodeJS.ErrnoException) => void {
  let told = false;
  return ({ code }) => {
    if (code === 'EPIPE' || told) return;
    told = true;
    process.on('exit', () => {
      process.exitCode ||= exitCodes.error;
    });
    if (stream === process.stdout) process.stderr.write(`error: the output cannot be written (${code})\n`);
  };
}

function processSurroundings(): Surroundings {
  const controller = new AbortController();
  const stop = (): void => {
    // The second signal is meant: whatever is in flight is given up.
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    process.stderr.write('Stopping: calls in flight are finished. Once more ends at once.\n');
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const watched = new Set<NodeJS.WriteStream>();
  const watch = (stream: NodeJS.WriteStream): NodeJS.WriteStream => {
    if (!watched.has(stream)) stream.on('error', onWriteError(stream));
    watched.add(stream);
    return stream;
  };
  // Opened when they are used: each takes part of the time that a short command has.
  return {
    env: process.env,
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return watch(process.stdout);
    },
    get stderr() {
      return watch(process.stderr);
    },
    signal: controller.signal,
  };
}
