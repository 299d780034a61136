import type { ChangeError, ChangeResult, EventOutcome, EventResult, Result } from '../model/result.ts';
import { visibleDeep } from './escape.ts';
import { problemLines } from './problem-text.ts';
import type { Terminal } from './terminal.ts';
import { count, label, someOf } from './words.ts';

/** A run's end for people: what became of each event, who is not done and why, and the totals. */
export function resultText(result: Result, terminal: Terminal): string {
  return [...resultTextParts(result, terminal)].join('');
}

/** The text of {@link resultText} in parts, event by event. */
export function* resultTextParts(result: Result, terminal: Terminal): Generator<string> {
  for (const event of result.events) {
    const lines = eventLines(event, terminal);
    if (lines.length > 0) yield `${lines.join('\n')}\n\n`;
  }
  yield `${closingLines(result, terminal).join('\n')}\n`;
}

function eventLines(event: EventResult, terminal: Terminal): string[] {
  const shown = visibleDeep(event);
  const body = [
    ...shown.violations.map(({ code, message }) => `  ${terminal.red(`! ${code}:`)} ${message}`),
    ...(shown.problem === undefined ? [] : problemLines(shown.problem, '  ', terminal)),
    ...undoneLines(shown.changes, terminal),
    ...(shown.newcomers.length === 0
      ? []
      : [
          `  came after the plan and left alone ${shown.newcomers.length}: ${someOf(shown.newcomers.map(label))}`,
        ]),
    ...shown.notes.map((note) => `  note: ${note}`),
  ];
  if (shown.outcome === 'unchanged' && body.length === 0) return [];
  const counts = resultTally(shown.changes);
  const head = `${terminal.bold(shown.name)}: ${outcomeText(shown, terminal)}`;
  return [counts === '' ? head : `${head}, ${counts}`, ...body];
}

const colours: Readonly<Record<EventOutcome, 'green' | 'red' | 'yellow'>> = {
  converged: 'green',
  applied: 'green',
  unchanged: 'green',
  partial: 'red',
  failed: 'red',
  refused: 'red',
  unknown: 'yellow',
  'not-converged': 'yellow',
  'not-attempted': 'yellow',
  interrupted: 'yellow',
};

function outcomeText({ outcome }: EventResult, terminal: Terminal): string {
  return terminal[colours[outcome]](outcome.replace('-', ' '));
}

const doneWords: Readonly<Record<ChangeResult['action'], string>> = {
  remove: 'removed',
  add: 'added',
  'unbind-chat': 'meeting chat unbound',
  'delete-event': 'event deleted',
};

/** How many changes came to each end. Holds nothing from outside. */
export function resultTally(changes: readonly ChangeResult[]): string {
  const counts = new Map<string, number>();
  for (const { action, outcome } of changes) {
    const words = outcome === 'done' ? doneWords[action] : outcomeWords[outcome];
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, number]) => `${number} ${words}`).join(', ');
}

/** Every end of a change but the good one, in words. */
export const outcomeWords: Readonly<Record<Exclude<ChangeResult['outcome'], 'done'>, string>> = {
  already: 'so already',
  failed: 'failed',
  unknown: 'unknown',
  'not-attempted': 'not attempted',
};

const actionWords: Readonly<Record<ChangeResult['action'], string>> = {
  remove: 'remove',
  add: 'add',
  'unbind-chat': 'unbind the meeting chat',
  'delete-event': 'delete the event',
};

/** Those that are not done under one heading for one cause; only those that no call was made for are cut short. */
function undoneLines(changes: readonly ChangeResult[], terminal: Terminal): string[] {
  const groups = new Map<string, ChangeResult[]>();
  for (const change of changes) {
    if (change.outcome === 'done' || change.outcome === 'already') continue;
    const key = JSON.stringify([change.outcome, change.action, change.error ?? null]);
    const group = groups.get(key) ?? [];
    group.push(change);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap((group) => groupLines(group, terminal));
}

function groupLines(group: readonly ChangeResult[], terminal: Terminal): string[] {
  const [first] = group;
  if (first === undefined || first.outcome === 'done') return [];
  const names = group.map(subject);
  const colour = first.outcome === 'failed' ? terminal.red : terminal.yellow;
  const heading = `${outcomeWords[first.outcome]}, ${actionWords[first.action]}:`;
  return [
    `  ${colour(heading)} ${errorText(first.error)}`.trimEnd(),
    ...(first.error?.hint === undefined ? [] : [`    ${first.error.hint}`]),
    ...(first.outcome === 'not-attempted' ? [`    ${someOf(names)}`] : names.map((name) => `    ${name}`)),
  ];
}

function errorText(error: ChangeError | undefined): string {
  if (error === undefined) return '';
  const logId = error.logId === undefined ? '' : ` (log id ${error.logId})`;
  return `${error.code} ${error.message}${logId}`;
}

function subject(change: ChangeResult): string {
  if (change.attendee !== undefined) return label(change.attendee);
  return change.chatId === undefined ? 'the event itself' : `meeting chat ${change.chatId}`;
}

function closingLines(result: Result, terminal: Terminal): string[] {
  const { journal } = visibleDeep({ journal: result.journal });
  return [
    terminal.bold(resultVerdict(result)),
    resultTotals(result),
    `Calls: ${result.requests.used} used.`,
    ...(journal === null ? [] : [`Journal: ${journal}`]),
  ];
}

/** How the run ended, in a sentence. Holds nothing from outside. */
export function resultVerdict({ summary, exitCode }: Result): string {
  const { added, removed, eventsDeleted, chatsUnbound, failedChanges } = summary;
  const parts = [`${added} added`, `${removed} removed`];
  if (eventsDeleted > 0) parts.push(`${count(eventsDeleted, 'event')} deleted`);
  if (chatsUnbound > 0) parts.push(`${count(chatsUnbound, 'meeting chat')} unbound`);
  if (failedChanges > 0) parts.push(`${failedChanges} failed`);
  return `${ending(exitCode)}: ${parts.join(', ')}.`;
}

function ending(exitCode: number): string {
  if (exitCode === 0) return 'Apply complete';
  if (exitCode === 3) return 'Refused';
  if (exitCode === 4) return 'Apply incomplete';
  return exitCode === 130 ? 'Interrupted' : 'Apply failed';
}

/** How many events came to each end. */
export function resultTotals({ summary }: Result): string {
  const counts: readonly (readonly [number, string])[] = [
    [summary.converged, 'converged'],
    [summary.applied, 'applied'],
    [summary.unchanged, 'unchanged'],
    [summary.partial, 'partial'],
    [summary.failed, 'failed'],
    [summary.refused, 'refused'],
    [summary.unknown, 'unknown'],
    [summary.notConverged, 'not converged'],
    [summary.notAttempted, 'not attempted'],
    [summary.interrupted, 'interrupted'],
  ];
  const parts = counts.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`);
  return `${count(summary.events, 'event')}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
}
