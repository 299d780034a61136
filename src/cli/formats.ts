import { appendFileSync } from 'node:fs';
import { type Diagnostic, reasonOf } from '../model/diagnostic.ts';
import type { CallsOf } from '../model/calls.ts';
import type { FleetReport } from '../model/fleet.ts';
import type { Plan } from '../model/plan.ts';
import type { Result } from '../model/result.ts';
import {
  diagnosticRenderers,
  fleetRenderers,
  planRenderers,
  type Rendering,
  resultRenderers,
} from '../run/render.ts';
import { UsageError } from '../run/usage-error.ts';
import { inkFor } from './ink.ts';
import type { Sink, Surroundings } from './surroundings.ts';

type Renderers<T, R = Rendering> = Readonly<
  Record<string, () => Promise<(value: T, rendering: R) => Iterable<string>>>
>;

/** What a plan, a result and the diagnostics of manifests can be printed as. */
export const planFormats: readonly string[] = Object.keys(planRenderers);
export const resultFormats: readonly string[] = Object.keys(resultRenderers);
export const diagnosticFormats: readonly string[] = Object.keys(diagnosticRenderers);
export const foundFormats: readonly string[] = ['text', 'json', 'yaml'];

/** How a report is asked for on the command line. */
export interface FormatOptions {
  readonly format: string;
  readonly color: boolean;
  /** Nothing is folded in text. */
  readonly full?: true | undefined;
  /** Bytes, for Markdown. */
  readonly maxBytes?: number | undefined;
  /** The page that shows the current folder, for links in Markdown and HTML. */
  readonly linkBase?: string | undefined;
}

/** @throws UsageError for an option of one format beside another. */
export function checkFormat({ format, maxBytes, linkBase, full }: Omit<FormatOptions, 'color'>): void {
  // The annotations of GitHub come with a summary in Markdown.
  const given: readonly (readonly [string, boolean, readonly string[]])[] = [
    ['--max-bytes', maxBytes !== undefined, ['markdown', 'github']],
    ['--link-base', linkBase !== undefined, ['markdown', 'html', 'github']],
    ['--full', full === true, ['text']],
  ];
  for (const [option, isGiven, formats] of given) {
    if (!isGiven || formats.includes(format)) continue;
    throw new UsageError(
      `${option} works only with --format ${formats[0]}, not with --format ${format}`,
      `Leave ${option} out, or pass --format ${formats[0]}.`,
    );
  }
}

/** Where a report in this format goes: what is made of commands to GitHub has to reach it. */
export function reportSink({ stdout, commands }: Surroundings, { format }: FormatOptions): Sink {
  return format === 'github' ? (commands ?? stdout) : stdout;
}

/** A plan as it may be shown: without people where that was asked for. */
export function shownPlan({ redactor }: Surroundings, plan: Plan): Plan {
  return redactor === undefined ? plan : redactor.plan(plan);
}

interface PlanRendering extends FormatOptions {
  readonly savedAs?: string | undefined;
  /** The plan's calls for each platform apart, where they are known. */
  readonly calls?: CallsOf | undefined;
}

/** The plan in a format, without people where that was asked for. `savedAs`: the file that holds it. */
export function renderPlan(
  surroundings: Surroundings,
  plan: Plan,
  options: PlanRendering,
): Promise<Iterable<string>> {
  const shown = shownPlan(surroundings, plan);
  return render(planRenderers, surroundings, shown, options, [shown]);
}

/** The result in a format, without people where that was asked for. */
export function renderResult(
  surroundings: Surroundings,
  result: Result,
  options: FormatOptions,
): Promise<Iterable<string>> {
  return render(resultRenderers, surroundings, surroundings.redactor?.result(result) ?? result, options, []);
}

/** A fleet run in a format, without people where that was asked for. */
export async function renderFleet(
  surroundings: Surroundings,
  report: FleetReport,
  options: FormatOptions,
): Promise<Iterable<string>> {
  const { redactor } = surroundings;
  const shown =
    redactor === undefined ? report : (await import('../report/redact/result.ts')).redactFleet(report);
  return render(fleetRenderers, surroundings, shown, options, []);
}

/** The diagnostics in a format, without people where that was asked for. */
export async function renderDiagnostics(
  surroundings: Surroundings,
  diagnostics: readonly Diagnostic[],
  options: FormatOptions,
): Promise<Iterable<string>> {
  // Of good manifests text says nothing: what would word it is not loaded.
  if (diagnostics.length === 0 && options.format === 'text') return [];
  const shown = surroundings.redactor?.diagnostics(diagnostics) ?? diagnostics;
  const renderer = await rendererOf(diagnosticRenderers, options.format);
  return renderer(shown, inkFor(surroundings.stdout, surroundings.env, options.color));
}

async function render<T>(
  renderers: Renderers<T>,
  surroundings: Surroundings,
  value: T,
  options: PlanRendering,
  plans: readonly Plan[],
): Promise<Iterable<string>> {
  const { stdout, env } = surroundings;
  const renderer = await rendererOf(renderers, options.format);
  // Loaded here, because the help of every command names the formats.
  const { terminalFor } = await import('./terminal.ts');
  const { viewOptions } = await import('./view-options.ts');
  const { defaultMaxBytes } = await import('../report/markdown/blocks.ts');
  return renderer(value, {
    ...viewOptions(surroundings, options.format, options.calls),
    terminal: await terminalFor(stdout, env, options, plans),
    maxBytes: options.maxBytes ?? defaultMaxBytes,
    savedAs: options.savedAs,
    linkBase: options.linkBase,
  });
}

async function rendererOf<T, R>(
  renderers: Renderers<T, R>,
  format: string,
): Promise<(value: T, rendering: R) => Iterable<string>> {
  const renderer = await renderers[format]?.();
  if (renderer === undefined) throw new RangeError(`there is no format ${format}`);
  return renderer;
}

/**
 * Beside annotations: the plan in Markdown for the page of the job, where GitHub Actions names a file for it
 * (`GITHUB_STEP_SUMMARY`). A file that cannot be written is a warning: the plan is the same without it.
 */
export async function appendStepSummary(
  surroundings: Surroundings,
  plan: Plan,
  options: FormatOptions & { readonly savedAs?: string | undefined },
): Promise<void> {
  const file = surroundings.env['GITHUB_STEP_SUMMARY'];
  if (options.format !== 'github' || file === undefined || file === '') return;
  const parts = await renderPlan(surroundings, plan, { ...options, format: 'markdown' });
  try {
    appendFileSync(file, `${[...parts].join('')}\n`);
  } catch (error) {
    const reason = reasonOf(error);
    const { printWarning } = await import('./messages.ts');
    printWarning(surroundings, `the job summary cannot be written to GITHUB_STEP_SUMMARY (${reason})`);
  }
}
