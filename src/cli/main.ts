#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { toolInfo } from '../run/version.ts';

// `module.enableCompileCache` is not called: it takes milliseconds off Node 22 and nothing off Node 20, and Node runs what
// it finds in that folder without asking who put it there. On a machine that also runs jobs for branches, a folder below
// the user's own cache would outlive them too, with the credentials of the next job before it. NODE_COMPILE_CACHE names
// one to anyone who wants it.

const [, , ...args] = process.argv;

// The version is asked for by scripts, often: it loads nothing else, and opening process.stdout would take longest.
if (args.length === 1 && ['--version', '-V', 'version'].includes(args[0] ?? '')) {
  printVersion();
} else {
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
