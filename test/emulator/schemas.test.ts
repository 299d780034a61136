import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { schemaText } from '../../src/build/emulator-schemas.mjs';
import { faultsSchema } from '../../src/emulator/faults/keys.ts';
import { emulated } from '../../src/emulator/platforms.ts';
import { tenantSchema } from '../../src/emulator/tenant.ts';
import { root } from '../support/cli.ts';

const fileOf = (name: string): string => readFileSync(join(root, `schemas/${name}.schema.json`), 'utf8');
const tenant = new Ajv({ strict: false }).compile(JSON.parse(fileOf('tenant')));
const faults = new Ajv({ strict: false, discriminator: true }).compile(JSON.parse(fileOf('faults')));

describe('the schemas of the files of the embedded platform', () => {
  it.each([
    ['tenant', tenantSchema],
    ['faults', faultsSchema],
  ])('%s.schema.json is what it checks them by', (name, schema) => {
    // Written anew with: npm run build
    expect(fileOf(name)).toBe(schemaText(schema));
  });

  it('have the part of each platform that has one', () => {
    const { properties } = JSON.parse(fileOf('tenant'));
    const parts = emulated.flatMap(({ id, tenant: part }) => (part === undefined ? [] : [id]));
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(parts));
  });

  it('take the example tenant, which names its schema', () => {
    const text = readFileSync(join(root, 'examples/tenant.yaml'), 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=https:\S+\/schemas\/tenant\.schema\.json\n/);
    expect(tenant(parse(text)), JSON.stringify(tenant.errors)).toBe(true);
  });

  it.each([
    ['an app without a secret', { apps: [{ id: 'a' }] }],
    ['an unknown key', { feishu: { calendars: [{ id: 'c', colour: 'red' }] } }],
    ['a switch that there is not', { behaviour: { roomBooking: 'maybe' } }],
    ['a moment that is none', { feishu: { calendars: [{ id: 'c', events: [{ id: 'e', start: 'soon' }] }] } }],
  ])('do not take %s', (_, value) => {
    expect(tenant(value)).toBe(false);
  });

  it('take a rule with the keys of its fault, and no others', () => {
    expect(faults({ seed: 1, faults: [{ fault: 'reset', when: 'after', api: '*.delete', calls: 1 }] })).toBe(
      true,
    );
    expect(faults({ faults: [{ fault: 'stale', for: '2s' }] })).toBe(true);
    expect(faults({ faults: [{ fault: 'stale' }] })).toBe(false);
    expect(faults({ faults: [{ fault: 'reset', bytes: 1 }] })).toBe(false);
    expect(faults({ faults: [{ fault: 'reset', calls: 'x' }] })).toBe(false);
  });
});
