import type { Plan } from '../../model/plan.ts';
import { planWordsLine, wordsOfPlan } from '../../model/plan-words.ts';
import type { Attention } from '../view/attention.ts';
import { type PlanView, type ViewOptions, planView, redactedWords } from '../view/plan.ts';
import { sourcesTitle } from '../view/beside-events.ts';
import { grouped } from '../view/words.ts';
import { type Section, type Table, defaultMaxBytes, fitted } from './blocks.ts';
import { code, prose } from './escape.ts';
import { eventMarkdown, placeCell, someCells } from './event.ts';

/** How long a report may be, where the whole of it is, and where the manifests are shown. */
export interface MarkdownOptions extends ViewOptions {
  /** Bytes of UTF-8, at least {@link leastMaxBytes}. */
  readonly maxBytes?: number | undefined;
  /** The file that the plan was saved to or read from. */
  readonly savedAs?: string | undefined;
  /** The page that shows the current folder: lines of manifests become links. */
  readonly linkBase?: string | undefined;
}

/**
 * A plan for a comment or a summary: totals, then what blocks it, then each event's changes. Where that is too long,
 * counts an event; where that is, the totals and where the whole plan is.
 */
export function planMarkdown(plan: Plan, options: MarkdownOptions = {}): string {
  const { savedAs, linkBase, maxBytes = defaultMaxBytes } = options;
  const view = planView(plan, options);
  return fitted(
    {
      top: topLines(view),
      sections: sectionsOf(view, linkBase),
      events: () => view.events.filter(isTold).flatMap((event) => eventMarkdown(event, linkBase)),
      counts: () => countTable(view),
      foot: footLines(plan, view),
      whereabouts:
        savedAs === undefined
          ? '`rollcall plan` prints the whole plan.'
          : `the whole plan is in ${code(savedAs)}, which \`rollcall show\` prints.`,
      last: [
        view.headline,
        `${plan.summary.add} to add, ${plan.summary.remove} to remove: see rollcall plan.`,
      ],
    },
    maxBytes,
  );
}

/** An event that could not be read is told above, with the reason; there is nothing more of it. */
function isTold({ remarkable, status, rows, notes, left }: PlanView['events'][number]): boolean {
  return remarkable && (status !== 'unknown' || rows.length + notes.length + left.length > 0);
}

function topLines(view: PlanView): string[] {
  const chosen = view.chosenBy.map(([option, value]) => code(`${option} ${value}`));
  return [
    '## rollcall plan',
    '',
    `**${view.headline}**`,
    '',
    ...(view.sentences.length === 0 ? [] : [view.sentences.map(({ text }) => text).join(' '), '']),
    ...(view.totals === null ? [] : [view.totals, '']),
    ...(chosen.length === 0 ? [] : [`Only the events chosen by ${chosen.join(' ')}.`, '']),
    ...(view.redacted ? [redactedWords, ''] : []),
  ];
}

function sectionsOf({ attention, sources, unmanaged }: PlanView, linkBase: string | undefined): Section[] {
  const head = ['what', 'about', 'why'];
  const rowOf = (one: Attention): string[] => attentionCells(one, linkBase);
  return [
    {
      title: 'Blocking',
      head,
      rows: attention.filter(({ kind }) => kind !== 'warning').map(rowOf),
      commands: attention.flatMap(({ command }) => (command === undefined ? [] : [command])),
    },
    {
      title: 'No longer managed',
      head: ['event', 'what', 'was in'],
      rows: unmanaged.map(({ name, platform, words, renamedTo, place }) => [
        `${code(name)} (${platform})`,
        renamedTo === null ? words : `${words} ${code(renamedTo)}`,
        code(place),
      ]),
    },
    {
      title: sourcesTitle,
      head: ['what', 'where', 'people'],
      rows: sources.map(({ kind, name, id, extent, platform, people }) => [
        `${kind} ${name === null ? code(id) : `${code(name)} (${code(id)})`}${extent}`,
        platform,
        people,
      ]),
    },
    { title: 'Warnings', head, rows: attention.filter(({ kind }) => kind === 'warning').map(rowOf) },
  ];
}

function attentionCells(one: Attention, linkBase: string | undefined): string[] {
  const why = [
    prose(one.message),
    ...(one.hint === undefined ? [] : [prose(one.hint)]),
    ...(one.details.length === 0
      ? []
      : [one.details.map(({ term, value }) => `${term} ${code(value)}`).join(', ')]),
  ];
  return [`${one.short}: ${code(one.code)}`, aboutCell(one, linkBase), why.join('<br>')];
}

function aboutCell({ kind, events, words, source }: Attention, linkBase: string | undefined): string {
  if (kind === 'run-guard') return 'the whole plan: nothing is applied';
  if (events.length > 1) return `${words}: ${someCells(events)}`;
  if (events.length === 1) return events.map(code).join('');
  return source === undefined ? '' : placeCell(source, linkBase);
}

function countTable({ events }: PlanView): Table {
  return {
    head: ['event', 'remove', 'replace', 'add', 'status'],
    rows: events
      .filter(({ remarkable }) => remarkable)
      .map(({ name, counts, status, statusWords }) => [
        code(name),
        ...[counts.remove, counts.replace, counts.add].map(grouped),
        status === 'changed' && counts.unbind + counts.delete === 0 ? 'changed' : statusWords,
      ]),
  };
}

function footLines(plan: Plan, { calls, asOf, made }: PlanView): string[] {
  const { digest } = plan;
  return [
    [
      ...calls,
      `As of ${asOf}, made ${code(made)}.`,
      ...(digest === undefined ? [] : [`Digest ${code(digest)}.`]),
    ].join('<br>'),
    '',
    planWordsLine(wordsOfPlan(plan)),
    '',
  ];
}
