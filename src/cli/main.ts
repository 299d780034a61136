#!/usr/bin/env node
import { toolInfo } from './version.ts';

const [, , ...args] = process.argv;

// The version is asked for by scripts, often: it loads nothing else.
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${toolInfo().version}\n`);
} else {
  const { start } = await import('./start.ts');
  process.exitCode = await start(args);
}
