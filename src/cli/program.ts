import { Argument, Command, CommanderError, Option } from 'commander';
import { diagnosticFormats, planFormats, resultFormats } from './formats.ts';
import {
  withFormat,
  withGuards,
  withLength,
  withLinks,
  withPaths,
  withRedaction,
  withRunning,
  withSelection,
  withWriting,
} from './option-groups.ts';
import { count, duration } from './options.ts';
import type { Surroundings } from './surroundings.ts';
import { exitCodes } from './usage-error.ts';
import { providerIds } from '../platforms/index.ts';
import { toolInfo } from '../run/version.ts';
import { environmentHelp, exitCodeHelp, titlesOf, userIdTypes } from './help-texts.ts';

/** Runs the command line. Resolves to the exit code; usage errors are printed and are 1. */
export async function runProgram(surroundings: Surroundings, args: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.done;
  // Long, and made of the emulator's own tables: nobody else is to load them.
  const [name, of] = args;
  const emulatorHelp =
    name === 'emulator' || (name === 'help' && of === 'emulator')
      ? (await import('./commands/emulator.ts')).emulatorHelp()
      : '';
  const run: Run = async (command) => {
    exitCode = await command();
  };
  const program = buildProgram(surroundings, run, args, emulatorHelp);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.done : exitCodes.error;
  }
  return exitCode;
}

type Run = (command: () => Promise<number>) => Promise<void>;

/** What a command is added with. */
interface Program {
  readonly surroundings: Surroundings;
  readonly run: Run;
  readonly add: (name: string, description: string) => Command;
  readonly emulatorHelp: string;
}

/** In the order of the help. */
const commands: Readonly<Record<string, (program: Program) => void>> = {
  validate: addValidate,
  plan: addPlan,
  apply: addApply,
  revert: addRevert,
  show: addShow,
  import: addImport,
  schema: addSchema,
  emulator: addEmulator,
  demo: addDemo,
  version: addVersion,
};

/** The command line; of its commands only the one that is run, where it is plain which: making all of them takes long. */
function buildProgram(
  surroundings: Surroundings,
  run: Run,
  [name = '']: readonly string[],
  emulatorHelp: string,
): Command {
  const program = new Command('rollcall')
    .description('Keeps the attendees of calendar events as git says they should be.')
    .version(toolInfo().version)
    .helpCommand(false)
    .showHelpAfterError('Run "rollcall --help" for the commands.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => surroundings.stdout.write(text),
      writeErr: (text) => surroundings.stderr.write(text),
      getOutHelpWidth: () => Math.min(surroundings.stdout.columns ?? 100, 100),
      getErrHelpWidth: () => Math.min(surroundings.stderr.columns ?? 100, 100),
    })
    .addHelpText('after', `${exitCodeHelp}\n${environmentHelp}`);
  const add = (title: string, description: string): Command =>
    program
      .command(title)
      .description(description)
      .copyInheritedSettings(program)
      .showHelpAfterError(`Run "rollcall ${title} --help" for the options.`);
  const chosen = Object.hasOwn(commands, name) ? [name] : Object.keys(commands);
  for (const one of chosen) commands[one]?.({ surroundings, run, add, emulatorHelp });
  addHelp(program);
  program.commands.forEach(holdToOnce);
  return program;
}

/** An option with one value that is given twice is a slip, and which of the two was meant nobody can tell. */
function holdToOnce(command: Command): void {
  for (const option of command.options) {
    const gathers = Array.isArray(option.defaultValue) || option.defaultValue instanceof Map;
    if (gathers || !(option.required || option.optional)) continue;
    let given = false;
    command.on(`option:${option.name()}`, () => {
      if (given) command.error(`error: option '${option.flags}' is given twice, and takes one value`);
      given = true;
    });
  }
}

function addValidate({ surroundings, run, add }: Program): void {
  const validate = withPaths(add('validate', 'check manifests; no network, no credentials'));
  withRedaction(withSelection(withFormat(validate, diagnosticFormats)))
    .option('--no-color', 'no colours (also NO_COLOR)')
    .option('--quiet', 'print problems alone')
    .addHelpText('after', exitCodeHelp)
    .action((paths: string[], options) =>
      run(async () => (await import('./commands/validate.ts')).validate(surroundings, paths, options)),
    );
}

