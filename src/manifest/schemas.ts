import { readFileSync } from 'node:fs';
import type { ValidateFunction } from 'ajv';
import { say } from '../model/say.ts';
import { validate as directory } from '../validators/directory.js';
import { validate as event } from '../validators/event.js';
import { validate as tenant } from '../validators/fleet-tenant.js';
import { validate as roster } from '../validators/roster.js';
import { explain, type Tell } from './check/explain.ts';
import type { Report } from './diagnostics.ts';
import { type Kind, type Manifest, isRecord } from './manifest.ts';
import type { Places } from './read/places.ts';

const validators: Readonly<Record<Kind, ValidateFunction<Manifest>>> = {
  Event: event,
  Roster: roster,
  Directory: directory,
  Tenant: tenant,
};

/** The name of each kind's schema; `tenant` is what the embedded platform's own file is called. */
const schemaNames: Readonly<Record<Kind, string>> = {
  Event: 'event',
  Roster: 'roster',
  Directory: 'directory',
  Tenant: 'fleet-tenant',
};

/** The function that was made of the schema of a kind. */
export function validatorOf(kind: Kind): ValidateFunction<Manifest> {
  return validators[kind];
}

/** The schema of a kind, as it is shipped. It is read only where something is to be explained. */
export function schemaOf(kind: Kind | 'Lock'): Readonly<Record<string, unknown>> {
  const name = kind === 'Lock' ? 'lock' : schemaNames[kind];
  const file = new URL(`../../schemas/${name}.schema.json`, import.meta.url);
  const schema: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return isRecord(schema) ? schema : {};
}

/** A value held against its schema. */
export interface Checked {
  /** With mistakes: what is left of it where that is a manifest, else null. */
  readonly manifest: Manifest | null;
  /** What is left of the value. It may lack keys that a manifest has. */
  readonly left: unknown;
  /** Whether there are any. */
  readonly mistakes: boolean;
}

/** Holds a value against its schema, and tells what is wrong with it. */
export function check(value: unknown, kind: Kind, places: Places, report: Report, tell: Tell): Checked {
  const validate = validatorOf(kind);
  if (validate(value)) return { manifest: value, left: value, mistakes: false };
  let told = false;
  const left = explain(value, schemaOf(kind), places, report, (path, mistake) => {
    told = true;
    tell(path, mistake);
  });
  if (!told) {
    // The walk understands less than ajv does: what it cannot explain is refused anyway.
    tell([], () => ({
      code: 'invalid',
      message: say`this does not fit the schema of a manifest`,
      hint: say`see: rollcall explain`,
      offset: places.value(null, '').offset,
    }));
    return { manifest: null, left: null, mistakes: true };
  }
  return { manifest: validate(left) ? left : null, left, mistakes: true };
}
