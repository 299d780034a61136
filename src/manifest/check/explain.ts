import type { Mistake, Report } from '../diagnostics.ts';
import { isRecord } from '../manifest.ts';
import { nearest } from '../nearest.ts';
import type { Places } from '../read/places.ts';
import {
  faultOf,
  forbiddenKey,
  missingChoice,
  missingKey,
  namesWrong,
  twoChoices,
  unknownKey,
  type Words,
} from './words.ts';

/** Takes in a mistake: where it is in the value, and the rest for anyone who wants to know, because that takes time. */
export type Tell = (path: readonly string[], mistake: () => Mistake) => void;

/** A JSON Schema, of which as much is understood as those of manifests use. */
export type Schema = Readonly<Record<string, unknown>>;

/** A step into a value: a key of a map or an index of a list. */
interface Step {
  readonly parent: object;
  readonly key: string;
  readonly before: Step | null;
}

/** Unknown keys of one map that are taken for known ones that it lacks. */
const mostMisspelt = 20;

/** What is left of a value without what is wrong in it; `null`: nothing. */
type Sound = { readonly value: unknown; readonly whole: boolean } | null;

/**
 * Finds what is wrong in a value that a schema has refused, all of it in one walk over both, and answers what is left
 * of the value without it. It does not decide whether a value is valid; ajv has done so.
 */
export function explain(value: unknown, schema: Schema, places: Places, report: Report, tell: Tell): unknown {
  return new Walk(schema, places, report, tell).sound(value, [schema], null)?.value;
}

class Walk {
  readonly #root: Schema;
  readonly #places: Places;
  readonly #report: Report;
  readonly #tell: Tell;
  /** Values that aliases share are looked at once for each place in the schema. */
  readonly #known = new WeakMap<object, Map<Schema, Sound>>();

  constructor(root: Schema, places: Places, report: Report, tell: Tell) {
    this.#root = root;
    this.#places = places;
    this.#report = report;
    this.#tell = tell;
  }

