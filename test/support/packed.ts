import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folderWith, root } from './cli.ts';

/** What npm says of a package that it packs. */
export interface Packed {
  readonly filename: string;
  /** Bytes of the tarball. */
  readonly size: number;
  /** Bytes of its files. */
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** Packs the package in a folder as it lies there, without building it. */
export function pack(folder: string, destination: string): Packed {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination];
  const [packed] = JSON.parse(
    execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  return packed;
}

/** The repository as it lies there, without what is never packed, and with files more. */
function copied(more: readonly string[]): string {
  const copy = folderWith({});
  for (const name of readdirSync(root)) {
    if (['.git', 'node_modules', 'src', 'test'].includes(name)) continue;
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  for (const path of more) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), '{}');
  }
  return copy;
}

/**
 * A folder in whose `node_modules` lies what is in the tarball, and beside it what a user's npm would install with it:
 * the packages that the lock file has for users, and no others. `left` are files that lay there as it was packed.
 */
export function installed(left: readonly string[]): { readonly folder: string; readonly packed: Packed } {
  const folder = folderWith({ 'package.json': '{ "type": "module" }' });
  const packed = pack(copied(left), folder);
  const place = join(folder, 'node_modules/rollcall');
  mkdirSync(place, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', place, '--strip-components=1']);
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const [path, { dev }] of Object.entries<{ readonly dev?: true }>(lock.packages)) {
    if (dev === true || !/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(root, path), join(folder, path));
  }
  return { folder, packed };
}
