import { existsSync } from 'node:fs';
import { dirname, join, normalize, resolve, sep } from 'node:path';
import type { Diagnostic, Source } from '../model/diagnostic.ts';
import { plain, say } from '../model/say.ts';
import type { ProviderId } from '../platforms/index.ts';
import { collectDiagnostics, errorAt, placeText, type Report } from './diagnostics.ts';
import { type Lock, lockOf, readLock } from './lock/read-lock.ts';
import type { TenantManifest } from './manifest.ts';
import { type LostManifest, type ReadManifest, readManifests } from './read/read-manifests.ts';
import { textsIn } from './read/read-file.ts';
import { reportDuplicateNames } from './resolve/catalog.ts';

/** One of the organisations that a fleet run works for. */
export interface Tenant {
  /** Also what its folder of credentials is called. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly provider: ProviderId;
  /** The folder or file with its manifests, as a user would write it. */
  readonly manifests: string;
  readonly source: Source;
}

/** The Tenants under some paths. */
export interface LoadedTenants {
  /** Those without errors, by name. */
  readonly tenants: readonly Tenant[];
  /** By file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
  /** YAML files looked at. */
  readonly files: number;
}

/** Manifests that are resolved together. */
export interface Scope {
  readonly manifests: readonly ReadManifest[];
  readonly lost: readonly LostManifest[];
  /** Absent: the one in the working directory. */
  readonly lock?: Lock;
}

/** Reads the Tenants in files and folders, and nothing else there: each tenant's manifests are read when it is its turn. */
export function loadTenants(paths: readonly string[], cwd = '.'): LoadedTenants {
  const { report, list } = collectDiagnostics();
  const found: ReadManifest<TenantManifest>[] = [];
  let files = 0;
  for (const file of textsIn(paths.length === 0 ? ['.'] : paths, cwd, report)) {
    files += 1;
    // Most files hold other manifests, and there may be thousands.
    if (file.text?.includes('Tenant') !== true) continue;
    found.push(...tenantsAmong(readManifests(file, report, 'Tenant').manifests));
  }
  const sound = reportDuplicateNames(found, report);
  const tenants = [...sound.values()].filter(({ broken }) => !broken).map(tenantOf);
  return { tenants, diagnostics: list(), files };
}

/** Reports Tenants where manifests are read for one account: those of several are not to be mixed up. */
export function reportTenants(manifests: readonly ReadManifest[], report: Report): boolean {
  const [first, second] = tenantsAmong(manifests);
  if (first === undefined || second === undefined) return false;
  const other = plain(JSON.stringify(first.manifest.metadata.name));
  const message = say`this is a second tenant beside ${other} at ${placeText(first.source)}; this command works on one`;
  const hint = say`name the folder of one tenant, or use rollcall fleet for all`;
  report(errorAt(second.source, 'several-tenants', message, hint));
  return true;
}

/**
 * The manifests of each Tenant, and those of none: what is below its folder is its own. Reports Tenants whose folder is not there,
 * and events that are on another platform than theirs.
 */
export function tenantScopes(
  { manifests, lost }: Pick<Scope, 'manifests' | 'lost'>,
  cwd: string,
  report: Report,
): Scope[] {
  const found = tenantsAmong(manifests);
  reportDuplicateNames(found, report);
  const folders = found.map((read): [ReadManifest<TenantManifest>, string] => [
    read,
    tenantOf(read).manifests,
  ]);
  const scopes = folders.map(([read, folder]): Scope => {
    const { spec } = read.manifest;
    if (!existsSync(resolve(cwd, folder))) {
      const message = plain(`${folder}: no such file or folder`);
      report(errorAt(read.locate(spec, 'manifests'), 'path-not-found', message, say`check the path`));
    }
    const own = manifests.filter(({ source }) => isBelow(source.file, folder));
    for (const one of own) reportProvider(one, read.manifest, report);
    return {
      manifests: own,
      lost: lost.filter(({ source }) => isBelow(source.file, folder)),
      lock: tenantLock(resolve(cwd, folder), report),
    };
  });
  const isOwned = ({ source }: ReadManifest | LostManifest): boolean =>
    folders.some(([, folder]) => isBelow(source.file, folder));
  return [
    { manifests: manifests.filter((one) => !isOwned(one)), lost: lost.filter((one) => !isOwned(one)) },
    ...scopes,
  ];
}

/** Where a tenant's `rollcall.lock` is: with its manifests, for the ids in it are of this tenant alone. */
export function tenantLockFolder(manifests: string): string {
  return /\.ya?ml$/.test(manifests) ? dirname(manifests) : manifests;
}

function tenantLock(manifests: string, report: Report): Lock {
  const { lines, broken } = readLock(tenantLockFolder(manifests), report);
  return lockOf(lines, broken);
}

function reportProvider({ manifest, locate }: ReadManifest, tenant: TenantManifest, report: Report): void {
  if (manifest.kind !== 'Event' || manifest.spec.provider === tenant.spec.provider) return;
  const { name } = tenant.metadata;
  const message = plain(
    `the tenant ${JSON.stringify(name)} is on ${tenant.spec.provider}, but this event is on ${manifest.spec.provider}`,
  );
  const hint = say`make a Tenant of its own for that platform`;
  report(errorAt(locate(manifest.spec, 'provider'), 'other-provider', message, hint));
}

function tenantsAmong(manifests: readonly ReadManifest[]): ReadManifest<TenantManifest>[] {
  return manifests.flatMap((read) => {
    const { manifest } = read;
    return manifest.kind === 'Tenant' ? [{ ...read, manifest }] : [];
  });
}

function tenantOf({ manifest, source }: ReadManifest<TenantManifest>): Tenant {
  const { metadata, spec } = manifest;
  const { name, labels = {} } = metadata;
  const manifests = normalize(join(dirname(source.file), spec.manifests));
  return { name, labels, provider: spec.provider, manifests, source };
}

/** Whether a file is in a folder, or is what was named; both as a user would write them. */
function isBelow(file: string, folder: string): boolean {
  const whole = folder.endsWith(sep) ? folder.slice(0, -1) : folder;
  return whole === '.' ? !file.startsWith('..') : file === whole || file.startsWith(whole + sep);
}
