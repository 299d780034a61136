import { utc } from '../../model/day.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { type CallsOf, countedIn } from '../../model/calls.ts';
import type { Plan, RepliesLost, Selection } from '../../model/plan.ts';
import { platforms, providerIds } from '../../platforms/index.ts';
import {
  type Attention,
  type ProblemGroup,
  attentionOf,
  bySeverity,
  countDiagnostics,
  groupProblems,
} from './attention.ts';
import { type EventView, eventView, shellWord } from './event.ts';
import { momentWords } from './moment.ts';
import { type SourceView, sourceView, type UnmanagedView, unmanagedView } from './beside-events.ts';
import { differingWords, underSeries, withOwnWords } from './occurrences.ts';
import { count, grouped, listOf, lostWords } from './words.ts';

/** How a plan is shown, beside what it says. */
export interface ViewOptions {
  /** An IANA zone that times are shown in; UTC where absent. */
  readonly timeZone?: string | undefined;
  /** The plan's calls for each platform apart, where they are known. */
  readonly calls?: CallsOf | undefined;
  /** The command line that makes the plan: what lifts a guard is added to it. */
  readonly command?: string | undefined;
}

/**
 * `errors`: the manifests cannot be used. `stopped`: a guard of the run tripped, nothing is applied. `empty`: no event
 * was chosen. `unconcerned`: of what changed in the manifests nothing concerns an event. `unread`: nothing to do as far
 * as events could be read. `pending`: there is something to do, or something was refused.
 */
export type PlanState = 'errors' | 'stopped' | 'empty' | 'unconcerned' | 'in-sync' | 'unread' | 'pending';

/** A platform that the plan is for, and as whom. */
export interface AccountView {
  readonly platform: string;
  readonly host: string;
  readonly appId: string | null;
}

/** A sentence, and whether it tells of replies that are lost. */
export interface Sentence {
  readonly kind: 'lost' | 'other';
  readonly text: string;
}

/**
 * A plan in the words and the order of a report; every format lays out this and no more. Sentences are of our own
 * words; texts from outside (names, titles, ids, messages, notes, files) are members of their own and stand as they
 * are: formats escape them.
 */
export interface PlanView {
  readonly state: PlanState;
  /** What the plan comes to: `Plan: 0 to add, 2 to remove; 6 more in 1 refused event are left out.` */
  readonly headline: string;
  /** Sentences that belong to it: what is lost, who is notified, what is no longer managed. */
  readonly sentences: readonly Sentence[];
  /** People who are notified. */
  readonly notified: number;
  readonly lost: RepliesLost;
  /** `1 accepted reply is lost for good`; null where none is. */
  readonly lostWords: string | null;
  /** `4 events: 2 in sync, 1 changed, 1 refused, 0 unknown.`; null where there is none. */
  readonly totals: string | null;
  /** Names and labels as they were given: `--target`, `platform-*`. */
  readonly chosenBy: readonly (readonly [option: string, value: string])[];
  readonly redacted: boolean;
  readonly attention: readonly Attention[];
  /** Events that could not be read, one group a reason. */
  readonly problems: readonly ProblemGroup[];
  /** By name, occurrences under their series. */
  readonly events: readonly EventView[];
  /** What rosters were expanded from. */
  readonly sources: readonly SourceView[];
  readonly unmanaged: readonly UnmanagedView[];
  /** Errors first. */
  readonly diagnostics: readonly Diagnostic[];
  /** The command that lifts the guard of the run; null where none tripped. */
  readonly lift: string | null;
  /** `API calls: 2 made, 3 to apply.`, and the share of a month's. */
  readonly calls: readonly string[];
  /** `2026-11-20` */
  readonly asOf: string;
  /** `Fri 2026-11-20 08:00 UTC` */
  readonly made: string;
  readonly accounts: readonly AccountView[];
}

