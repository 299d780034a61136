/** A selection of fields: names with what is selected below them; an empty map stands for everything. */
type Selection = ReadonlyMap<string, Selection>;

/**
 * The part of an answer that a `fields` parameter asks for: `items(id,attendees/email),nextPageToken`; undefined where it
 * cannot be read. https://developers.google.com/workspace/calendar/api/guides/performance#partial
 */
export function selected(data: object, fields: string): unknown {
  const tokens = fields.match(/[^,()/\s]+|[,()/]/g) ?? [];
  if (tokens.join('') !== fields.replaceAll(/\s/g, '')) return undefined;
  const read = selectionAt(tokens, 0);
  return read?.end === tokens.length ? part(data, read.selection) : undefined;
}

function selectionAt(
  tokens: readonly string[],
  start: number,
): { readonly selection: Selection; readonly end: number } | undefined {
  const selection = new Map<string, Selection>();
  for (let at = start; ; at += 1) {
    const path: string[] = [];
    do {
      const name = tokens[at];
      if (name === undefined || /^[,()/]$/.test(name)) return undefined;
      path.push(name);
      at += 2;
    } while (tokens[at - 1] === '/');
    at -= 1;
    let below: Selection = new Map();
    if (tokens[at] === '(') {
      const inner = selectionAt(tokens, at + 1);
      if (inner === undefined || tokens[inner.end] !== ')') return undefined;
      below = inner.selection;
      at = inner.end + 1;
    }
    const [first = '', ...rest] = path;
    const nested = rest.reduceRight<Selection>((inner, name) => new Map([[name, inner]]), below);
    selection.set(first, merged(selection.get(first), nested));
    if (tokens[at] !== ',') return { selection, end: at };
  }
}

function merged(one: Selection | undefined, other: Selection): Selection {
  if (one === undefined) return other;
  if (one.size === 0 || other.size === 0) return new Map();
  const both = new Map(one);
  for (const [name, below] of other) both.set(name, merged(both.get(name), below));
  return both;
}

function part(value: unknown, selection: Selection): unknown {
  if (selection.size === 0) return value;
  if (Array.isArray(value)) return value.map((item) => part(item, selection));
  if (typeof value !== 'object' || value === null) return value;
  const all = selection.get('*');
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
      const below = selection.get(name) ?? all;
      return below === undefined ? [] : [[name, part(inner, below)]];
    }),
  );
}
