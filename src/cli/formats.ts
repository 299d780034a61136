import type { Diagnostic } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';
import type { Result } from '../model/result.ts';
import { defaultMaxBytes } from '../report/markdown-blocks.ts';
import type { MarkdownOptions } from '../report/plan-markdown.ts';
import type { Terminal } from '../report/terminal.ts';
import { type Surroundings, terminalFor } from './surroundings.ts';
import { UsageError } from './usage-error.ts';

/** What a report is made for, beside the value that it shows. */
interface Rendering extends MarkdownOptions {
  readonly terminal: Terminal;
}

type Renderers<T> = Readonly<Record<string, () => Promise<(value: T, rendering: Rendering) => string>>>;

const planRenderers: Renderers<Plan> = {
  text: async () => {
    const { planText } = await import('../report/plan-text.ts');
    return (plan, { terminal }) => planText(plan, terminal);
  },
  json: async () => (await import('../report/json.ts')).planJson,
  markdown: async () => (await import('../report/plan-markdown.ts')).planMarkdown,
  html: async () => (await import('../report/html.ts')).planHtml,
  github: async () => (await import('../report/github.ts')).planGithub,
  gitlab: async () => (await import('../report/gitlab.ts')).planGitlab,
};

const resultRenderers: Renderers<Result> = {
  text: async () => {
    const { resultText } = await import('../report/result-text.ts');
    return (result, { terminal }) => resultText(result, terminal);
  },
  json: async () => (await import('../report/json.ts')).resultJson,
  markdown: async () => (await import('../report/result-markdown.ts')).resultMarkdown,
};

const diagnosticRenderers: Renderers<readonly Diagnostic[]> = {
  text: async () => {
    const { diagnosticsText } = await import('../report/diagnostics-text.ts');
    return (diagnostics, { terminal }) => diagnosticsText(diagnostics, terminal);
  },
  json: async () => (await import('../report/json.ts')).diagnosticsJson,
  github: async () => (await import('../report/github.ts')).diagnosticsGithub,
};

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

/** The plan in a format, without people where that was asked for. `savedAs`: the file that holds it. */
export function renderPlan(
  surroundings: Surroundings,
  plan: Plan,
  options: FormatOptions & { readonly savedAs?: string | undefined },
): Promise<string> {
  return render(planRenderers, surroundings, shownPlan(surroundings, plan), options);
}

/** The result in a format, without people where that was asked for. */
export function renderResult(
  surroundings: Surroundings,
  result: Result,
  options: FormatOptions,
): Promise<string> {
  return render(resultRenderers, surroundings, surroundings.redactor?.result(result) ?? result, options);
}

/** The diagnostics in a format, without people where that was asked for. */
export function renderDiagnostics(
  surroundings: Surroundings,
  diagnostics: readonly Diagnostic[],
  options: FormatOptions,
): Promise<string> {
  const shown = surroundings.redactor?.diagnostics(diagnostics) ?? diagnostics;
  return render(diagnosticRenderers, surroundings, shown, options);
}

async function render<T>(
  renderers: Renderers<T>,
  { stdout, env }: Surroundings,
  value: T,
  options: FormatOptions & { readonly savedAs?: string | undefined },
): Promise<string> {
  const renderer = await renderers[options.format]?.();
  if (renderer === undefined) throw new RangeError(`there is no format ${options.format}`);
  return renderer(value, {
    terminal: terminalFor(stdout, env, options.color),
    maxBytes: options.maxBytes ?? defaultMaxBytes,
    savedAs: options.savedAs,
  });
}
