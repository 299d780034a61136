import type { Env } from '../providers/account.ts';
import type { Redactor } from '../report/redact.ts';
import type { Status } from './status.ts';

/** A stream that text goes to. */
export interface Sink {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** The file descriptor, where there is one. */
  readonly fd?: number | undefined;
  /** False: what was written piles up until `over` is called: it was written, or cannot be. */
  write(text: string, over?: () => void): unknown;
}

/** Everything of the process that commands see. */
export interface Surroundings {
  readonly env: Env;
  /** What was typed after `rollcall`, for messages that repeat it. */
  readonly args?: readonly string[];
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Where reports go that are commands to GitHub, where `stdout` lets none through. */
  readonly commands?: Sink;
  /** Takes people out of what is shown, where that was asked for. */
  readonly redactor?: Redactor;
  /** Then: stderr for what the redactor has made, in which nothing is looked for. */
  readonly redacted?: Sink;
  /** The line of stderr that says how the work goes on; absent: nothing does. */
  readonly status?: Status;
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
}

/** Parts are gathered to pieces of about this many characters: fewer writes, and never more than this in hand. */
const pieceLength = 64 * 1024;

/**
 * Writes text in pieces, each once the one before it was taken, so that a slow reader slows the output down instead
 * of having it pile up here. A text is one part.
 */
export async function print(sink: Sink, parts: Iterable<string>): Promise<void> {
  let piece = '';
  for (const part of typeof parts === 'string' ? [parts] : parts) {
    piece += part;
    if (piece.length < pieceLength) continue;
    await write(sink, piece);
    piece = '';
  }
  if (piece !== '') await write(sink, piece);
}

function write(sink: Sink, text: string): Promise<void> {
  return new Promise((resolve) => {
    // Not `drain`: a stream whose reader has left never says that, and the command would end in the middle. Errors
    // reach the stream's own listener.
    if (sink.write(text, resolve) !== false) resolve();
  });
}
