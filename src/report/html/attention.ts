import type { Diagnostic, Problem } from '../../model/diagnostic.ts';
import type { Plan, Violation } from '../../model/plan.ts';
import { eventLink, type Markup, markup, nothing } from './markup.ts';

/** So many are shown at once; the rest is a click away. */
const shownAtOnce = 20;

/** A guard that tripped. */
export function violationMarkup(violation: Violation): Markup {
  return callout('refused', 'Guard', violation.code, markup`${violation.message}`);
}

/** Why an event could not be read, and the way out. */
export function problemMarkup(problem: Problem): Markup {
  return callout('unknown', 'Not read', problem.code, problemWords(problem));
}

/** Guards of the run, refused events, events that could not be read, then what the manifests gave rise to. */
export function attentionMarkup(plan: Plan): Markup {
  const items = [
    ...plan.violations.map(({ code, message }) =>
      callout('refused', 'Refused, nothing is applied', code, markup`${message}`),
    ),
    ...plan.events.flatMap(({ name, violations }) =>
      violations.map(({ code, message }) =>
        callout('refused', 'Refused', code, markup`${linkTo(name)}: ${message}`),
      ),
    ),
    ...plan.events.flatMap(({ name, problem }) =>
      problem === undefined
        ? []
        : [callout('unknown', 'Unknown', problem.code, markup`${linkTo(name)}: ${problemWords(problem)}`)],
    ),
    ...diagnosticsInOrder(plan.diagnostics).map(diagnosticMarkup),
  ];
  if (items.length === 0) return nothing;
  const rest = items.slice(shownAtOnce);
  return markup`<section aria-labelledby="attention-title" id="attention">
<h2 id="attention-title">Needs attention</h2>
${items.slice(0, shownAtOnce)}${
    rest.length === 0
      ? nothing
      : markup`<details class="left"><summary>${rest.length} more</summary>${rest}</details>`
  }</section>
`;
}

function diagnosticsInOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [
    ...diagnostics.filter(({ severity }) => severity === 'error'),
    ...diagnostics.filter(({ severity }) => severity === 'warning'),
  ];
}

function diagnosticMarkup({ severity, code, message, hint, source }: Diagnostic): Markup {
  const place =
    source === undefined
      ? nothing
      : markup`<span class="place"><bdi>${source.file}</bdi>:${source.line}:${source.column}</span> `;
  const [kind, word] =
    severity === 'error' ? (['refused', 'Error'] as const) : (['unknown', 'Warning'] as const);
  return callout(kind, word, code, markup`${place}${message}${hintMarkup(hint)}`);
}

function problemWords({ message, hint, platformCode, logId }: Problem): Markup {
  const details = [
    ...(platformCode === undefined ? [] : [`platform code ${platformCode}`]),
    ...(logId === undefined ? [] : [`log id ${logId}`]),
  ];
  const tail = details.length === 0 ? nothing : markup` <span class="quiet">(${details.join(', ')})</span>`;
  return markup`${message}${tail}${hintMarkup(hint)}`;
}

function hintMarkup(hint: string | undefined): Markup {
  return hint === undefined ? nothing : markup`<span class="hint">${hint}</span>`;
}

function linkTo(name: string): Markup {
  return markup`<a href="${eventLink(name)}"><bdi>${name}</bdi></a>`;
}

function callout(kind: 'refused' | 'unknown', word: string, code: string, content: Markup): Markup {
  return markup`<div class="callout ${kind}"><p class="what"><b>${word}</b> <code>${code}</code></p><p data-find>${content}</p></div>
`;
}
