import { readFileSync } from 'node:fs';
import type { ValidateFunction } from 'ajv';
import { validate as directory } from '../validators/directory.js';
import { validate as event } from '../validators/event.js';
import { validate as tenant } from '../validators/fleet-tenant.js';
import { validate as roster } from '../validators/roster.js';
import { isRecord, type Kind, type Manifest } from './manifest.ts';

const validators: Readonly<Record<Kind, ValidateFunction<Manifest>>> = {
  Event: event,
  Roster: roster,
  Directory: directory,
  Tenant: tenant,
};

/** The name of each kind's schema; `tenant` is what the embedded platform's own file is called. */
export const schemaNames: Readonly<Record<Kind, string>> = {
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
