import type { LineCounter } from 'yaml';
import type { Source } from '../../model/diagnostic.ts';
import type { ReadValue } from './read-value.ts';

/** The place of an object of a document's value, or of one of its keys where the object stands in no list. */
export type Locate = (object: object, key?: string) => Source;

/** An offset as a place, lines and columns counted from 1. */
export function sourceAt(file: string, lineCounter: LineCounter, offset: number): Source {
  const { line, col } = lineCounter.linePos(offset);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Looks places up in one document. */
export function locator(place: (offset: number) => Source, { starts, keys }: ReadValue): Locate {
  return (object, key) => {
    const ofKey = key === undefined ? undefined : keys.get(object)?.get(key);
    return place(ofKey ?? starts.get(object) ?? 0);
  };
}
