// Compiles the JSON Schemas into functions, so that no command spends its start on doing so. Part of `npm run build`.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { _Code } from 'ajv/dist/compile/codegen/code.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { isCalendarDay } from '../../dist/manifest/calendar-day.js';

const root = new URL('../../', import.meta.url);

/** Manifests: every mistake, with what the messages are made from. */
const thorough = { allErrors: true, verbose: true, strictTypes: false, allowUnionTypes: true };

/** Files that rollcall itself has written: whether they fit, and the first fault. */
const quick = { allErrors: false, strict: false };

const names = { event: thorough, roster: thorough, directory: thorough, plan: quick, journal: quick };

/** The code of one validator, as CommonJS: that can be loaded when it is needed, without waiting. */
function validatorOf(name, options) {
  const schema = JSON.parse(readFileSync(new URL(`schemas/${name}.schema.json`, root), 'utf8'));
  const ajv = new Ajv2020({
    ...options,
    formats: { date: isCalendarDay },
    // The function stands by itself, so its source can stand in the validator.
    code: { source: true, optimize: 2, formats: new _Code(`{ date: ${isCalendarDay.toString()} }`) },
  });
  return standalone.default(ajv, ajv.compile(schema));
}

mkdirSync(new URL('dist/validators/', root), { recursive: true });
for (const [name, options] of Object.entries(names)) {
  writeFileSync(new URL(`dist/validators/${name}.cjs`, root), validatorOf(name, options));
}
