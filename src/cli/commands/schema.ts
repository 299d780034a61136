import { readFileSync } from 'node:fs';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes } from '../../run/usage-error.ts';

/** `rollcall schema`: prints a JSON Schema by its name, for editors and programs. */
export function schemaCommand({ stdout }: Surroundings, name: string): number {
  stdout.write(readFileSync(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), 'utf8'));
  return exitCodes.done;
}
