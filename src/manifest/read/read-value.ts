import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { plain, quoted, type Said, say, who } from '../../model/say.ts';
import type { Mistake } from '../diagnostics.ts';
import { keySaid } from '../mentions.ts';

/** A document as plain data, and where its objects stand in the text. */
export interface ReadValue {
  readonly value: unknown;
  /** Where each key begins, of maps that stand in no list. */
  readonly keys: Map<object, ReadonlyMap<string, number>>;
  /** The comment at the end of a line, by the entry of a list that stands there. */
  readonly remarks: ReadonlyMap<object, string>;
  /** The nodes of its lists and maps, by each of them; only while the document is in memory. */
  readonly nodes: () => ReadonlyMap<object, Node>;
  readonly faults: readonly Mistake[];
}

/** Keys of ids that platforms write as numbers. */
const numberIds: ReadonlySet<string> = new Set(['department', 'role']);

/** How many nodes aliases may stand for in one document, nested aliases multiplied out. */
export const maxAliasNodes = 100_000;

/** Where a list or map of a value begins, which each of them has itself: a table of all would take twice the memory. */
const start: unique symbol = Symbol('start');

/** Where a list or map of a value begins in its text; 0 where that is not known. */
export function startIn(object: object & { readonly [start]?: number }): number {
  return object[start] ?? 0;
}

/** Notes where a list or map begins. */
export function startAt(object: object & { [start]?: number }, offset: number): void {
  object[start] = offset;
}

interface Anchor {
  readonly value: unknown;
  readonly size: number;
}

/** Turns a document into plain data in one walk. Aliases share one value, so that nothing is multiplied out. */
export function readValue(document: Document.Parsed, text: string): ReadValue {
  return new Walk(text).read(document);
}

class Walk {
  readonly #text: string;
  readonly #keys = new Map<object, ReadonlyMap<string, number>>();
  readonly #remarks = new Map<object, string>();
  // Mistakes alone are looked for by it: a map is made for the first.
  readonly #noted: (readonly [object, Node])[] = [];
  readonly #faults: Mistake[] = [];
  readonly #anchors = new Map<string, Anchor | 'open'>();
  #size = 0;
  #aliased = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(document: Document.Parsed): ReadValue {
    const value = this.#read(document.contents, false);
    return {
      value,
      keys: this.#keys,
      remarks: this.#remarks,
      nodes: () => new Map(this.#noted),
      faults: this.#faults,
    };
  }

