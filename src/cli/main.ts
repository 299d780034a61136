#!/usr/bin/env node
import { existsSync, writeSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { toolInfo } from '../run/version.ts';

const [, , ...args] = process.argv;

// The version is asked for by scripts, often: it loads nothing else, and opening process.stdout would take longest.
if (args.length === 1 && ['--version', '-V', 'version'].includes(args[0] ?? '')) {
  printVersion();
} else {
  keepCompiled(process.env);
  void import('./start.ts').then(({ start }) => start(args));
}

function printVersion(): void {
  try {
    writeSync(1, `${toolInfo().version}\n`);
  } catch {
    // The reader has gone.
    process.exitCode = 1;
  }
}

/**
 * Has later versions of Node keep what they compile for the next command. Not in the folder for temporary files, where Node would
 * by itself: on a machine that people share another user could have made it, and Node runs what it finds there.
 */
function keepCompiled({ XDG_CACHE_HOME: caches, HOME: home }: NodeJS.ProcessEnv): void {
  // Node 20 has no such function, and its types say so.
  const { enableCompileCache } = module as typeof module & { enableCompileCache?: (folder: string) => void };
  const folder = caches || (home && join(home, '.cache'));
  // Of a folder that is nowhere Node would try to make all that is above it, below /proc for ever.
  if (folder && existsSync(dirname(folder))) enableCompileCache?.(join(folder, 'rollcall'));
}
