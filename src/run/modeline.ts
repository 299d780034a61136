import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFile } from './version.ts';

/** The one schema of all kinds: an editor takes one for a file, and a file may hold several kinds. */
const schema = 'schemas/manifest.schema.json';

/** Where it can be had without the package. */
const published = `https://raw.githubusercontent.com/rollcall-dev/rollcall/main/${schema}`;

/**
 * The line that tells an editor the schema of manifests, for each document of a file. It names the schema of the package
 * that is installed beside the file or in a folder above it, or of the clone that the file is in; else the published one.
 *
 * @param path of the manifest's file; absent, where it will be is not known
 */
export function modeline(path?: string): string {
  return `# yaml-language-server: $schema=${(path === undefined ? null : schemaFor(resolve(path))) ?? published}\n`;
}

function schemaFor(path: string): string | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const installed = join(folder, 'node_modules/rollcall', schema);
    const found = existsSync(installed) ? installed : isClone(folder) ? join(folder, schema) : null;
    if (found !== null) return relative(dirname(path), found).split(sep).join('/');
    if (folder === dirname(folder)) return null;
  }
}

/** Whether a folder is the one that this code was built in. */
function isClone(folder: string): boolean {
  const file = join(folder, schema);
  return existsSync(file) && realpathSync(file) === realpathSync(fileURLToPath(packageFile(schema)));
}
