import { nearest } from '../../manifest/nearest.ts';
import { apiNames } from '../platforms.ts';
import { compileSchema, readYaml, type Validate } from '../read-yaml.ts';
import { checkRow, type Path, type Report } from '../tenant-parts.ts';
import type { FaultRule, Faults } from './rule.ts';
import { faultsSchema } from './keys.ts';

/** A faults file that cannot be used. Each problem starts with `file:line:column:`. */
export class FaultsError extends Error {
  override readonly name = 'FaultsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

const validateFaults: Validate = compileSchema(faultsSchema);

/**
 * Reads a faults file strictly: unknown keys, names of APIs that are not served, and wrong types are errors.
 *
 * @throws {FaultsError} with every problem that was found.
 */
export function parseFaults(text: string, file: string): Faults {
  const { value, problems, at } = readYaml(text, file, validateFaults);
  if (problems.length > 0) throw new FaultsError(problems);
  // readYaml checked the value against the schema that mirrors these types.
  const { seed = 0, faults = [] } = (value ?? {}) as { seed?: number; faults?: readonly FaultRule[] };
  const found: string[] = [];
  faults.forEach((rule, index) => {
    checkRule(rule, ['faults', index], (path, message) => found.push(`${at(path)}: ${message}`));
  });
  if (found.length > 0) throw new FaultsError(found);
  return { seed, rules: faults };
}

function checkRule(rule: FaultRule, path: Path, report: Report): void {
  const { api = [], calls } = rule;
  const names = typeof api === 'string' ? [api] : api;
  for (const [index, name] of names.entries()) {
    if (apiNames.some((known) => glob(name).test(known))) continue;
    const near = nearest(name, apiNames);
    const hint = near === undefined ? `there are ${apiNames.join(', ')}` : `did you mean "${near}"?`;
    report(
      [...path, 'api', ...(typeof api === 'string' ? [] : [index])],
      `no API is called ${name}; ${hint}`,
    );
  }
  const { from, to } = rangeOf(calls);
  if (from > to) report([...path, 'calls'], `${from}-${to} covers no call; give the smaller number first`);
  if (rule.fault === 'half-done' && rule.end !== 'error') {
    for (const key of ['status', 'body', 'retryAfter'] as const) {
      if (rule[key] !== undefined) report([...path, key], `${key} works only with "end: error"`);
    }
  }
  if (rule.fault !== 'others') return;
  if (rule.add === undefined && rule.remove === undefined) {
    report(path, 'others must add or remove someone: add: [{ user: ID }], remove: [ID]');
  }
  rule.add?.forEach((row, index) => checkRow(row, [...path, 'add', index], report));
}

/** The first and the last call of `calls`. */
export function rangeOf(calls: number | string = '1-'): { readonly from: number; readonly to: number } {
  const [from = '', to = from] = String(calls).split('-');
  return { from: Number(from), to: to === '' ? Number.POSITIVE_INFINITY : Number(to) };
}

/** A pattern in which `*` stands for any text. */
export function glob(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
