import { diagnosticsText } from '../../report/diagnostics-text.ts';
import { diagnosticsJson } from '../../report/json.ts';
import type { SelectOptions } from '../options.ts';
import { load } from '../planning.ts';
import { selectEvents } from '../select.ts';
import { type Surroundings, terminalFor } from '../surroundings.ts';
import { exitCodes } from '../usage-error.ts';

export type ValidateOptions = SelectOptions & {
  readonly format: 'text' | 'json';
  readonly color: boolean;
  readonly quiet?: true;
};

/** `rollcall validate`: checks manifests without a network or credentials. The diagnostics are its result. */
export function validate(
  surroundings: Surroundings,
  paths: readonly string[],
  options: ValidateOptions,
): number {
  const { desired, diagnostics, failed } = load(surroundings, paths, options);
  const { stdout, env } = surroundings;
  if (options.format === 'json') {
    stdout.write(diagnosticsJson(diagnostics));
  } else {
    stdout.write(diagnosticsText(diagnostics, terminalFor(stdout, env, options.color)));
  }
  if (failed) return exitCodes.error;
  const chosen = selectEvents(desired.events, options).length;
  if (options.format === 'text' && options.quiet !== true) {
    stdout.write(`Valid: ${chosen} ${chosen === 1 ? 'event' : 'events'}.\n`);
  }
  return exitCodes.done;
}
