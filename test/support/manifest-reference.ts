import { stringify } from 'yaml';
import { exampleText, type Key, valueText } from '../../src/manifest/keys/keys.ts';

/** The keys of a kind of manifest as a page tells them: a table, and the examples that take several lines. */
export function referenceOf(kind: Key): string {
  const rows = rowsBelow(kind, '');
  const forms = rows.map(({ key }) => key.form);
  // How ids and names are written is said once, in the page.
  const rare = new Set(forms.filter((form) => forms.filter((one) => one === form).length < 3));
  const table = [
    '| key | value | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rows.map(({ path, key }) => row(path, key, rare.has(key.form))),
  ];
  const long = rows.filter(({ key }) => key.examples.some(isLong));
  const examples = long.map(({ path, key }) => {
    const [example] = key.examples.filter(isLong);
    return `\`${path}\`:\n\n\`\`\`yaml\n${exampleText(key, example)}\n\`\`\`\n`;
  });
  return `${table.join('\n')}\n\n${examples.join('\n')}`;
}

interface Row {
  readonly path: string;
  readonly key: Key;
}

function rowsBelow({ keys, type }: Key, path: string): Row[] {
  const at = type.startsWith('list') ? `${path}[]` : path;
  return keys.flatMap((key) => {
    const below = at === '' ? key.name : `${at}.${key.name}`;
    return [{ path: below, key }, ...rowsBelow(key, below)];
  });
}

function row(path: string, key: Key, withForm: boolean): string {
  const { type, values, required, default: given, meaning, form, rules, examples } = key;
  const kinds = values.length > 0 ? values.map((value) => code(valueText(value))).join(', ') : type;
  const short = examples
    .filter((example) => !isLong(example))
    .map((example) => code(exampleLine(key, example)));
  const told = [meaning, ...(form !== null && withForm ? [form] : []), ...rules].map((text) => text.trim());
  const shown = short.length === 0 ? [] : [`Example: ${short.join(', ')}`];
  const cells = [
    code(path),
    `${kinds}${required ? ', required' : ''}`,
    given === undefined ? '' : code(valueText(given)),
    [...told, ...shown].join(' '),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function isLong(example: unknown): boolean {
  return typeof example === 'object' && JSON.stringify(example).length > 40;
}

/** A key with one of its values as it is written in one line. */
function exampleLine({ name }: Key, value: unknown): string {
  const text = stringify(value, { lineWidth: 0, collectionStyle: 'flow', flowCollectionPadding: true });
  return `${name === '*' ? 'any-name' : name}: ${text.trim().replaceAll(/\s*\n\s*/g, ' ')}`;
}
