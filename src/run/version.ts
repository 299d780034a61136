import { readFileSync } from 'node:fs';

/** The package's own name and version, as plans carry them. */
export function toolInfo(): { readonly name: string; readonly version: string } {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  // The package's own file: its shape is ours.
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  return { name, version };
}
