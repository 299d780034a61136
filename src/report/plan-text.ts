import type { CallsOf, Plan, Selection } from '../model/plan.ts';
import { platforms } from '../platforms/index.ts';
import { diagnosticLines } from './text/diagnostics.ts';
import { visibleDeep } from './escape.ts';
import { groupChanges } from './plan-changes-text.ts';
import { eventLines, isRemarkable } from './plan-event-text.ts';
import type { Terminal } from './text/terminal.ts';
import { count } from './words.ts';

/**
 * A plan for people: every change of every event, then what it comes to. Events in sync are counted; they are shown
 * only where something about them is worth knowing.
 */
export function planText(plan: Plan, terminal: Terminal, calls?: CallsOf): string {
  return [...planTextParts(plan, terminal, calls)].join('');
}

/**
 * The text of {@link planText} in parts, event by event. `calls` are the plan's `requests` for each platform apart; a
 * saved plan does not have them.
 */
export function* planTextParts(plan: Plan, terminal: Terminal, calls?: CallsOf): Generator<string> {
  for (const event of plan.events) {
    if (isRemarkable(event)) yield `${eventLines(event, terminal).join('\n')}\n\n`;
  }
  yield `${closingLines(plan, terminal, calls).join('\n')}\n`;
}

/** The lines after the events: totals, warnings, guards of the run, calls. */
export function closingLines(plan: Plan, terminal: Terminal, calls?: CallsOf): string[] {
  const { events: _, ...rest } = plan;
  const shown = visibleDeep(rest);
  return [
    terminal.bold(verdict(plan)),
    ...eventTotals(plan),
    ...selectionLines(shown.selection),
    ...shown.diagnostics.flatMap((diagnostic) => diagnosticLines(diagnostic, terminal)),
    ...shown.violations.map(
      ({ code, message }) => `${terminal.red(`Refused, nothing is applied: ${code}:`)} ${message}`,
    ),
    ...callLines(plan, calls),
    ...(plan.redacted === true ? ['Redacted: names and ids are left out, and it cannot be applied.'] : []),
    `As of ${shown.asOf}.`,
  ];
}

/** What the plan comes to, in a sentence or two. Holds nothing from outside. */
export function verdict(plan: Plan): string {
  const { events, inSync, refused, unknown, add, remove, deleteEvents, unbindChats } = plan.summary;
  const errors = plan.diagnostics.filter(({ severity }) => severity === 'error').length;
  if (events === 0 && !plan.complete) return `No plan: ${count(errors, 'error')}, no event was read.`;
  if (events === 0) return 'No changes. No event was chosen.';
  if (inSync === events)
    return `No changes. ${events === 1 ? 'The event is' : `All ${events} events are`} in sync.`;
  if (add + remove + deleteEvents + unbindChats === 0 && refused === 0) {
    return `No changes planned, but ${count(unknown, 'event')} could not be read.`;
  }
  const replaced = plan.events.flatMap((event) => groupChanges(event.changes).replacements).length;
  const parts = [`${add} to add`, `${remove} to remove`];
  if (replaced > 0) parts.push(`${replaced} of each to replace an optional flag`);
  if (deleteEvents > 0) parts.push(`${count(deleteEvents, 'event')} to delete`);
  if (unbindChats > 0) parts.push(`${count(unbindChats, 'meeting chat')} to unbind`);
  return `Plan: ${parts.join(', ')}. ${noticeText(plan)}`;
}

/** A platform that decides for itself who hears of a removal is never promised to be silent. */
function noticeText({ summary, events }: Plan): string {
  const { notified } = summary;
  const told =
    notified === 0 ? 'Nobody is notified' : count(notified, 'person is notified', 'people are notified');
  const loud = events
    .filter(({ provider }) => platforms[provider].notice.remove === 'platform')
    .filter(({ changes }) => changes.some(({ action }) => action === 'remove'))
    .map(({ provider }) => platforms[provider].title);
  return loud.length === 0
    ? `${told}.`
    : `${told}, besides those whom ${[...new Set(loud)].join(' and ')} tells of their removal.`;
}

/** How many events there are of each status; nothing where there are none. */
export function eventTotals({ summary }: Plan): string[] {
  const { events, inSync, changed, refused, unknown } = summary;
  if (events === 0) return [];
  return [
    `${count(events, 'event')}: ${inSync} in sync, ${changed} changed, ${refused} refused, ${unknown} unknown.`,
  ];
}

/** What the events were chosen by, where not all were. */
export function selectionLines({ target, exclude, selector }: Selection): string[] {
  const chosen = [
    ...target.map((name) => `--target ${name}`),
    ...exclude.map((name) => `--exclude ${name}`),
    ...selector.map((pair) => `--selector ${pair}`),
  ];
  return chosen.length === 0 ? [] : [`Only the events chosen by ${chosen.join(' ')}.`];
}

/** The calls that were made and will be, and what share of a month's that is. Holds nothing from outside. */
export function callLines({ requests, events }: Plan, calls?: CallsOf): string[] {
  const total = `Calls: ${requests.used} used, ${requests.needed} needed to apply.`;
  const providers = [...new Set(events.map(({ provider }) => provider))];
  const shares = providers.flatMap((provider) => {
    const { title, monthlyCalls } = platforms[provider];
    if (monthlyCalls === null) return [];
    const own = calls?.get(provider) ?? requests;
    const share = Math.round(((own.used + own.needed) / monthlyCalls) * 1000) / 10;
    // A saved plan counts the calls of all platforms together: beside another platform that is an upper bound.
    const bound = own === requests && providers.length > 1 ? 'at most ' : '';
    return [`${title}: ${bound}${share}% of the ${monthlyCalls} calls that an organisation has a month.`];
  });
  return [total, ...shares];
}
