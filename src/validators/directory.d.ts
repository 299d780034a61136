import type { ValidateFunction } from 'ajv';
import type { Manifest } from '../manifest/manifest.ts';

/** Whether a document is a Directory: made of `schemas/directory.schema.json`. */
export const validate: ValidateFunction<Manifest>;
