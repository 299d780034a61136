import { visibleJson } from './escape.ts';
import { inOrder, type Shape } from './json-shape.ts';

/**
 * The JSON text of an object, indented by two, its keys in the shape's order. It comes in parts, one for each entry of
 * the lists at its top, so that no text is made of thousands of events at once. Joined it is what `JSON.stringify`
 * makes.
 */
export function* jsonParts(shape: Shape, value: object): Generator<string> {
  const members = new Map<string, unknown>(Object.entries(value));
  const keys = Object.keys(shape).filter((key) => members.get(key) !== undefined);
  for (const [index, key] of keys.entries()) {
    yield `${index === 0 ? '{' : ','}\n  ${JSON.stringify(key)}: `;
    const member = members.get(key);
    const inner = shape[key] ?? null;
    if (Array.isArray(member) && member.length > 0) yield* listParts(inner, member);
    else yield text(inOrder(inner, member), '  ');
  }
  yield keys.length === 0 ? '{}\n' : '\n}\n';
}

function* listParts(shape: Shape | null, items: readonly unknown[]): Generator<string> {
  for (const [index, item] of items.entries()) {
    yield `${index === 0 ? '[' : ','}\n    ${text(inOrder(shape, item), '    ')}`;
  }
  yield '\n  ]';
}

function text(value: unknown, indent: string): string {
  // Within strings JSON has no line break of its own.
  return visibleJson(JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`));
}
