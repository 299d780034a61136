import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
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
export function pack(folder: string, ...options: readonly string[]): Packed {
  const args = ['pack', '--json', '--ignore-scripts', ...options];
  const [packed] = JSON.parse(
    execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  return packed;
}

/**
 * A folder in whose `node_modules` lies what is in the tarball, and beside it what a user's npm would install with it:
 * the packages that the lock file has for users, and no others.
 */
export function installed(): { readonly folder: string; readonly packed: Packed } {
  const folder = folderWith({ 'package.json': '{ "type": "module" }' });
  const packed = pack(root, '--pack-destination', folder);
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
