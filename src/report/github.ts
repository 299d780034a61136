import type { Diagnostic, Source } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';
import { visible } from './escape.ts';
import { type Attention, bySeverity } from './view/attention.ts';
import type { EventView } from './view/event.ts';
import { type PlanView, type ViewOptions, planView } from './view/plan.ts';
import { count, someOf } from './view/words.ts';

/** One workflow command (GitHub: "Workflow commands for GitHub Actions", `error`, `warning` and `notice`). */
interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly source?: Source | undefined;
  readonly title: string;
  /** Joined by line breaks. */
  readonly lines: readonly string[];
  /** It stands for so many that are counted and not told. */
  readonly more?: number | undefined;
}

/** GitHub shows so many of a level for a step, and says nothing of the others. */
const shown = 10;

/** Diagnostics as annotations at their lines. Empty for none. */
export function diagnosticsGithub(diagnostics: readonly Diagnostic[]): string {
  const { kept, rest } = capped(bySeverity(diagnostics).map(diagnosticAnnotation));
  return text([
    ...kept,
    ...(rest === '' ? [] : [{ level: 'notice', title: 'rollcall', lines: [rest] } as const]),
  ]);
}

/**
 * A plan as annotations: guards and unread events at the line of their Event, diagnostics at theirs, and what the plan
 * comes to. Errors come first; of each level there are as many as GitHub shows, and the rest is counted.
 */
export function planGithub(plan: Plan, options?: ViewOptions): string {
  const view = planView(plan, options);
  const all = [...view.attention.map(attentionAnnotation), ...view.events.flatMap(skippedAnnotations)];
  const { kept, rest } = capped(all);
  const lines = [
    [view.headline, ...view.sentences.map(({ text }) => text)].join(' '),
    ...view.unmanaged.slice(0, shown).map(unmanagedText),
    ...(view.unmanaged.length > shown ? [`… and ${view.unmanaged.length - shown} more`] : []),
    ...(rest === '' ? [] : [rest]),
  ];
  return text([...kept, { level: 'notice', title: 'rollcall plan', lines }]);
}

function unmanagedText({ name, platform, words, renamedTo }: PlanView['unmanaged'][number]): string {
  return `${name} (${platform}): ${words}${renamedTo === null ? '' : ` ${renamedTo}`}`;
}

function attentionAnnotation(one: Attention): Annotation {
  const { kind, code, words, events, source, message, hint, details, command, more } = one;
  const about = events.length > 1 ? words : events.join('');
  const titles: Readonly<Record<Attention['kind'], string>> = {
    'run-guard': `refused, nothing is applied: ${code}`,
    guard: `${about} is refused: ${code}`,
    problem: events.length > 1 ? `${about}: ${code}` : `${about} is unknown: ${code}`,
    error: code,
    warning: code,
  };
  return {
    level: kind === 'warning' ? 'warning' : 'error',
    source,
    title: titles[kind],
    more,
    lines: [
      message,
      ...(hint === undefined ? [] : [hint]),
      ...details.map(({ term, value }) => `${term} ${value}`),
      ...(command === undefined ? [] : [`To allow it: ${command}`]),
      ...(events.length > 1 ? [`Events: ${someOf(events)}`] : []),
    ],
  };
}

/** Wanted people who have left are a matter of the manifest. */
function skippedAnnotations({ name, source, left }: EventView): Annotation[] {
  return left
    .filter(({ kind }) => kind === 'skipped')
    .map(({ words, names }) => ({
      level: 'warning',
      source,
      title: `${name}: left`,
      lines: [`${words}: ${someOf(names)}`],
    }));
}

function diagnosticAnnotation({ severity, code, message, hint, source, more }: Diagnostic): Annotation {
  return {
    level: severity,
    source,
    title: code,
    more,
    lines: [message, ...(hint === undefined ? [] : [hint])],
  };
}

/** The first of each level, and in words how many more there are. */
function capped(annotations: readonly Annotation[]): { readonly kept: Annotation[]; readonly rest: string } {
  const kept: Annotation[] = [];
  const rests = (['error', 'warning'] as const).flatMap((level) => {
    const all = annotations.filter((one) => one.level === level);
    const told = all.filter(({ more }) => more === undefined).slice(0, shown);
    kept.push(...told);
    const rest = all.reduce((sum, { more = 1 }) => sum + more, 0) - told.length;
    return rest > 0 ? [count(rest, `more ${level}`)] : [];
  });
  return { kept, rest: rests.length === 0 ? '' : `Not shown as annotations: ${rests.join(', ')}.` };
}

function text(annotations: readonly Annotation[]): string {
  return annotations.map((annotation) => `${command(annotation)}\n`).join('');
}

function command({ level, source, title, lines }: Annotation): string {
  const place: (readonly [string, string | number])[] =
    source === undefined
      ? []
      : [
          ['file', source.file],
          ['line', source.line],
          ['col', source.column],
        ];
  const properties = [...place, ['title', title] as const].map(
    ([name, value]) => `${name}=${property(visible(String(value)))}`,
  );
  return `::${level} ${properties.join(',')}::${data(lines.map(visible).join('\n'))}`;
}

/** A command's message, escaped as GitHub's own toolkit does. */
export function data(value: string): string {
  return value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** A command's property, where the separators of properties are escaped too. */
export function property(value: string): string {
  return data(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
