import type { Diagnostic, Source } from '../model/diagnostic.ts';
import { given } from '../model/given.ts';
import { compareCodePoints } from '../model/order.ts';
import { didYouMean } from './nearest.ts';

/** How many errors, and as many warnings, are told of a file and of all files. The rest is counted. */
export const mostTold = { ofFile: 100, ofRun: 1000 } as const;

/** With more mistakes than this, nobody needs those of further files: no more are read. */
const mostMistakes = 100_000;

/** How many names are searched for one that was meant: the search goes through all names there are. */
const mostSuggested = 20;

/** Takes in what is to be told. One that was reported before is taken once. */
export interface Report {
  (diagnostic: Diagnostic): void;
  /** Counts an error in a file whose place and words need not be known, where no more are told of the file. */
  readonly countOnly: (file: string) => boolean;
  /** Whether there are so many mistakes that this file is not read, nor any after it. */
  readonly endsBefore: (file: string) => boolean;
  /** `did you mean "x"?`, of the first names that are asked for. */
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

/** Gathers diagnostics. `most`: with more mistakes than this no further file is read. */
export function collectDiagnostics(most: number = mostMistakes): Collected {
  const piles = new Map<string, Pile>();
  const told = { error: 0, warning: 0 };
  let mistakes = 0;
  let unread: string | null = null;
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
    if (severity === 'error') mistakes += 1;
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
      mistakes += 1;
      return true;
    },
    endsBefore(file: string): boolean {
      if (mistakes > most) unread ??= file;
      return unread !== null;
    },
    suggest(name: string, candidates: Iterable<string>): string | undefined {
      suggestions += 1;
      return suggestions <= mostSuggested ? didYouMean(name, candidates, () => (steps += 1)) : undefined;
    },
    step(more: number = 1): void {
      steps += more;
    },
  });
  return {
    report,
    list: () => [...listed([...piles.values()]), ...unreadFrom(unread, most)],
    steps: () => steps,
  };
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
      return moreOf(severity, more, `${others.length} other ${others.length === 1 ? 'file' : 'files'}`);
    }),
  ];
}

function unreadFrom(file: string | null, most: number): Diagnostic[] {
  if (file === null) return [];
  const message = `there are more than ${most.toLocaleString('en')} mistakes: ${file} and the files after it were not read`;
  return [{ severity: 'error', code: 'too-many-mistakes', message, hint: 'mend these first' }];
}

function moreOf(severity: Diagnostic['severity'], more: number, where: string): Diagnostic[] {
  if (more === 0) return [];
  const what = severity === 'error' ? 'mistake' : 'warning';
  const message = `and ${more.toLocaleString('en')} more ${more === 1 ? what : `${what}s`} in ${where}`;
  return [{ severity, code: 'more', message, more }];
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
export function errorAt(source: Source, code: string, message: string, hint?: string): Diagnostic {
  return { severity: 'error', code, message, ...given({ hint }), source };
}

/** A place as messages name it. */
export function placeText(source: Source): string {
  return `${source.file}:${source.line}`;
}
