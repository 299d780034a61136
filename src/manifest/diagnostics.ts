import { type Diagnostic, diagnosticOf, type Source } from '../model/diagnostic.ts';
import { compareCodePoints } from '../model/order.ts';
import { counted, plain, type Said } from '../model/say.ts';
import { nearest } from './nearest.ts';

/** How many errors, and as many warnings, are told of a file and of all files. The rest is counted. */
const mostTold = { ofFile: 100, ofRun: 1000 } as const;

/**
 * Beyond any of these no further file is read. With so many mistakes, or files too large to be read to their end,
 * nobody needs those of the rest; and the words and signs of YAML are those of two million attendees.
 */
const mostRead: ReadLimits = { mistakes: 100_000, tooLarge: 2, words: 20_000_000 };

const limitNames = ['mistakes', 'tooLarge', 'words'] as const;

/** How much of it there may be in all files together. */
export type ReadLimits = Readonly<Record<(typeof limitNames)[number], number>>;

/** The first file that was not read, and the limit that was passed before it. */
interface Unread {
  readonly file: string;
  readonly beyond: keyof ReadLimits;
  readonly most: number;
}

/** How many names are searched for one that was meant: the search goes through all names there are. */
const mostSuggested = 20;

/** A mistake in a text, in its author's terms. */
export interface Mistake {
  readonly code: string;
  readonly message: Said;
  readonly hint: Said;
  /** Where it is in the text. */
  readonly offset: number;
}

/** Takes in what is to be told. One that was reported before is taken once. */
export interface Report {
  (diagnostic: Diagnostic): void;
  /** Counts an error in a file whose place and words need not be known, where no more are told of the file. */
  readonly countOnly: (file: string) => boolean;
  /** Counts words and signs of YAML that were read. */
  readonly took: (words: number) => void;
  /** Counts a file that was too large to be read to its end. */
  readonly tooLarge: () => void;
  /** Says that something of ours could not be read: a name that is not there may stand in it. */
  readonly partUnread: () => void;
  /** Whether all that is ours could be read so far. */
  readonly isWhole: () => boolean;
  /** Whether a limit was passed, so that neither this file nor any after it is read. */
  readonly endsBefore: (file: string) => boolean;
  /** The name that was probably meant, of the first names that are asked for. */
  readonly suggest: (name: string, candidates: Iterable<string>) => string | undefined;
  /** Counts work done: tests hold it to grow with the input. */
  readonly step: (steps?: number) => void;
}

/** A place where diagnostics are gathered. */
export interface Collected {
  readonly report: Report;
  /** By file, line and column, those without a place first; then how many more there are. */
  readonly list: () => Diagnostic[];
  readonly steps: () => number;
}

/** The diagnostics of one severity in one file. */
interface Pile {
  readonly file: string;
  readonly severity: Diagnostic['severity'];
  readonly told: Map<string, Diagnostic>;
  more: number;
}

/** Gathers diagnostics. `most`: beyond this no further file is read. */
export function collectDiagnostics(most: Partial<ReadLimits> = {}): Collected {
  const { seen, unread, reading } = readWithin({ ...mostRead, ...most });
  const piles = new Map<string, Pile>();
  const told = { error: 0, warning: 0 };
  let suggestions = 0;
  let steps = 0;

  function pileOf(severity: Diagnostic['severity'], file: string): Pile {
    const key = `${severity} ${file}`;
    const pile = piles.get(key) ?? { file, severity, told: new Map<string, Diagnostic>(), more: 0 };
    piles.set(key, pile);
    return pile;
  }

  function isFull({ severity, told: own }: Pile): boolean {
    return own.size >= mostTold.ofFile || told[severity] >= mostTold.ofRun;
  }

  const take = (diagnostic: Diagnostic): void => {
    const { severity, code, message, source } = diagnostic;
    const pile = pileOf(severity, source?.file ?? '');
    const key = `${code} ${source?.line}:${source?.column} ${message}`;
    if (pile.told.has(key)) return;
    if (severity === 'error') seen.mistakes += 1;
    if (isFull(pile)) {
      pile.more += 1;
      return;
    }
    pile.told.set(key, diagnostic);
    told[severity] += 1;
  };

  const report: Report = Object.assign(take, {
    countOnly(file: string): boolean {
      const pile = pileOf('error', file);
      if (!isFull(pile)) return false;
      pile.more += 1;
      seen.mistakes += 1;
      return true;
    },
    ...reading,
    suggest(name: string, candidates: Iterable<string>): string | undefined {
      suggestions += 1;
      return suggestions <= mostSuggested ? nearest(name, candidates, () => (steps += 1)) : undefined;
    },
    step(more: number = 1): void {
      steps += more;
    },
  });
  return {
    report,
    list: () => [...listed([...piles.values()]), ...unreadFrom(unread())],
    steps: () => steps,
  };
}

