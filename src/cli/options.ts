import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../model/duration.ts';
import type { ComingStore } from '../run/store.ts';

/** What commands that choose events are told. */
export interface SelectOptions {
  readonly target: readonly string[];
  readonly exclude: readonly string[];
  readonly selector: readonly string[];
  readonly asOf?: string;
}

/** What all commands that talk to a platform are told. */
export interface RunOptions {
  readonly concurrency: number;
  /** Milliseconds */
  readonly timeout: number;
  readonly color: boolean;
  readonly progress: boolean;
  readonly quiet?: true;
  readonly verbose?: true;
  /** The shared store, where it is on its way already. */
  readonly coming?: ComingStore | null;
}

/** What commands that guard removals are told. */
export interface GuardFlags {
  readonly allowRemovals: ReadonlyMap<string, number | 'event'>;
  readonly maxRemovals?: number;
}

/** Parses a DURATION into milliseconds. */
export function duration(text: string): number {
  const value = parseDuration(text);
  if (typeof value === 'string') throw new InvalidArgumentError(value);
  return value;
}

/** Parses a number of days, like `400d`. */
export function days(text: string): number {
  const [, value] = /^(\d{1,5})d$/.exec(text) ?? [];
  if (value === undefined) throw new InvalidArgumentError('Give a number of days, like 400d.');
  return Number(value);
}

/** Parses how long ago: days, or a DURATION. */
export function age(text: string): number {
  return /^\d{1,5}d$/.test(text) ? days(text) * 86_400_000 : duration(text);
}

/** Parses a whole number from `least` on. */
export function count(least: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isNaN(value) || value < least)
      throw new InvalidArgumentError(`Give a whole number, ${least} or more.`);
    return value;
  };
}

/** Gathers the values of an option that may be repeated. */
export function repeated(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Parses a `KEY=VALUE` and gathers them. */
export function selector(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^[^=]+=/.test(text)) throw new InvalidArgumentError('Give KEY=VALUE, like team=platform.');
  return [...before, text];
}

/** Parses the address of a page. */
export function pageUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new InvalidArgumentError('Give a URL like https://github.com/acme/meetings/blob/main.');
  }
  return url.href;
}

/** Parses a day. */
export function day(text: string): string {
  const date = new Date(`${text}T00:00:00Z`);
  const real =
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
  if (!real) throw new InvalidArgumentError('Give a date, like 2026-12-31.');
  return text;
}

/** Parses `NAME=N` or `NAME=event` and gathers them by name. */
export function allowance(
  text: string,
  before: ReadonlyMap<string, number | 'event'> = new Map(),
): ReadonlyMap<string, number | 'event'> {
  const match = /^(.+)=(\d{1,9}|event)$/.exec(text);
  const [, name, value] = match ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError(
      'Give the full name of an event and how many: platform-weekly=12, or old-sync=event.',
    );
  }
  return new Map(before).set(name, value === 'event' ? value : Number(value));
}