function addPlan({ surroundings, run, add }: Program): void {
  const plan = withPaths(add('plan', 'list who is there, compare, show; changes nothing'));
  withRunning(withGuards(withSelection(withLinks(withLength(withFormat(plan, planFormats))))))
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
}

function addApply({ surroundings, run, add }: Program): void {
  const apply = withPaths(add('apply', 'plan, show, ask, apply'));
  withWriting(withRunning(withGuards(withSelection(withLength(withFormat(apply, resultFormats))))))
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
}

function addRevert({ surroundings, run, add }: Program): void {
  const revert = add('revert', 'plan the inverse of what a run did, show it, ask, apply it').argument(
    '<journal>',
    'the journal of the run',
  );
  withWriting(withRunning(withGuards(withLinks(withLength(withFormat(revert, resultFormats))))))
    .option('--out <file>', 'save the plan, to be applied with: apply --plan FILE')
    .addHelpText('after', `${exitCodeHelp}\n${environmentHelp}`)
    .action((file: string, options) =>
      run(async () => (await import('./commands/revert.ts')).revertCommand(surroundings, file, options)),
    );
}

function addShow({ surroundings, run, add }: Program): void {
  const show = add('show', 'print a saved plan, also a stale one; with two, what differs');
  withRedaction(withLinks(withLength(withFormat(show, planFormats))))
    .argument('<file>', 'a saved plan')
    .argument('[newer]', 'a newer one to compare it with')
    .option('--no-color', 'no colours (also NO_COLOR)')
    .addHelpText('after', exitCodeHelp)
    .action((file: string, newer: string | undefined, options) =>
      run(async () => (await import('./commands/show.ts')).showCommand(surroundings, file, newer, options)),
    );
}

function addImport({ surroundings, run, add }: Program): void {
  withRunning(add('import', 'print the manifest that wants who is on an event now; changes nothing'))
    .argument('[path...]', 'files and folders with Directories to name people from (default: none)')
    .addOption(new Option('--provider <name>', 'the platform').choices(providerIds).makeOptionMandatory())
    .option(
      '--calendar <id>',
      `the calendar; needed on ${titlesOf(({ event }) => event.calendarId === 'required')}`,
    )
    .requiredOption('--event <id>', 'the event')
    .option(
      '--organizer <id>',
      `the organizer's id; needed on ${titlesOf(({ event }) => event.organizer === 'required')}`,
    )
    .addOption(
      new Option(
        '--user-id-type <type>',
        `the kind of user id, on ${titlesOf(({ event }) => event.userIds.length > 0)}`,
      ).choices(userIdTypes),
    )
    .option('--name <name>', "what to call the event (default: made of the event's title)")
    .action((paths: string[], options) =>
      run(async () => (await import('./commands/import.ts')).importCommand(surroundings, paths, options)),
    );
}

function addSchema({ surroundings, run, add }: Program): void {
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
}

function addEmulator({ surroundings, run, add, emulatorHelp }: Program): void {
  add('emulator', 'serve the embedded platform on loopback, for trying things out and for tests')
    .option(
      '--tenant <file>',
      'the tenant file: apps, calendars, events (default: the example that is included)',
    )
    .addOption(
      new Option('--port <n>', 'the port to listen on; 0 takes a free one').argParser(count(0)).default(0),
    )
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
}

function addDemo({ surroundings, run, add }: Program): void {
  add('demo', 'show validate, plan, apply and an empty second plan against the embedded platform').action(
    () => run(async () => (await import('./commands/demo.ts')).demoCommand(surroundings)),
  );
}

function addVersion({ surroundings, run, add }: Program): void {
  add('version', 'print the version').action(() =>
    run(async () => {
      surroundings.stdout.write(`${toolInfo().version}\n`);
      return exitCodes.done;
    }),
  );
}

/** `rollcall help`: the library's own prints the whole help where there is no such command, and names none that is near. */
function addHelp(program: Command): void {
  program
    .command('help')
    .description('display help for a command')
    .argument('[command]', 'which one')
    .action(async (name: string | undefined) => {
      const names = program.commands.map((command) => command.name());
      const of = name === undefined ? program : program.commands[names.indexOf(name)];
      if (of !== undefined) return of.help();
      const { didYouMean } = await import('../manifest/nearest.ts');
      const hint = didYouMean(name ?? '', names) ?? `There are: ${names.join(', ')}.`;
      return program.error(`error: there is no command ${JSON.stringify(name)}\n${hint}`);
    });
}
