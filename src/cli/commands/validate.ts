import { diagnosticsText } from '../../report/diagnostics-text.ts';
import { inkFor } from '../ink.ts';
import type { SelectOptions } from '../options.ts';
import { load } from '../loading.ts';
import { selectEvents } from '../select.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes } from '../usage-error.ts';

export type ValidateOptions = SelectOptions & {
  readonly format: 'text' | 'json';
  readonly color: boolean;
  readonly quiet?: true;
};

/** `rollcall validate`: checks manifests without a network or credentials. The diagnostics are its result. */
export async function validate(
  surroundings: Surroundings,
  paths: readonly string[],
  options: ValidateOptions,
): Promise<number> {
  const { desired, diagnostics, failed } = load(surroundings, paths, options);
  const { stdout, env } = surroundings;
  if (options.format === 'json') {
    const { diagnosticsJson } = await import('../../report/json.ts');
    stdout.write(diagnosticsJson(diagnostics));
  } else {
    stdout.write(diagnosticsText(diagnostics, inkFor(stdout, env, options.color)));
  }
  if (failed) return exitCodes.error;
  const chosen = (await selectEvents(desired.events, options)).length;
  if (options.format === 'text' && options.quiet !== true) {
    stdout.write(`Valid: ${chosen} ${chosen === 1 ? 'event' : 'events'}.\n`);
  }
  return exitCodes.done;
}
