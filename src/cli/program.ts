import { Command, CommanderError } from 'commander';
import { definitions, environmentHelp, groups, type Program, type Run } from './definitions.ts';
import { exitCodeHelp } from './option-groups.ts';
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
  const program = buildProgram(surroundings, run, args, emulatorHelp);
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
): Command {
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
    .addHelpText('after', `${exitCodeHelp}\n${environmentHelp}`);
  const add: Program['add'] = (title, description, options) => {
    const [group] = Object.entries(groups).find(([, names]) => names.includes(title)) ?? [];
    const command = program.command(title, options).description(description).copyInheritedSettings(program);
    if (group !== undefined) command.helpGroup(group);
    return command.showHelpAfterError(`Run "rollcall ${title} --help" for the options.`);
  };
  const whole = (): Command => buildProgram(surroundings, run, [], emulatorHelp);
  const chosen = Object.hasOwn(definitions, name) ? [name] : Object.keys(definitions);
  for (const one of chosen) definitions[one]?.({ surroundings, run, add, emulatorHelp, whole });
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

/** `rollcall help`: for an unknown command the library's own would print the whole help and suggest no similar command. */
function addHelp(program: Command): void {
  program
    .command('help')
    .description('show help for a command')
    .argument('[command]', 'which one')
    .action(async (name: string | undefined) => {
      const names = program.commands.map((command) => command.name()).filter((one) => !one.startsWith('__'));
      const of = name === undefined ? program : program.commands[names.indexOf(name)];
      if (of !== undefined) return of.help();
      const { nearest } = await import('../manifest/nearest.ts');
      const near = nearest(name ?? '', names);
      // As the library says it of a command that is to be run.
      const hint = near === undefined ? `The commands are: ${names.join(', ')}.` : `(Did you mean ${near}?)`;
      return program.error(`error: unknown command '${name ?? ''}'\n${hint}`);
    });
}
