import { Argument, Command, CommanderError, Option } from 'commander';
import { diagnosticFormats, planFormats, resultFormats } from './formats.ts';
import { allowance, count, day, duration, repeated, selector } from './options.ts';
import { leastMaxBytes } from '../report/markdown-blocks.ts';
import { defaultJournalDir } from '../store/journal.ts';
import type { Surroundings } from './surroundings.ts';
import { exitCodes } from './usage-error.ts';
import { toolInfo } from './version.ts';

const exitCodeHelp = `
Exit codes:
  0    done, or in sync
  1    error: bad manifest, bad usage, credentials, an event that could not be read
  2    plan --detailed-exitcode: changes pending
  3    refused: a guard tripped, or the saved plan cannot be applied
  4    something was written, and not every chosen event is done and seen
  130  interrupted`;

const environmentHelp = `
Environment:
  FEISHU_APP_ID, FEISHU_APP_SECRET    credentials of the app; or FEISHU_ACCESS_TOKEN
  FEISHU_BASE_URL                     another host (default https://open.feishu.cn)
  LARK_..., DINGTALK_...              the same for Lark and DingTalk (DINGTALK_APP_KEY)
  HTTPS_PROXY, NO_PROXY               a proxy, and hosts that need none
  ROLLCALL_QUOTA                      rate windows: none, or feishu=50/s,1000/min dingtalk=60/s
  ROLLCALL_SETTLE                     how long reads may lag behind writes, like 2s
  ROLLCALL_TIME_ZONE                  the zone that days are counted in (default UTC)
  NO_COLOR                            no colours
  GITHUB_STEP_SUMMARY                 a file that --format github adds the plan to, in Markdown`;

/** Runs the command line. Resolves to the exit code; usage errors are printed and are 1. */
export async function runProgram(surroundings: Surroundings, args: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.done;
  // Long, and made of the emulator's own tables: nobody else is to load them.
  const emulatorHelp = args.includes('emulator')
    ? (await import('./commands/emulator.ts')).emulatorHelp()
    : '';
  const run: Run = async (command) => {
    exitCode = await command();
  };
  const program = buildProgram(surroundings, run, emulatorHelp);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.done : exitCodes.error;
  }
  return exitCode;
}

type Run = (command: () => Promise<number>) => Promise<void>;

function buildProgram(surroundings: Surroundings, run: Run, emulatorHelp: string): Command {
  const program = new Command('rollcall')
    .description('Keeps the attendees of calendar events as git says they should be.')
    .version(toolInfo().version)
    .helpCommand(true)
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => surroundings.stdout.write(text),
      writeErr: (text) => surroundings.stderr.write(text),
      getOutHelpWidth: () => Math.min(surroundings.stdout.columns ?? 100, 100),
      getErrHelpWidth: () => Math.min(surroundings.stderr.columns ?? 100, 100),
    })
    .addHelpText('after', `${exitCodeHelp}\n${environmentHelp}`);

  const add = (name: string, description: string): Command =>
    program.command(name).description(description).copyInheritedSettings(program);

  const validate = withPaths(add('validate', 'check manifests; no network, no credentials'));
  withRedaction(withSelection(withFormat(validate, diagnosticFormats)))
    .option('--no-color', 'no colours (also NO_COLOR)')
    .option('--quiet', 'print problems alone')
    .addHelpText('after', exitCodeHelp)
    .action((paths: string[], options) =>
      run(async () => (await import('./commands/validate.ts')).validate(surroundings, paths, options)),
    );

  const plan = withPaths(add('plan', 'list who is there, compare, show; changes nothing'));
  withRunning(withGuards(withSelection(withMaxBytes(withFormat(plan, planFormats)))))
    .option('--out <file>', 'save the plan, to be applied with: apply --plan FILE')
    .option(
      '--changed-from <path>',
      'only events that want something else than the manifests in PATH, a checkout of the base branch',
    )
    .option('--detailed-exitcode', 'exit with 2 where changes are pending')
    .addHelpText('after', `${exitCodeHelp}\n${environmentHelp}`)
    .action((paths: string[], options) =>
      run(async () => (await import('./commands/plan.ts')).planCommand(surroundings, paths, options)),
    );

  const apply = withPaths(add('apply', 'plan, show, ask, apply'));
  withWriting(withRunning(withGuards(withSelection(withMaxBytes(withFormat(apply, resultFormats))))))
    .option(
      '--plan <file>',
      'apply a saved plan without asking; with PATH: if it follows from the manifests there',
    )
    .addOption(
      new Option('--plan-ttl <duration>', 'how old a saved plan may be (default: 24h)').argParser(duration),
    )
    .option('--plan-account <appid>', 'take the plan of this app too')
    .addHelpText('after', `${exitCodeHelp}\n${environmentHelp}`)
    .action((paths: string[], options) =>
      run(async () => (await import('./commands/apply.ts')).applyCommand(surroundings, paths, options)),
    );

  const revert = add('revert', 'plan the inverse of what a run did, show it, ask, apply it').argument(
    '<journal>',
    'the journal of the run',
  );
  withWriting(withRunning(withGuards(withMaxBytes(withFormat(revert, resultFormats)))))
    .option('--out <file>', 'save the plan, to be applied with: apply --plan FILE')
    .addHelpText('after', `${exitCodeHelp}\n${environmentHelp}`)
    .action((file: string, options) =>
      run(async () => (await import('./commands/revert.ts')).revertCommand(surroundings, file, options)),
    );

  const show = add('show', 'print a saved plan, also a stale one; with two, what differs');
  withRedaction(withMaxBytes(withFormat(show, planFormats)))
    .argument('<file>', 'a saved plan')
    .argument('[newer]', 'a newer one to compare it with')
    .option('--no-color', 'no colours (also NO_COLOR)')
    .addHelpText('after', exitCodeHelp)
    .action((file: string, newer: string | undefined, options) =>
      run(async () => (await import('./commands/show.ts')).showCommand(surroundings, file, newer, options)),
    );

  withRunning(add('import', 'print the manifest that wants who is on an event now; changes nothing'))
    .argument('[path...]', 'files and folders with Directories to name people from (default: none)')
    .addOption(
      new Option('--provider <name>', 'the platform')
        .choices(['feishu', 'lark', 'dingtalk'])
        .makeOptionMandatory(),
    )
    .option('--calendar <id>', 'the calendar; needed on Feishu and Lark (DingTalk: primary)')
    .requiredOption('--event <id>', 'the event')
    .option('--organizer <union-id>', "DingTalk, needed there: the organizer's unionId")
    .addOption(
      new Option('--user-id-type <type>', 'Feishu, Lark: the kind of user id (default: open_id)').choices([
        'open_id',
        'union_id',
        'user_id',
      ]),
    )
    .option('--name <name>', "what to call the event (default: made of the event's title)")
    .action((paths: string[], options) =>
      run(async () => (await import('./commands/import.ts')).importCommand(surroundings, paths, options)),
    );

  add('schema', 'print a JSON Schema')
    .addArgument(
      new Argument('<name>', 'which one').choices([
        'event',
        'roster',
        'directory',
        'plan',
        'result',
        'journal',
      ]),
    )
    .action((name: string) =>
      run(async () => (await import('./commands/schema.ts')).schemaCommand(surroundings, name)),
    );

  add('emulator', 'serve the embedded platform on loopback, for trying things out and for tests')
    .requiredOption('--tenant <file>', 'the tenant file: apps, calendars, events')
    .addOption(new Option('--port <n>', 'the port to listen on; 0: any').argParser(count(0)).default(0))
    .option('--state <file>', 'keep the state there across runs')
    .addOption(
      new Option('--quota <mode>', 'enforce the rate windows')
        .choices(['documented', 'none'])
        .default('none'),
    )
    .addOption(new Option('--latency <ms>', 'milliseconds before each answer').argParser(count(0)).default(0))
    .option('--faults <file>', 'the faults file: what goes wrong, and when')
    .addHelpText('after', emulatorHelp)
    .action((options) =>
      run(async () => (await import('./commands/emulator.ts')).emulatorCommand(surroundings, options)),
    );

  add('demo', 'show validate, plan, apply and an empty second plan against the embedded platform').action(
    () => run(async () => (await import('./commands/demo.ts')).demoCommand(surroundings)),
  );
  return program;
}

