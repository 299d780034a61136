// Makes functions of the schemas, `src/validators/*.js`: compiling them when a command starts would take longer than the
// command does. The build copies them to `dist/`; the tests make them anew where a schema is newer.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { _Code } from 'ajv/dist/compile/codegen/code.js';
import standalone from 'ajv/dist/standalone/index.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The schemas that values are held against. */
const names = ['event', 'roster', 'directory', 'fleet-tenant', 'lock', 'plan', 'journal'];

/** Those of which it only counts whether a value fits. */
const manifests = ['event', 'roster', 'directory', 'fleet-tenant'];

/** What the code says of a fault. */
const text = String.raw`(?:[^{}"]|"(?:[^"\\]|\\.)*")*`;
const faults = new RegExp(String.raw`\{instancePath[:,]${text}params:\{${text}\}${text}\}`, 'g');

/** What of a fault nobody is told: of plans and journals the place and the message are. */
const untold = new RegExp(String.raw`,schemaPath:${text}params:\{${text}\},(?=message:)`, 'g');

/** What functions tell each other of what a value is in, and do not look at. */
const around = /, ?parentData(?::\w+)?, ?parentDataProperty(?::(?:"[^"]*"|\w+))?, ?rootData(?:=data)?(?=\})/g;
const paths = /, \{instancePath.*?\}(?=\)|=\{\}\))(?:=\{\})?/g;

/** How the code ends at a fault that it says something of. */
const ends = /(\w+)\.errors = \[\{instancePath(?::(.*?))?,message:(.*)\}\];\nreturn false;/g;
const ended =
  'const fail = (of, instancePath, message) => ((of.errors = [{ instancePath, message }]), false);';

/** Whether a value fits, and the first fault: what else is wrong in a manifest `src/manifest/check` finds. */
const options = { allErrors: false, strict: false };

const schemaOf = (name) => join(root, `schemas/${name}.schema.json`);

/** Writes the functions that are missing, or older than their schema or this file. Answers the files of all. */
export function writeValidators() {
  return names.map((name) => {
    const file = join(root, `src/validators/${name}.js`);
    const sources = [schemaOf(name), fileURLToPath(import.meta.url)];
    if (sources.some((source) => modified(source) >= modified(file))) writeFileSync(file, codeOf(name));
    return file;
  });
}

function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The code of one validator: an ES module that imports what it needs of ajv, a small part. */
function codeOf(name) {
  const schema = JSON.parse(readFileSync(schemaOf(name), 'utf8'), withoutWords);
  const ajv = new Ajv2020({
    ...options,
    schemas: [schema],
    // A function for each part that is referred to: less code than a copy at each place, and a little slower.
    inlineRefs: manifests.includes(name),
    // Stands for the real one, which the code below imports.
    formats: { date: () => true },
    code: { source: true, esm: true, lines: true, formats: new _Code('formats') },
  });
  // No schema asks which properties another has looked at, or is put together by who refers to it.
  Object.assign(ajv.opts, { unevaluated: false, dynamicRef: false });
  const made = standalone.default(ajv, exportsOf(name, schema)).replace('"use strict";', '');
  // What is wrong in a manifest `src/manifest/check` finds and words: half of the code would say it once more.
  const alone = made.replaceAll(around, '');
  const told = manifests.includes(name)
    ? alone.replaceAll(faults, '{}').replaceAll(paths, '')
    : `${ended}\n${alone.replaceAll(untold, ',').replaceAll(ends, endAt)}`;
  const code = withoutUnread(told);
  return [
    `// Made of schemas/${name}.schema.json by ajv; see src/build/validators.mjs.`,
    `import { isCalendarDay } from '../model/day.ts';`,
    'const formats = { date: isCalendarDay };',
    // Where there is nothing to require this would be all that `validate` loads the loader for.
    ...(code.includes('require(')
      ? [`import { createRequire } from 'node:module';`, 'const require = createRequire(import.meta.url);']
      : []),
    code,
    '',
  ].join('\n');
}

function endAt(_, of, path = 'instancePath', message) {
  return `return fail(${of}, ${path}, ${message});`;
}

/** The functions hold on to parts of their schema, and need nothing that is said there to people. */
function withoutWords(key, value) {
  const forPeople = ['x-error', 'examples', 'defaultSnippets'].includes(key);
  const words = ['title', 'description'].includes(key) && typeof value === 'string';
  return forPeople || words ? undefined : value;
}

/** Of the parts of their schema the functions read the names of keys, and of most of them nothing. */
function withoutUnread(code) {
  return code.replaceAll(/^const (schema\d+) = (\{.*\});$/gm, (line, name, json) => {
    const uses = [...code.matchAll(new RegExp(String.raw`\b${name}\b(?! = )((?:\.\w+)*)`, 'g'))];
    const paths = [...new Set(uses.map(([, path]) => path.slice(1)))];
    if (paths.some((path) => !path.endsWith('properties')))
      throw new Error(`${line.slice(0, 80)} is used in another way`);
    const schema = JSON.parse(json);
    const kept = {};
    for (const path of paths) {
      let [from, to] = [schema, kept];
      for (const key of path.split('.')) {
        from = from[key];
        to = to[key] ||= {};
      }
      for (const key of Object.keys(from)) to[key] ??= 0;
    }
    return paths.length === 0 ? '' : `const ${name} = ${JSON.stringify(kept)};`;
  });
}

/** A journal is held against its schema line by line: each kind of line has a function of its own. */
function exportsOf(name, { $id, oneOf }) {
  if (name !== 'journal') return { validate: $id };
  const refs = oneOf.map(({ $ref }) => $ref);
  return Object.fromEntries(refs.map((ref) => [ref.replace('#/$defs/', ''), `${$id}${ref}`]));
}

/** For the test runner, which calls this before any test. */
export function setup() {
  writeValidators();
}
