// Makes one schema of those of all kinds of manifest, `schemas/manifest.schema.json`: an editor takes one for a file, and a
// file may hold documents of several kinds. It takes what they take, and is worded for what editors read.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { withSharedParts } from './shared-parts.mjs';

const folder = fileURLToPath(new URL('../../schemas/', import.meta.url));
const file = join(folder, 'manifest.schema.json');

/** Writes the file where it is not what the schemas of the kinds make. */
export function writeManifestSchema() {
  const schemas = ['event', 'roster', 'directory', 'fleet-tenant'].map((kind) =>
    JSON.parse(readFileSync(join(folder, `${kind}.schema.json`), 'utf8')),
  );
  const text = manifestSchema(schemas);
  if (text !== readFileSync(file, { encoding: 'utf8', flag: 'a+' })) writeFileSync(file, text);
}

/** The text of the file: a line for each definition, so that it is short and its changes can be read. */
export function manifestSchema(schemas) {
  const [{ $schema, properties }] = schemas;
  const kinds = schemas.map((schema) => schema.properties.kind.const);
  const whole = {
    $schema,
    $id: 'https://rollcall.dev/schemas/manifest.schema.json',
    description: 'A manifest of rollcall.',
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    properties: {
      apiVersion: properties.apiVersion,
      kind: { enum: kinds, description: properties.kind.description },
      metadata: { type: 'object', description: 'What it is called.' },
      spec: { type: 'object', description: 'What it says.' },
    },
    allOf: [
      ...kinds.map((kind) =>
        where({ properties: { kind: { const: kind } }, required: ['kind'] }, { $ref: `#/$defs/${kind}` }),
      ),
      // Whole manifests are offered where nothing says yet which kind it is.
      {
        if: { required: ['kind'] },
        else: { defaultSnippets: schemas.flatMap((schema) => schema.defaultSnippets) },
      },
    ],
  };
  const { $defs, ...rest } = withSharedParts({ ...whole, $defs: definitions(schemas) }, '$defs');
  const lines = Object.entries($defs).map(([name, part]) => `${JSON.stringify(name)}:${textOf(part)}`);
  return `${textOf(rest).slice(0, -1)},"$defs":{\n${lines.join(',\n')}\n}}\n`;
}

/** The kinds by their names, and what they are made of; what they share is there once. */
function definitions(schemas) {
  const defs = {};
  for (const schema of schemas) {
    const { $defs, ...rest } = schema;
    const own = without(rest, ['$schema', '$id', 'title', 'defaultSnippets']);
    for (const [name, part] of Object.entries({ [own.properties.kind.const]: own, ...$defs })) {
      if (Object.hasOwn(defs, name) && !isDeepStrictEqual(defs[name], part))
        throw new Error(`two schemas have a $defs/${name}, and not the same`);
      defs[name] = part;
    }
  }
  return defs;
}

function textOf(part) {
  return JSON.stringify(part, (_key, value) => (isMap(value) ? forEditors(value) : value));
}

/** The same schema in the keywords that yaml-language-server and VS Code have messages and completions for. */
function forEditors({ 'x-error': error, not, oneOf, examples: [example, ...more] = [], ...schema }) {
  const errorMessage = error && sentences(`This ${error.rule}`, error.hint);
  // `not` has no message of its own there. What may not be there may not be empty either: null stands for nothing else.
  if (not !== undefined) return { allOf: [{ type: 'null', errorMessage }] };
  if (errorMessage !== undefined) schema.errorMessage = errorMessage;
  if (oneOf !== undefined)
    Object.assign(
      schema,
      exactlyOne(
        oneOf.map(({ required: [key] }) => key),
        schema,
      ),
    );
  if (example === undefined || Array.isArray(example)) return schema;
  // Maps would be offered by the name of "[object Object]", and lists put at the wrong depth.
  if (typeof example !== 'object') return { ...schema, examples: [example, ...more] };
  return {
    ...schema,
    defaultSnippets: [{ label: 'example', body: example }],
  };
}

/** One of some keys and no second: a message for either mistake. */
function exactlyOne(keys, { allOf = [] }) {
  const [key] = keys;
  const none = { required: [key], errorMessage: sentences(`Write one of ${keys.join(', ')}`) };
  const errorMessage = sentences('An entry names one thing', 'write an entry for each');
  const second = keys.slice(0, -1).map((one, index) => {
    const others = Object.fromEntries(keys.slice(index + 1).map((other) => [other, false]));
    return where({ required: [one] }, { properties: others, errorMessage });
  });
  const present = { anyOf: keys.map((one) => ({ required: [one] })) };
  return { allOf: [...allOf, { if: present, else: none }, ...second] };
}

function where(condition, schema) {
  // `then` is a key of JSON Schema, and no promise.
  // oxlint-disable-next-line unicorn/no-thenable
  return { if: condition, then: schema };
}

function without(schema, names) {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !names.includes(name)));
}

function isMap(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sentences(...texts) {
  return texts.map((text) => `${text[0].toUpperCase()}${text.slice(1)}.`).join(' ');
}
