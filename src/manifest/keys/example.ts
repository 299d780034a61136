import { stringify } from 'yaml';
import type { Key } from './keys.ts';

/** A key with one of its values as it is written, in lines of a file. */
export function exampleText({ name }: Key, value: unknown): string {
  return stringify({ [written(name)]: value }, { lineWidth: 0 }).trimEnd();
}

/** The same in one line. */
export function exampleLine({ name }: Key, value: unknown): string {
  const text = stringify(value, { lineWidth: 0, collectionStyle: 'flow', flowCollectionPadding: true });
  return `${written(name)}: ${text.trim().replaceAll(/\s*\n\s*/g, ' ')}`;
}

/** A value as it is written by itself. */
export function valueText(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow' }).trim();
}

/** Where a name is free this stands for one. */
function written(name: string): string {
  return name === '*' ? 'any-name' : name;
}
