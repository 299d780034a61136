import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** One file of the build, loaded. */
export interface Built {
  readonly path: string;
  readonly script: Script;
}

interface Loaded {
  exports: unknown;
}

type Body = (
  exports: unknown,
  require: (id: string) => unknown,
  module: Loaded,
  filename: string,
  directory: string,
) => void;

/** Where the machine code of a built file stands. */
export function codeOf(path: string): string {
  return `${path}.code`;
}

/**
 * Loads CommonJS files of the build, each with the code that V8 made of it at build time: compiling them anew takes a
 * third of the time that a short command has. Code that another version of V8 made is left aside by V8 itself.
 *
 * @param onLoad told of each file that was loaded
 */
export function builtFiles(onLoad?: (built: Built) => void): (path: string) => unknown {
  const files = new Map<string, Loaded>();
  const fromOutside = createRequire(import.meta.url);
  const load = (path: string): unknown => {
    const known = files.get(path);
    if (known !== undefined) return known.exports;
    const module: Loaded = { exports: {} };
    files.set(path, module);
    const script = new Script(wrapped(readFileSync(path, 'utf8')), { filename: path, ...codeFor(path) });
    // What the wrapper above makes.
    const body = script.runInThisContext() as Body;
    const directory = dirname(path);
    const require = (id: string): unknown =>
      id.startsWith('.') ? load(join(directory, id)) : fromOutside(id);
    body.call(module.exports, module.exports, require, module, path, directory);
    onLoad?.({ path, script });
    return module.exports;
  };
  return load;
}

function wrapped(source: string): string {
  return `(function (exports, require, module, __filename, __dirname) { ${source}\n})`;
}

function codeFor(path: string): { readonly cachedData?: Buffer } {
  try {
    return { cachedData: readFileSync(codeOf(path)) };
  } catch {
    // The build has not made it yet.
    return {};
  }
}
