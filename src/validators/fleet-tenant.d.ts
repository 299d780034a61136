import type { ValidateFunction } from 'ajv';
import type { Manifest } from '../manifest/manifest.ts';

/** Whether a document is a Tenant: made of `schemas/fleet-tenant.schema.json`. */
export const validate: ValidateFunction<Manifest>;
