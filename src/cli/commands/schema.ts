import { readFileSync } from 'node:fs';
import type { Surroundings } from '../surroundings.ts';
import { UsageError, exitCodes } from '../usage-error.ts';

/** The JSON Schemas that can be printed. */
export const schemaNames: readonly string[] = ['event', 'roster', 'directory', 'plan', 'result', 'journal'];

/** `rollcall schema`: prints a JSON Schema, for editors and programs. */
export function schemaCommand({ stdout }: Surroundings, name: string): number {
  if (!schemaNames.includes(name)) {
    throw new UsageError(`there is no schema ${name}`, `There are: ${schemaNames.join(', ')}.`);
  }
  stdout.write(readFileSync(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), 'utf8'));
  return exitCodes.done;
}
