import { type Command, Option } from 'commander';
import { leastMaxBytes } from '../report/markdown/blocks.ts';
import { defaultJournalDir } from '../store/journal.ts';
import { allowance, count, day, duration, pageUrl, repeated, selector } from './options.ts';

// Options that several commands have.

export const exitCodeHelp: string = `
Exit codes:
  0    done, or in sync
  1    error: bad manifest, bad usage, credentials, an event that could not be read
  2    plan --detailed-exitcode: changes pending; lock --check: not up to date
  3    refused: a guard tripped, or the saved plan cannot be applied
  4    something was written, but not every chosen event is done and verified
  130  interrupted`;

export function withPaths(command: Command): Command {
  return command.argument('[path...]', 'files and folders with manifests (default: the current folder)');
}

export function withFormat(command: Command, formats: readonly string[]): Command {
  return command.addOption(
    new Option('--format <format>', 'how the result is printed').choices(formats).default('text'),
  );
}

export function withRedaction(command: Command): Command {
  return command.option('--redact', 'replace people and titles with ordinals (user-1), on stdout and stderr');
}

export function withSelection(command: Command): Command {
  return command
    .addOption(
      new Option('--target <name>', 'only events with this name; a glob; repeatable')
        .argParser(repeated)
        .default([], 'all'),
    )
    .addOption(
      new Option('--exclude <name>', 'skip events with this name; a glob; repeatable')
        .argParser(repeated)
        .default([], 'none'),
    )
    .addOption(
      new Option('--selector <key=value>', 'only events with this label; repeatable, and all must match')
        .argParser(selector)
        .default([], 'all'),
    )
    .addOption(
      new Option('--as-of <date>', 'the day on which "until" is evaluated (default: today)').argParser(day),
    );
}

/** How much a report tells. */
export function withLength(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--max-bytes <n>',
        'size limit of Markdown; a longer report is shortened (default: 60000)',
      ).argParser(count(leastMaxBytes)),
    )
    .option('--full', 'do not shorten text: print every change, also on a terminal');
}

export function withLinks(command: Command): Command {
  return command.addOption(
    new Option(
      '--link-base <url>',
      'web page of this folder; Markdown and HTML link manifest lines to it',
    ).argParser(pageUrl),
  );
}

export function withResolve(command: Command): Command {
  return command.option(
    '--resolve',
    'look up people who are missing from rollcall.lock, without writing it (see: rollcall lock)',
  );
}

export function withGuards(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--allow-removals <name=n>',
        'let this event lose up to n attendees, or (name=event) be deleted; repeatable',
      )
        .argParser(allowance)
        .default(new Map(), 'none'),
    )
    .addOption(
      new Option(
        '--max-removals <n>',
        'let the whole run remove up to n attendees (default: 1000)',
      ).argParser(count(0)),
    );
}

export function withRunning(command: Command): Command {
  return withCalls(
    withRedaction(command).addOption(
      new Option('--concurrency <n>', 'how many events to process in parallel, at most')
        .argParser(count(1))
        .default(Number.POSITIVE_INFINITY, 'as many as keep the rate windows busy'),
    ),
  );
}

/** How calls are made, and what is shown meanwhile. */
export function withCalls(command: Command): Command {
  return command
    .addOption(
      new Option('--timeout <duration>', 'time limit of one call, retries included')
        .argParser(duration)
        .default(60_000, '60s'),
    )
    .option('--no-color', 'no colours (also NO_COLOR)')
    .option('--no-progress', 'no progress display')
    .option('--quiet', 'print only results and problems')
    .option('--verbose', 'print each request on stderr, never a secret');
}

export function withWriting(command: Command): Command {
  const writing = command.option('--auto-approve', 'apply without asking');
  return withWaits(writing, '', ' (with a store)').option(
    '--journal-dir <dir>',
    'the folder for journals',
    defaultJournalDir,
  );
}

/** How long a run that writes waits for an event. `when`: what stands before each text; `holds`: behind that of --wait. */
export function withWaits(command: Command, when: string, holds: string): Command {
  return command
    .option('--no-verify', `${when}do not read the events again after writing`)
    .addOption(
      new Option('--verify-timeout <duration>', `${when}how long an event may take to show its changes`)
        .argParser(duration)
        .default(30_000, '30s'),
    )
    .addOption(
      new Option('--wait <duration>', `${when}how long to wait for an event that another run holds${holds}`)
        .argParser(duration)
        .default(60_000, '60s'),
    );
}
