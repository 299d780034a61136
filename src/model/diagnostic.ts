import { given } from './given.ts';
import { type Part, type Said, told } from './say.ts';

/** A place in a file, all counted from 1. `file` is as the user would write it. */
export interface Source {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something to tell the user about an input. Errors stop the run before any call; warnings do not. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable, for programs: `unknown-key`, `duplicate-name` … */
  readonly code: string;
  /** Names the thing and the rule. */
  readonly message: string;
  /** The way out. */
  readonly hint?: string;
  readonly source?: Source;
  /** It stands for so many that are counted and not told. */
  readonly more?: number;
  /** The line at `source` as the author wrote it, where seeing it helps. */
  readonly excerpt?: string;
  /**
   * What message and hint are made of, for redaction. Under a symbol, so that no file and no digest has it: of a
   * diagnostic that comes out of a file nobody knows whom it names.
   */
  readonly [told]?: Told;
}

interface Told {
  readonly message: readonly Part[];
  readonly hint: readonly Part[];
}

/** A diagnostic of messages whose parts are known. */
export function diagnosticOf({
  message,
  hint,
  ...rest
}: Omit<Diagnostic, 'message' | 'hint' | typeof told> & {
  readonly message: Said;
  readonly hint?: Said | undefined;
}): Diagnostic {
  return {
    ...rest,
    message: message.text,
    ...given({ hint: hint?.text }),
    [told]: { message: message.parts, hint: hint?.parts ?? [] },
  };
}

/**
 * Why an event could not be read, or why it is not known whom it wants. Part of the public plan format.
 *
 * - `source-unread`, `source-incomplete`: a department, group, role or chat that a Roster of it is expanded from could
 *   not be read to its end, or has fewer people than it should.
 * - `list-partial`: the platform returned only some of the attendees.
 * - `not-organizer`: the event is of somebody else, and who is invited is theirs to change.
 * - `held`: another run holds its lease, or may by now. `overtaken`: another run has written it since the plan was made.
 *   `store`: the shared store does not answer.
 * - `over-max`: a Roster of it has more members than it may, or it wants more than an event holds.
 */
export type ProblemCode =
  | 'list-refused'
  | 'list-failed'
  | 'list-malformed'
  | 'internal'
  | 'list-moved'
  | 'held'
  | 'overtaken'
  | 'store'
  | 'list-partial'
  | 'not-organizer'
  | 'event-not-found'
  | 'event-deleted'
  | 'source-unread'
  | 'source-incomplete'
  | 'over-max'
  | 'quota'
  | 'credentials';

/** A failed read as a value: it can only shrink what is changed. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint?: string;
  /** The platform's own code, as text. */
  readonly platformCode?: string;
  /** What the platform's support asks for. */
  readonly logId?: string;
}

/**
 * A failure that nothing was prepared for, as the problem of the one event that it struck: the others go on, and it is
 * told for what it is.
 */
export function internalProblem(error: unknown): Problem & { readonly hint: string } {
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: `rollcall failed on this event: ${message}`,
    hint: 'This is a bug in rollcall: please report it.',
  };
}

/** Why a file operation failed: Node's code for it, like `ENOENT`, or the error itself. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
