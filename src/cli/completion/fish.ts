import type { CompletedCommand, CompletedOption, Takes } from './words.ts';

/** A text as one word: fish knows `\` and `'` within single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}

function offered(takes: Takes): string {
  switch (takes.kind) {
    case 'choices':
      return ` -x -a ${quoted(takes.choices.join(' '))}`;
    case 'files':
      return ' -r -F';
    case 'events':
      return takes.suffix === ''
        ? " -x -a '(__rollcall_events)'"
        : ` -x -a '(string replace -r \\$ = -- (__rollcall_events))'`;
    case 'anything':
      return ' -x';
  }
}

function optionLine(command: string, { flag, description, takes }: CompletedOption): string {
  const values = takes === null ? '' : offered(takes);
  return `complete -c rollcall -n '__rollcall_is ${command}' -l ${flag.replace(/^--/, '')}${values} -d ${quoted(description)}`;
}

function argumentLines({ name, first, rest }: CompletedCommand): string[] {
  const any = [first, rest].find((takes) => takes?.kind === 'files');
  const choices =
    first?.kind === 'choices'
      ? [
          `complete -c rollcall -n '__rollcall_is ${name}; and not __rollcall_has ${first.choices.join(' ')}' -a ${quoted(first.choices.join(' '))}`,
        ]
      : [];
  return [...choices, ...(any === undefined ? [] : [`complete -c rollcall -n '__rollcall_is ${name}' -F`])];
}

/** The script for fish. It asks rollcall for the names of events alone. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap((command) => [
    `complete -c rollcall -n __rollcall_first -a ${command.name} -d ${quoted(command.description)}`,
    ...command.options.map((option) => optionLine(command.name, option)),
    ...argumentLines(command),
  ]);
  return `# Completion of rollcall for fish. In ~/.config/fish/config.fish: rollcall completion fish | source
function __rollcall_first
    test (count (commandline -opc)) -eq 1
end

function __rollcall_is
    set -l line (commandline -opc)
    test (count $line) -ge 2; and test "$line[2]" = "$argv[1]"
end

# Whether one of these words is on the line already.
function __rollcall_has
    for word in (commandline -opc)[3..-1]
        contains -- $word $argv; and return 0
    end
    return 1
end

function __rollcall_events
    set -l paths
    set -l line (commandline -opc)
    for word in $line[3..-1]
        string match -q -- '-*' $word; and continue
        if test -d $word; or string match -qr '\\.ya?ml$' -- $word
            set -a paths $word
        end
    end
    $line[1] __events $paths 2>/dev/null
end

complete -c rollcall -f
${lines.join('\n')}
`;
}
