import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './cli.ts';
import { type ScriptedServer, scriptedServer } from './scripted-server.ts';

/** Where a release's tarball lies below the address of its host. */
export const releasePath: RegExp =
  /\/rollcall-dev\/rollcall\/releases\/download\/v[\d.]+\/rollcall-[\d.]+\.tgz$/;

/**
 * A host on loopback that is a registry, of the packages that the lock file has for users, and the host of releases, of one
 * tarball.
 */
export function loopbackRegistry(release: Buffer): Promise<ScriptedServer> {
  const tarballs = new Map<string, Buffer>();
  const tarballOf = (name: string): Buffer => {
    const made =
      tarballs.get(name) ??
      // Not compressed: npm takes it all the same.
      execFileSync('tar', ['-cf', '-', '-C', join(root, 'node_modules', name), '.'], { maxBuffer: 2 ** 28 });
    tarballs.set(name, made);
    return made;
  };
  const packument = (name: string, host: string): object => {
    const manifest = JSON.parse(
      readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'),
    ) as Record<string, unknown> & { readonly version: string };
    const { version } = manifest;
    const integrity = `sha512-${createHash('sha512').update(tarballOf(name)).digest('base64')}`;
    const dist = { tarball: `http://${host}/${name}/-/package.tgz`, integrity };
    return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
  };
  return scriptedServer(({ path, headers }, response) => {
    const bytes = (body: Buffer): 'handled' => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(body);
      return 'handled';
    };
    if (releasePath.test(path)) return bytes(release);
    const [, name = ''] = /^\/(.*?)(?:\/-\/.*)?$/.exec(decodeURIComponent(path)) ?? [];
    if (!isForUsers(name)) return { status: 404, body: {} };
    return path.endsWith('.tgz')
      ? bytes(tarballOf(name))
      : { body: packument(name, String(headers['host'])), headers: { 'content-type': 'application/json' } };
  });
}

/** Whether the lock file has a package that is not for development alone. */
function isForUsers(name: string): boolean {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: true }>>;
  };
  const entry = packages[`node_modules/${name}`];
  return entry !== undefined && entry.dev !== true;
}
