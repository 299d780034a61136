import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Outside, runCommandLine, surroundingsIn } from '../../src/cli/command-line.ts';
import { inFolder } from './folders.ts';

/** The repository's root. */
export const root: string = fileURLToPath(new URL('../../', import.meta.url));

/** The built command line. */
export const main: string = join(root, 'dist/cli/main.js');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A command line at work. */
export interface Started {
  readonly ran: Promise<Ran>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves once stderr holds this text; rejects if the command ends without it. */
  readonly says: (text: string) => Promise<void>;
  /** Resolves to the first group of a pattern once stdout holds it; rejects if the command ends without it. */
  readonly prints: (pattern: RegExp) => Promise<string>;
  /** What was said on stderr so far. */
  readonly said: () => string;
}

/** Starts the built command line without a terminal, with the given environment alone. */
export function startRollcall(args: readonly string[], options: RunOptions = {}): Started {
  return startScript(main, args, options);
}

/** The same of another script. */
export function startScript(script: string, args: readonly string[], options: RunOptions = {}): Started {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: options.cwd ?? root,
    env: { PATH: process.env['PATH'] ?? '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const ran = new Promise<Ran>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (stderr.includes(text)) resolve();
      };
      child.stderr.on('data', look);
      child.on('close', () => {
        look();
        reject(new Error(`ended without saying ${text}: ${stderr}`));
      });
      look();
    });
  const prints = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(stdout)?.[1];
        if (found !== undefined) resolve(found);
      };
      child.stdout.on('data', look);
      child.on('close', () => {
        reject(new Error(`ended without printing ${String(pattern)}: ${stdout}${stderr}`));
      });
      look();
    });
  return { ran, says, prints, said: () => stderr, kill: (signal) => void child.kill(signal) };
}

/**
 * Runs the command line to its end in this process, without a terminal, with the given environment alone: what `main`
 * starts, but for the process itself. {@link spawnRollcall} is for what only a process shows.
 */
export function rollcall(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return beginRollcall(args, options).ran;
}

/** A command line at work in this process. */
export interface Begun extends Pick<Started, 'ran' | 'says'> {
  /** What the first signal does to a process. */
  readonly stop: () => Promise<void>;
}

/** The same at work: several may be in one folder. */
export function beginRollcall(args: readonly string[], { cwd = root, env = {} }: RunOptions = {}): Begun {
  const ofNode = Object.keys(env).find((name) => name.startsWith('NODE_'));
  if (ofNode !== undefined) throw new RangeError(`${ofNode} means nothing without a Node of its own`);
  const said = { stdout: '', stderr: '' };
  let heard: () => void = () => {};
  const stopped = new AbortController();
  const sink = (stream: keyof typeof said): Outside['stdout'] => ({
    write: (text, over) => {
      said[stream] += text;
      heard();
      over?.();
      return true;
    },
  });
  const outside: Outside = {
    env,
    // Without a terminal nothing but its end is read from it.
    stdin: Readable.from([]) as NodeJS.ReadStream,
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    signal: stopped.signal,
  };
  const surroundings = surroundingsIn(outside, args);
  const ran = inFolder(cwd, async () => {
    const code = await runCommandLine(await surroundings, args);
    return { code, ...said };
  });
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      heard = () => {
        if (said.stderr.includes(text)) resolve();
      };
      heard();
      ran.then(() => {
        reject(new Error(`ended without saying ${text}: ${said.stderr}`));
      }, reject);
    });
  const stop = async (): Promise<void> => {
    (await surroundings).status.stop();
    stopped.abort(new Error('interrupted'));
  };
  return { ran, says, stop };
}

/** Runs the built command line to its end, as a process of its own. */
export function spawnRollcall(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return startRollcall(args, options).ran;
}

/** A new folder holding these files. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

/** The environment of a Feishu app on a server, with reads that do not lag. */
export function feishuEnv(url: string): Record<string, string> {
  return {
    FEISHU_BASE_URL: url,
    FEISHU_APP_ID: 'cli_demo',
    FEISHU_APP_SECRET: 'demo-secret',
    ROLLCALL_SETTLE: '0s',
  };
}
