import { stringify } from 'yaml';
import { isRecord } from '../manifest.ts';

/** A JSON Schema, of which as much is understood as those of files that people write use. */
export type Schema = Readonly<Record<string, unknown>>;

/** What may stand under a name in a file, as its schema says it. */
export interface Key {
  /** `*`: whatever one calls it, as a label or a person's handle. Empty: the file itself. */
  readonly name: string;
  readonly meaning: string;
  /** What its value looks like, where the schema says that apart from its meaning. */
  readonly form: string | null;
  /** As in `list of maps`. */
  readonly type: string;
  /** The only values, where there are such. */
  readonly values: readonly unknown[];
  /** Undefined: none. */
  readonly default: unknown;
  readonly examples: readonly unknown[];
  /** Whether it has to be there whatever else is. */
  readonly required: boolean;
  /** Where else it has to be, and where it may not be: sentences. */
  readonly rules: readonly string[];
  /** Those of the map that it is, or of the maps in its list. */
  readonly keys: readonly Key[];
}

/** A schema that holds where something else does, and the words for that. */
interface Condition {
  readonly when: string;
  readonly schema: Schema;
}

/** A file as a key without a name: what it is, and what may stand in it. */
export function keysOf(schema: Schema): Key {
  return new Reader(schema).key('', schema, []);
}

class Reader {
  readonly #root: Schema;

  constructor(root: Schema) {
    this.#root = root;
  }

