import { readFileSync } from 'node:fs';
import { compareCodePoints } from '../../model/order.ts';
import { findFiles } from './find-files.ts';

/** Of larger files the rest is not looked at: nobody waits for a completion. */
const mostCharacters = 4 * 1024 * 1024;

const isEvent = /^kind:[ \t]*["']?Event["']?[ \t]*(?:#.*)?$/m;
const isOurs = /^apiVersion:[ \t]*["']?rollcall\.dev\//m;
const inFlow = /^metadata:[ \t]*\{[^}]*?\bname:[ \t]*["']?([\p{L}\p{M}\p{Nd}._-]+)/mu;
const inBlock =
  /^metadata:[ \t]*(?:#.*)?\r?\n(?:[ \t]+.*\r?\n)*?[ \t]+name:[ \t]*["']?([\p{L}\p{M}\p{Nd}._-]+)/mu;

/**
 * The names of the Events in files and folders, as a quick look finds them: nothing is parsed or checked, so that a
 * manifest that is broken elsewhere has its name too. What cannot be read has none. Never throws.
 */
export function eventNames(paths: readonly string[], cwd: string): string[] {
  const names = new Set<string>();
  for (const { real } of findFiles(paths, cwd).files) {
    for (const document of startOfFile(real).split(/^---(?=\s)/m)) {
      if (!isEvent.test(document) || !isOurs.test(document)) continue;
      const [, name] = inFlow.exec(document) ?? inBlock.exec(document) ?? [];
      if (name !== undefined) names.add(name);
    }
  }
  return [...names].sort(compareCodePoints);
}

function startOfFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, mostCharacters);
  } catch {
    return '';
  }
}
