import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';
import { root } from './cli.ts';

/** What shows that a claim holds: files with tests, and titles of tests in them, as `group > title`. */
export type Proof = Readonly<Record<string, readonly string[]>>;

/**
 * The tests that a source holds, by title with the groups around it. What is put in by code is `${}` in a title. Tests
 * that are switched off are not among them.
 */
export function titlesIn(source: string): string[] {
  const titles: string[] = [];
  visit(parseAst(source, { lang: 'ts' }), [], titles);
  return titles;
}

/**
 * What is wrong between claims and their proofs: a claim without a proof, a proof without a claim, a proof that names
 * no test, or one that is not there.
 */
export function gapsBetween(
  claims: readonly string[],
  proofs: Readonly<Record<string, Proof>>,
  testsOf: (file: string) => readonly string[] = testsInFile,
): string[] {
  const known = new Set(claims);
  return [
    ...claims.filter((claim) => proofs[claim] === undefined).map((claim) => `no test is named for: ${claim}`),
    ...Object.keys(proofs)
      .filter((claim) => !known.has(claim))
      .map((claim) => `nobody claims: ${claim}`),
    ...Object.entries(proofs)
      .filter(([, proof]) => Object.values(proof).flat().length === 0)
      .map(([claim]) => `no test is named for: ${claim}`),
    ...Object.values(proofs).flatMap((proof) =>
      Object.entries(proof).flatMap(([file, titles]) => {
        const there = new Set(testsOf(file));
        return titles.filter((title) => !there.has(title)).map((title) => `${file} has no test: ${title}`);
      }),
    ),
  ];
}

/** The tests of a file that the test run takes in. */
function testsInFile(file: string): readonly string[] {
  const path = join(root, file);
  if (!/^test\/.+\.test\.ts$/.test(file) || !existsSync(path)) return [];
  return titlesIn(readFileSync(path, 'utf8'));
}

function visit(node: unknown, groups: readonly string[], titles: string[]): void {
  if (Array.isArray(node)) {
    for (const one of node) visit(one, groups, titles);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const call = calledIn(node);
  if (call === null) {
    for (const child of Object.values(node)) visit(child, groups, titles);
    return;
  }
  const [callee = '', ...members] = call.names;
  if (members.some((name) => ['skip', 'todo', 'fails'].includes(name))) return;
  const path = [...groups, call.title];
  if (callee === 'describe') visit(call.rest, path, titles);
  else titles.push(path.join(' > '));
}

interface Called {
  /** `it`, then what was asked of it: `each`, `skip`. */
  readonly names: readonly string[];
  readonly title: string;
  readonly rest: readonly unknown[];
}

/** A call of `describe`, `it` or `test` with a title and something to run. */
function calledIn(node: object): Called | null {
  if (!('type' in node) || node.type !== 'CallExpression') return null;
  if (!('callee' in node) || !('arguments' in node) || !Array.isArray(node.arguments)) return null;
  const names = namesIn(node.callee);
  const title = textOf(node.arguments[0]);
  const rest: unknown[] = node.arguments.slice(1);
  if (!['describe', 'it', 'test'].includes(names[0] ?? '') || title === null || rest.length === 0)
    return null;
  return { names, title, rest };
}

/** The names of `a.b(…).c`, first to last. */
function namesIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  if ('callee' in node) return namesIn(node.callee);
  if ('object' in node && 'property' in node) return [...namesIn(node.object), ...namesIn(node.property)];
  return 'name' in node && typeof node.name === 'string' ? [node.name] : [];
}

function textOf(node: unknown): string | null {
  if (typeof node !== 'object' || node === null) return null;
  if ('value' in node) return typeof node.value === 'string' ? node.value : null;
  if (!('quasis' in node) || !Array.isArray(node.quasis)) return null;
  return node.quasis
    .map(({ value }: { readonly value: { readonly cooked: string } }) => value.cooked)
    .join('${}');
}
