import { PassThrough } from 'node:stream';
import { type Outside, runCommandLine, surroundingsIn } from '../../src/cli/command-line.ts';
import { root } from './cli.ts';
import { inFolder } from './folders.ts';
import type { InTerminal, TerminalOptions } from './pty.ts';
import { screenOf } from './screen.ts';

/** What is the same for a command on a pseudo-terminal and for one in the process of its tests. */
export type OnTerminal = Pick<InTerminal, 'ran' | 'screen' | 'shows' | 'type' | 'pressCtrlC'>;

/**
 * Begins a command line in this process, on what it takes for a terminal, with the given environment alone: for what it
 * shows and asks there. What the system does with a terminal, its signals and a process that ends is for
 * {@link InTerminal}.
 */
export function beginInTerminal(
  args: readonly string[],
  { cwd = root, env = {}, columns = 80, toFile }: TerminalOptions = {},
): OnTerminal {
  const said = { output: '', stdout: '' };
  let heard: () => void = () => {};
  const put = (text: string): void => {
    said.output += text.replaceAll('\n', '\r\n');
    heard();
  };
  const sink = (write: (text: string) => void, isTTY: boolean): Outside['stdout'] => ({
    ...(isTTY ? { isTTY, columns } : {}),
    write: (text, over) => {
      write(text);
      over?.();
      return true;
    },
  });
  const stop = new AbortController();
  // Of a terminal nothing else is looked at.
  const stdin = Object.assign(new PassThrough(), { isTTY: true }) as unknown as NodeJS.ReadStream;
  const stdout = toFile === true ? sink((text) => void (said.stdout += text), false) : sink(put, true);
  const outside: Outside = { env, stdin, stdout, stderr: sink(put, true), signal: stop.signal };
  const surroundings = surroundingsIn(outside, args);
  const screen = (): readonly string[] => screenOf(said.output, columns);
  const ran = inFolder(cwd, async () => {
    const code = await runCommandLine(await surroundings, args);
    return { code, screen: screen(), ...said };
  });
  const shows = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      heard = () => {
        // A line that is too long for the terminal goes on in the next.
        if (screen().join('\n').includes(text) || screen().join('').includes(text)) resolve();
      };
      heard();
      ran.then(() => {
        reject(new Error(`ended without showing ${text}: ${screen().join('\n')}`));
      }, reject);
    });
  return {
    ran,
    screen,
    shows,
    type: (keys) => {
      const lines = keys.replaceAll('\r', '\n');
      put(lines);
      stdin.push(lines);
    },
    pressCtrlC: () => {
      put('^C');
      void surroundings.then(({ status }) => {
        status.stop();
        stop.abort(new Error('interrupted'));
      });
    },
  };
}
