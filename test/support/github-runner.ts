/** A command that GitHub's runner finds in a line of a log. */
export interface RunnerCommand {
  readonly name: string;
  readonly line: string;
}

/** What the runner knows by name; other words are no commands to it. */
const known: ReadonlySet<string> = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'internal-set-repo-path',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
]);

/**
 * The commands in a log as GitHub's runner reads it: `::name ...::` where nothing but space stands before it, and the
 * older `##[name ...]` anywhere in a line. Names are compared without regard to case.
 */
export function runnerCommands(log: string): RunnerCommand[] {
  return log.split(/\r\n|\r|\n/).flatMap((line) => {
    const name = second(line) ?? first(line);
    return name === null ? [] : [{ name, line }];
  });
}

function second(line: string): string | null {
  const trimmed = line.trimStart();
  const end = trimmed.startsWith('::') ? trimmed.indexOf('::', 2) : -1;
  return end < 0 ? null : nameIn(trimmed.slice(2, end));
}

function first(line: string): string | null {
  const start = line.indexOf('##[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  return end < 0 ? null : nameIn(line.slice(start + 3, end));
}

function nameIn(command: string): string | null {
  const [name = ''] = command.toLowerCase().split(' ', 1);
  return known.has(name) ? name : null;
}
