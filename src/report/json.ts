import type { Diagnostic } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';
import type { Result } from '../model/result.ts';
import { visibleJson } from './escape.ts';
import { jsonParts } from './json-parts.ts';
import { diagnosticShape, inOrder, planShape, resultShape } from './json-shape.ts';

/** `plan --format json`: the plan as `schemas/plan.schema.json` has it, keys in a fixed order. */
export function planJson(plan: Plan): string {
  return [...planJsonParts(plan)].join('');
}

/** The text of {@link planJson} in parts, event by event. */
export function planJsonParts(plan: Plan): Generator<string> {
  return jsonParts(planShape, plan);
}

/** `apply --format json`: the result as `schemas/result.schema.json` has it, keys in a fixed order. */
export function resultJson(result: Result): string {
  return [...resultJsonParts(result)].join('');
}

/** The text of {@link resultJson} in parts, event by event. */
export function resultJsonParts(result: Result): Generator<string> {
  return jsonParts(resultShape, result);
}

/** `validate --format json`: `{ formatVersion, diagnostics }`. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  return text({ formatVersion: '1', diagnostics: inOrder(diagnosticShape, diagnostics) });
}

function text(value: unknown): string {
  return `${visibleJson(JSON.stringify(value, null, 2))}\n`;
}
