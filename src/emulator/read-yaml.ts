import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { nearest } from '../manifest/nearest.ts';
import { type ParsedText, parseText } from '../manifest/read/parse.ts';
import { Places, sourceAt, type Written } from '../manifest/read/places.ts';
import { readValue } from '../manifest/read/read-value.ts';

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
  const parsed = parseText(text);
  const place = (offset: number): string => {
    const { line, column } = sourceAt(file, parsed.lineCounter, offset);
    return `${file}:${line}:${column}`;
  };
  const refused = (faults: readonly Mistake[], at: ReadYaml['at']): ReadYaml => {
    return { value: null, problems: faults.map((fault) => `${place(fault.offset)}: ${fault.message}`), at };
  };
  const document = parsed.documents[0]?.document;
  if (document === undefined) return refused(faultsOfText(parsed), () => place(0));
  const read = readValue(document, text);
  const places = new Places(document, read);
  const at: ReadYaml['at'] = (path) => place(valueAt(read.value, places, path).offset);
  const faults = [...faultsOfText(parsed), ...read.faults.map(withoutQuotes)];
  if (faults.length > 0) return refused(faults, at);
  const { value } = read;
  const valid = value === null || validate(value);
  const errors = valid ? [] : (validate.errors ?? []).filter(({ keyword }) => keyword !== 'discriminator');
  const problems = errors.map((error) => explain(error, value, places, place));
  // A copy is without the places that were read with it.
  return { value: structuredClone(value), problems, at };
}

/** Checks a value that no text was read for: its places are paths. */
export function checkValue(value: object, validate: Validate): ReadYaml {
  const errors = validate(value) ? [] : (validate.errors ?? []);
  return {
    value,
    problems: errors.map(({ instancePath, message }) => `${instancePath}: ${message ?? 'is not valid'}`),
    at: (path) => `/${path.join('/')}`,
  };
}

interface Mistake {
  readonly message: string;
  readonly offset: number;
}

/** Why a text is not YAML, or not the one document that it has to be. */
function faultsOfText({ documents: [first, second], givenUp }: ParsedText): readonly Mistake[] {
  const faults = (first?.document.errors ?? []).map(({ message, pos: [offset] }) => {
    // What the YAML package says after a colon is text of the file, which may be a secret.
    const [said = message] = message.split(': ', 1);
    return { message: said, offset };
  });
  const version = first?.otherVersion;
  if (version) faults.push({ message: 'only YAML 1.2 is supported', offset: version.offset });
  if (second !== undefined) {
    faults.push({ message: 'a second document begins here', offset: second.document.range[0] });
  }
  if (givenUp !== null) faults.push({ message: tooMuch[givenUp.why], offset: givenUp.offset });
  return faults;
}

const tooMuch = {
  'too-deep': 'lists and maps are nested too deeply here',
  'too-much': 'the file is too long',
};

/** What manifests do not allow either, said without its text: without quotes a secret can be an alias or a tag. */
function withoutQuotes({ code, offset }: Pick<Mistake, 'offset'> & { readonly code: string }): Mistake {
  return { message: faultWords.get(code) ?? 'this is not supported', offset };
}

const faultWords: ReadonlyMap<string, string> = new Map([
  ['tag', 'tags are not supported; put text that begins with "!" in quotes'],
  ['unknown-alias', 'this alias names no anchor above it; put text that begins with "*" in quotes'],
  ['alias-bomb', 'the aliases expand to too many values'],
  ['duplicate-key', 'this key appears twice'],
  ['merge-key', 'the merge key << is not part of YAML 1.2'],
  ['non-string-key', 'this key is not text'],
]);

/** The value at a path, or as much of the path as there is, in the text. */
function valueAt(value: unknown, places: Places, path: readonly (string | number)[]): Written {
  let parent: object | null = null;
  let [key, below] = ['', value];
  for (const step of path) {
    if (typeof below !== 'object' || below === null || !Object.hasOwn(below, step)) break;
    [parent, key, below] = [below, String(step), Reflect.get(below, step)];
  }
  return places.value(parent, key);
}

/** The map at a path. */
function mapAt(value: unknown, path: readonly (string | number)[]): object {
  let below = value;
  for (const step of path)
    below = typeof below === 'object' && below !== null ? Reflect.get(below, step) : null;
  return typeof below === 'object' && below !== null ? below : {};
}

function explain(
  error: ErrorObject,
  value: unknown,
  places: Places,
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
  const { offset, written } = valueAt(value, places, path);
  const at = place(offset);
  const key = path.filter((part) => typeof part === 'string').at(-1) ?? 'the file';
  const name = typeof path.at(-1) === 'number' ? `an entry of ${key}` : key;
  if (params.additionalProperty !== undefined) {
    const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
    const key = params.additionalProperty;
    return `${place(places.key(mapAt(value, path), key))}: unknown key "${key}"; ${suggestion(key, known)}`;
  }
  if (params.missingProperty !== undefined) return `${at}: "${params.missingProperty}" is missing`;
  if (params.allowedValues !== undefined) {
    const values = params.allowedValues.map(String);
    const near = typeof error.data === 'string' ? nearest(error.data, values) : undefined;
    const hint = near === undefined ? '' : `; did you mean "${near}"?`;
    return `${at}: ${name} is one of ${values.join(', ')}; it is ${JSON.stringify(error.data)}${hint}`;
  }
  if (params.type === 'string' && typeof error.data === 'number') {
    if (isSecret(path)) return `${at}: ${name} is a string; put it in quotes`;
    return `${at}: ${name} is a string; put it in quotes: "${written}"`;
  }
  const shown = isSecret(path) ? '' : `; it is ${JSON.stringify(error.data)}`;
  return `${at}: ${name} ${error.message ?? 'is not valid'}${shown}`;
}

/** Whether a value is or holds a secret of a tenant file. */
function isSecret([first]: readonly (string | number)[]): boolean {
  return first === undefined || first === 'apps' || first === 'tokens';
}

function suggestion(key: string, known: readonly string[]): string {
  const close = nearest(key, known);
  return close === undefined ? `the keys here are ${known.join(', ')}` : `did you mean "${close}"?`;
}
