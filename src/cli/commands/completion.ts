import type { Command } from 'commander';
import { eventNames } from '../../manifest/read/event-names.ts';
import { exitCodes } from '../../run/usage-error.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { type CompletedCommand, commandsOf } from '../completion/words.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { print, type Surroundings } from '../surroundings.ts';

const scripts: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `rollcall completion`: a script of the program's own definitions, for a shell to source. */
export async function completionCommand(
  { stdout }: Surroundings,
  shell: string,
  program: Command,
): Promise<number> {
  await print(stdout, scripts[shell]?.(commandsOf(program)) ?? '');
  return exitCodes.done;
}

/** `rollcall __events`, which the scripts call: the names of the Events at hand, and no word about what is wrong with them. */
export async function eventsCommand({ stdout }: Surroundings, paths: readonly string[]): Promise<number> {
  const names = eventNames(paths.length === 0 ? ['.'] : paths, process.cwd());
  await print(
    stdout,
    names.map((name) => `${name}\n`),
  );
  return exitCodes.done;
}
