import type { Diagnostic } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';
import type { Result } from '../model/result.ts';
import { visibleJson } from './escape.ts';
import { diagnosticShape, inOrder, planShape, resultShape } from './json-shape.ts';

/** `plan --format json`: the plan as `schemas/plan.schema.json` has it, keys in a fixed order. */
export function planJson(plan: Plan): string {
  return text(inOrder(planShape, plan));
}

/** `apply --format json`: the result as `schemas/result.schema.json` has it, keys in a fixed order. */
export function resultJson(result: Result): string {
  return text(inOrder(resultShape, result));
}

/** `validate --format json`: `{ formatVersion, diagnostics }`. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  return text({ formatVersion: '1', diagnostics: inOrder(diagnosticShape, diagnostics) });
}

function text(value: unknown): string {
  return `${visibleJson(JSON.stringify(value, null, 2))}\n`;
}
