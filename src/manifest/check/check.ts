import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { Document } from 'yaml';
import { explain } from './explain.ts';
import type { Mistake } from './explain-error.ts';
import type { Manifest } from '../manifest.ts';
import { nodesOf, type Path } from '../read/node-at.ts';

/** A value held against its schema. */
export interface Checked {
  /** What can be looked at further: with mistakes, the value without them; `null` where nothing useful is left. */
  readonly manifest: Manifest | null;
  readonly mistakes: readonly Mistake[];
}

/**
 * Holds a value against its schema. What is wrong is taken out of the value, so that the mistakes which only a look at
 * other manifests can show are found in the same run.
 */
export function check(
  value: unknown,
  validate: ValidateFunction<Manifest>,
  document: Document.Parsed,
): Checked {
  let mistakes: readonly Mistake[] = [];
  const nodes = nodesOf(document);
  // A second mistake at one place shows only when the first is gone.
  for (let round = 0; round < 4; round += 1) {
    if (validate(value)) return { manifest: value, mistakes };
    const errors = validate.errors ?? [];
    const found = explain(errors, nodes);
    if (round === 0) mistakes = found;
    takeOutAll(value, found);
    for (const error of errors) putStandIn(value, error);
  }
  return { manifest: null, mistakes };
}

/** Stands for an id that is missing, so that the rest of its Event can be looked at. A character for private use: in no id. */
export const standIn = '\ue000';

function putStandIn(value: unknown, { keyword, instancePath, params }: ErrorObject): void {
  if (keyword !== 'required' || instancePath !== '/spec') return;
  const key: unknown = params['missingProperty'];
  if (key !== 'calendarId' && key !== 'eventId' && key !== 'organizer') return;
  const spec: unknown = Reflect.get(Object(value), 'spec');
  if (typeof spec === 'object' && spec !== null) Reflect.set(spec, key, standIn);
}

function takeOutAll(value: unknown, mistakes: readonly Mistake[]): void {
  const lists = new Map<unknown[], Set<number>>();
  for (const { path, missing } of mistakes) takeOut(value, path, missing, lists);
  for (const [list, gone] of lists) {
    const left = list.filter((_, index) => !gone.has(index));
    for (const [index, entry] of left.entries()) list[index] = entry;
    list.length = left.length;
  }
}

/** Takes out the entry of a list that the path leads through, or else the key at its end. */
function takeOut(root: unknown, path: Path, missing: boolean, lists: Map<unknown[], Set<number>>): void {
  // `spec` and `metadata` stay where only a key of theirs is missing: the name may still be read from them.
  const missingAtTop = missing && path.length === 1;
  let parent = root;
  for (const [depth, step] of path.entries()) {
    if (Array.isArray(parent)) {
      const gone = lists.get(parent) ?? new Set();
      lists.set(parent, gone.add(Number(step)));
      return;
    }
    if (typeof parent !== 'object' || parent === null) return;
    if (depth === path.length - 1 && !missingAtTop) {
      Reflect.deleteProperty(parent, step);
      return;
    }
    parent = Reflect.get(parent, step);
  }
}
