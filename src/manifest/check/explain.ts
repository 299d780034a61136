import type { ErrorObject } from 'ajv/dist/2020.js';
import { choicesIn, isRecord, knownKeys, paramOf } from './ajv-error.ts';
import { explainError, type Mistake } from './explain-error.ts';
import { nearest } from '../nearest.ts';
import type { Nodes } from '../read/node-at.ts';

/** Turns ajv's errors into one mistake for each thing that the author has to mend. */
export function explain(errors: readonly ErrorObject[], nodes: Nodes): Mistake[] {
  const misspelt = misspeltKeys(errors);
  const forbidden = new Set(
    errors.filter(({ keyword }) => keyword === 'false schema').map(({ instancePath }) => instancePath),
  );
  const mistakes: Mistake[] = [];
  const blamed = new Set<string>();
  for (const error of errors) {
    if (isNoise(error, misspelt) || isInside(error, forbidden)) continue;
    const mistake = explainError(error, nodes);
    const key = mistake.missing ? `${mistake.offset} ${mistake.message}` : `${mistake.offset}`;
    if (!blamed.has(key)) mistakes.push(mistake);
    blamed.add(key);
  }
  return mistakes;
}

/** Whether the error is about the value of a key that may not be there at all. */
function isInside({ keyword, instancePath }: ErrorObject, forbidden: ReadonlySet<string>): boolean {
  if (keyword !== 'false schema' && forbidden.has(instancePath)) return true;
  for (let end = instancePath.lastIndexOf('/'); end > 0; end = instancePath.lastIndexOf('/', end - 1)) {
    if (forbidden.has(instancePath.slice(0, end))) return true;
  }
  return false;
}

type Misspelt = ReadonlyMap<string, ReadonlySet<string | undefined>>;

/** By the path of a map: the keys that its unknown keys were meant to be. */
function misspeltKeys(errors: readonly ErrorObject[]): Misspelt {
  const meant = new Map<string, Set<string | undefined>>();
  for (const error of errors) {
    if (error.keyword !== 'additionalProperties') continue;
    const keys = meant.get(error.instancePath) ?? new Set();
    keys.add(nearest(paramOf(error, 'additionalProperty'), knownKeys(error)));
    meant.set(error.instancePath, keys);
  }
  return meant;
}

function isNoise(error: ErrorObject, misspelt: Misspelt): boolean {
  // Branches that a choice did not take, and what a `propertyNames` or `if` error only sums up.
  if (error.schemaPath.includes('/oneOf/') || error.propertyName !== undefined || error.keyword === 'if') {
    return true;
  }
  const meant = misspelt.get(error.instancePath);
  if (error.keyword === 'required') return meant?.has(paramOf(error, 'missingProperty')) ?? false;
  if (error.keyword !== 'oneOf') return false;
  return !isRecord(error.data) || (meant !== undefined && choicesIn(error.data).length === 0);
}
