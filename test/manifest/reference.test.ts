import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { keysOf, type Schema } from '../../src/manifest/keys/keys.ts';
import { root } from '../support/cli.ts';
import { referenceOf } from '../support/manifest-reference.ts';
import { findings } from './support.ts';

const file = join(root, 'docs/manifests.md');
const page = readFileSync(file, 'utf8');

/** Between these lines of the page stands what is made of a schema. */
const part = /(<!-- keys of ([\w-]+) -->\n)[^]*?(<!-- end of keys -->)/g;

it('docs/manifests.md has each key of each kind as its schema has it', async () => {
  const kinds = [...page.matchAll(part)].map(([, , kind = '']) => kind);
  expect(kinds).toEqual(['event', 'roster', 'directory', 'fleet-tenant']);
  const made = page.replaceAll(part, (_, begin: string, kind: string, end: string) => {
    // A schema is an object.
    const schema = JSON.parse(readFileSync(join(root, `schemas/${kind}.schema.json`), 'utf8')) as Schema;
    return `${begin}\n${referenceOf(keysOf(schema))}\n${end}`;
  });
  // Written anew with: npm run reference
  const options = { ...(await resolveConfig(file)), filepath: file };
  await expect(await format(made, options)).toMatchFileSnapshot(file);
});

it('docs/manifests.md begins with manifests that are valid', () => {
  const [, first = ''] = /^```yaml\n([^]*?)^```$/m.exec(page) ?? [];
  expect(first).toMatch(/^kind: Event$[^]*^kind: Roster$[^]*^kind: Directory$/m);
  expect(findings(first)).toEqual([]);
});