  sound(value: unknown, schemas: readonly Schema[], step: Step | null): Sound {
    this.#report.step();
    const all = schemas.flatMap((schema) => this.#applied(schema, value));
    const [main] = all;
    if (main === undefined || typeof value !== 'object' || value === null)
      return this.#judge(value, all, step);
    const known = this.#known.get(value) ?? new Map<Schema, Sound>();
    this.#known.set(value, known);
    const before = known.get(main);
    if (before !== undefined) return before;
    const sound = this.#judge(value, all, step);
    known.set(main, sound);
    return sound;
  }

  /** A schema and those that it brings with it for this value; the first of them says which keys there are. */
  #applied(schema: Schema, value: unknown): Schema[] {
    const { $ref: ref } = schema;
    if (typeof ref === 'string') return this.#applied(this.#definition(ref), value);
    const { allOf, dependentSchemas, then } = schema;
    const more = [
      ...(Array.isArray(allOf) ? allOf : []),
      ...Object.entries(asSchema(dependentSchemas)).flatMap(([key, one]) => (has(value, key) ? [one] : [])),
      ...(fits(value, asSchema(schema['if'])) ? [then] : []),
    ];
    return [schema, ...more.filter(isRecord).flatMap((one) => this.#applied(one, value))];
  }

  #definition(ref: string): Schema {
    const definitions = asSchema(this.#root['$defs']);
    return asSchema(definitions[ref.replace('#/$defs/', '')]);
  }

  #judge(value: unknown, schemas: readonly Schema[], step: Step | null): Sound {
    for (const schema of schemas) {
      const fault = faultOf(value, schema);
      if (fault === null) continue;
      this.#tellValue(step, (path, written) => fault(path, written));
      return null;
    }
    if (Array.isArray(value)) return this.#list(value, schemas, step);
    return isRecord(value) ? this.#map(value, schemas, step) : { value, whole: true };
  }

  #list(list: readonly unknown[], schemas: readonly Schema[], step: Step | null): Sound {
    const items = schemas.flatMap(({ items: schema }) => (isRecord(schema) ? [schema] : []));
    const left: unknown[] = [];
    for (const [index, item] of list.entries()) {
      const sound = this.sound(item, items, { parent: list, key: String(index), before: step });
      // Half an entry might name somebody else than was meant.
      if (sound?.whole === true) left.push(sound.value);
    }
    if (left.length === list.length) return { value: list, whole: true };
    return { value: this.#places.copied(left, list), whole: false };
  }

  #map(map: Schema, schemas: readonly Schema[], step: Step | null): Sound {
    const [main = {}] = schemas;
    const misspelt = new Set<string>();
    const left: [string, unknown][] = [];
    let whole = true;
    for (const [key, value] of Object.entries(map)) {
      const sound = this.#key(value, schemas, { parent: map, key, before: step }, misspelt);
      whole &&= sound?.whole === true;
      if (sound !== null) left.push([key, sound.value]);
    }
    const lacks = this.#lacking(map, schemas, step, misspelt);
    // `metadata` and `spec` stay: a name, or whom an Event lists, may still be read from them.
    if (lacks && step !== null && step.before !== null) return null;
    if (whole && !lacks) return { value: map, whole: true };
    if (main['minProperties'] !== undefined && left.length === 0) return null;
    return { value: this.#places.copied(Object.fromEntries(left), map), whole: false };
  }

  /** The value of one key. Notes under `misspelt` what an unknown key was meant to be. */
  #key(value: unknown, schemas: readonly Schema[], at: Step, misspelt: Set<string>): Sound {
    const { key } = at;
    const [main = {}] = schemas;
    const known = Object.keys(asSchema(main['properties']));
    if (main['additionalProperties'] === false && !known.includes(key)) {
      if (misspelt.size < mostMisspelt) misspelt.add(nearest(key, known) ?? key);
      this.#tellKey(at, (path) => unknownKey(path, key, known));
      return null;
    }
    const [names] = isRecord(main['propertyNames']) ? this.#applied(main['propertyNames'], key) : [];
    if (names !== undefined && faultOf(key, names) !== null) {
      this.#tellKey(at, (path) => namesWrong(path, key, names));
      return null;
    }
    const below = schemas.flatMap((schema) => schemaOf(schema, key));
    const forbidden = below.flatMap((schema) => this.#applied(schema, value)).find((one) => 'not' in one);
    if (forbidden === undefined) return this.sound(value, below, at);
    this.#tellKey(at, (path) => forbiddenKey([...path, key], forbidden));
    return null;
  }

  /** Whether something is not there; reports it, unless a key that is there was probably meant to be it. */
  #lacking(
    map: Schema,
    schemas: readonly Schema[],
    step: Step | null,
    misspelt: ReadonlySet<string>,
  ): boolean {
    let lacks = false;
    const lack = (words: (path: readonly string[]) => Words, told: boolean): void => {
      lacks = true;
      if (told) this.#tellValue(step, words);
    };
    for (const schema of schemas) {
      for (const key of textsIn(schema['required'])) {
        if (!Object.hasOwn(map, key)) lack((path) => missingKey(path, key), !misspelt.has(key));
      }
      if (schema['minProperties'] === 1 && Object.keys(map).length === 0) {
        lack((path) => missingChoice(path, Object.keys(asSchema(schema['properties']))), true);
      }
      if (!Array.isArray(schema['oneOf'])) continue;
      const choices = schema['oneOf'].flatMap((one) => textsIn(asSchema(one)['required']));
      const present = choices.filter((choice) => Object.hasOwn(map, choice));
      if (present.length === 0) lack((path) => missingChoice(path, choices), misspelt.size === 0);
      if (present.length > 1) lack((path) => twoChoices(path, present), true);
    }
    return lacks;
  }

  #tellValue(step: Step | null, words: (path: readonly string[], written: string) => Words): void {
    const path = pathOf(step);
    this.#tell(path, () => {
      const { offset, written } = this.#places.value(step?.parent ?? null, step?.key ?? '');
      return { ...words(path, written), offset };
    });
  }

  #tellKey(at: Step, words: (path: readonly string[]) => Words): void {
    const path = pathOf(at);
    this.#tell(path, () => ({ ...words(path.slice(0, -1)), offset: this.#places.key(at.parent, at.key) }));
  }
}

function pathOf(step: Step | null): string[] {
  const path: string[] = [];
  for (let at = step; at !== null; at = at.before) path.unshift(at.key);
  return path;
}

function asSchema(value: unknown): Schema {
  return isRecord(value) ? value : {};
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function has(value: unknown, key: string): boolean {
  return isRecord(value) && Object.hasOwn(value, key);
}

/** The schema of a key's value. */
function schemaOf(schema: Schema, key: string): Schema[] {
  const properties = asSchema(schema['properties']);
  const found = Object.hasOwn(properties, key) ? properties[key] : schema['additionalProperties'];
  return isRecord(found) ? [found] : [];
}

/** Whether a value fits a condition: keys that have to be there, and what they have to be. */
function fits(value: unknown, condition: Schema): boolean {
  if (!isRecord(value) || condition['required'] === undefined) return false;
  return (
    textsIn(condition['required']).every((key) => Object.hasOwn(value, key)) &&
    Object.entries(asSchema(condition['properties'])).every(([key, one]) => {
      const { const: only, enum: some = [only] } = asSchema(one);
      return Array.isArray(some) && some.includes(value[key]);
    })
  );
}
