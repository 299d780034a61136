import stringWidth from 'string-width';
import type { Env } from '../providers/account.ts';
import type { Redactor } from '../report/redact.ts';
import type { Terminal } from '../report/terminal.ts';
import { inkFor } from './ink.ts';

/** A stream that text goes to. */
export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** False: what was written piles up until `over` is called: it was written, or cannot be. */
  write(text: string, over?: () => void): unknown;
}

/** Everything of the process that commands see. */
export interface Surroundings {
  readonly env: Env;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Takes people out of what is shown, where that was asked for. */
  readonly redactor?: Redactor;
  /** Aborts at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
}

/** What the stream is as a terminal. Who needs colours alone takes {@link inkFor}: measuring text costs a lot to load. */
export function terminalFor(sink: Sink, env: Env, color: boolean): Terminal {
  return { ...inkFor(sink, env, color), width: stringWidth };
}
