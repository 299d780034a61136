import type { ValidateFunction } from 'ajv';
import type { Manifest } from '../manifest/manifest.ts';

/** Whether a document is an Event: made of `schemas/event.schema.json`. */
export const validate: ValidateFunction<Manifest>;
