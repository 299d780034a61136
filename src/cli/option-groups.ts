import { type Command, Option } from 'commander';
import { day, repeated, selector } from './options.ts';

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
      new Option('--target <name>', 'only events of this name; a glob; repeatable')
        .argParser(repeated)
        .default([], 'all'),
    )
    .addOption(
      new Option('--exclude <name>', 'skip events of this name; a glob; repeatable')
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
