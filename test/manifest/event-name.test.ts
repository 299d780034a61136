import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventNameFrom } from '../../src/manifest/write/write-manifest.ts';
import { anyText } from '../property/fuzz.ts';

test.each([
  ['Platform weekly', 'platform-weekly'],
  ['平台周会 Platform weekly', '平台周会-platform-weekly'],
  ['  --v1.2_final--  ', 'v1.2_final'],
  ['Q3: plan & review (draft)', 'q3-plan-review-draft'],
  ['e\u0301te\u0301', '\u00e9t\u00e9'],
  ['a'.repeat(70), 'a'.repeat(63)],
  [`${'a'.repeat(62)} b`, 'a'.repeat(62)],
])('makes of the title %j the name %j', (title, name) => {
  expect(eventNameFrom([title, 'weekly_0'])).toBe(name);
});

test.each([
  [undefined, 'weekly_0', 'weekly_0'],
  ['', 'weekly_0', 'weekly_0'],
  ['🎉', 'weekly_0', 'weekly_0'],
  ['...', '!!', 'event'],
])('goes on from %j to %j, and then to a name of its own', (title, id, name) => {
  expect(eventNameFrom([title, id])).toBe(name);
});

test('makes a name that the schema accepts of any text', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../schemas/event.schema.json', import.meta.url), 'utf8'),
  );
  const accepted = new RegExp(schema.$defs.name.pattern, 'u');
  fc.assert(
    fc.property(anyText(), (title) => {
      expect(eventNameFrom([title])).toMatch(accepted);
    }),
  );
});
