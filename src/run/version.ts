import { readFileSync } from 'node:fs';

/** Where a file of the package is, by its path there. */
export function packageFile(path: string): URL {
  return new URL(`../../${path}`, import.meta.url);
}

/** The package's own name and version, as plans carry them. */
export interface ToolInfo {
  readonly name: string;
  readonly version: string;
}

let known: ToolInfo | undefined;

/** Reads them once. */
export function toolInfo(): ToolInfo {
  return (known ??= readToolInfo());
}

function readToolInfo(): ToolInfo {
  const text = readFileSync(packageFile('package.json'), 'utf8');
  // The package's own file: its shape is ours.
  const { name, version } = JSON.parse(text) as ToolInfo;
  return { name, version };
}
