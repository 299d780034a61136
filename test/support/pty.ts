import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunOptions, main, root } from './cli.ts';
import { screenOf } from './screen.ts';

export interface TerminalOptions extends RunOptions {
  /** The terminal's width; 80 where nothing is said. */
  readonly columns?: number;
  /** Keeps stdout off the terminal, as `> file` does. */
  readonly toFile?: true;
}

/** How a command on a terminal ended. */
export interface RanInTerminal {
  readonly code: number | null;
  /** What the terminal shows in the end, line by line. */
  readonly screen: readonly string[];
  /** All that the terminal was sent. */
  readonly output: string;
  /** What went to the file that stdout was sent to; nothing without `toFile`. */
  readonly stdout: string;
}

/** The built command line at work on a terminal of its own. */
export interface InTerminal {
  readonly ran: Promise<RanInTerminal>;
  /** What the terminal shows by now. */
  readonly screen: () => readonly string[];
  /** Resolves once the screen holds this text; rejects if the command ends without it. */
  readonly shows: (text: string) => Promise<void>;
  /** Types keys, as they are. */
  readonly type: (keys: string) => void;
  /** Types Ctrl-C: the terminal makes SIGINT of it, for all that run in its foreground. */
  readonly pressCtrlC: () => void;
  /** Sends a signal to the command itself. */
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Takes the terminal away, as a closed window or a lost connection does. Nothing is known of the command any more. */
  readonly hangUp: () => void;
  /** Whether the command is still there. */
  readonly lives: () => boolean;
}

/** Starts the built command line on a pseudo-terminal (`script`, which any Linux has), with the given environment alone. */
export function startInTerminal(args: readonly string[], options: TerminalOptions = {}): InTerminal {
  const width = options.columns ?? 80;
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-terminal-'));
  const [file, pidFile] = [join(folder, 'stdout'), join(folder, 'pid')];
  const words = [process.execPath, main, ...args].map(quoted).join(' ');
  const command = `stty cols ${width} rows 24; echo $$ > ${pidFile}; exec ${words}`;
  const child = spawn('script', ['-qec', options.toFile ? `${command} > ${file}` : command, '/dev/null'], {
    cwd: options.cwd ?? root,
    env: { PATH: process.env['PATH'] ?? '', SHELL: '/bin/sh', TERM: 'xterm-256color', ...options.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  // The command may end before its keys are read.
  child.stdin.on('error', () => {});
  const screen = (): readonly string[] => screenOf(output, width);
  const ran = new Promise<RanInTerminal>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const stdout = options.toFile ? readFileSync(file, 'utf8') : '';
      resolve({ code, screen: screen(), output, stdout });
    });
  });
  return {
    ran,
    screen,
    shows: (text) => shows(child, screen, text),
    type: (keys) => void child.stdin.write(keys),
    pressCtrlC: () => void child.stdin.write('\u0003'),
    kill: (signal) => void process.kill(Number(readFileSync(pidFile, 'utf8')), signal),
    hangUp: () => void child.kill('SIGKILL'),
    lives: () => existsSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}`),
  };
}

/** Runs the built command line on a terminal to its end. */
export function rollcallInTerminal(
  args: readonly string[],
  options: TerminalOptions = {},
): Promise<RanInTerminal> {
  return startInTerminal(args, options).ran;
}

function shows(child: ChildProcess, screen: () => readonly string[], text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      // A line that is too long for the terminal goes on in the next.
      if (!screen().join('\n').includes(text) && !screen().join('').includes(text)) return;
      child.stdout?.off('data', look);
      child.off('close', ended);
      resolve();
    };
    const ended = (): void => {
      look();
      reject(new Error(`ended without showing ${text}: ${screen().join('\n')}`));
    };
    child.stdout?.on('data', look);
    child.on('close', ended);
    look();
  });
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
