import type { Problem } from '../../model/diagnostic.ts';
import { given } from '../../model/given.ts';
import type {
  ChangeError,
  ChangeOutcome,
  ChangeResult,
  EventOutcome,
  EventResult,
  Result,
} from '../../model/result.ts';
import { type Detail, type ProblemGroup, detailsOf, groupProblems, names } from './attention.ts';
import type { Refusal } from './event.ts';
import { type RowKind, type Subject, subjectOf } from './rows.ts';
import { count, grouped } from './words.ts';

/** One change as it ended. */
export interface ResultRow {
  readonly kind: Exclude<RowKind, 'replace'>;
  readonly subject: Subject;
  readonly outcome: ChangeOutcome;
  /** `done`, `already in the desired state`, `failed` … */
  readonly outcomeWords: string;
  readonly error?: ErrorView;
}

/** What the platform answered. */
export interface ErrorView {
  /** The platform's code, or null where the message has it. */
  readonly code: string | null;
  readonly message: string;
  readonly hint?: string;
  /** The log id, where the message does not have it. */
  readonly details: readonly Detail[];
}

/** Changes that are not done, for one and the same cause. */
export interface UndoneGroup {
  readonly outcome: Exclude<ChangeOutcome, 'done' | 'already'>;
  /** `failed to remove`, `unknown whether added`, `not attempted: remove` */
  readonly words: string;
  readonly error?: ErrorView;
  readonly subjects: readonly Subject[];
}

/** What became of one event. Texts from outside stand as they are: formats escape. */
export interface EventResultView {
  readonly name: string;
  readonly outcome: EventOutcome;
  /** `not converged` */
  readonly outcomeWords: string;
  /** All is as it should be, `warn`: it is not known to be, `bad`: it is not. */
  readonly mood: 'good' | 'warn' | 'bad';
  /** `2 removed, 1 failed`; empty where nothing was to be done. */
  readonly tally: string;
  readonly rows: readonly ResultRow[];
  readonly undone: readonly UndoneGroup[];
  /** Who came after the plan and was left alone. */
  readonly newcomers: readonly Subject[];
  readonly notes: readonly string[];
  readonly violations: readonly Refusal[];
  readonly problem?: Problem;
  /** Whether there is more to tell than that nothing was to be done. */
  readonly remarkable: boolean;
}

/** A run's end in the words and the order of a report. */
export interface ResultView {
  /** `Apply complete: 0 added, 2 removed.` */
  readonly headline: string;
  /** `2 events: 1 converged, 1 failed.` */
  readonly totals: string;
  readonly events: readonly EventResultView[];
  /** Events that could not be read or were not begun, one group a reason. */
  readonly problems: readonly ProblemGroup[];
  /** `API calls: 21 made.` */
  readonly calls: string;
  readonly runId: string | null;
  readonly journal: string | null;
  readonly planDigest: string | null;
}

/** A result as it is shown. */
export function resultView(result: Result): ResultView {
  const { summary, requests, runId, journal, planDigest } = result;
  const events = result.events.map(eventResultView);
  return {
    headline: headline(result),
    totals: totalsOf(summary),
    events,
    problems: groupProblems(events),
    calls: `API calls: ${grouped(requests.used)} made.`,
    runId: runId === '' ? null : runId,
    journal,
    planDigest: planDigest === undefined || planDigest === '' ? null : planDigest,
  };
}

const moods: Readonly<Record<EventOutcome, EventResultView['mood']>> = {
  converged: 'good',
  applied: 'good',
  unchanged: 'good',
  partial: 'bad',
  failed: 'bad',
  refused: 'bad',
  unknown: 'warn',
  'not-converged': 'warn',
  'not-attempted': 'warn',
  interrupted: 'warn',
};

const kinds: Readonly<Record<ChangeResult['action'], ResultRow['kind']>> = {
  remove: 'remove',
  add: 'add',
  'unbind-chat': 'unbind',
  'delete-event': 'delete',
};

