import { Command, CommanderError } from 'commander';
import type * as Others from './definitions.ts';
import type { Definitions, Program, Run } from './definitions.ts';
import { diagnosticFormats } from './formats.ts';
import { exitCodeHelp, withFormat, withPaths, withRedaction, withSelection } from './option-groups.ts';
import type { Surroundings } from './surroundings.ts';
import { exitCodes } from '../run/usage-error.ts';
import { toolInfo } from '../run/version.ts';

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
  // Much of what the others say of themselves comes from what they work with; `validate` is run by editors and hooks.
  const others = name === 'validate' ? null : await import('./definitions.ts');
  const program = buildProgram(surroundings, run, args, emulatorHelp, others);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.done : exitCodes.error;
  }
  return exitCode;
}

/** The command line; of its commands only the one that is run, where it is plain which: making all of them takes long. */
function buildProgram(
  surroundings: Surroundings,
  run: Run,
  [name = '']: readonly string[],
  emulatorHelp: string,
  others: typeof Others | null,
): Command {
  const commands: Definitions = { validate: addValidate, ...others?.definitions };
  const program = new Command('rollcall')
    .description('Keeps calendar attendee lists in line with YAML manifests in git.')
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
    .addHelpText('after', `${exitCodeHelp}\n${others?.environmentHelp ?? ''}`);
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
      if (given) command.error(`error: option '${option.flags}' is given twice but takes one value`);
      given = true;
    });
  }
}

function addValidate({ surroundings, run, add }: Program): void {
  const validate = withPaths(add('validate', 'check manifests; no network, no credentials'));
  withRedaction(withSelection(withFormat(validate, diagnosticFormats)))
    .option('--no-color', 'no colours (also NO_COLOR)')
    .option('--quiet', 'print only problems')
    .addHelpText('after', exitCodeHelp)
    .action((paths: string[], options) =>
      run(async () => (await import('./commands/validate.ts')).validate(surroundings, paths, options)),
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
      const hint = didYouMean(name ?? '', names)?.text ?? `There are: ${names.join(', ')}.`;
      return program.error(`error: there is no command ${JSON.stringify(name)}\n${hint}`);
    });
}
