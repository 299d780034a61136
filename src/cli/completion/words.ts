import type { Command, Option } from 'commander';

/** What can stand for the value of an option, or for an argument. */
export type Takes =
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'files' }
  /** Names of events, of the manifests at hand; `suffix` stands behind each. */
  | { readonly kind: 'events'; readonly suffix: '' | '=' }
  | { readonly kind: 'anything' };

export interface CompletedOption {
  /** With its dashes. */
  readonly flag: string;
  readonly description: string;
  /** Null: a switch. */
  readonly takes: Takes | null;
  readonly repeats: boolean;
}

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** Of the first argument, and of those after it where there are any. */
  readonly first: Takes | null;
  readonly rest: Takes | null;
}

/** Options whose values are names of events. */
const eventOptions: Readonly<Record<string, '' | '='>> = {
  '--target': '',
  '--exclude': '',
  '--allow-removals': '=',
};

/** Values and arguments that are files or folders, as usage calls them. */
const paths: ReadonlySet<string> = new Set(['path', 'file', 'dir', 'journal', 'newer']);

function ofName(name: string): Takes {
  return paths.has(name) ? { kind: 'files' } : { kind: 'anything' };
}

function takesOf({ flags, argChoices, long }: Option): Takes {
  const suffix = eventOptions[long ?? ''];
  if (suffix !== undefined) return { kind: 'events', suffix };
  if (argChoices !== undefined) return { kind: 'choices', choices: argChoices };
  const [, name = ''] = /<([\w-]+)/.exec(flags) ?? [];
  return ofName(name);
}

function optionOf(option: Option): CompletedOption {
  return {
    flag: option.long ?? option.flags,
    description: option.description,
    takes: option.required || option.optional ? takesOf(option) : null,
    repeats: Array.isArray(option.defaultValue) || option.defaultValue instanceof Map,
  };
}

/** What a program's own definitions say of its commands, in the order of its help; none that help does not show. */
export function commandsOf(program: Command): CompletedCommand[] {
  const shown = program.createHelp().visibleCommands(program);
  const names = shown.map((command) => command.name());
  return shown.map((command) => {
    const [first, second] = command.registeredArguments;
    const takes = (argument: typeof first): Takes | null =>
      argument === undefined
        ? null
        : argument.argChoices !== undefined
          ? { kind: 'choices', choices: argument.argChoices }
          : // `help` takes what there is.
            argument.name() === 'command'
            ? { kind: 'choices', choices: names }
            : ofName(argument.name());
    return {
      name: command.name(),
      description: command.description(),
      options: command.createHelp().visibleOptions(command).map(optionOf),
      first: takes(first),
      rest: takes(second ?? (first?.variadic === true ? first : undefined)),
    };
  });
}