const doneWords: Readonly<Record<ResultRow['kind'], string>> = {
  remove: 'removed',
  add: 'added',
  unbind: 'meeting chat unbound',
  delete: 'event deleted',
};

const doWords: Readonly<Record<ResultRow['kind'], string>> = {
  remove: 'remove',
  add: 'add',
  unbind: 'unbind the meeting chat',
  delete: 'delete the event',
};

const outcomeWords: Readonly<Record<ChangeOutcome, string>> = {
  done: 'done',
  already: 'already in the desired state',
  failed: 'failed',
  unknown: 'unknown',
  'not-attempted': 'not attempted',
};

function eventResultView(event: EventResult): EventResultView {
  const { name, outcome, changes, newcomers, notes, violations, problem } = event;
  const rows = changes.map(rowOf);
  return {
    name,
    outcome,
    outcomeWords: outcome.replace('-', ' '),
    mood: moods[outcome],
    tally: tallyOf(rows),
    rows,
    undone: undoneOf(rows),
    newcomers: newcomers.map(subjectOf),
    notes,
    violations,
    ...given({ problem }),
    remarkable:
      outcome !== 'unchanged' || changes.length + newcomers.length + notes.length + violations.length > 0,
  };
}

function rowOf({ action, attendee, chatId, outcome, error }: ChangeResult): ResultRow {
  return {
    kind: kinds[action],
    subject: subjectFor(attendee, chatId),
    outcome,
    outcomeWords: outcomeWords[outcome],
    ...given({ error: error && errorView(error) }),
  };
}

function subjectFor(attendee: ChangeResult['attendee'], chatId: string | undefined): Subject {
  if (attendee !== undefined) return subjectOf(attendee);
  return chatId === undefined ? { what: 'event' } : { what: 'chat', id: chatId };
}

function errorView({ code, message, hint, logId }: ChangeError): ErrorView {
  return {
    code: names(message, code) ? null : code,
    message,
    ...given({ hint }),
    details: detailsOf({ message, ...given({ logId }) }),
  };
}

/** How many changes came to each end. */
function tallyOf(rows: readonly ResultRow[]): string {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const words = row.outcome === 'done' ? doneWords[row.kind] : row.outcomeWords;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, number]) => `${grouped(number)} ${words}`).join(', ');
}

function undoneOf(rows: readonly ResultRow[]): UndoneGroup[] {
  const groups = new Map<string, UndoneGroup & { readonly subjects: Subject[] }>();
  for (const { kind, outcome, error, subject } of rows) {
    if (outcome === 'done' || outcome === 'already') continue;
    const key = JSON.stringify([outcome, kind, error?.code, error?.message, error?.hint]);
    const group = groups.get(key) ?? {
      outcome,
      words: `${outcomeWords[outcome]}, ${doWords[kind]}`,
      ...given({ error }),
      subjects: [],
    };
    groups.set(key, group);
    group.subjects.push(subject);
  }
  return [...groups.values()];
}

function headline({ summary, exitCode }: Result): string {
  const { added, removed, eventsDeleted, chatsUnbound, failedChanges } = summary;
  const parts = [`${grouped(added)} added`, `${grouped(removed)} removed`];
  if (eventsDeleted > 0) parts.push(`${count(eventsDeleted, 'event')} deleted`);
  if (chatsUnbound > 0) parts.push(`${count(chatsUnbound, 'meeting chat')} unbound`);
  if (failedChanges > 0) parts.push(`${grouped(failedChanges)} failed`);
  return `${ending(exitCode)}: ${parts.join(', ')}.`;
}

function ending(exitCode: number): string {
  if (exitCode === 0) return 'Apply complete';
  if (exitCode === 3) return 'Refused';
  if (exitCode === 4) return 'Apply incomplete';
  return exitCode === 130 ? 'Interrupted' : 'Apply failed';
}

function totalsOf(summary: Result['summary']): string {
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
  const parts = counts
    .filter(([number]) => number > 0)
    .map(([number, words]) => `${grouped(number)} ${words}`);
  return `${count(summary.events, 'event')}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
}
