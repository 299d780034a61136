import { writeSync } from 'node:fs';
import { type Outside, runCommandLine, surroundingsIn } from './command-line.ts';
import type { Status } from './status.ts';
import type { Sink } from './surroundings.ts';
import { exitCodes } from '../run/usage-error.ts';

/** How soon after output was found unread it is looked at again, in milliseconds. */
const leftOverMs = 500;

/** The longest text that is written without a stream, in characters. */
const longestLine = 200;

/** Runs one command line with the process around it, and ends the process soon after. Never rejects. */
export async function start(args: readonly string[]): Promise<void> {
  // Node asks the system for each variable whenever it is read, and `yaml` reads one for each word of a manifest.
  process.env = { ...process.env };
  const stop = new AbortController();
  const outputs = processOutputs();
  const outside: Outside = {
    env: process.env,
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return outputs.stdout;
    },
    get stderr() {
      return outputs.stderr;
    },
    signal: stop.signal,
  };
  const surroundings = await surroundingsIn(outside, args);
  listen(stop, surroundings.status);
  process.exitCode = await runCommandLine(surroundings, args);
  // What could not be written is told of before.
  setImmediate(leave, outputs);
}

/**
 * Ends the process where all output is through: Node would take the memory apart first, and wait for what nothing can call
 * off, like a name that is being looked up.
 */
function leave(outputs: Outputs): void {
  if (outputs.unwritten === 0) process.exit();
  setTimeout(leave, leftOverMs, outputs).unref();
}

/**
 * What is done where output cannot be written: the command goes on to its end, because batches may be in flight.
 * A reader that closed the pipe (a pager, head) has seen enough; output that was lost elsewhere is not a success.
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
  readonly stdout: Sink;
  readonly stderr: NodeJS.WriteStream;
  /** What waits for its reader, in bytes. */
  readonly unwritten: number;
}

/** The process's streams, opened when they are used: each takes part of the time that a short command has. */
function processOutputs(): Outputs {
  const watched = new Set<NodeJS.WriteStream>();
  const watch = (stream: NodeJS.WriteStream): NodeJS.WriteStream => {
    if (!watched.has(stream)) stream.on('error', onWriteError(stream, outputs));
    watched.add(stream);
    return stream;
  };
  let opened = false;
  const open = (): NodeJS.WriteStream => {
    opened = true;
    return watch(process.stdout);
  };
  const outputs: Outputs = {
    stdout: {
      fd: 1,
      get isTTY() {
        return open().isTTY;
      },
      get columns() {
        return open().columns;
      },
      // A line that is all that a command says takes no stream.
      write: (text, over) => {
        const rest = opened || text.length > longestLine ? text : unwritten(1, text);
        if (rest.length > 0) return open().write(rest, over);
        over?.();
        return true;
      },
    },
    get stderr() {
      return watch(process.stderr);
    },
    get unwritten() {
      return [...watched].reduce((sum, { writableLength }) => sum + writableLength, 0);
    },
  };
  return outputs;
}

/** Writes what can be written at once. Answers the rest: why it cannot be, a stream waits for or tells. */
function unwritten(fd: number, text: string): Uint8Array {
  const bytes = Buffer.from(text);
  try {
    return bytes.subarray(writeSync(fd, bytes));
  } catch {
    return bytes;
  }
}

function listen(stop: AbortController, status: Status): void {
  const interrupt = (): void => {
    // The second signal is meant: whatever is in flight is given up.
    if (stop.signal.aborted) {
      status.leave();
      process.exit(exitCodes.interrupted);
    }
    status.stop();
    stop.abort(new Error('interrupted'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
}
