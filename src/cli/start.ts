import { Status } from './status.ts';
import type { Surroundings } from './surroundings.ts';
import { exitCodes } from '../run/usage-error.ts';

/** How long what is left over of a command may hold the process, in milliseconds. */
const leftOverMs = 500;

/** Runs one command line with the process around it, and ends the process soon after. Never rejects. */
export async function start(args: readonly string[]): Promise<void> {
  process.exitCode = await run(args);
  leave();
}

/**
 * Ends what nothing can call off, like a name that is being looked up. Output that is still being read is waited
 * for.
 */
function leave(): void {
  setTimeout(() => {
    if (process.stdout.writableLength + process.stderr.writableLength > 0) leave();
    else process.exit();
  }, leftOverMs).unref();
}

/** Resolves to the exit code; never rejects. */
async function run(args: readonly string[]): Promise<number> {
  let surroundings = await processSurroundings(args);
  // Known before the command line is parsed: its errors can name people too.
  if (args.includes('--redact')) surroundings = (await import('./redacting.ts')).redacting(surroundings);
  try {
    return await runCommand(surroundings, args);
  } catch (error) {
    return (await import('./failure.ts')).reportFailure(surroundings, error);
  }
}

/**
 * Editors and hooks run `validate PATH...` at every save. It has no option to parse then, and loading the parser would
 * take a tenth of its time.
 */
async function runCommand(surroundings: Surroundings, args: readonly string[]): Promise<number> {
  const [name, ...paths] = args;
  if (name === 'validate' && !paths.some((path) => path.startsWith('-'))) {
    return (await import('./commands/validate.ts')).validate(surroundings, paths);
  }
  return (await import('./program.ts')).runProgram(surroundings, args);
}

/**
 * What is done where output cannot be written: the command goes on to its end, because batches may be in flight.
 * Whoever read a pipe and left (a pager, head) has seen enough; output that was lost elsewhere is not a success.
 */
function onWriteError(stream: NodeJS.WriteStream, outputs: Outputs): (error: NodeJS.ErrnoException) => void {
  let told = false;
  return ({ code }) => {
    // A terminal that has gone is as good as a reader who has left.
    if (code === 'EPIPE' || (code === 'EIO' && stream.isTTY) || told) return;
    told = true;
    process.on('exit', () => {
      process.exitCode ||= exitCodes.error;
    });
    if (stream === process.stdout) outputs.stderr.write(`error: the output cannot be written (${code})\n`);
  };
}

interface Outputs {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** The process's streams, opened when they are used: each takes part of the time that a short command has. */
function processOutputs(): Outputs {
  const watched = new Set<NodeJS.WriteStream>();
  const watch = (stream: NodeJS.WriteStream): NodeJS.WriteStream => {
    if (!watched.has(stream)) stream.on('error', onWriteError(stream, outputs));
    watched.add(stream);
    return stream;
  };
  const outputs: Outputs = {
    get stdout() {
      return watch(process.stdout);
    },
    get stderr() {
      return watch(process.stderr);
    },
  };
  return outputs;
}

async function processSurroundings(args: readonly string[]): Promise<Surroundings> {
  const controller = new AbortController();
  const outputs = processOutputs();
  // Only there does a log obey; elsewhere text is printed as it is.
  const github = process.env['GITHUB_ACTIONS'] === 'true' ? await import('./github-log.ts') : null;
  const stdout = github?.githubLog(() => outputs.stdout) ?? null;
  const stderr = github?.githubLog(() => outputs.stderr) ?? null;
  const status = new Status(
    () => stderr ?? outputs.stderr,
    () => performance.now(),
  );
  const stop = (): void => {
    // The second signal is meant: whatever is in flight is given up.
    if (controller.signal.aborted) {
      status.leave();
      process.exit(exitCodes.interrupted);
    }
    status.stop();
    controller.abort(new Error('interrupted'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return {
    env: process.env,
    args,
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return stdout ?? outputs.stdout;
    },
    get stderr() {
      return stderr ?? outputs.stderr;
    },
    get commands() {
      return outputs.stdout;
    },
    status,
    signal: controller.signal,
  };
}
