import type { ErrorObject } from 'ajv/dist/2020.js';
import { referenceKinds } from '../manifest.ts';

/** What ajv's errors hold, read safely: `params` and `parentSchema` have no types of their own. */

/** A parameter of the error as text; lists are joined by commas. */
export function paramOf(error: ErrorObject, name: string): string {
  return listParam(error, name).join();
}

/** A parameter of the error as a list of texts. */
export function listParam(error: ErrorObject, name: string): string[] {
  const params: unknown = error.params;
  const value = isRecord(params) ? params[name] : undefined;
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** The keys that the schema knows where the error is. */
export function knownKeys(error: ErrorObject): string[] {
  const properties: unknown = error.parentSchema?.['properties'];
  return isRecord(properties) ? Object.keys(properties) : [];
}

/** Which keys of the value say what an entry names. */
export function choicesIn(value: unknown): string[] {
  return isRecord(value) ? Object.keys(value).filter(isChoice) : [];
}

/** Whether a key says what an entry names. */
export function isChoice(key: string): boolean {
  return key === 'type' || referenceKinds.some((kind) => kind === key);
}

/** The name under `$defs` of the schema that refused the value. */
export function definitionOf(error: ErrorObject): string | undefined {
  return /\$defs\/(\w+)\/\w+$/.exec(error.schemaPath)?.[1];
}

/** The name under `$defs` of the condition that forbade a key. */
export function conditionOf(error: ErrorObject): string | undefined {
  return /\$defs\/(\w+)\//.exec(error.schemaPath)?.[1];
}

/** Whether a value is a map. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
