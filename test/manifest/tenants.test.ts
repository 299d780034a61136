import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { loadManifests } from '../../src/manifest/load.ts';
import { loadTenants } from '../../src/manifest/tenants.ts';
import { folderWith } from '../support/cli.ts';
import { dingtalk, feishu, today } from './support.ts';

function tenant(name: string, manifests: string, more = ''): string {
  return `apiVersion: rollcall.dev/v1
kind: Tenant
metadata: { name: ${name} }
spec:
  provider: feishu
  manifests: ${manifests}
${more}`;
}

function told(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(
    ({ code, message, source }) => `${source?.file}:${source?.line}:${source?.column} ${code}: ${message}`,
  );
}

/** Loads a folder as `validate` does, or as `plan` does. */
function load(files: Readonly<Record<string, string>>, apart: boolean) {
  return loadManifests([], { cwd: folderWith(files), asOf: today, apart });
}

describe('Tenants', () => {
  it('are read with their labels and the folder of their manifests, and nothing else is', () => {
    const folder = folderWith({
      'fleet.yaml': `${tenant('acme', './acme')}---
${tenant('beta', '../shared/beta').replace('{ name: beta }', '{ name: beta, labels: { ring: canary } }')}---
apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: broken }
`,
      'acme/a.yaml': 'not: [yaml, of: us',
    });
    const { tenants, diagnostics } = loadTenants([folder]);
    expect(diagnostics).toEqual([]);
    expect(tenants).toMatchObject([
      { name: 'acme', labels: {}, provider: 'feishu', manifests: join(folder, 'acme') },
      { name: 'beta', labels: { ring: 'canary' }, manifests: join(folder, '../shared/beta') },
    ]);
  });

  it('are told apart by their names, and every mistake in one has its place', () => {
    const folder = folderWith({
      'a.yaml': tenant('acme', '/etc/acme', '  appSecret: hush\n'),
      'b.yaml': tenant('../acme', 'acme'),
      'c.yaml': tenant('beta', 'beta'),
      'd.yaml': tenant('beta', 'delta'),
      'e.yaml': tenant('eps', 'C:\\eps'),
    });
    const { tenants, diagnostics } = loadTenants(['.'], folder);
    expect(tenants).toMatchObject([{ name: 'beta', source: { file: 'c.yaml' } }]);
    expect(told(diagnostics)).toEqual([
      'a.yaml:6:14 bad-path: spec.manifests "/etc/acme" is not a path from the folder of this file',
      'a.yaml:7:3 unknown-key: unknown key "appSecret" in spec',
      expect.stringMatching(/^b\.yaml:3:19 bad-name: metadata\.name "\.\.\/acme" is not a tenant's name/),
      expect.stringMatching(/^d\.yaml:3:13 duplicate-name/),
      expect.stringMatching(/^e\.yaml:6:14 bad-path/),
    ]);
  });

  it('have manifests of their own: names that two of them use are no mistake', () => {
    const { desired, diagnostics, read } = load(
      {
        'fleet.yaml': `${tenant('acme', 'acme')}---\n${tenant('beta', 'beta')}`,
        'acme/standup.yaml': feishu('', 'standup'),
        'beta/standup.yaml': feishu('', 'standup'),
        'mine.yaml': feishu('', 'mine'),
      },
      true,
    );
    expect(diagnostics).toEqual([]);
    expect(read.tenants).toBe(2);
    expect(desired.events.map(({ name }) => name)).toEqual(['mine', 'standup', 'standup']);
  });

  it('are on one platform, and have a folder', () => {
    const { diagnostics } = load(
      {
        'fleet.yaml': `${tenant('acme', 'acme')}---\n${tenant('beta', 'bata')}`,
        'acme/standup.yaml': dingtalk(''),
      },
      true,
    );
    expect(told(diagnostics)).toEqual([
      'acme/standup.yaml:5:3 other-provider: the tenant "acme" is on feishu, but this event is on dingtalk',
      'fleet.yaml:13:3 path-not-found: bata: no such file or folder',
    ]);
  });

  it('are passed over by commands for one account, and refused where there are several', () => {
    const files = { 'acme/tenant.yaml': tenant('acme', '.'), 'acme/standup.yaml': feishu('', 'standup') };
    const one = load(files, false);
    expect(one.diagnostics).toEqual([]);
    expect(one.desired.events).toHaveLength(1);
    const several = load({ ...files, 'beta/tenant.yaml': tenant('beta', '.') }, false);
    expect(several.desired.events).toEqual([]);
    expect(told(several.diagnostics)).toEqual([
      'beta/tenant.yaml:1:1 several-tenants: this is a second tenant beside "acme" at acme/tenant.yaml:1; this command works on one',
    ]);
    expect(several.diagnostics[0]?.hint).toMatch(/rollcall fleet/);
  });
});
