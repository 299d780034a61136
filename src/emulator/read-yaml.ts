import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { nearest } from '../manifest/nearest.ts';
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';

/** A YAML text as a value, what is wrong with it, and where a path of it stands as `file:line:column`. */
export interface ReadYaml {
  readonly value: unknown;
  readonly problems: readonly string[];
  readonly at: (path: readonly (string | number)[]) => string;
}

/** Says whether a value fits a JSON Schema, with all errors. */
export type Validate = ValidateFunction;

/** Where a schema has a `discriminator`, the branch that a value chose is the one that is checked. */
export function compileSchema(schema: object): Validate {
  const options = { allErrors: true, verbose: true, allowUnionTypes: true, discriminator: true };
  return new Ajv(options).compile(schema);
}

/** Reads one YAML 1.2 document and checks it. An empty one has nothing to be checked. */
export function readYaml(text: string, file: string, validate: Validate): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    version: '1.2',
    merge: false,
  });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const at = (path: readonly (string | number)[]): string => place(offsetOf(document, path));
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return {
      value: undefined,
      problems: faults.map((fault) => `${place(fault.pos[0])}: ${withoutText(fault.message)}`),
      at,
    };
  }
  const value = valueOf(document);
  if (value instanceof Error)
    return { value: undefined, problems: [`${place(0)}: ${withoutText(value.message)}`], at };
  const valid = value === null || validate(value);
  const errors = valid ? [] : (validate.errors ?? []).filter(({ keyword }) => keyword !== 'discriminator');
  return { value, problems: errors.map((error) => explain(error, document, at, place)), at };
}

/** What a message of the YAML package says after a colon is text of the file, which may be a secret. */
function withoutText(message: string): string {
  const [said = message] = message.split(': ', 1);
  return said;
}

function valueOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error) {
    return error instanceof Error ? error : new Error('the aliases cannot be resolved');
  }
}

function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
    if (node?.range?.[0] !== undefined) return node.range[0];
  }
  return 0;
}

function keyOffset(document: Document, path: readonly (string | number)[], key: string): number | undefined {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isMap(map)) return undefined;
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

function explain(
  error: ErrorObject,
  document: Document,
  at: ReadYaml['at'],
  place: (offset: number) => string,
): string {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  // ajv types the parameters of a keyword by its name only.
  const params = error.params as {
    additionalProperty?: string;
    missingProperty?: string;
    allowedValues?: unknown[];
    type?: unknown;
  };
  const key = path.filter((part) => typeof part === 'string').at(-1) ?? 'the file';
  const name = typeof path.at(-1) === 'number' ? `an entry of ${key}` : key;
  if (params.additionalProperty !== undefined) {
    const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
    const key = params.additionalProperty;
    const offset = keyOffset(document, path, key);
    const where = offset === undefined ? at(path) : place(offset);
    return `${where}: unknown key "${key}"; ${suggestion(key, known)}`;
  }
  if (params.missingProperty !== undefined) return `${at(path)}: "${params.missingProperty}" is missing`;
  if (params.allowedValues !== undefined) {
    const values = params.allowedValues.map(String);
    const near = typeof error.data === 'string' ? nearest(error.data, values) : undefined;
    const hint = near === undefined ? '' : `; did you mean "${near}"?`;
    return `${at(path)}: ${name} is one of ${values.join(', ')}; it is ${JSON.stringify(error.data)}${hint}`;
  }
  if (params.type === 'string' && typeof error.data === 'number') {
    if (isSecret(path)) return `${at(path)}: ${name} is a string; put it in quotes`;
    const node = document.getIn(path, true);
    const written = isScalar(node) ? (node.source ?? String(error.data)) : String(error.data);
    return `${at(path)}: ${name} is a string; put it in quotes: "${written}"`;
  }
  const shown = isSecret(path) ? '' : `; it is ${JSON.stringify(error.data)}`;
  return `${at(path)}: ${name} ${error.message ?? 'is not valid'}${shown}`;
}

/** Whether a value is or holds a secret of a tenant file. */
function isSecret([first]: readonly (string | number)[]): boolean {
  return first === undefined || first === 'apps' || first === 'tokens';
}

function suggestion(key: string, known: readonly string[]): string {
  const close = nearest(key, known);
  return close === undefined ? `the keys here are ${known.join(', ')}` : `did you mean "${close}"?`;
}
