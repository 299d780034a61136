import type { FleetReport, TenantProblem } from '../../model/fleet.ts';
import { visibleDeep } from '../escape.ts';
import { fleetView, type TenantView } from '../view/fleet.ts';
import { grouped } from '../view/words.ts';
import { printed, type Terminal } from './terminal.ts';

const heads = ['TENANT', 'RESULT', 'ADD', 'REMOVE', 'ATTEMPT', 'EVENTS'];

/** A fleet run for people: a row a tenant, then what is wrong with which, and the totals. */
export function* fleetText(report: FleetReport, terminal: Terminal): Generator<string> {
  const view = visibleDeep(fleetView(report));
  const rows = view.tenants.map(({ tenant, words, added, removed, attempt, events }) => [
    tenant,
    words,
    added,
    removed,
    attempt,
    events,
  ]);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => terminal.width(row[column] ?? ''))),
  );
  if (rows.length > 0) {
    yield `${terminal.bold(filled(heads, widths, terminal))}\n`;
    for (const [index, row] of rows.entries()) {
      const line = filled(row, widths, terminal);
      yield `${colour(view.tenants[index]?.mood, terminal)(line)}\n`;
    }
    yield '\n';
  }
  for (const tenant of view.tenants) {
    if (tenant.problems.length > 0) yield `${printed(problemLines(tenant, terminal), terminal)}\n`;
  }
  for (const problem of view.problems) yield `${printed(oneProblem(problem, terminal), terminal)}\n`;
  yield printed([terminal.bold(view.headline), view.totals, ...view.next], terminal);
}

/** Cells side by side, numbers to the right; nothing is filled up behind the last. */
function filled(
  cells: readonly string[],
  widths: readonly number[],
  { width }: Pick<Terminal, 'width'>,
): string {
  return cells
    .map((cell, column) => {
      const room = ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell)));
      return column === 2 || column === 3 ? room + cell : cell + room;
    })
    .join('  ')
    .trimEnd();
}

function colour(mood: TenantView['mood'] | undefined, terminal: Terminal): (text: string) => string {
  if (mood === 'bad') return terminal.red;
  return mood === 'warn' ? terminal.yellow : (text) => text;
}

function problemLines({ tenant, words, problems, more }: TenantView, terminal: Terminal): string[] {
  return [
    `${terminal.bold(tenant)}: ${words}`,
    ...problems.flatMap((problem) => oneProblem(problem, terminal)),
    ...(more === 0 ? [] : [`  and ${grouped(more)} more`]),
  ];
}

function oneProblem({ event, source, code, message, hint }: TenantProblem, terminal: Terminal): string[] {
  const place = source === undefined ? '' : `${source.file}:${source.line}:${source.column}: `;
  const about = event === undefined ? '' : `${event}: `;
  return [
    `  ${terminal.red(`! ${code}:`)} ${about}${place}${message}`,
    ...(hint === undefined ? [] : [`    ${hint}`]),
  ];
}
