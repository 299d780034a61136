import type { Diagnostic } from '../model/diagnostic.ts';
import type { CallsOf, Plan } from '../model/plan.ts';
import type { Result } from '../model/result.ts';
import { type Rendering, diagnosticRenderers, planRenderers, resultRenderers } from '../run/render.ts';
import { inkFor } from './ink.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usage-error.ts';

type Renderers<T, R = Rendering> = Readonly<
  Record<string, () => Promise<(value: T, rendering: R) => Iterable<string>>>
>;

/** What a plan, a result and the diagnostics of manifests can be printed as. */
export const planFormats: readonly string[] = Object.keys(planRenderers);
export const resultFormats: readonly string[] = Object.keys(resultRenderers);
export const diagnosticFormats: readonly string[] = Object.keys(diagnosticRenderers);

/** How a report is asked for on the command line. */
export interface FormatOptions {
  readonly format: string;
  readonly color: boolean;
  /** Bytes, for Markdown. */
  readonly maxBytes?: number;
}

/** @throws UsageError for a limit beside a format that has none. */
export function checkMaxBytes({ format, maxBytes }: Omit<FormatOptions, 'color'>): void {
  // The annotations of GitHub come with a summary in Markdown.
  if (maxBytes === undefined || format === 'markdown' || format === 'github') return;
  throw new UsageError(
    `--max-bytes is for --format markdown, and this is --format ${format}`,
    'Leave --max-bytes out, or pass --format markdown.',
  );
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

/** The diagnostics in a format, without people where that was asked for. */
export async function renderDiagnostics(
  surroundings: Surroundings,
  diagnostics: readonly Diagnostic[],
  options: FormatOptions,
): Promise<Iterable<string>> {
  const shown = surroundings.redactor?.diagnostics(diagnostics) ?? diagnostics;
  const renderer = await rendererOf(diagnosticRenderers, options.format);
  return renderer(shown, inkFor(surroundings.stdout, surroundings.env, options.color));
}

async function render<T>(
  renderers: Renderers<T>,
  { stdout, env }: Surroundings,
  value: T,
  options: PlanRendering,
  plans: readonly Plan[],
): Promise<Iterable<string>> {
  const renderer = await rendererOf(renderers, options.format);
  // Loaded here, because the help of every command names the formats.
  const { terminalFor } = await import('./terminal.ts');
  const { defaultMaxBytes } = await import('../report/markdown-blocks.ts');
  return renderer(value, {
    terminal: await terminalFor(stdout, env, options.color, plans),
    maxBytes: options.maxBytes ?? defaultMaxBytes,
    savedAs: options.savedAs,
    calls: options.calls,
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
