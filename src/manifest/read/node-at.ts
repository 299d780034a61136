import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
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

type Pairs = ReadonlyMap<string, Pair<Node, Node | null>>;

/** A document whose nodes can be found by path. */
export interface Nodes {
  readonly document: Document.Parsed;
  readonly pairs: WeakMap<YAMLMap, Pairs>;
}

/** Makes the nodes of a document ready to be found, many times. */
export function nodesOf(document: Document.Parsed): Nodes {
  return { document, pairs: new WeakMap() };
}

/** The node at a path, aliases followed. */
export function nodeAt(nodes: Nodes, path: Path): Node | null {
  let node: Node | null = nodes.document.contents;
  for (const step of path) node = followAlias(nodes, childOf(nodes, node, step)?.value ?? null);
  return node;
}

/** Where to point for a value: at the value, or at its key where nothing is written. */
export function valueOffset(nodes: Nodes, path: Path): number {
  const parent = nodeAt(nodes, path.slice(0, -1));
  const child = childOf(nodes, parent, path.at(-1) ?? '');
  const value = path.length === 0 ? nodes.document.contents : (child?.value ?? null);
  const unwritten = isScalar(value) && value.value === null && value.source === '';
  if (value !== null && !(unwritten && child?.key)) return startOf(value);
  const place = child?.key ?? parent;
  return place === null ? 0 : startOf(place);
}

/** Where to point for a key of the map at a path. */
export function keyOffset(nodes: Nodes, path: Path, key: string): number {
  const parent = nodeAt(nodes, path);
  const place = childOf(nodes, parent, key)?.key ?? parent;
  return place === null ? 0 : startOf(place);
}

/** A value as the author wrote it, or what sort of collection it is. */
export function writtenAt(nodes: Nodes, path: Path): string {
  const node = nodeAt(nodes, path);
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

function childOf(nodes: Nodes, parent: Node | null, step: string): Child | null {
  const node = followAlias(nodes, parent);
  if (isSeq<Node | null>(node)) return { key: null, value: node.items[Number(step)] ?? null };
  if (!isMap<Node, Node | null>(node)) return null;
  const pair = pairsOf(nodes, node).get(step);
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}

/** The pairs of a map by key: looked through once, because a map of thousands may be asked for each of them. */
function pairsOf(nodes: Nodes, map: YAMLMap<Node, Node | null>): Pairs {
  const known = nodes.pairs.get(map);
  if (known !== undefined) return known;
  const pairs = new Map<string, Pair<Node, Node | null>>();
  for (const pair of map.items) {
    const { key } = pair;
    // Of a key that is given twice the first one counts.
    if (isScalar(key) && typeof key.value === 'string' && !pairs.has(key.value)) pairs.set(key.value, pair);
  }
  nodes.pairs.set(map, pairs);
  return pairs;
}

function followAlias(nodes: Nodes, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(nodes.document) ?? null) : node;
}
