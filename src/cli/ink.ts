import { fstatSync } from 'node:fs';
import type { Env } from '../providers/account.ts';
import { type Ink, plainInk } from '../report/text/terminal.ts';
import type { Sink } from './surroundings.ts';

/** How a terminal is told to begin and to end a style (ECMA-48, SGR). */
const styles = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

/**
 * Colours on a terminal, in the log of GitHub Actions, and wherever `FORCE_COLOR` asks for them, unless `--no-color` or
 * `NO_COLOR` (https://no-color.org) asks for none.
 */
export function inkFor(sink: Sink, env: Env, color: boolean): Ink {
  if (!color || (env['NO_COLOR'] ?? '') !== '' || !isColourful(sink, env)) return plainInk;
  const style =
    (name: keyof typeof styles) =>
    (text: string): string => {
      const [begin, end] = styles[name];
      return `\u001b[${begin}m${text}\u001b[${end}m`;
    };
  return {
    bold: style('bold'),
    dim: style('dim'),
    red: style('red'),
    green: style('green'),
    yellow: style('yellow'),
  };
}

function isColourful(sink: Sink, env: Env): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (sink.isTTY === true) return env['TERM'] !== 'dumb';
  // A step's output is a pipe there; what is sent to a file is for something else to read.
  return env['GITHUB_ACTIONS'] === 'true' && !isFile(sink);
}

function isFile({ fd }: Sink): boolean {
  try {
    return fd !== undefined && fstatSync(fd).isFile();
  } catch {
    // A stream that is closed shows no colours to anybody.
    return false;
  }
}