  key(
    name: string,
    written: Schema,
    conditions: readonly Condition[],
    {
      required = false,
      rules = [],
    }: { readonly required?: boolean; readonly rules?: readonly string[] } = {},
  ): Key {
    const schema = this.#resolved(written);
    const meaning = wordsIn(schema['description']);
    const form = wordsIn(this.#target(written)['description']);
    return {
      name,
      meaning,
      form: form === meaning || form === '' ? null : form,
      type: this.#type(schema),
      values: 'const' in schema ? [schema['const']] : listIn(schema['enum']),
      default: schema['default'],
      examples: listIn(schema['examples']),
      required,
      rules,
      keys: this.#keysIn(schema, [...conditions, ...this.#conditionsIn(schema)]),
    };
  }

  #keysIn(schema: Schema, conditions: readonly Condition[]): Key[] {
    const { items, properties, additionalProperties: free } = schema;
    if (isRecord(items)) {
      const item = this.#resolved(items);
      const inside = conditions.flatMap((one) => this.#part(one, one.schema['items']));
      return this.#keysIn(item, [...inside, ...this.#conditionsIn(item)]);
    }
    const named = Object.entries(recordIn(properties)).map(([name, written]) =>
      this.#named(name, recordIn(written), listIn(schema['required']).includes(name), conditions),
    );
    return [...named, ...this.#chosen(schema), ...(isRecord(free) ? [this.key('*', free, [])] : [])];
  }

  #named(name: string, written: Schema, required: boolean, conditions: readonly Condition[]): Key {
    const needed = conditions.filter(({ schema }) => listIn(schema['required']).includes(name));
    const parts = conditions.flatMap((one) => this.#part(one, recordIn(one.schema['properties'])[name]));
    const forbidden = parts.filter(({ schema }) => 'not' in schema);
    const narrowed = parts.filter(({ schema }) => 'const' in schema);
    const rules = [
      ...ruleFor('Required', needed),
      ...ruleFor('Not allowed', forbidden),
      ...narrowed.flatMap((one) => ruleFor(`Only \`${String(one.schema['const'])}\``, [one])),
    ];
    return this.key(name, written, parts, { required, rules });
  }

  /** Keys that only some choices of a map have, and beside which value they stand. */
  #chosen({ oneOf, properties }: Schema): Key[] {
    const found = new Map<string, { readonly written: Schema; readonly beside: string[] }>();
    const choices = listIn(oneOf).map((one) => recordIn(recordIn(one)['properties']));
    for (const choice of choices) {
      const beside = valuesSaid(Object.entries(choice).filter(([, one]) => 'const' in recordIn(one)));
      for (const [name, written] of Object.entries(choice)) {
        const known = found.get(name) ?? { written: recordIn(written), beside: [] };
        known.beside.push(beside);
        found.set(name, known);
      }
    }
    return [...found]
      .filter(([name]) => !Object.hasOwn(recordIn(properties), name))
      .map(([name, { written, beside }]) => {
        const rules =
          beside.length === choices.length
            ? []
            : ruleFor(
                'Allowed only',
                beside.map((when) => ({ when })),
              );
        return this.key(name, written, [], { rules });
      });
  }

  /** What a condition says of a part. */
  #part({ when }: Condition, part: unknown): Condition[] {
    return isRecord(part) ? [{ when, schema: this.#resolved(part) }] : [];
  }

  #conditionsIn({ allOf, dependentSchemas }: Schema): Condition[] {
    const conditional = listIn(allOf).flatMap((one): Condition[] => {
      const { if: condition, then } = this.#resolved(recordIn(one));
      return isRecord(condition) && isRecord(then)
        ? [{ when: conditionSaid(condition), schema: this.#resolved(then) }]
        : [];
    });
    const dependent = Object.entries(recordIn(dependentSchemas)).flatMap(([key, one]) => {
      const schema = this.#resolved(recordIn(one));
      const parts = [schema, ...listIn(schema['allOf']).map((part) => this.#resolved(recordIn(part)))];
      return parts.map((part): Condition => ({ when: `\`${key}\``, schema: part }));
    });
    return [...conditional, ...dependent];
  }

  #type(schema: Schema): string {
    const types = [schema['type'] ?? typesOf(schema)].flat().map(String);
    const { items } = schema;
    return types
      .map((type) => {
        if (type === 'array')
          return `list of ${isRecord(items) ? this.#type(this.#resolved(items)) : 'values'}`;
        return schema['format'] === 'date' ? 'day' : (typeWords.get(type) ?? type);
      })
      .join(' or ')
      .replace(/^list of map$/, 'list of maps');
  }

  #resolved(written: Schema): Schema {
    const { $ref: ref, ...own } = written;
    return typeof ref === 'string' ? { ...this.#resolved(this.#at(ref)), ...own } : written;
  }

  /** What a reference leads to, without what stands beside it. */
  #target(written: Schema): Schema {
    const { $ref: ref } = written;
    return typeof ref === 'string' ? this.#target(this.#at(ref)) : written;
  }

  #at(ref: string): Schema {
    return ref
      .split('/')
      .slice(1)
      .reduce((schema, part) => recordIn(schema[part]), this.#root);
  }
}

const typeWords: ReadonlyMap<string, string> = new Map([
  ['object', 'map'],
  ['string', 'text'],
  ['boolean', 'true or false'],
  ['integer', 'whole number'],
]);

/** The types of a schema that names its values, or its alternatives. */
function typesOf({ const: only, enum: values = [only], anyOf }: Schema): readonly unknown[] {
  if (Array.isArray(anyOf)) return anyOf.flatMap((one) => recordIn(one)['type'] ?? []);
  return [...new Set(listIn(values).map((value) => typeof value))];
}

function conditionSaid({ properties, required }: Schema): string {
  const values = Object.entries(recordIn(properties));
  const keys = listIn(required).filter((key) => values.every(([name]) => name !== key));
  return [
    ...keys.map((key) => `\`${String(key)}\``),
    ...(values.length > 0 ? [valuesSaid(values)] : []),
  ].join(' and ');
}

/** Keys with the values that they have to have. */
function valuesSaid(entries: readonly (readonly [string, unknown])[]): string {
  return entries
    .map(([key, schema]) => {
      const { const: only, enum: values = [only] } = recordIn(schema);
      return alternatives(listIn(values).map((value) => `\`${key}: ${String(value)}\``));
    })
    .join(' and ');
}

function ruleFor(what: string, conditions: readonly Pick<Condition, 'when'>[]): string[] {
  return conditions.length === 0 ? [] : [`${what} with ${alternatives(conditions.map(({ when }) => when))}.`];
}

function alternatives(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}

function wordsIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function recordIn(value: unknown): Schema {
  return isRecord(value) ? value : {};
}

/** A key with one of its values as it is written, in lines of a file. */
export function exampleText({ name }: Key, value: unknown): string {
  return stringify({ [written(name)]: value }, { lineWidth: 0 }).trimEnd();
}

/** A value as it is written by itself. */
export function valueText(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow' }).trim();
}

/** Where a name is free this stands for one. */
function written(name: string): string {
  return name === '*' ? 'any-name' : name;
}
