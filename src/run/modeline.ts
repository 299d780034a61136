import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/**
 * The line that tells an editor the schema of a manifest: that of the package where it is installed beside the
 * manifests.
 *
 * @param path of the manifest's file
 * @param root the folder that the package would be installed in
 */
export function modeline(path: string, kind: 'event' | 'roster' | 'directory', root = '.'): string {
  const installed = join(root, 'node_modules/rollcall/schemas');
  const place = existsSync(installed)
    ? `${relative(dirname(path), installed).split(sep).join('/')}/${kind}.schema.json`
    : `https://rollcall.dev/schemas/${kind}.schema.json`;
  return `# yaml-language-server: $schema=${place}\n`;
}
