import { withoutCommands } from '../report/escape.ts';
import type { Sink } from './surroundings.ts';

/**
 * A sink whose text ends up in a log that GitHub's runner reads: no text that comes from outside is a command there,
 * however it is cut into writes. `sink` opens the stream when it is used.
 */
export function githubLog(sink: () => Sink): Sink {
  /** What stands on the current line. */
  let line = '';
  return {
    get isTTY() {
      return sink().isTTY;
    },
    get columns() {
      return sink().columns;
    },
    get fd() {
      return sink().fd;
    },
    write: (text, over) => {
      const safe = withoutCommands(line + text);
      const shown = safe.slice(line.length);
      line = openLine(safe);
      return sink().write(shown, over);
    },
  };
}

/** The line that a text leaves open; of one on which something stands only what could begin a command. */
function openLine(text: string): string {
  const line = text.slice(Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1);
  return /^[\s\u0085]*:?$/.test(line) ? line : `.${line.slice(-2)}`;
}
