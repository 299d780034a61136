import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { startOf } from './read-value.ts';

/** A step into a value: a key of a map, or an index of a list. */
export type Path = readonly string[];

/** The steps of a JSON Pointer, as ajv's `instancePath` has them. */
export function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A path as messages name it: `spec.attendees[2].user`. */
export function pathText(path: Path): string {
  if (path.length === 0) return 'the document';
  const text = path.map((step) => (/^[0-9]+$/.test(step) ? `[${step}]` : `.${step}`)).join('');
  return text.replace(/^\./, '');
}

/** The node at a path, aliases followed. */
export function nodeAt(document: Document.Parsed, path: Path): Node | null {
  let node: Node | null = document.contents;
  for (const step of path) node = followAlias(document, childOf(document, node, step)?.value ?? null);
  return node;
}

/** Where to point for a value: at the value, or at its key where nothing is written. */
export function valueOffset(document: Document.Parsed, path: Path): number {
  const parent = nodeAt(document, path.slice(0, -1));
  const child = childOf(document, parent, path.at(-1) ?? '');
  const value = path.length === 0 ? document.contents : (child?.value ?? null);
  const unwritten = isScalar(value) && value.value === null && value.source === '';
  if (value !== null && !(unwritten && child?.key)) return startOf(value);
  const place = child?.key ?? parent;
  return place === null ? 0 : startOf(place);
}

/** Where to point for a key of the map at a path. */
export function keyOffset(document: Document.Parsed, path: Path, key: string): number {
  const parent = nodeAt(document, path);
  const place = childOf(document, parent, key)?.key ?? parent;
  return place === null ? 0 : startOf(place);
}

/** A value as the author wrote it, or what sort of collection it is. */
export function writtenAt(document: Document.Parsed, path: Path): string {
  const node = nodeAt(document, path);
  if (isSeq(node)) return 'a list';
  if (isMap(node)) return 'a map';
  if (!isScalar(node) || (node.value === null && !node.source)) return 'empty';
  const source = node.source ?? '';
  return typeof node.value === 'string' ? JSON.stringify(source) : source;
}

interface Child {
  /** Absent in lists. */
  readonly key: Node | null;
  readonly value: Node | null;
}

function childOf(document: Document.Parsed, parent: Node | null, step: string): Child | null {
  const node = followAlias(document, parent);
  if (isSeq<Node | null>(node)) return { key: null, value: node.items[Number(step)] ?? null };
  if (!isMap<Node, Node | null>(node)) return null;
  const pair = node.items.find(({ key }: Pair<Node, Node | null>) => isScalar(key) && key.value === step);
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}

function followAlias(document: Document.Parsed, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}
