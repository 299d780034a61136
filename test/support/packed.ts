import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folderWith, root } from './cli.ts';
import { onceInRun, sharedFolder } from './once-in-run.ts';

/** What npm says of a package that it packs. */
export interface Packed {
  readonly filename: string;
  /** Bytes of the tarball. */
  readonly size: number;
  /** Bytes of its files. */
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** What the sessions of the pages leave in the folder that is packed, and what somebody tries out there. */
export const left: readonly string[] = [
  'examples/plan.json',
  'examples/plan.md',
  'examples/state.json',
  'examples/rollcall.lock',
  'examples/.rollcall/runs/1.ndjson',
  'examples/manifests/plan.json',
  'examples/manifests/own.yaml',
  'examples/manifests/rosters/own.yaml',
  'examples/ci/own.yml',
  'schemas/own.schema.json',
];

/** What npm packs in the repository as it lies there, without building it: once for all tests of a run. */
export async function packed(): Promise<Packed & { readonly path: string }> {
  const folder = sharedFolder('package');
  const told = join(folder, 'packed.json');
  await onceInRun('package', () => {
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    writeFileSync(
      told,
      execFileSync('npm', args, { cwd: copied(left), stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  });
  // What npm prints for one package.
  const [one] = JSON.parse(readFileSync(told, 'utf8')) as [Packed];
  return { ...one, path: join(folder, one.filename) };
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
 * the packages that the lock file has for users, and no others.
 */
export async function installed(): Promise<{ readonly folder: string; readonly packed: Packed }> {
  const folder = folderWith({ 'package.json': '{ "type": "module" }' });
  const { path, ...release } = await packed();
  const place = join(folder, 'node_modules/rollcall');
  mkdirSync(place, { recursive: true });
  execFileSync('tar', ['-xzf', path, '-C', place, '--strip-components=1']);
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const [module, { dev }] of Object.entries<{ readonly dev?: true }>(lock.packages)) {
    if (dev === true || !/^node_modules\/(@[^/]+\/)?[^/]+$/.test(module)) continue;
    mkdirSync(dirname(join(folder, module)), { recursive: true });
    symlinkSync(join(root, module), join(folder, module));
  }
  return { folder, packed: release };
}
