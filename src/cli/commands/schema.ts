import { readFileSync } from 'node:fs';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes } from '../../run/usage-error.ts';
import { packageFile } from '../../run/version.ts';

/** `rollcall schema`: prints a JSON Schema by its name, for editors and programs. */
export async function schemaCommand({ stdout }: Surroundings, name: string): Promise<number> {
  const made = await emulatorSchema(name);
  stdout.write(made === undefined ? schemaFile(name) : `${JSON.stringify(made, null, 2)}\n`);
  return exitCodes.done;
}

/** The schema of a file that the embedded platform reads; it is made where that checks it, and in no file of the package. */
export async function emulatorSchema(name: string): Promise<object | undefined> {
  if (name === 'tenant') return (await import('../../emulator/tenant.ts')).tenantSchema;
  if (name === 'faults') return (await import('../../emulator/faults/keys.ts')).faultsSchema;
  return undefined;
}

/** The text of a schema that is a file of the package. */
export function schemaFile(name: string): string {
  return readFileSync(packageFile(`schemas/${name}.schema.json`), 'utf8');
}
