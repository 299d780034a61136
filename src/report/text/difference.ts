import { formatPatch, OMIT_HEADERS, structuredPatch, type StructuredPatch } from 'diff';

import { given } from '../../model/given.ts';
import { compareCodePoints } from '../../model/order.ts';
import type { EventPlan, Plan } from '../../model/plan.ts';
import { visible, visibleDeep } from '../escape.ts';
import { type PlanView, type ViewOptions, planView } from '../view/plan.ts';
import { notCounted } from '../view/event.ts';
import { eventLines } from './event.ts';
import { closingLines } from './plan.ts';
import { plainTerminal, type Terminal, unfolded } from './terminal.ts';

/** Edits after which two versions of an event count as wholly different: beyond it the search takes too long. */
const maxEditLength = 1000;

/**
 * What differs between two plans, as a unified difference of their lines: one section an event, as if each event were
 * a file, and one for the totals. Columns are not lined up in it, so that one longer name does not change every line.
 */
export function planDifference(older: Plan, newer: Plan, terminal: Terminal, options?: ViewOptions): string {
  const views = { older: planView(older, options), newer: planView(newer, options) };
  const before = sections(older, views.older);
  const after = sections(newer, views.newer);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort(compareCodePoints);
  const lines = [
    ...names.flatMap((name) => sectionLines(name, before.get(name) ?? [], after.get(name) ?? [], terminal)),
    ...sectionLines(
      'the plan as a whole',
      totalLines(older, views.older),
      totalLines(newer, views.newer),
      terminal,
    ),
  ];
  return lines.length === 0 ? 'The plans do not differ.\n' : `${lines.join('\n')}\n`;
}

/** Nothing takes any columns, so nothing is padded. */
const unaligned: Terminal = { ...plainTerminal(() => 0), most: unfolded };

function sections(plan: Plan, view: PlanView): Map<string, readonly string[]> {
  const rules = new Map(plan.events.map((event) => [event.name, ruleLines(event)]));
  return new Map(
    view.events.map((event) => {
      const lines = eventLines(visibleDeep(event), unaligned);
      return [visible(event.name), [...lines, ...(rules.get(event.name) ?? [])]];
    }),
  );
}

/** What stands in a plan and changes what applying it may do, but is not worth a line when one plan is read. */
function ruleLines(event: EventPlan): string[] {
  const { sync, notify, userIdType, roomContact, limits, observed, desired } = visibleDeep(event);
  const rules = { sync, notify, userIdType, roomContact, ...limits };
  const live = observed === undefined ? 'not listed' : `${observed.count} live, ${observed.managed} managed`;
  const wanted = desired === undefined ? notCounted(event) : `${desired.count} wanted`;
  return [`  rules: ${JSON.stringify(rules)}`, `  attendees: ${live}, ${wanted}`];
}

function totalLines(plan: Plan, view: PlanView): string[] {
  const { accounts, manifestDigest, maxRemovals } = visibleDeep<Partial<Plan>>({
    accounts: plan.accounts,
    ...given({ manifestDigest: plan.manifestDigest }),
    maxRemovals: plan.maxRemovals,
  });
  return [
    ...closingLines(view, unaligned),
    `accounts: ${JSON.stringify(accounts)}`,
    ...(manifestDigest === undefined ? [] : [`manifests: ${manifestDigest}`]),
    `removals allowed in all: ${maxRemovals}`,
  ];
}

function sectionLines(
  name: string,
  before: readonly string[],
  after: readonly string[],
  terminal: Terminal,
): string[] {
  if (before.join('\n') === after.join('\n')) return [];
  const body = formatPatch(patchOf(before, after), OMIT_HEADERS).trimEnd().split('\n');
  return [
    terminal.bold(`--- older: ${before.length === 0 ? 'nothing' : name}`),
    terminal.bold(`+++ newer: ${after.length === 0 ? 'nothing' : name}`),
    ...body.map((line) => coloured(line, terminal)),
  ];
}

function patchOf(before: readonly string[], after: readonly string[]): StructuredPatch {
  const file = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
  return (
    structuredPatch('', '', file(before), file(after), '', '', { context: 3, maxEditLength }) ??
    wholePatch(before, after)
  );
}

function wholePatch(before: readonly string[], after: readonly string[]): StructuredPatch {
  const lines = [...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)];
  const hunk = { oldStart: 1, oldLines: before.length, newStart: 1, newLines: after.length, lines };
  return { oldFileName: '', newFileName: '', oldHeader: '', newHeader: '', hunks: [hunk] };
}

function coloured(line: string, terminal: Terminal): string {
  if (line.startsWith('+')) return terminal.green(line);
  if (line.startsWith('-')) return terminal.red(line);
  return line.startsWith('@') ? terminal.dim(line) : line;
}
