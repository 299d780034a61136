import type { Diagnostic } from '../model/diagnostic.ts';
import type { EventPlan, Plan } from '../model/plan.ts';
import { fitting, rowsWithin, sizeOf, table } from './markdown-blocks.ts';
import { code, prose } from './markdown-escape.ts';
import { groupChanges } from './plan-changes-text.ts';
import { isRemarkable } from './plan-event-text.ts';
import { eventMarkdown, statusWords } from './plan-event-markdown.ts';
import { callLines, eventTotals, selectionLines, verdict } from './plan-text.ts';

/** How long a report may be, and where the whole of it is. */
export interface MarkdownOptions {
  /** Bytes of UTF-8, at least {@link leastMaxBytes}. */
  readonly maxBytes: number;
  /** The file that the plan was saved to or read from. */
  readonly savedAs?: string | undefined;
}

/**
 * A plan for a comment or a summary: totals, then what stands in the way, then each event's changes, folded away.
 * Where that is too long, counts an event; where that is, the totals and where the whole plan is.
 */
export function planMarkdown(plan: Plan, options: MarkdownOptions): string {
  const { maxBytes } = options;
  const remarkable = plan.events.filter(isRemarkable);
  const attention = attentionRows(plan);
  const top = topLines(plan);
  const foot = footLines(plan);
  const word = `Longer than ${maxBytes} bytes: ${whereabouts(options)}`;
  const without = page([...top, word, '', ...foot]);
  return fitting(
    [
      () => page([...top, ...attentionLines(attention), ...remarkable.flatMap(eventMarkdown), ...foot]),
      () => page([...top, ...attentionLines(attention), ...countLines(remarkable), word, '', ...foot]),
      () => {
        const room = maxBytes - sizeOf(without) - sizeOf(attentionTitle) - 4;
        const rows = room > 0 ? rowsWithin(attentionHead, attention, room) : [];
        return page([...top, ...(rows.length > 0 ? [attentionTitle, '', ...rows] : []), word, '', ...foot]);
      },
      () => without,
      () => page([`**${verdict(plan)}**`, '', `Too long: ${whereabouts({ maxBytes })}`]),
      () => page([`${plan.summary.add} to add, ${plan.summary.remove} to remove: see rollcall plan.`]),
    ],
    maxBytes,
  );
}

function page(lines: readonly string[]): string {
  return `${lines.join('\n').trimEnd()}\n`;
}

function whereabouts({ savedAs }: MarkdownOptions): string {
  if (savedAs !== undefined) return `the whole plan is in ${code(savedAs)}, which \`rollcall show\` prints.`;
  return 'the whole plan is what `rollcall plan` prints.';
}

function topLines(plan: Plan): string[] {
  const chosen = selectionLines(plan.selection).map((text) => prose(text));
  const redacted =
    plan.redacted === true ? ['Redacted: names and ids are left out, and it cannot be applied.'] : [];
  const after = [...eventTotals(plan), ...chosen, ...redacted];
  return ['## rollcall plan', '', `**${verdict(plan)}**`, '', ...after.flatMap((text) => [text, ''])];
}

const attentionTitle = '### In the way';
const attentionHead = ['what', 'about', 'why'] as const;

function attentionLines(rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : [attentionTitle, '', ...table(attentionHead, rows)];
}

/** What a reader has to see first: guards of the run, guards of events, events that could not be read, diagnostics. */
function attentionRows(plan: Plan): string[][] {
  return [
    ...plan.violations.map(({ code: guard, message }) => [
      `refused: ${code(guard)}`,
      'the whole plan: nothing is applied',
      prose(message),
    ]),
    ...plan.events.flatMap((event) =>
      event.violations.map(({ code: guard, message }) => [
        `refused: ${code(guard)}`,
        code(event.name),
        prose(message),
      ]),
    ),
    ...plan.events.flatMap(({ name, problem }) =>
      problem === undefined ? [] : [[`unknown: ${code(problem.code)}`, code(name), problemText(problem)]],
    ),
    ...[...plan.diagnostics].sort(bySeverity).map(diagnosticRow),
  ];
}

/** Why something could not be read, with the way out, in one cell. */
export function problemText(problem: NonNullable<EventPlan['problem']>): string {
  const { message, hint, platformCode, logId } = problem;
  return [
    prose(message),
    ...(hint === undefined ? [] : [prose(hint)]),
    ...(platformCode === undefined ? [] : [`Platform code ${code(platformCode)}.`]),
    ...(logId === undefined ? [] : [`Log id ${code(logId)}.`]),
  ].join('<br>');
}

function bySeverity(a: Diagnostic, b: Diagnostic): number {
  return Number(a.severity === 'warning') - Number(b.severity === 'warning');
}

function diagnosticRow({ severity, code: rule, message, hint, source }: Diagnostic): string[] {
  const place = source === undefined ? '' : code(`${source.file}:${source.line}:${source.column}`);
  const text = hint === undefined ? prose(message) : `${prose(message)}<br>${prose(hint)}`;
  return [`${severity}: ${code(rule)}`, place, text];
}

function countLines(events: readonly EventPlan[]): string[] {
  const rows = events.map((event) => {
    const groups = groupChanges(event.changes);
    const { removals, replacements, additions } = groups;
    const numbers = [removals.length, replacements.length, additions.length, event.notified].map(String);
    const words = groups.deletions.length + groups.unbindings.length > 0 || event.status !== 'changed';
    return [code(event.name), ...numbers, words ? statusWords(event, groups) : 'changed'];
  });
  return table(['event', 'remove', 'replace', 'add', 'notified', 'status'], rows);
}

function footLines(plan: Plan): string[] {
  const digest = plan.digest === undefined ? [] : [`Digest ${code(plan.digest)}.`];
  return [
    [...callLines(plan), `As of ${plan.asOf}, made ${code(plan.createdAt)}.`, ...digest].join('<br>'),
    '',
  ];
}
