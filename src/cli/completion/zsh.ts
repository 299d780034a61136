import { quoted } from './bash.ts';
import type { CompletedCommand, CompletedOption, Takes } from './words.ts';

/** Within a specification brackets and colons mean something. */
function escaped(text: string): string {
  return text.replaceAll(/[\\[\]:]/g, String.raw`\$&`);
}

function action(takes: Takes): string {
  switch (takes.kind) {
    case 'choices':
      return `(${takes.choices.join(' ')})`;
    case 'files':
      return '_files';
    case 'events':
      return takes.suffix === '' ? '_rollcall_events' : '{_rollcall_events -S =}';
    case 'anything':
      return ' ';
  }
}

function optionSpec({ flag, description, takes, repeats }: CompletedOption): string {
  const shown = `[${escaped(description)}]`;
  const head = repeats ? '*' : '';
  return takes === null ? `${flag}${shown}` : `${head}${flag}=${shown}:value:${action(takes)}`;
}

function argumentSpecs({ first, rest }: CompletedCommand): string[] {
  return [
    ...(first === null ? [] : [`1: :${action(first)}`]),
    ...(rest === null ? [] : [`*: :${action(rest)}`]),
  ];
}

function caseOf(command: CompletedCommand): string {
  const specs = [...command.options.map(optionSpec), ...argumentSpecs(command)];
  return `    ${command.name})\n      _arguments ${specs.map((spec) => `\\\n        ${quoted(spec)}`).join(' ')}\n      ;;`;
}

/** The script for zsh. It asks rollcall for the names of events alone. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const described = commands.map(
    ({ name, description }) => `    ${quoted(`${name}:${escaped(description)}`)}`,
  );
  return `#compdef rollcall
# Completion of rollcall for zsh. In ~/.zshrc, after compinit: source <(rollcall completion zsh)
_rollcall_events() {
  local -a paths names
  local word
  for word in "\${(@)words[2,-1]}"; do
    if [[ $word != -* && ( -d $word || $word == *.(yaml|yml) ) ]]; then paths+=("$word"); fi
  done
  names=("\${(@f)$("$rollcall" __events "\${paths[@]}" 2>/dev/null)}")
  compadd "$@" -a names
}

_rollcall() {
  local rollcall=\${words[1]}
  local -a commands
  commands=(
${described.join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  shift words
  ((CURRENT -= 1))
  case \${words[1]} in
${commands.map(caseOf).join('\n')}
  esac
}

if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then
  _rollcall "$@"
else
  compdef _rollcall rollcall
fi
`;
}
