/** TypeScript of JSON Schema: as much of it as the schemas in `schemas/` use. */

type Json = { readonly [key: string]: unknown };

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const quoted = (value: unknown): string => JSON.stringify(value);

/** The type of all values that a schema takes, but for its conditions, patterns and limits. */
export function typeOf(root: Json): string {
  return of(root);

  function of(schema: unknown): string {
    if (!isJson(schema)) throw new Error(`not a schema: ${quoted(schema)}`);
    const { $ref, oneOf, enum: values, type } = schema;
    if (typeof $ref === 'string') return of(at($ref));
    if ('const' in schema) return quoted(schema['const']);
    if (Array.isArray(values)) return values.map(quoted).join(' | ');
    // Where keys are said beside it, it says which of them have to be there.
    if (Array.isArray(oneOf) && schema['properties'] === undefined) return oneOf.map(of).join(' | ');
    const types: readonly unknown[] = Array.isArray(type) ? type : [type];
    return types.map((one) => ofType(one, schema)).join(' | ');
  }

  function ofType(type: unknown, schema: Json): string {
    const { items, pattern } = schema;
    switch (type) {
      case 'integer':
        return 'number';
      case 'string':
        return String(pattern).endsWith('%$') ? '`${number}%`' : 'string';
      case 'array':
        return `readonly (${of(items)})[]`;
      case 'object':
        return ofObject(schema);
      case 'boolean':
      case 'null':
        return type;
      default:
        throw new Error(`no type: ${quoted(schema)}`);
    }
  }

  function ofObject({ properties, required, additionalProperties }: Json): string {
    if (isJson(additionalProperties)) return `Readonly<Record<string, ${of(additionalProperties)}>>`;
    const needed: readonly unknown[] = Array.isArray(required) ? required : [];
    const members = Object.entries(isJson(properties) ? properties : {}).map(
      ([key, schema]) => `readonly ${quoted(key)}${needed.includes(key) ? '' : '?'}: ${of(schema)};`,
    );
    return `{ ${members.join(' ')} }`;
  }

  function at(ref: string): unknown {
    let found: unknown = root;
    for (const key of ref.split('/').slice(1)) found = isJson(found) ? found[key] : undefined;
    return found;
  }
}
