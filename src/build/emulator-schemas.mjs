// Writes `schemas/tenant.schema.json` and `schemas/faults.schema.json`: what the embedded platform checks its files by, for
// editors and for `rollcall schema` and `explain`. Each platform's part is that of its registration.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { withSharedParts } from './shared-parts.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Writes those that are not what the code has. */
export async function writeEmulatorSchemas(external) {
  const folder = mkdtempSync(join(root, 'dist/schemas-'));
  try {
    const build = await rolldown({
      cwd: root,
      input: { tenant: 'src/emulator/tenant.ts', faults: 'src/emulator/faults/keys.ts' },
      platform: 'node',
      external,
    });
    await build.write({ dir: folder, entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' });
    const from = (name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href);
    write('tenant', (await from('tenant')).tenantSchema);
    write('faults', (await from('faults')).faultsSchema);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(name, schema) {
  const file = join(root, `schemas/${name}.schema.json`);
  const text = schemaText(schema);
  if (text !== readFileSync(file, { encoding: 'utf8', flag: 'a+' })) writeFileSync(file, text);
}

/** A line for each key of the file, so that it is short and its changes can be read. */
export function schemaText(schema) {
  const { properties, ...whole } = withSharedParts(schema, 'definitions');
  const lines = Object.entries(properties).map(
    ([name, part]) => `${JSON.stringify(name)}:${JSON.stringify(part)}`,
  );
  return `${JSON.stringify(whole).slice(0, -1)},"properties":{\n${lines.join(',\n')}\n}}\n`;
}
