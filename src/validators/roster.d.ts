import type { ValidateFunction } from 'ajv';
import type { Manifest } from '../manifest/manifest.ts';

/** Whether a document is a Roster: made of `schemas/roster.schema.json`. */
export const validate: ValidateFunction<Manifest>;
