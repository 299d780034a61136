import type { ValidateFunction } from 'ajv';
import type { Plan } from '../model/plan.ts';

/** Whether a value is a plan: made of `schemas/plan.schema.json`. */
export const validate: ValidateFunction<Plan>;
