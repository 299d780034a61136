import type { CompletedCommand, Takes } from './words.ts';

/** A text as one word of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** What the shell function sets, so that it offers these. */
function offer(takes: Takes): string {
  switch (takes.kind) {
    case 'choices':
      return `words=${quoted(takes.choices.join(' '))}`;
    case 'files':
      return 'files=yes';
    case 'events':
      return takes.suffix === '' ? 'words=$(_rollcall_events)' : "words=$(_rollcall_events) suffix='='";
    case 'anything':
      return ':';
  }
}

function valuesOf({ name, options }: CompletedCommand): string[] {
  return options.flatMap(({ flag, takes }) =>
    takes === null ? [] : [`    ${name}:${flag}) ${offer(takes)} ;;`],
  );
}

function argumentsOf({ name, first, rest }: CompletedCommand): string[] {
  const later = offer(rest ?? { kind: 'anything' });
  if (first?.kind !== 'choices') return [`      ${name}) ${offer(first ?? { kind: 'anything' })} ;;`];
  return [
    `      ${name})`,
    `        ${offer(first)}`,
    '        if _rollcall_has "$words"; then',
    `          words='' ; ${later}`,
    '        fi',
    '        ;;',
  ];
}

/** What the completion stands on: names of events, and what was typed. */
const helpers = `# Completion of rollcall for bash. In ~/.bashrc: source <(rollcall completion bash)
_rollcall_events() {
  local word paths
  paths=()
  for word in "\${COMP_WORDS[@]:2}"; do
    case $word in
      -*) ;;
      *.yaml | *.yml) paths+=("$word") ;;
      *) if [ -d "$word" ]; then paths+=("$word"); fi ;;
    esac
  done
  "\${COMP_WORDS[0]}" __events "\${paths[@]}" 2>/dev/null
}

# Whether one of these words is on the line already.
_rollcall_has() {
  local word
  for word in "\${COMP_WORDS[@]:2:COMP_CWORD-2}"; do
    case " $1 " in *" $word "*) return 0 ;; esac
  done
  return 1
}
`;

/** The script for bash, from 3.2 on. It asks rollcall for the names of events alone. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const flags = commands.map(
    ({ name, options }) => `      ${name}) words=${quoted(options.map(({ flag }) => flag).join(' '))} ;;`,
  );
  return `${helpers}
_rollcall() {
  local cur prev command words files suffix IFS
  cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command=\${COMP_WORDS[1]}
  words='' files='' suffix=''
  COMPREPLY=()
  # Bash makes three words of --format=json.
  if [ "$cur" = '=' ]; then
    cur=''
  elif [ "$prev" = '=' ]; then
    prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    words=${quoted(`${names} --help --version`)}
  else case $command:$prev in
${commands.flatMap(valuesOf).join('\n')}
    *) case $cur in
    -*) case $command in
${flags.join('\n')}
    esac ;;
    *) case $command in
${commands.flatMap(argumentsOf).join('\n')}
    esac ;;
    esac ;;
  esac fi
  IFS=$'\\n'
  if [ -n "$files" ]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$cur"))
  else
    if [ -n "$suffix" ]; then compopt -o nospace 2>/dev/null; fi
    COMPREPLY=($(compgen -S "$suffix" -W "\${words// /$IFS}" -- "$cur"))
  fi
}

complete -F _rollcall rollcall
`;
}
