import { Argument, type Command, Option } from 'commander';
import type { Program } from './definitions.ts';
import { environmentHelp } from './help-texts.ts';
import { withCalls, withFormat, withLength, withRedaction, withWaits } from './option-groups.ts';
import { count, selector } from './options.ts';
import { resultFormats } from './formats.ts';
import { defaultJournalDir } from '../store/journal.ts';

const exitHelp = `
Exit codes (the worst tenant decides):
  0    done, or in sync
  1    error: bad manifest, bad usage, credentials, an event that could not be read
  2    plan --detailed-exitcode: changes pending; with --changed: different from the run before
  3    refused: a guard tripped, or all tenants together would remove more than --max-removals
  4    something was written, but not every event is done and verified
  130  interrupted: unfinished tenants are released, and other replicas take them over`;

const tenantHelp = `
Environment:
  ROLLCALL_TENANTS  the folder with one folder per tenant (default: /run/secrets/rollcall), which
                    holds one file per account variable below; the process's own variables
                    are not used
  ROLLCALL_STORE    a PostgreSQL database through which any number of replicas share the tenants`;

/** The command of many organisations. */
export function addFleet({ surroundings, run, add }: Program): void {
  const fleet = add('fleet', 'plan or apply for many tenants, each with its own credentials')
    .addArgument(new Argument('<action>', 'what to do').choices(['plan', 'apply']))
    .argument('[path...]', 'files and folders with Tenants (default: the current folder)');
  withLength(withWork(withApply(withRun(withRedaction(withFormat(fleet, resultFormats))))))
    .addHelpText('after', `${exitHelp}\n${tenantHelp}\n${environmentHelp.replace(/^\n.*\n/, '')}`)
    .action((action: 'plan' | 'apply', paths: string[], options) =>
      run(async () =>
        (await import('./commands/fleet.ts')).fleetCommand(surroundings, action, paths, options),
      ),
    );
}

function withRun(command: Command): Command {
  return command
    .option('--run <key>', "the name of the run, the same for all replicas (default: the pipeline's id)")
    .addOption(
      new Option('--selector <key=value>', 'only tenants with this label; repeatable, and all must match')
        .argParser(selector)
        .default([], 'all'),
    )
    .addOption(
      new Option('--max-removals <n>', 'how many attendees all tenants together may lose')
        .argParser(count(0))
        .default(5000),
    )
    .option(
      '--changed',
      'report only tenants whose differences are not those of the run before (needs a store)',
    )
    .option('--detailed-exitcode', 'plan: exit with 2 if changes are pending')
    .option('--out-dir <dir>', "plan: save each tenant's plan there, for rollcall show");
}

function withApply(command: Command): Command {
  const writing = command
    .option('--yes', 'apply: do not ask (also --auto-approve)')
    .addOption(new Option('--auto-approve').hideHelp());
  return withWaits(writing, 'apply: ', '').option(
    '--journal-dir <dir>',
    'apply: the folder for journals, with a subfolder for each tenant',
    defaultJournalDir,
  );
}

function withWork(command: Command): Command {
  return withCalls(
    command.addOption(
      new Option('--concurrency <n>', 'how many tenants to work on in parallel, at most')
        .argParser(count(1))
        .default(16, '16, or fewer if memory is short'),
    ),
  );
}
