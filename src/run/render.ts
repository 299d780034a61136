import type { Diagnostic } from '../model/diagnostic.ts';
import type { FleetReport } from '../model/fleet.ts';
import type { Plan } from '../model/plan.ts';
import type { Result } from '../model/result.ts';
import type { MarkdownOptions } from '../report/markdown/plan.ts';
import type { Ink, Terminal } from '../report/text/terminal.ts';

/** What a report is made for, beside the value that it shows. */
export interface Rendering extends MarkdownOptions {
  readonly terminal: Terminal;
}

type Renderer<T, R> = () => Promise<(value: T, rendering: R) => Iterable<string>>;

// Each is loaded when it is asked for: a command prints in one format.

export type PlanFormat = 'text' | 'json' | 'markdown' | 'html' | 'github' | 'gitlab';

/** What a plan can be printed as. */
export const planRenderers: Readonly<Record<PlanFormat, Renderer<Plan, Rendering>>> = {
  text: async () => {
    const { planTextParts } = await import('../report/text/plan.ts');
    return (plan, { terminal, ...options }) => planTextParts(plan, terminal, options);
  },
  json: async () => (await import('../report/json.ts')).planJsonParts,
  markdown: async () => (await import('../report/markdown/plan.ts')).planMarkdown,
  html: async () => (await import('../report/html/page.ts')).planHtml,
  github: async () => (await import('../report/github.ts')).planGithub,
  gitlab: async () => (await import('../report/json.ts')).planGitlab,
};

export type ResultFormat = 'text' | 'json' | 'markdown';

/** What a result can be printed as. */
export const resultRenderers: Readonly<Record<ResultFormat, Renderer<Result, Rendering>>> = {
  text: async () => {
    const { resultTextParts } = await import('../report/text/result.ts');
    return (result, { terminal }) => resultTextParts(result, terminal);
  },
  json: async () => (await import('../report/json.ts')).resultJsonParts,
  markdown: async () => (await import('../report/markdown/result.ts')).resultMarkdown,
};

export type DiagnosticFormat = 'text' | 'json' | 'github';

/** What a fleet run can be printed as. */
export const fleetRenderers: Readonly<Record<ResultFormat, Renderer<FleetReport, Rendering>>> = {
  text: async () => {
    const { fleetText } = await import('../report/text/fleet.ts');
    return (report, { terminal }) => fleetText(report, terminal);
  },
  json: async () => (await import('../report/json.ts')).fleetJsonParts,
  markdown: async () => (await import('../report/markdown/fleet.ts')).fleetMarkdown,
};

/** What the diagnostics of manifests can be printed as. */
export const diagnosticRenderers: Readonly<Record<DiagnosticFormat, Renderer<readonly Diagnostic[], Ink>>> = {
  text: async () => (await import('../report/text/diagnostics.ts')).diagnosticsText,
  json: async () => (await import('../report/json.ts')).diagnosticsJson,
  github: async () => (await import('../report/github.ts')).diagnosticsGithub,
};
