import {
  explained,
  findKey,
  manifestNames,
  type FoundKey,
  type KeysOfKind,
} from '../../manifest/keys/find-key.ts';
import { exampleText, type Key, keysOf, type Schema, valueText } from '../../manifest/keys/keys.ts';
import { broken } from '../../report/text/terminal.ts';
import { exitCodes, UsageError } from '../../run/usage-error.ts';
import type { Surroundings } from '../surroundings.ts';
import { emulatorSchema, schemaFile } from './schema.ts';
import { widthFor } from '../terminal.ts';

/** The widest line: prose is hard to read in longer ones. */
const widest = 100;

/** A line, and how far it is indented where it is broken. */
type Line = readonly [indent: number, text: string];

/**
 * `rollcall explain`: prints what a key of a file means, from its schema alone; without one, the kinds of file.
 *
 * @throws UsageError for a path that leads nowhere
 */
export async function explainCommand({ stdout }: Surroundings, path: string | undefined): Promise<number> {
  const keysOfKind = await kindsFor(path);
  const found = path === undefined ? null : findKey(path, keysOfKind);
  if (found !== null && 'message' in found) throw new UsageError(found.message, found.hint);
  const lines = found === null ? kindLines(keysOfKind) : keyLines(found);
  const columns = Math.min(stdout.columns ?? widest, widest);
  const width = await widthFor(lines.map(([, text]) => text));
  const printed = lines.flatMap(([indent, text]) =>
    broken(text, { columns: columns - indent, width }).map((line, index) =>
      `${' '.repeat(indent)}${index === 0 ? line : line.trimStart()}`.trimEnd(),
    ),
  );
  stdout.write(`${printed.join('\n')}\n`);
  return exitCodes.done;
}

/** The keys of each kind of file. Those of the embedded platform take long to load, and are left out where nobody asks. */
async function kindsFor(path: string | undefined): Promise<KeysOfKind> {
  const first = path?.split('.')[0]?.toLowerCase();
  const isManifest = manifestNames.some((name) => name === first);
  const made = new Map<string, object>();
  for (const kind of isManifest ? [] : explained) {
    const schema = await emulatorSchema(kind);
    if (schema !== undefined) made.set(kind, schema);
  }
  // A schema is an object.
  return (kind) => keysOf((made.get(kind) ?? JSON.parse(schemaFile(kind))) as Schema);
}

function kindLines(keysOfKind: KeysOfKind): Line[] {
  return [
    [0, 'Kinds of file:'],
    ...explained.flatMap((kind): Line[] => [
      [2, kind],
      [6, keysOfKind(kind).meaning],
    ]),
    [0, ''],
    [0, 'A path names a key, even inside a list: rollcall explain event.spec.attendees.user'],
  ];
}

function keyLines({ path, key }: FoundKey): Line[] {
  const { meaning, examples, keys } = key;
  const another = keys.find((one) => one.keys.length > 0) ?? keys[0];
  return [
    [0, key.name === '' ? path : `${path}: ${typeOf(key)}`],
    [0, ''],
    [2, meaning],
    ...under(null, factsOf(key).map(indented)),
    ...under('Example:', examples.flatMap((example) => exampleText(key, example).split('\n')).map(indented)),
    ...under(
      'Keys:',
      keys.flatMap((one): Line[] => [
        [2, `${one.name === '*' ? '(any name)' : one.name}: ${typeOf(one)}`],
        [6, one.meaning],
      ]),
    ),
    ...under(null, another === undefined ? [] : [[0, `For more: rollcall explain ${path}.${another.name}`]]),
  ];
}

/** Lines below a heading, if there are any. */
function under(heading: string | null, lines: readonly Line[]): Line[] {
  if (lines.length === 0) return [];
  return [[0, ''], ...(heading === null ? [] : [[0, heading] satisfies Line]), ...lines];
}

function indented(text: string): Line {
  return [2, text];
}

function typeOf({ type, values, required, default: given }: Key): string {
  const kind = values.length > 1 ? `one of ${values.map(valueText).join(', ')}` : type;
  const fixed = given === undefined ? '' : ` (default: ${valueText(given)})`;
  return `${kind}${fixed}${required ? ', required' : ''}`;
}

/** What there is to say of a key's value, beside its type. */
function factsOf({ form, values, rules }: Key): string[] {
  const [only, another] = values;
  const fixed = only !== undefined && another === undefined ? [`Always ${valueText(only)}.`] : [];
  return [...(form === null ? [] : [form]), ...fixed, ...rules];
}
