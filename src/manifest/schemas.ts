import type { ValidateFunction } from 'ajv';
import { validate as directory } from '../validators/directory.js';
import { validate as event } from '../validators/event.js';
import { validate as roster } from '../validators/roster.js';
import type { Kind, Manifest } from './manifest.ts';

const validators: Readonly<Record<Kind, ValidateFunction<Manifest>>> = {
  Event: event,
  Roster: roster,
  Directory: directory,
};

/** The function that was made of the schema of a kind. */
export function validatorOf(kind: Kind): ValidateFunction<Manifest> {
  return validators[kind];
}