  #note(object: object, node: Node): void {
    startAt(object, startOf(node));
    this.#noted.push([object, node]);
  }

  #fault(node: Node, code: string, message: Said, hint: Said): void {
    this.#faults.push({ code, message, hint, offset: startOf(node) });
  }

  #read(node: Node | null, inList: boolean): unknown {
    if (node === null) return null;
    this.#size += 1;
    if (isAlias(node)) return this.#readAlias(node.source, node);
    if (node.tag !== undefined) {
      this.#fault(
        node,
        'tag',
        say`the tag ${tagSaid(node.tag)} is not allowed in a manifest`,
        say`leave the tag out; quote text that looks like a number`,
      );
    }
    const { anchor } = node;
    if (anchor === undefined) return this.#readPlain(node, inList);
    this.#anchors.set(anchor, 'open');
    const before = this.#size;
    const value = this.#readPlain(node, inList);
    this.#anchors.set(anchor, { value, size: this.#size - before + 1 });
    return value;
  }

  #readAlias(name: string, node: Node): unknown {
    const anchor = this.#anchors.get(name);
    if (anchor === undefined || anchor === 'open') {
      const message =
        anchor === 'open'
          ? say`*${who('user', name)} is inside its own anchor`
          : say`*${who('user', name)} has no anchor above it`;
      const hint = say`write &${who('user', name)} before the value it refers to`;
      this.#fault(node, 'unknown-alias', message, hint);
      return null;
    }
    this.#size += anchor.size;
    this.#aliased += anchor.size;
    if (this.#aliased <= maxAliasNodes) return anchor.value;
    if (this.#aliased - anchor.size <= maxAliasNodes) {
      this.#fault(
        node,
        'alias-bomb',
        say`the aliases of this document expand to more than ${maxAliasNodes} values`,
        say`write the values out, or use a Roster`,
      );
    }
    return null;
  }

  #readPlain(node: Node, inList: boolean): unknown {
    if (isScalar(node)) return node.value;
    if (isSeq<Node | null>(node)) {
      const list: unknown[] = [];
      this.#note(list, node);
      for (const item of node.items) list.push(this.#read(item, true));
      return list;
    }
    if (isMap<Node, Node | null>(node)) return this.#readMap(node, inList);
    return null;
  }

  #readMap(node: YAMLMap<Node, Node | null>, inList: boolean): object {
    const object: Record<string, unknown> = {};
    const places = inList ? null : new Map<string, number>();
    this.#note(object, node);
    if (places !== null) this.#keys.set(object, places);
    for (const { key, value } of node.items) {
      const name = this.#keyOf(key);
      if (name === null) continue;
      if (Object.hasOwn(object, name)) {
        this.#fault(
          key,
          'duplicate-key',
          say`the key ${keySaid([], name)} appears twice`,
          say`keep one of the two`,
        );
        continue;
      }
      places?.set(name, startOf(key));
      if (numberIds.has(name)) this.#checkNumber(name, value);
      const content = this.#read(value, inList);
      // Assigning to `__proto__` would change the object's prototype instead of giving it a key.
      if (name === '__proto__')
        Object.defineProperty(object, name, { value: content, enumerable: true, configurable: true });
      else object[name] = content;
    }
    if (inList) {
      const remark = remarkOf(node, this.#text);
      if (remark !== undefined) this.#remarks.set(object, remark);
    }
    return object;
  }

  /** An id may be a number where it reads as it is written: in `007` the zeros would be lost. */
  #checkNumber(name: string, value: Node | null): void {
    if (!isScalar(value) || typeof value.value !== 'number') return;
    const { source = '' } = value;
    if (source === String(value.value)) return;
    const message = say`${plain(name)} must be text, but ${who('user', source)} without quotes is another number`;
    this.#fault(value, 'number-for-id', message, say`write ${quoted('user', source)}`);
  }

  #keyOf(key: Node): string | null {
    if (isScalar(key) && typeof key.value === 'string') {
      if (key.tag !== undefined)
        this.#fault(
          key,
          'tag',
          say`the tag ${tagSaid(key.tag)} is not allowed on a key`,
          say`leave the tag out`,
        );
      if (key.value !== '<<' || key.type !== 'PLAIN') return key.value;
      this.#fault(
        key,
        'merge-key',
        say`the merge key << is not part of YAML 1.2`,
        say`write the keys out, or use a Roster`,
      );
      return null;
    }
    const text = (isScalar(key) ? key.source : undefined) ?? '';
    if (text === '') this.#fault(key, 'non-string-key', say`the key is not text`, say`write a plain key`);
    else {
      const message = say`the key ${who('user', text)} is not text`;
      this.#fault(key, 'non-string-key', message, say`write ${quoted('user', text)}`);
    }
    return null;
  }
}

/** A tag of YAML's own tells of nobody. */
function tagSaid(tag: string): Said {
  const own = 'tag:yaml.org,2002:';
  return tag.startsWith(own) ? plain(tag.replace(own, '!!')) : say`${who('user', tag)}`;
}

/** The comment behind an entry, or behind the first value in it where that ends its line. */
function remarkOf(node: YAMLMap<Node, Node | null>, text: string): string | undefined {
  for (const end of [node.items[0]?.value?.range?.[1], node.flow === true ? node.range?.[1] : undefined]) {
    let start = end ?? text.length;
    while (text[start] === ' ' || text[start] === '\t') start += 1;
    if (start === end || text[start] !== '#') continue;
    const comment = text.slice(start + 1, lineEnd(text, start)).trim();
    if (comment !== '') return comment;
  }
  return undefined;
}

/** Where a node's content begins. */
export function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
