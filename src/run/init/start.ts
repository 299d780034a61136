import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf } from '../../model/diagnostic.ts';
import { credentialNames, type ProviderId, platforms, providerIds } from '../../platforms/index.ts';
import type { Env } from '../../providers/account.ts';
import { modeline } from '../modeline.ts';
import { UsageError } from '../usage-error.ts';
import { packageFile } from '../version.ts';
import { firstManifests } from './manifests.ts';

/** Where plans and applies can run. */
export type CiHost = 'github' | 'gitlab' | 'jenkins' | 'yunxiao' | 'gitee';

/** Which recipe goes where. */
const recipes: Readonly<Record<CiHost, Readonly<Record<string, string>>>> = {
  github: { '.github/workflows/rollcall.yml': 'github-two-apps.yml' },
  gitlab: { '.gitlab-ci.yml': 'gitlab.yml' },
  jenkins: { Jenkinsfile: 'jenkins.Jenkinsfile' },
  yunxiao: {
    '.yunxiao/rollcall-plan.yml': 'yunxiao-plan.yml',
    '.yunxiao/rollcall-apply.yml': 'yunxiao-apply.yml',
  },
  gitee: {
    '.workflow/rollcall-plan.yml': 'gitee-plan.yml',
    '.workflow/rollcall-apply.yml': 'gitee-apply.yml',
  },
};

/** What runs leave behind, and no repository should have: plans and journals name people. */
const ignored = ['.rollcall/', 'plan*.json', 'journal/', 'node_modules/'];

export interface Start {
  /** Files that were not there, by their paths in the folder. */
  readonly written: readonly string[];
  /** What was left alone, and why. */
  readonly left: readonly { readonly path: string; readonly why: string }[];
}

/** The platform that the environment has credentials of, if it is one; else the first. */
export function likelyProvider(env: Env): ProviderId {
  const own = providerIds.filter((id) => {
    const names = platforms[id].env;
    const [app] = credentialNames(names);
    return [app, names.token].some((name) => (env[name] ?? '') !== '');
  });
  const [only, another] = own;
  return only !== undefined && another === undefined ? only : providerIds[0];
}

/**
 * Writes the first files of a folder for manifests. Nothing is written over; manifests that are there already need no
 * example beside them.
 *
 * @throws UsageError where a file cannot be written
 */
export function startFolder(
  folder: string,
  { provider, ci }: { readonly provider: ProviderId; readonly ci: CiHost | undefined },
): Start {
  const written: string[] = [];
  const left: { path: string; why: string }[] = [];
  const put = (path: string, text: string, why: () => string): void => {
    if (writeNew(join(folder, path), text)) written.push(path);
    else left.push({ path, why: why() });
  };
  checkFolder(folder);
  const fresh = !existsSync(join(folder, 'manifests'));
  for (const { path, text } of firstManifests(provider)) {
    if (fresh) put(path, modeline(join(folder, path)) + text, () => 'exists');
  }
  if (!fresh) left.push({ path: 'manifests/', why: 'exists' });
  put('.gitignore', `${ignored.join('\n')}\n`, () => lacking(join(folder, '.gitignore')));
  for (const [path, common] of Object.entries(ci === undefined ? {} : recipes[ci])) {
    // A platform that is signed in to in another way has a recipe of its own.
    const own = `${ci}-${provider}.yml`;
    const recipe = existsSync(packageFile(`examples/ci/${own}`)) ? own : common;
    const source = packageFile(`examples/ci/${recipe}`);
    put(
      path,
      readFileSync(source, 'utf8'),
      () => `exists; the recipe is examples/ci/${recipe} in the package`,
    );
  }
  return { written, left };
}

/** Says what an ignore file that is there does not ignore. */
function lacking(path: string): string {
  const lines = readFileSync(path, 'utf8').split(/\r?\n/);
  const missing = ignored.filter((line) => !lines.includes(line) && !lines.includes(`/${line}`));
  return missing.length === 0 ? 'exists' : `exists; add to it: ${missing.join(' ')}`;
}

function checkFolder(folder: string): void {
  if (!existsSync(folder) || statSync(folder).isDirectory()) return;
  throw new UsageError(`${folder} is not a folder`, 'Name a folder, existing or new.');
}

/** Whether a file was written: one that is there stays. */
function writeNew(path: string, text: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    const code = reasonOf(error);
    if (code === 'EEXIST' && existsSync(path)) return false;
    throw new UsageError(`${path} cannot be written (${code})`, 'Files written before it are complete.');
  }
}
