/** A JSON object that nothing is known about yet. */
export type Json = Readonly<Record<string, unknown>>;

/** A field of another type than the API page gives it. */
export class WrongField extends Error {
  override readonly name = 'WrongField';
  readonly field: string;

  constructor(field: string, expected: string) {
    super(`${field} must be ${expected}`);
    this.field = field;
  }
}

/** The body as an object; no body stands for an empty one. */
export function objectOf(value: unknown, field = 'body'): Json {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new WrongField(field, 'an object');
  // An object that is not an array has string keys and nothing else is claimed.
  return value as Json;
}

/** A boolean, or the default where the field is absent. */
export function flagOf(object: Json, field: string, otherwise: boolean): boolean {
  const value = object[field];
  if (value === undefined) return otherwise;
  if (typeof value !== 'boolean') throw new WrongField(field, 'a boolean');
  return value;
}

/** A string, or undefined where the field is absent or empty. */
export function textOf(object: Json, field: string): string | undefined {
  const value = object[field];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw new WrongField(field, 'a string');
  return value;
}

/** A list, or an empty one where the field is absent. */
export function listOf(object: Json, field: string): readonly unknown[] {
  const value = object[field];
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new WrongField(field, 'a list');
  return value;
}

/** A list of strings, or an empty one where the field is absent. */
export function textsOf(object: Json, field: string): readonly string[] {
  return listOf(object, field).map((item) => {
    if (typeof item !== 'string') throw new WrongField(field, 'a list of strings');
    return item;
  });
}

/** A whole number of the query, or the default where it is absent. */
export function countOf(query: URLSearchParams, field: string, otherwise: number): number {
  const value = query.get(field);
  if (value === null || value === '') return otherwise;
  if (!/^-?\d{1,9}$/.test(value)) throw new WrongField(field, 'a whole number');
  return Number(value);
}

/** `true` or `false` of the query, or the default where it is absent. */
export function switchOf(query: URLSearchParams, field: string, otherwise: boolean): boolean {
  const value = query.get(field);
  if (value === null || value === '') return otherwise;
  if (value !== 'true' && value !== 'false') throw new WrongField(field, '"true" or "false"');
  return value === 'true';
}
