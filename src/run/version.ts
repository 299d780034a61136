import { readFileSync } from 'node:fs';

/** Where a file of the package is, by its path there. */
export function packageFile(path: string): URL {
  return new URL(`../../${path}`, import.meta.url);
}

/** The package's own name and version, as plans carry them. */
export function toolInfo(): { readonly name: string; readonly version: string } {
  const text = readFileSync(packageFile('package.json'), 'utf8');
  // The package's own file: its shape is ours.
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  return { name, version };
}