function withPaths(command: Command): Command {
  return command.argument('[path...]', 'files and folders with manifests (default: the current folder)');
}

function withFormat(command: Command, formats: readonly string[]): Command {
  return command.addOption(
    new Option('--format <format>', 'how the result is printed').choices(formats).default('text'),
  );
}

function withMaxBytes(command: Command): Command {
  return command.addOption(
    new Option('--max-bytes <n>', 'the longest Markdown: beyond it less is told (default: 60000)').argParser(
      count(leastMaxBytes),
    ),
  );
}

function withRedaction(command: Command): Command {
  return command.option('--redact', 'ordinals (user-1) in place of people and titles, on stdout and stderr');
}

function withSelection(command: Command): Command {
  return command
    .addOption(
      new Option('--target <name>', 'only events of this name; a glob; repeatable')
        .argParser(repeated)
        .default([], 'all'),
    )
    .addOption(
      new Option('--exclude <name>', 'no events of this name; a glob; repeatable')
        .argParser(repeated)
        .default([], 'none'),
    )
    .addOption(
      new Option('--selector <key=value>', 'only events with this label; repeatable')
        .argParser(selector)
        .default([], 'all'),
    )
    .addOption(
      new Option('--as-of <date>', 'the day that "until" is judged by (default: today)').argParser(day),
    );
}

function withGuards(command: Command): Command {
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
      new Option('--max-removals <n>', 'the most removals of the whole run (default: 1000)').argParser(
        count(0),
      ),
    );
}

function withRunning(command: Command): Command {
  return withCalls(
    withRedaction(command).addOption(
      new Option('--concurrency <n>', 'events worked on side by side').argParser(count(1)).default(8),
    ),
  );
}

function withCalls(command: Command): Command {
  return command
    .addOption(
      new Option('--timeout <duration>', 'one call with its repeats')
        .argParser(duration)
        .default(60_000, '60s'),
    )
    .option('--no-color', 'no colours (also NO_COLOR)')
    .option('--no-progress', 'no progress display')
    .option('--quiet', 'print results and problems alone')
    .option('--verbose', 'a line a request on stderr, never a secret');
}

function withWriting(command: Command): Command {
  return command
    .option('--auto-approve', 'apply without being asked')
    .option('--no-verify', 'do not read the events again after writing')
    .addOption(
      new Option('--verify-timeout <duration>', 'how long an event may take to show its changes')
        .argParser(duration)
        .default(30_000, '30s'),
    )
    .option('--journal-dir <dir>', 'where journals are kept', defaultJournalDir);
}