type Reading = Pick<Report, 'took' | 'tooLarge' | 'partUnread' | 'isWhole' | 'endsBefore'>;

/** Counts what is read. */
function readWithin(limits: ReadLimits): {
  readonly seen: Record<keyof ReadLimits, number>;
  readonly unread: () => Unread | null;
  readonly reading: Reading;
} {
  const seen = { mistakes: 0, tooLarge: 0, words: 0 };
  let whole = true;
  let unread: Unread | null = null;
  const reading: Reading = {
    took: (words) => {
      seen.words += words;
    },
    tooLarge: () => {
      seen.tooLarge += 1;
    },
    partUnread: () => {
      whole = false;
    },
    isWhole: () => whole,
    endsBefore: (file) => {
      const beyond = limitNames.find((name) => seen[name] > limits[name]);
      if (beyond === undefined) return false;
      unread ??= { file, beyond, most: limits[beyond] };
      whole = false;
      return true;
    },
  };
  return { seen, unread: () => unread, reading };
}

function listed(piles: readonly Pile[]): Diagnostic[] {
  const ofFiles = piles.filter(({ told }) => told.size > 0);
  const silent = piles.filter(({ told }) => told.size === 0);
  return [
    ...ofFiles.flatMap(({ told }) => [...told.values()]).sort(compareDiagnostics),
    ...ofFiles.flatMap(({ file, severity, more }) => moreOf(severity, more, file)),
    ...(['error', 'warning'] as const).flatMap((severity) => {
      const others = silent.filter((pile) => pile.severity === severity);
      const more = others.reduce((sum, pile) => sum + pile.more, 0);
      return moreOf(severity, more, counted(others.length, 'other file'));
    }),
  ];
}

function unreadFrom(unread: Unread | null): Diagnostic[] {
  if (unread === null) return [];
  const { file, beyond, most } = unread;
  const count = most.toLocaleString('en');
  const words: Readonly<Record<keyof ReadLimits, readonly [code: string, much: string, hint: string]>> = {
    mistakes: ['too-many-mistakes', `there are more than ${count} mistakes`, 'fix these first'],
    tooLarge: ['too-many-mistakes', `more than ${count} files are too large`, 'fix these first'],
    words: [
      'too-large',
      `there are more than ${count} tokens in all files together`,
      'give fewer files at a time',
    ],
  };
  const [code, much, hint] = words[beyond];
  const message = plain(`${much}: ${file} and the files after it were not read`);
  return [diagnosticOf({ severity: 'error', code, message, hint: plain(hint) })];
}

function moreOf(severity: Diagnostic['severity'], more: number, where: string): Diagnostic[] {
  if (more === 0) return [];
  const what = severity === 'error' ? 'mistake' : 'warning';
  const message = plain(
    `and ${more.toLocaleString('en')} more ${more === 1 ? what : `${what}s`} in ${where}`,
  );
  return [diagnosticOf({ severity, code: 'more', message, more })];
}

function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compareSources(a.source, b.source) ||
    compareCodePoints(a.severity, b.severity) ||
    compareCodePoints(a.code, b.code) ||
    compareCodePoints(a.message, b.message)
  );
}

function compareSources(a: Source | undefined, b: Source | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compareCodePoints(a.file, b.file) || a.line - b.line || a.column - b.column;
}

/** An error at a place. */
export function errorAt(source: Source, code: string, message: Said, hint?: Said): Diagnostic {
  return diagnosticOf({ severity: 'error', code, message, hint, source });
}

/** A warning at a place. */
export function warningAt(source: Source, code: string, message: Said, hint: Said): Diagnostic {
  return diagnosticOf({ severity: 'warning', code, message, hint, source });
}

/** A place as messages name it. */
export function placeText(source: Source): Said {
  return plain(`${source.file}:${source.line}`);
}
