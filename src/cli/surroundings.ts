import { styleText } from 'node:util';
import stringWidth from 'string-width';
import type { Env } from '../providers/account.ts';
import type { Redactor } from '../report/redact.ts';
import { type Terminal, plainTerminal } from '../report/terminal.ts';

/** A stream that text goes to. */
export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
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

/** Colours where the stream is a terminal and nobody asked for none (https://no-color.org). */
export function terminalFor(sink: Sink, env: Env, color: boolean): Terminal {
  const plain = plainTerminal(stringWidth);
  const wanted = color && sink.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  if (!wanted) return plain;
  const style =
    (name: 'bold' | 'dim' | 'red' | 'green' | 'yellow') =>
    (text: string): string =>
      styleText(name, text);
  return {
    ...plain,
    bold: style('bold'),
    dim: style('dim'),
    red: style('red'),
    green: style('green'),
    yellow: style('yellow'),
  };
}
