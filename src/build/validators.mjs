import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { _Code } from 'ajv/dist/compile/codegen/code.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';

/** Manifests: every mistake, with what the messages are made from. */
const thorough = { allErrors: true, verbose: true, strictTypes: false, allowUnionTypes: true };

/** Files that rollcall itself has written: whether they fit, and the first fault. */
const quick = { allErrors: false, strict: false };

/** The schemas that values are held against, and how closely. */
const options = { event: thorough, roster: thorough, directory: thorough, plan: quick, journal: quick };

const prefix = 'schema:';

/**
 * The schemas as modules for the bundler, by name.
 *
 * @param {string} root the package's root
 */
export function validators(root) {
  const plugin = {
    name: 'validators',
    /** @param {string} id */
    resolveId: (id) => (id.startsWith(prefix) ? id : null),
    /** @param {string} id */
    load: (id) => (id.startsWith(prefix) ? codeOf(root, id.slice(prefix.length)) : null),
  };
  return Object.keys(options).map((name) => ({ name, input: `${prefix}${name}`, plugin }));
}

/** The code of one validator, as ajv writes it: CommonJS. */
function codeOf(root, name) {
  const schema = JSON.parse(readFileSync(join(root, `schemas/${name}.schema.json`), 'utf8'));
  const day = `require(${JSON.stringify(join(root, 'src/model/day.ts'))})`;
  const ajv = new Ajv2020({
    ...options[name],
    // Stands for the real one, which the bundler puts in.
    formats: { date: () => true },
    code: { source: true, formats: new _Code(`{ date: ${day}.isCalendarDay }`) },
  });
  if (name !== 'journal') return standalone.default(ajv, ajv.compile(schema));
  ajv.addSchema(schema);
  return standalone.default(ajv, journalLines(schema));
}

/** A journal is held against its schema line by line: each kind of line has a function of its own. */
function journalLines({ $id, oneOf }) {
  const refs = oneOf.map(({ $ref }) => $ref);
  return Object.fromEntries(refs.map((ref) => [ref.replace('#/$defs/', ''), `${$id}${ref}`]));
}
