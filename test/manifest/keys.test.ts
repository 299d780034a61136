import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { explained, findKey } from '../../src/manifest/keys/find-key.ts';
import { exampleText, type Key, keysOf, type Schema } from '../../src/manifest/keys/keys.ts';
import { root } from '../support/cli.ts';

const options = { strict: false, allErrors: true, formats: { date: /^\d{4}-\d\d-\d\d$/ } };
const ajv = new Ajv2020(options);
/** Of the files of the embedded platform. */
const older = new Ajv(options);
const schemas = new Map(explained.map((kind) => [kind, schemaOf(kind)]));

function isManifest(kind: string): boolean {
  return kind !== 'tenant' && kind !== 'faults';
}

function schemaOf(kind: string): Schema {
  // A schema is an object.
  return JSON.parse(readFileSync(join(root, `schemas/${kind}.schema.json`), 'utf8')) as Schema;
}

function keysOfKind(kind: string): Key {
  return keysOf(schemas.get(kind) ?? {});
}

/** Every key of a file with its path. */
function every(key: Key, path: string): (readonly [path: string, key: Key])[] {
  return key.keys.flatMap((one) => [
    [`${path}.${one.name}`, one] as const,
    ...every(one, `${path}.${one.name}`),
  ]);
}

/** A file of a kind in which nothing but one key is of interest: what is wrong with that. */
function faultsOf(kind: string, path: string, value: unknown): string[] {
  const validate = (isManifest(kind) ? ajv : older).compile(schemas.get(kind) ?? {});
  const [, ...names] = path.split('.');
  const whole = names.reduceRight<unknown>((inner, name) => ({ [name === '*' ? 'x' : name]: inner }), value);
  validate(asLists(keysOfKind(kind), whole));
  const place = new RegExp(`^/${names.map((name) => (name === '*' ? 'x' : name)).join('(?:/0)*/')}(?:$|/)`);
  return (validate.errors ?? [])
    .filter(({ instancePath, keyword }) => place.test(instancePath) && !['not', 'if'].includes(keyword))
    .map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

/** Where a key is a list of maps, the map that was made for it stands in one. */
function asLists({ keys }: Key, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const key = keys.find((one) => one.name === name) ?? keys.find((one) => one.name === '*');
      const below = key === undefined ? inner : asLists(key, inner);
      return [name, key?.type.startsWith('list') === true && !Array.isArray(below) ? [below] : below];
    }),
  );
}

describe.each(explained)('of each key of %s the schema', (kind) => {
  const keys = every(keysOfKind(kind), kind);

  it('says what it means', () => {
    expect(keys.length).toBeGreaterThan(5);
    expect(keys.filter(([, { meaning }]) => !/^\S.*[.:)]$/s.test(meaning)).map(([path]) => path)).toEqual([]);
  });

  it('has an example where its type and values leave that open, and takes it', () => {
    const plain = ({ type, values }: Key): boolean => type === 'true or false' || values.length > 0;
    const without = keys.filter(([, key]) => !plain(key) && key.examples.length === 0);
    expect(isManifest(kind) ? without.map(([path]) => path) : []).toEqual([]);
    for (const [path, { examples }] of keys) {
      for (const example of examples) expect(faultsOf(kind, path, example), path).toEqual([]);
    }
  });

  it('has examples that are written as they are read', () => {
    for (const [path, key] of keys) {
      for (const example of key.examples) {
        const name = key.name === '*' ? 'any-name' : key.name;
        expect(parse(exampleText(key, example)), path).toEqual({ [name]: example });
      }
    }
  });
});

it('sees an example that is wrong', () => {
  expect(faultsOf('event', 'event.spec.guards.maxAdditions', -1)).toEqual([
    '/spec/guards/maxAdditions must be >= 0',
  ]);
  expect(faultsOf('event', 'event.spec.attendees.user', 'a b')).toHaveLength(1);
});

