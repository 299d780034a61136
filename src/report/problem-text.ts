import type { Problem } from '../model/diagnostic.ts';
import type { Ink } from './text/terminal.ts';

/** Why an event could not be read, what the platform called it, and the way out. Takes a problem whose text is escaped. */
export function problemLines(problem: Problem, indent: string, ink: Ink): string[] {
  const { code, message, hint, platformCode, logId } = problem;
  const details = [
    ...(platformCode === undefined ? [] : [`platform code ${platformCode}`]),
    ...(logId === undefined ? [] : [`log id ${logId}`]),
  ];
  const tail = details.length === 0 ? '' : ` (${details.join(', ')})`;
  return [
    `${indent}${ink.yellow(`! ${code}:`)} ${message}${tail}`,
    ...(hint === undefined ? [] : [`${indent}  ${hint}`]),
  ];
}
