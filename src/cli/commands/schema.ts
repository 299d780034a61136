import { readFileSync } from 'node:fs';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes } from '../../run/usage-error.ts';
import { packageFile } from '../../run/version.ts';

/** `rollcall schema`: prints a JSON Schema by its name, for editors and programs. */
export function schemaCommand({ stdout }: Surroundings, name: string): number {
  stdout.write(readFileSync(packageFile(`schemas/${name}.schema.json`), 'utf8'));
  return exitCodes.done;
}
