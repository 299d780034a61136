import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadManifests } from '../../src/manifest/load.ts';
import { isRecord } from '../../src/manifest/manifest.ts';
import { load, today } from './support.ts';

const root = new URL('../..', import.meta.url).pathname;

function schemaOf(kind: string): Record<string, unknown> {
  const schema: unknown = JSON.parse(readFileSync(`${root}schemas/${kind}.schema.json`, 'utf8'));
  if (!isRecord(schema)) throw new Error(`${kind} is no schema`);
  return schema;
}

/** Every schema that describes a value, with its place. */
function described(schema: unknown, place: string): [string, Record<string, unknown>][] {
  if (!isRecord(schema)) return [];
  const { properties, $defs, then: _, ...rest } = schema;
  const below = [properties, $defs].flatMap((part) =>
    isRecord(part) ? Object.entries(part).flatMap(([key, value]) => described(value, `${place}/${key}`)) : [],
  );
  return [[place, rest], ...below];
}

describe('the schemas', () => {
  it.each(['event', 'roster', 'directory', 'fleet-tenant'])(
    'of %s describe every key and let no other stand',
    (kind) => {
      const { $defs: _, ...schema } = schemaOf(kind);
      for (const [place, part] of described(schema, kind)) {
        expect(part, place).toHaveProperty('description');
        if (part['type'] === 'object') expect(part, place).toHaveProperty('additionalProperties');
      }
    },
  );

  it('agree on what they share', () => {
    const [event, roster, directory, tenant] = ['event', 'roster', 'directory', 'fleet-tenant'].map(
      (kind) => schemaOf(kind)['$defs'],
    );
    expect(roster).toMatchObject({ name: expect.anything(), id: expect.anything() });
    for (const other of [roster, directory, tenant]) {
      for (const [name, part] of Object.entries(other ?? {})) {
        if (isRecord(event) && name in event) expect(part, name).toEqual(event[name]);
      }
    }
  });
});

describe('the example manifests', () => {
  it('are without a finding, and each names its schema', () => {
    const { desired, diagnostics, skipped } = loadManifests(['examples/manifests'], {
      asOf: today,
      cwd: root,
    });
    expect({ diagnostics, skipped }).toEqual({ diagnostics: [], skipped: [] });
    expect(desired.events.length).toBeGreaterThan(1);
    for (const file of readdirSync(`${root}examples/manifests`, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.yaml')) continue;
      const text = readFileSync(`${root}examples/manifests/${file}`, 'utf8');
      const schema = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)?.[1];
      const place = new URL(schema ?? '', `file://${root}examples/manifests/${file}`);
      const { properties } = JSON.parse(readFileSync(place, 'utf8'));
      const [, kind] = /^kind: (.*)$/m.exec(text) ?? [];
      expect(properties.kind.enum, file).toContain(kind);
    }
  });
});

it('words its findings as the fixture has them', () => {
  const folder = `${root}test/fixtures/manifest/`;
  const files = Object.fromEntries(
    ['event.yaml', 'people.yaml'].map((file) => [file, readFileSync(folder + file, 'utf8')]),
  );
  const prose = load(files).diagnostics.map(
    ({ severity, code, message, hint, source }) =>
      `${source?.file}:${source?.line}:${source?.column} ${severity} ${code}: ${message}\n  ${hint}\n`,
  );
  expect(prose.join('')).toBe(readFileSync(`${folder}findings.txt`, 'utf8'));
});
