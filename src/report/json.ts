import type { Diagnostic } from '../model/diagnostic.ts';
import type { FleetReport } from '../model/fleet.ts';
import type { Plan } from '../model/plan.ts';
import type { Result } from '../model/result.ts';
import { visibleJson } from './escape.ts';
import { planView } from './view/plan.ts';
import type { RowKind } from './view/rows.ts';

/** `plan --format json`: the plan as `schemas/plan.schema.json` has it, keys in the order in which it was made. */
export function planJson(plan: Plan): string {
  return [...planJsonParts(plan)].join('');
}

/** The text of {@link planJson} in parts, event by event. */
export function planJsonParts(plan: Plan): Generator<string> {
  return jsonParts(plan);
}

/** `apply --format json`: the result as `schemas/result.schema.json` has it, in parts, event by event. */
export function resultJsonParts(result: Result): Generator<string> {
  return jsonParts(result);
}

/** `fleet --format json`: the run as `schemas/fleet.schema.json` has it, in parts, tenant by tenant. */
export function fleetJsonParts(report: FleetReport): Generator<string> {
  return jsonParts(report);
}

/** `validate --format json`: `{ formatVersion, diagnostics }`. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  return `${text({ formatVersion: '1', diagnostics }, '')}\n`;
}

/**
 * The text that `JSON.stringify` makes of an object, indented by two, in parts: one for each entry of the lists at its
 * top, so that no text is made of thousands of events at once.
 */
function* jsonParts(value: object): Generator<string> {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  for (const [index, [key, member]] of members.entries()) {
    yield `${index === 0 ? '{' : ','}\n  ${JSON.stringify(key)}: `;
    if (Array.isArray(member) && member.length > 0) yield* listParts(member);
    else yield text(member, '  ');
  }
  yield members.length === 0 ? '{}\n' : '\n}\n';
}

function* listParts(items: readonly unknown[]): Generator<string> {
  for (const [index, item] of items.entries()) yield `${index === 0 ? '[' : ','}\n    ${text(item, '    ')}`;
  yield '\n  ]';
}

function text(value: unknown, indent: string): string {
  // Within strings JSON has no line break of its own.
  return visibleJson(JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`));
}

/**
 * The three numbers that a merge request on GitLab shows of a plan (GitLab: `artifacts:reports:terraform`), of what will
 * be done: nothing that a guard refuses is counted. `create` counts attendees to be added. `update` counts those whose
 * optional flag is replaced, each once. `delete` counts attendees to be removed, meeting chats to be unbound, and events
 * to be deleted, each as one however many attend it.
 */
export function planGitlab(plan: Plan): string {
  const view = planView(plan);
  const events = view.state === 'stopped' ? [] : view.events.filter(({ status }) => status === 'changed');
  const total = (...kinds: readonly RowKind[]): number =>
    events.reduce((sum, { counts }) => sum + kinds.reduce((some, kind) => some + counts[kind], 0), 0);
  const report = {
    create: total('add'),
    update: total('replace'),
    delete: total('remove', 'unbind', 'delete'),
  };
  return `${JSON.stringify(report)}\n`;
}