describe('a key', () => {
  const found = (path: string): Key => {
    const one = findKey(path, keysOfKind);
    if ('message' in one) throw new Error(one.message);
    return one.key;
  };

  it('has its type, default, values and form', () => {
    expect(found('event.spec.sync')).toMatchObject({
      type: 'text',
      default: 'exact',
      values: ['exact', 'remove-only', 'add-only'],
      required: false,
    });
    expect(found('event.spec.attendees')).toMatchObject({ type: 'list of maps', required: false });
    expect(found('event.spec.attendees.until')).toMatchObject({ type: 'day' });
    expect(found('directory.spec.people.*.feishu')).toMatchObject({ type: 'text or map' });
    expect(found('event.spec.guards.maxRemovals')).toMatchObject({
      type: 'whole number or text',
      form: 'A whole number, or a percentage from `0%` to `100%`.',
    });
  });

  it('says where it has to be, where it may not be, and where it has one value', () => {
    expect(found('event.spec.eventId').required).toBe(true);
    expect(found('event.spec.organizer').rules).toEqual([
      expect.stringContaining('Required with `provider: dingtalk`'),
      expect.stringMatching(/^Not allowed with `provider: feishu`/),
    ]);
    expect(found('event.spec.sync').rules).toContain('Only `exact` with `optionalDrift: replace`.');
    expect(found('event.spec.attendees.optional').rules).toEqual(['Not allowed with `room`.']);
    expect(found('roster.spec.members.recursive').rules.join()).toContain('`role`');
  });

  it.each([
    ['event.spec.attendees[].user', 'event.spec.attendees.user'],
    ['event.spec.attendees[0].user', 'event.spec.attendees.user'],
    ['Event.spec.guards', 'event.spec.guards'],
    ['directory.spec.people.zhang.email', 'directory.spec.people.*.email'],
    ['directory.spec.people.email', 'directory.spec.people.*.email'],
    ['event.metadata.labels.team', 'event.metadata.labels.*'],
  ])('is found by %s', (asked, path) => {
    expect(findKey(asked, keysOfKind)).toMatchObject({ path });
  });

  it.each([
    ['event.spec.gards', '"gards" in event.spec', 'event.spec.guards'],
    ['event.spec.gards.allowEmpty', '"gards" in event.spec', 'event.spec.guards.allowEmpty'],
    ['event.spec.attendees.usr', '"usr" in event.spec.attendees', 'event.spec.attendees.user'],
    ['event.spec.maxRemovals', '"maxRemovals" in event.spec', 'event.spec.guards.maxRemovals'],
    ['evnt.spec', 'kind of file called "evnt"', 'event.spec'],
    ['guards', 'kind of file called "guards"', 'event.spec.guards'],
    ['spec.guards', 'kind of file called "spec"', 'event.spec.guards'],
    ['event.spec.sync.x', '"x" in event.spec.sync', 'event.spec.sync'],
    ['faults.faults.faults.api', '"faults" in faults.faults', 'faults.faults.fault.api'],
    ['event.spec.guards[x]', '"guards[x]" in event.spec', 'event.spec.guards'],
  ])('that is mistyped as %s is told from the nearest', (asked, message, nearest) => {
    const unknown = findKey(asked, keysOfKind);
    if (!('message' in unknown)) throw new Error(`${asked} was found`);
    expect(unknown.message).toContain(message);
    expect(unknown.hint).toMatch(new RegExp(String.raw`rollcall explain ${nearest}(?:"|$)`));
  });

  it('that is like none is told what there is', () => {
    expect(findKey('event.zzzzzz', keysOfKind)).toEqual({
      message: 'there is no key "zzzzzz" in event',
      hint: 'The keys there are apiVersion, kind, metadata, spec.',
    });
    expect(findKey('zzzzzz', keysOfKind)).toMatchObject({
      hint: expect.stringContaining('event, roster, directory'),
    });
  });
});
