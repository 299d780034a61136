import type { ValidateFunction } from 'ajv';
import type { LockFile } from '../manifest/lock/read-lock.ts';

/** Whether a document is a `rollcall.lock`: made of `schemas/lock.schema.json`. */
export const validate: ValidateFunction<LockFile>;
