import type { Plan } from '../../model/plan.ts';
import { visibleDeep } from '../escape.ts';
import { type PlanView, type ViewOptions, planView, redactedWords } from '../view/plan.ts';
import { unreadWords } from '../view/attention.ts';
import { sourcesTitle } from '../view/beside-events.ts';
import { grouped, someOf } from '../view/words.ts';
import { diagnosticLines } from './diagnostics.ts';
import { eventLines, inColumns, problemLines } from './event.ts';
import { type Terminal, printed } from './terminal.ts';

/** More changes than this, in more than one event, and a table of the events ends the report. */
const tableFrom = 20;

/**
 * A plan for people: every change of every event, then what it comes to. Events in sync are counted; they are shown
 * only where something about them is worth knowing.
 */
export function planText(plan: Plan, terminal: Terminal, options?: ViewOptions): string {
  return [...planTextParts(plan, terminal, options)].join('');
}

/** The text of {@link planText} in parts, event by event. */
export function* planTextParts(plan: Plan, terminal: Terminal, options?: ViewOptions): Generator<string> {
  const view = planView(plan, options);
  const shared = sharedProblems(view);
  const told = new Set<string>();
  for (const event of view.events) {
    if (!event.remarkable) continue;
    const group = shared.get(event.name);
    if (group === undefined) {
      yield block(eventLines(visibleDeep(event), terminal), terminal);
      continue;
    }
    if (told.has(event.name)) continue;
    for (const name of group.events) told.add(name);
    yield block(groupLines(visibleDeep(group), terminal), terminal);
  }
  const table = tableLines(view, terminal);
  if (table.length > 0) yield block(table, terminal);
  yield printed(closingLines(view, terminal), terminal);
}

/** The lines after the events: what is no longer managed, warnings, guards of the run, totals. */
export function closingLines(view: PlanView, terminal: Terminal): string[] {
  const { chosenBy, sources, unmanaged, diagnostics, attention } = visibleDeep({
    chosenBy: view.chosenBy,
    sources: view.sources,
    unmanaged: view.unmanaged,
    diagnostics: view.diagnostics,
    attention: view.attention.filter(({ kind }) => kind === 'run-guard'),
  });
  return [
    ...unmanaged.map(
      ({ name, platform, words, renamedTo, place }) =>
        `${terminal.bold(name)} (${platform}): ${terminal.yellow(words)}${renamedTo === null ? '' : ` ${renamedTo}`}  ${terminal.dim(place)}`,
    ),
    ...(unmanaged.length > 0 ? [''] : []),
    ...diagnostics.flatMap((diagnostic) => diagnosticLines(diagnostic, terminal)),
    ...attention.flatMap(({ code, words, message, command }) => [
      `${terminal.red(`${words}: ${code}:`)} ${message}`,
      ...(command === undefined ? [] : [`  To allow it: ${terminal.bold(command)}`]),
    ]),
    terminal.bold(view.headline),
    ...(view.sentences.length === 0 ? [] : [view.sentences.map(({ text }) => text).join(' ')]),
    ...(view.totals === null ? [] : [view.totals]),
    ...(chosenBy.length === 0
      ? []
      : [`Only the events chosen by ${chosenBy.map((pair) => pair.join(' ')).join(' ')}.`]),
    ...sourceLines(sources, terminal),
    ...view.calls,
    ...(view.redacted ? [redactedWords] : []),
    `As of ${view.asOf}.`,
  ];
}

/** What rosters were expanded from, and how many people were in it. */
function sourceLines(sources: PlanView['sources'], terminal: Terminal): string[] {
  if (sources.length === 0) return [];
  const shown = sources.slice(0, terminal.most.events);
  const more = sources.length - shown.length;
  return [
    `${sourcesTitle}:`,
    ...shown.map(
      ({ kind, name, id, extent, platform, people }) =>
        `  ${platform} ${kind} ${name === null ? id : `${terminal.bold(name)} (${id})`}${extent}: ${people}`,
    ),
    ...(more === 0 ? [] : [`  ... and ${grouped(more)} more; --full shows them`]),
  ];
}

type Group = PlanView['problems'][number];

/** Problems of several events that have nothing else to tell, by the events' names. */
function sharedProblems({ problems, events }: PlanView): Map<string, Group> {
  const bare = new Set(
    events
      .filter(({ rows, notes, left }) => rows.length + notes.length + left.length === 0)
      .map(({ name }) => name),
  );
  const groups = problems.filter(
    (group) => group.events.length > 1 && group.events.every((name) => bare.has(name)),
  );
  return new Map(groups.flatMap((group) => group.events.map((name) => [name, group] as const)));
}

function groupLines({ events, problem }: Group, terminal: Terminal): string[] {
  return [
    `${terminal.yellow(unreadWords(events.length))}: ${someOf(events, terminal.most.names)}`,
    ...problemLines(problem, '  ', terminal),
  ];
}

/** Every event that is not in sync on a line: a long report is read from its end. */
function tableLines({ events }: PlanView, terminal: Terminal): string[] {
  const told = events.filter(({ status }) => status !== 'in-sync');
  const changes = told.reduce((sum, { rows }) => sum + rows.length, 0);
  if (told.length < 2 || changes <= tableFrom) return [];
  const shown = told.slice(0, terminal.most.events);
  const rows = inColumns(
    visibleDeep(shown).map(
      ({ name, platform, statusWords }) => [`${name} (${platform})`, statusWords] as const,
    ),
    terminal,
  );
  const more = told.length - shown.length;
  return [
    terminal.bold('Events'),
    ...rows.map(([name, words]) => `  ${name}${words}`),
    ...(more === 0 ? [] : [`  ... and ${grouped(more)} more; --full shows them`]),
  ];
}

function block(text: readonly string[], terminal: Terminal): string {
  return `${printed(text, terminal)}\n`;
}