/** A plan as it is shown. */
export function planView(plan: Plan, options: ViewOptions = {}): PlanView {
  const timeZone = options.timeZone ?? utc;
  const command = options.command ?? commandOf(plan.selection);
  const views = underSeries(plan.events).map((event) => eventView(event, { timeZone, command }));
  const events = withOwnWords(views);
  const problems = groupProblems(events);
  const lift = runLift(plan, command);
  const state = stateOf(plan);
  const lost = plan.summary.repliesLost ?? { accepted: 0, tentative: 0, declined: 0 };
  const unmanaged = (plan.unmanaged ?? []).map(unmanagedView);
  return {
    state,
    headline: headline(plan, state, replacedIn(events)),
    notified: plan.summary.notified,
    sentences: sentencesOf(plan, state, lost),
    lost,
    lostWords: lostWords(lost),
    totals: totalsOf(plan, state),
    chosenBy: chosenBy(plan.selection),
    redacted: plan.redacted === true,
    attention: attentionOf(plan, events, problems, lift),
    problems,
    events,
    sources: (plan.sources ?? []).map(sourceView),
    unmanaged,
    diagnostics: bySeverity(plan.diagnostics),
    lift,
    calls: callsOf(plan, options.calls),
    asOf: plan.asOf,
    made: momentWords(plan.createdAt, timeZone),
    accounts: accountsOf(plan),
  };
}

/** The words for a redacted plan. */
export const redactedWords = 'Redacted: names and ids are left out, so it cannot be applied.';

/** The platforms that the plan uses, and as whom. */
function accountsOf({ accounts }: Pick<Plan, 'accounts'>): AccountView[] {
  return providerIds.flatMap((id) => {
    const account = accounts[id];
    return account === undefined
      ? []
      : [{ platform: platforms[id].title, host: account.host, appId: account.appId }];
  });
}

function stateOf(plan: Plan): PlanState {
  const { events, inSync, refused, unknown, changed } = plan.summary;
  if (plan.violations.length > 0) return 'stopped';
  if (events === 0 && !plan.complete) return 'errors';
  if (events === 0) return plan.unmanaged === undefined ? 'empty' : 'unconcerned';
  if (inSync === events) return 'in-sync';
  return changed + refused === 0 && unknown > 0 ? 'unread' : 'pending';
}

function headline(plan: Plan, state: PlanState, replaced: number): string {
  const { events, unknown } = plan.summary;
  switch (state) {
    case 'errors':
      return `No plan: ${count(countDiagnostics(plan.diagnostics, 'error'), 'error')}, no event was read.`;
    case 'empty':
      return 'No changes. No event was chosen.';
    case 'unconcerned':
      return plan.unmanaged?.length === 0
        ? 'No changes. This change does not affect any meeting.'
        : 'No attendee is added or removed.';
    case 'in-sync':
      return `No changes. ${events === 1 ? 'The event is' : `All ${grouped(events)} events are`} in sync.`;
    case 'unread':
      return `No changes planned, but ${count(unknown, 'event')} could not be read.`;
    case 'stopped':
      return `Refused: nothing is applied${leftOutWords(plan, 'all')}.`;
    case 'pending':
      return `Plan: ${changesWords(plan, replaced)}${leftOutWords(plan, 'more')}.`;
  }
}

/** Flags that will be replaced, which the totals count as removals and additions. */
function replacedIn(events: readonly EventView[]): number {
  return events.reduce((sum, { status, counts }) => sum + (status === 'changed' ? counts.replace : 0), 0);
}

/** What will be done. */
function changesWords({ summary }: Plan, replaced: number): string {
  const { add, remove, deleteEvents, unbindChats } = summary;
  const parts = [`${grouped(add)} to add`, `${grouped(remove)} to remove`];
  if (replaced > 0) parts.push(`${grouped(replaced)} of each to replace an optional flag`);
  if (deleteEvents > 0) parts.push(`${count(deleteEvents, 'event')} to delete`);
  if (unbindChats > 0) parts.push(`${count(unbindChats, 'meeting chat')} to unbind`);
  return parts.join(', ');
}

/** What is not done, and why: `; 6 more in 1 refused event are left out`. Plans of 0.1.0 do not say it. */
function leftOutWords({ summary }: Plan, which: 'more' | 'all'): string {
  const { leftOut, unknown } = summary;
  if (leftOut === undefined) return '';
  const { add, remove, events } = leftOut;
  const more = which === 'more' ? ' more' : '';
  const what = listOf([
    ...(add > 0 ? [`${grouped(add)}${more} to add`] : []),
    ...(remove > 0 ? [`${grouped(remove)}${more}${add > 0 || which === 'all' ? ' to remove' : ''}`] : []),
  ]);
  const refused = events - unknown;
  const where = count(refused, which === 'more' ? 'refused event' : 'event');
  const verb = add + remove === 1 || (what === '' && refused === 1) ? 'is' : 'are';
  return [
    ...(refused > 0 ? [`; ${what === '' ? where : `${what} in ${where}`} ${verb} left out`] : []),
    ...(unknown > 0 ? [`; ${count(unknown, 'event')} could not be read`] : []),
  ].join('');
}

