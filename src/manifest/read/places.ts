import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';
import type { Source } from '../../model/diagnostic.ts';
import { startAt, startIn, startOf, type ReadValue } from './read-value.ts';

/** Where an object of a document's value stands, and what is remarked there. Kept for as long as the manifest is. */
export interface Locate {
  /** The place of an object, or of one of its keys where the object stands in no list. */
  (object: object, key?: string): Source;
  /** The comment at the end of an entry's line. */
  readonly remark: (entry: object) => string | undefined;
}

/** An offset as a place, lines and columns counted from 1. */
export function sourceAt(file: string, lineCounter: LineCounter, offset: number): Source {
  const { line, col } = lineCounter.linePos(offset);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Looks places up in one document. */
export function locator(place: (offset: number) => Source, { keys, remarks }: ReadValue): Locate {
  const locate = (object: object, key?: string): Source => {
    const ofKey = key === undefined ? undefined : keys.get(object)?.get(key);
    return place(ofKey ?? startIn(object));
  };
  return Object.assign(locate, { remark: (entry: object) => remarks.get(entry) });
}

/** A value in the text. */
export interface Written {
  readonly offset: number;
  /** As the author wrote it, or what sort of collection it is. */
  readonly written: string;
}

/** Where everything in a document's value stands in the text, for as long as the document is in memory. */
export class Places {
  readonly #document: Document.Parsed;
  readonly #read: ReadValue;
  #nodes: ReadonlyMap<object, Node> | null = null;

  constructor(document: Document.Parsed, read: ReadValue) {
    this.#document = document;
    this.#read = read;
  }

  /** The value of a key or at an index; the whole document without a parent. Where nothing is written, its key. */
  value(parent: object | null, key: string): Written {
    const { contents } = this.#document;
    if (parent === null)
      return { offset: contents === null ? 0 : startOf(contents), written: nodeText(contents) };
    const child = this.#child(parent, key);
    const value = child?.value ?? null;
    const unwritten = value === null || (isScalar(value) && value.value === null && value.source === '');
    const place = unwritten ? (child?.key ?? value) : value;
    const offset = place === null ? startIn(parent) : startOf(place);
    return { offset, written: isAlias(value) ? valueText(Reflect.get(parent, key)) : nodeText(value) };
  }

  /** A key of a map. */
  key(parent: object, key: string): number {
    const place = this.#child(parent, key)?.key;
    return place === null || place === undefined ? startIn(parent) : startOf(place);
  }

  /** Notes that an object is a copy of another, and stands where that one does. */
  copied<T extends object>(copy: T, original: object): T {
    const { keys } = this.#read;
    startAt(copy, startIn(original));
    const ofKeys = keys.get(original);
    if (ofKeys !== undefined) keys.set(copy, ofKeys);
    return copy;
  }

  #child(
    parent: object,
    key: string,
  ): { readonly key: Node | null; readonly value: Node | null } | undefined {
    this.#nodes ??= this.#read.nodes();
    const node = this.#nodes.get(parent);
    if (isSeq<Node | null>(node)) return { key: null, value: node.items[Number(key)] ?? null };
    if (!isMap<Node, Node | null>(node)) return undefined;
    // Of a key that is given twice the first one counts.
    return node.items.find((pair: Pair<Node, Node | null>) => isScalar(pair.key) && pair.key.value === key);
  }
}

function nodeText(node: Node | null): string {
  if (isSeq(node)) return 'a list';
  if (isMap(node)) return 'a map';
  if (!isScalar(node) || (node.value === null && !node.source)) return 'empty';
  const source = node.source ?? '';
  return typeof node.value === 'string' ? JSON.stringify(source) : source;
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'empty';
  return typeof value === 'object' ? 'a map' : JSON.stringify(value);
}
