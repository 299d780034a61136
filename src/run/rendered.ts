import type { Diagnostic } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';
import type { Result } from '../model/result.ts';
import { defaultMaxBytes } from '../report/markdown/blocks.ts';
import { plainInk, plainTerminal } from '../report/text/terminal.ts';
import {
  type DiagnosticFormat,
  type PlanFormat,
  type Rendering,
  type ResultFormat,
  diagnosticRenderers,
  planRenderers,
  resultRenderers,
} from './render.ts';

/** How a report is made. */
export interface RenderOptions {
  /** The most bytes of Markdown: beyond it less is told. 60,000 unless it is given. */
  readonly maxBytes?: number;
  /** The file that holds the plan, for the report to say how it is applied. */
  readonly savedAs?: string;
  /** An IANA zone that times are shown in. UTC unless it is given. */
  readonly timeZone?: string;
  /** The page that shows the folder of the manifests: their lines become links in Markdown and HTML. */
  readonly linkBase?: string;
}

/** A plan as `plan --format` prints it, without colours. */
export async function renderPlan(
  plan: Plan,
  format: PlanFormat,
  options: RenderOptions = {},
): Promise<string> {
  const renderer = await planRenderers[format]();
  return joinedText(renderer(plan, await renderingOf(options)));
}

/** A result as `apply --format` prints it, without colours. */
export async function renderResult(
  result: Result,
  format: ResultFormat,
  options: RenderOptions = {},
): Promise<string> {
  const renderer = await resultRenderers[format]();
  return joinedText(renderer(result, await renderingOf(options)));
}

/** Diagnostics as `validate --format` prints them, without colours. */
export async function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  format: DiagnosticFormat,
): Promise<string> {
  const renderer = await diagnosticRenderers[format]();
  return joinedText(renderer(diagnostics, plainInk));
}

async function renderingOf({ maxBytes = defaultMaxBytes, ...options }: RenderOptions): Promise<Rendering> {
  const { default: width } = await import('string-width');
  return { terminal: plainTerminal((text) => width(text)), maxBytes, ...options };
}

function joinedText(parts: Iterable<string>): string {
  return typeof parts === 'string' ? parts : [...parts].join('');
}
