import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './cli.ts';

/** Codes that are a type of their own: `export type NAME = 'a' | 'b'`. */
const unions = ['ProblemCode', 'ViolationCode', 'TransportErrorKind', 'StoreProblem'];

/** Functions that are handed a code, and which argument it is. */
const takers: Readonly<Record<string, number>> = {
  errorAt: 1,
  warningAt: 1,
  '#fault': 1,
  PlatformError: 1,
  violationOf: 0,
  problem: 0,
  error: 0,
  at: 1,
};

/** Codes of which a part is filled in, by what they begin with. */
export const families: readonly string[] = ['unknown-', 'http-'];

const word = /^\[?\s*'([a-z]+(?:-[a-z0-9]+)*)'/;

/** All codes that rollcall itself puts on what it prints: of problems, guards, diagnostics and writes, in order. */
export function ownCodes(): string[] {
  const folder = join(root, 'src');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/^(emulator|validators)\b/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  const schemas = readdirSync(join(root, 'schemas')).map((file) =>
    readFileSync(join(root, 'schemas', file), 'utf8'),
  );
  const found = [...sources.flatMap(codesIn), ...schemas.flatMap(rulesIn)];
  return [...new Set(found)].sort();
}

function codesIn(source: string): string[] {
  return [...unionsIn(source), ...propertiesIn(source), ...argumentsIn(source), ...tuplesIn(source)];
}

function unionsIn(source: string): string[] {
  return unions.flatMap((name) => {
    const [, members = ''] = new RegExp(`export type ${name} =([^;]*);`).exec(source) ?? [];
    return literalsIn(members);
  });
}

/** `code: 'a'`, `code: some ? 'a' : 'b'`, and a code of its own, `const code = 'a'`. */
function propertiesIn(source: string): string[] {
  return [...source.matchAll(/\bcode(?::| =) ((?:[^,;{}\n']*\? )?'[^;\n]*)/g)].flatMap(([, value = '']) =>
    literalsIn(value.split(/, (?:message|\.\.\.|hint|severity)/)[0] ?? ''),
  );
}

function literalsIn(text: string): string[] {
  return [...text.matchAll(/'([a-z]+(?:-[a-z0-9]+)*)'/g)].map(([, code = '']) => code);
}

function argumentsIn(source: string): string[] {
  const calls = new RegExp(`(?<![\\w.])(?:this\\.)?(${Object.keys(takers).join('|')})\\(`, 'g');
  const mine = source.includes('const error = (code: string');
  return [...source.matchAll(calls)].flatMap((call) => {
    // Of the functions of that name only one is handed a code that is printed.
    if (call[1] === 'error' && !mine) return [];
    const parts = partsFrom(source, call.index + call[0].length);
    const [, code] = word.exec((parts[takers[call[1] ?? ''] ?? 0] ?? '').trim()) ?? [];
    return code === undefined ? [] : [code];
  });
}

/** The arguments of a call that begins here, split at commas that are in no brackets and no text. */
function partsFrom(source: string, start: number): string[] {
  const parts = [''];
  let depth = 0;
  for (let at = start; at < source.length && at < start + 400; at += 1) {
    const sign = source[at] ?? '';
    if (depth === 0 && sign === ')') break;
    if ('([{'.includes(sign)) depth += 1;
    if (')]}'.includes(sign)) depth -= 1;
    if (depth === 0 && sign === ',') parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts;
}

/** `['code', message, hint]`. */
function tuplesIn(source: string): string[] {
  return [...source.matchAll(/\[\s*('[a-z]+(?:-[a-z]+)*'),\s*(?:say|plain|`|\w+, say)/g)].flatMap(
    ([, code = '']) => literalsIn(code),
  );
}

/** Rules of a schema that are told under a code of their own. */
function rulesIn(schema: string): string[] {
  return [...schema.matchAll(/"x-error": \{\s*"code": "([a-z-]+)"/g)].map(([, code = '']) => code);
}
