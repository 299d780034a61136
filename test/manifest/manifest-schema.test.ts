import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { manifestSchema } from '../../src/build/manifest-schema.mjs';
import { root } from '../support/cli.ts';

const read = (kind: string): string => readFileSync(join(root, `schemas/${kind}.schema.json`), 'utf8');
const schemas = ['event', 'roster', 'directory', 'fleet-tenant'].map((kind): unknown =>
  JSON.parse(read(kind)),
);

describe('the schema of all manifests', () => {
  it('is what the schemas of the kinds make', () => {
    // Written anew with: npm run build
    expect(read('manifest')).toBe(manifestSchema(schemas));
  });

  it('is one that programs can use as well', () => {
    const validate = new Ajv2020({ strict: false, formats: { date: true } }).compile(
      JSON.parse(read('manifest')),
    );
    const event = {
      apiVersion: 'rollcall.dev/v1',
      kind: 'Event',
      metadata: { name: 'weekly' },
      spec: { provider: 'feishu', calendarId: 'c', eventId: 'e', attendees: [{ user: 'ou_a' }] },
    };
    expect(validate(event)).toBe(true);
    expect(validate({ ...event, kind: 'Roster' })).toBe(false);
    expect(validate({ ...event, kind: 'Other' })).toBe(false);
    expect(validate({ ...event, spec: { ...event.spec, organizer: 'x' } })).toBe(false);
  });

  it('cannot be made of schemas that differ in what they share', () => {
    const [first, second] = schemas.map((schema) => structuredClone(schema) as { $defs: { name: object } });
    if (first === undefined || second === undefined) throw new Error('there are three');
    second.$defs.name = { type: 'string' };
    expect(() => manifestSchema([first, second])).toThrow('two schemas have a $defs/name');
  });
});
