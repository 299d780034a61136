import type { FleetReport, TenantProblem } from '../../model/fleet.ts';
import { fleetView, type TenantView } from '../view/fleet.ts';
import { grouped } from '../view/words.ts';
import { defaultMaxBytes, fitted, type Table, table } from './blocks.ts';
import { code, prose } from './escape.ts';
import type { MarkdownOptions } from './plan.ts';

/** A fleet run for a comment or the summary of a job: totals, what is wrong with which tenant, and a row a tenant. */
export function fleetMarkdown(
  report: FleetReport,
  { maxBytes = defaultMaxBytes }: MarkdownOptions = {},
): string {
  const view = fleetView(report);
  const quiet = view.tenants.filter(({ mood }) => mood === 'good').length;
  const problems = [
    ...view.problems.map((problem) => ['', '', why(problem)]),
    ...view.tenants.flatMap((tenant) => problemRows(tenant)),
  ];
  return fitted(
    {
      top: [`## rollcall fleet ${report.mode}`, '', `**${prose(view.headline)}**`, '', view.totals, ''],
      sections: [{ title: 'Problems', head: ['tenant', 'event', 'why'], rows: problems }],
      events: () => table(tenantTable(view.tenants)),
      counts: () => tenantTable(view.tenants.filter(({ mood }) => mood !== 'good')),
      foot: [...view.next.flatMap((step) => [prose(step), '']), ''],
      whereabouts: `${grouped(quiet)} tenants without problems are left out; --format json has all.`,
      last: [view.headline, view.totals],
    },
    maxBytes,
  );
}

function tenantTable(tenants: readonly TenantView[]): Table {
  return {
    head: ['tenant', 'result', 'events', 'add', 'remove', 'attempt'],
    rows: tenants.map(({ tenant, words, events, added, removed, attempt }) => [
      code(tenant),
      words,
      events,
      added,
      removed,
      attempt,
    ]),
  };
}

function problemRows({ tenant, problems, more }: TenantView): string[][] {
  return [
    ...problems.map((problem) => [code(tenant), code(problem.event ?? ''), why(problem)]),
    ...(more === 0 ? [] : [[code(tenant), '', `and ${grouped(more)} more`]]),
  ];
}

function why({ code: word, message, hint, source }: TenantProblem): string {
  const place = source === undefined ? '' : `${code(`${source.file}:${source.line}:${source.column}`)} `;
  return [`${place}${code(word)}: ${prose(message)}`, ...(hint === undefined ? [] : [prose(hint)])].join(
    '<br>',
  );
}
