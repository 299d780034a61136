import { Argument, type Command, Option } from 'commander';
import type { Program } from './definitions.ts';
import { environmentHelp } from './help-texts.ts';
import { withCalls, withFormat, withLength, withRedaction, withWaits } from './option-groups.ts';
import { count, selector } from './options.ts';
import { resultFormats } from './formats.ts';
import { defaultJournalDir } from '../store/journal.ts';

const exitHelp = `
Exit codes, those of the worst tenant:
  0    done, or in sync
  1    error: bad manifest, bad usage, credentials, an event that could not be read
  2    plan --detailed-exitcode: changes pending; with --changed: different from the run before
  3    refused: a guard tripped, or the removals of all tenants are more than --max-removals
  4    something was written, but not every event is done and verified
  130  interrupted: tenants that are not done are given back, and other replicas go on`;

const tenantHelp = `
Environment:
  ROLLCALL_TENANTS  the folder that has a folder for each tenant (default: /run/secrets/rollcall),
                    with a file for each variable of an account below; those of the process
                    itself are not used
  ROLLCALL_STORE    a PostgreSQL database: with it any number of replicas share the tenants`;

/** The command of many organisations. */
export function addFleet({ surroundings, run, add }: Program): void {
  const fleet = add('fleet', 'plan or apply for many tenants, each with credentials of its own')
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
    .option('--run <key>', "what the run is called, the same for all replicas (default: the pipeline's id)")
    .addOption(
      new Option('--selector <key=value>', 'only tenants with this label; repeatable, and all must match')
        .argParser(selector)
        .default([], 'all'),
    )
    .addOption(
      new Option('--max-removals <n>', 'the most removals of all tenants together')
        .argParser(count(0))
        .default(5000),
    )
    .option(
      '--changed',
      'tell only of tenants that differ in another way than in the run before (needs a store)',
    )
    .option('--detailed-exitcode', 'plan: exit with 2 if changes are pending')
    .option('--out-dir <dir>', 'plan: save the plan of each tenant there, for rollcall show');
}

function withApply(command: Command): Command {
  const writing = command
    .option('--yes', 'apply: do not ask (also --auto-approve)')
    .addOption(new Option('--auto-approve').hideHelp());
  return withWaits(writing, 'apply: ', '').option(
    '--journal-dir <dir>',
    'apply: the folder for a folder of journals for each tenant',
    defaultJournalDir,
  );
}

function withWork(command: Command): Command {
  return withCalls(
    command.addOption(
      new Option('--concurrency <n>', 'how many tenants to work on in parallel, at most')
        .argParser(count(1))
        .default(16, '16, and fewer where memory is short'),
    ),
  );
}
