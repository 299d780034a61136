import { styleText } from 'node:util';
import type { Env } from '../providers/account.ts';
import { type Ink, plainInk } from '../report/terminal.ts';
import type { Sink } from './surroundings.ts';

/** Colours where the stream is a terminal and nobody asked for none (https://no-color.org). */
export function inkFor(sink: Sink, env: Env, color: boolean): Ink {
  const wanted = color && sink.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  if (!wanted) return plainInk;
  const style =
    (name: 'bold' | 'dim' | 'red' | 'green' | 'yellow') =>
    (text: string): string =>
      styleText(name, text);
  return {
    bold: style('bold'),
    dim: style('dim'),
    red: style('red'),
    green: style('green'),
    yellow: style('yellow'),
  };
}