function sentencesOf(plan: Plan, state: PlanState, lost: RepliesLost): Sentence[] {
  const words = lostWords(lost);
  const gone = (plan.unmanaged ?? []).filter(({ renamedTo }) => renamedTo === null).length;
  const renamed = (plan.unmanaged?.length ?? 0) - gone;
  const others = [
    ...(state === 'pending' ? [noticeWords(plan)] : []),
    ...differingWords(plan.events),
    ...(gone === 0 ? [] : [`${count(gone, 'event is', 'events are')} no longer managed.`]),
    ...(renamed === 0 ? [] : [`${count(renamed, 'event is', 'events are')} renamed.`]),
  ];
  return [
    ...(words === null ? [] : [{ kind: 'lost', text: `${words}.` } as const]),
    ...others.map((text) => ({ kind: 'other', text }) as const),
  ];
}

/** A platform that decides for itself who hears of a removal is never promised to be silent. */
function noticeWords({ summary, events }: Plan): string {
  const { notified } = summary;
  const told =
    notified === 0 ? 'Nobody is notified' : count(notified, 'person is notified', 'people are notified');
  const loud = events
    .filter(
      ({ status, provider }) => status === 'changed' && platforms[provider].notice.remove === 'platform',
    )
    .filter(({ changes }) => changes.some(({ action }) => action === 'remove'))
    .map(({ provider }) => platforms[provider].title);
  return loud.length === 0
    ? `${told}.`
    : `${told}, not counting people whom ${listOf([...new Set(loud)])} notifies of their removal.`;
}

function totalsOf({ summary }: Plan, state: PlanState): string | null {
  const { events, inSync, changed, refused, unknown } = summary;
  if (events === 0) return null;
  const parts = [
    `${grouped(inSync)} in sync`,
    ...(state === 'stopped'
      ? [`${grouped(changed + refused)} refused`]
      : [`${grouped(changed)} changed`, `${grouped(refused)} refused`]),
    `${grouped(unknown)} unknown`,
  ];
  return `${count(events, 'event')}: ${parts.join(', ')}.`;
}

function chosenBy({ target, exclude, selector }: Selection): [string, string][] {
  return [
    ...target.map((name): [string, string] => ['--target', name]),
    ...exclude.map((name): [string, string] => ['--exclude', name]),
    ...selector.map((pair): [string, string] => ['--selector', pair]),
  ];
}

/** A saved plan does not say how it was asked for; its choice of events it has. */
function commandOf(selection: Selection): string {
  const options = chosenBy(selection).map(([option, value]) => ` ${option} ${shellWord(value)}`);
  return `rollcall plan${options.join('')}`;
}

function runLift({ violations, events }: Plan, command: string): string | null {
  if (!violations.some(({ code }) => code === 'run-removals')) return null;
  const removals = events
    .filter(({ status }) => status === 'changed')
    .reduce((sum, { changes }) => sum + changes.filter(({ action }) => action === 'remove').length, 0);
  // A limit that was given already is raised: an option with one value is given once.
  return `${command.replace(/ --max-removals[= ]\d+/g, '')} --max-removals ${removals}`;
}

function callsOf({ requests, events, sources = [] }: Plan, calls?: CallsOf): string[] {
  const total = `API calls: ${grouped(requests.used)} made, ${grouped(requests.needed)} to apply.`;
  const providers = [...new Set(events.map(({ provider }) => provider))];
  const shares = providers.flatMap((provider) => {
    const { title, monthlyCalls } = platforms[provider];
    if (monthlyCalls === null) return [];
    const own = calls?.get(provider) ?? requests;
    const share = Math.round((countedIn(own).total / monthlyCalls) * 1000) / 10;
    // A saved plan counts the calls of all platforms together: beside another platform that is an upper bound.
    const bound = own === requests && (providers.length > 1 || sources.length > 0) ? 'at most ' : '';
    const used = calls?.get(provider)?.thisMonth;
    const left =
      used === undefined
        ? ''
        : ` This month ${grouped(used)} were made: ${grouped(Math.max(0, monthlyCalls - used))} are left, minus any calls by other programs.`;
    return `${title}: ${bound}${share} % of the ${grouped(monthlyCalls)} calls a month that an organisation has.${left}`;
  });
  return [total, ...shares];
}
