#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { toolInfo } from '../run/version.ts';

// No compile cache is turned on here: Node runs what it finds there without asking who put it, and on a machine that
// also runs jobs for branches such a folder would outlive them. NODE_COMPILE_CACHE names one to anyone who wants it.

const [, , ...args] = process.argv;

// The version is asked for by scripts, often: it loads nothing else, and opening process.stdout would take longest.
if (args.length === 1 && ['--version', '-V', 'version'].includes(args[0] ?? '')) {
  printVersion();
} else {
  const { start } = await import('./start.ts');
  await start(args);
}

function printVersion(): void {
  try {
    writeSync(1, `${toolInfo().version}\n`);
  } catch {
    // The reader has gone.
    process.exitCode = 1;
  }
}
