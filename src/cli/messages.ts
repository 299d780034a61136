import type { Diagnostic } from '../model/diagnostic.ts';
import { counted } from '../model/say.ts';
import { diagnosticsText } from '../report/text/diagnostics.ts';
import { visible } from '../report/escape.ts';
import { someOf } from '../run/manifests.ts';
import { inkFor } from './ink.ts';
import type { Surroundings } from './surroundings.ts';
import { PlanRefusedError, type UsageError } from '../run/usage-error.ts';

/** Prints a mistake on stderr, with the way out. */
export function printError(
  surroundings: Surroundings,
  error: Pick<UsageError, 'message' | 'hint'> & { readonly details?: readonly string[] },
  color = true,
): void {
  const ink = inkFor(surroundings.stderr, surroundings.env, color);
  surroundings.stderr.write(`${ink.red('error:')} ${visible(error.message)}\n`);
  for (const detail of detailsOf(error, surroundings)) surroundings.stderr.write(`  - ${visible(detail)}\n`);
  if (error.hint !== undefined) surroundings.stderr.write(`  ${visible(error.hint)}\n`);
}

/** What exactly is wrong. Of a plan that is refused it may name people, in sentences whose parts are not known. */
function detailsOf(
  error: { readonly details?: readonly string[] },
  { redactor }: Surroundings,
): readonly string[] {
  const { details = [] } = error;
  if (redactor === undefined || details.length === 0 || !(error instanceof PlanRefusedError)) return details;
  return [`${counted(details.length, 'detail')} left out under --redact, as they may name people`];
}

/** Prints on stderr what does not stop the command. */
export function printWarning(surroundings: Surroundings, message: string, color = true): void {
  const ink = inkFor(surroundings.stderr, surroundings.env, color);
  surroundings.stderr.write(`${ink.yellow('warning:')} ${visible(message)}\n`);
}

/** Prints diagnostics on stderr: they are not part of a plan or result in text. */
export function printDiagnostics(
  surroundings: Surroundings,
  diagnostics: readonly Diagnostic[],
  color: boolean,
): void {
  const ink = inkFor(surroundings.stderr, surroundings.env, color);
  const shown = surroundings.redactor?.diagnostics(diagnostics) ?? diagnostics;
  (surroundings.redacted ?? surroundings.stderr).write(diagnosticsText(shown, ink));
}

/** Says which documents and files are not manifests: five by name, and how many more. */
export function printSkipped(surroundings: Surroundings, skipped: readonly string[], quiet: boolean): void {
  if (skipped.length === 0 || quiet) return;
  const what =
    skipped.length === 1
      ? '1 document or file that is not a rollcall manifest'
      : `${skipped.length} documents and files that are not rollcall manifests`;
  surroundings.stderr.write(`Left out ${what}: ${visible(someOf(skipped))}.\n`);
}
