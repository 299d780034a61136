import { counted } from '../model/say.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';

/** The public exit codes. Where several apply: 130, then 4, 3, 1, 2, 0. */
export const exitCodes = {
  done: 0,
  error: 1,
  pending: 2,
  refused: 3,
  incomplete: 4,
  interrupted: 130,
} as const;

/** What a plan means to its caller. */
export function planExitCode(plan: Plan, detailed: boolean): number {
  const refused = plan.violations.length > 0 || plan.events.some(({ status }) => status === 'refused');
  if (refused) return exitCodes.refused;
  if (!plan.complete) return exitCodes.error;
  const pending =
    plan.events.some(({ changes }) => changes.some(({ certain }) => certain)) ||
    (plan.unmanaged ?? []).length > 0;
  return detailed && pending ? exitCodes.pending : exitCodes.done;
}

const byWeight: readonly number[] = [
  exitCodes.interrupted,
  exitCodes.incomplete,
  exitCodes.refused,
  exitCodes.error,
  exitCodes.pending,
  exitCodes.done,
];

/** The one that counts of several exit codes. */
export function worstOf(codes: readonly number[]): number {
  return byWeight.find((code) => codes.includes(code)) ?? exitCodes.done;
}

/** A mistake of the user's or of the surroundings: shown as a sentence with the way out, never as a stack trace. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
  readonly hint: string | undefined;
  readonly exitCode: number;
  /** What exactly is wrong, where that is more than one thing. */
  readonly details: readonly string[];

  constructor(
    message: string,
    hint?: string,
    exitCode: number = exitCodes.error,
    details: readonly string[] = [],
  ) {
    super(message);
    this.hint = hint;
    this.exitCode = exitCode;
    this.details = details;
  }
}

/**
 * Why a plan is refused.
 *
 * - `redacted`: people are not in it.
 * - `old`: it is from a version whose plans do not hold what has to be checked.
 * - `digest`: it was changed after it was made.
 * - `contradiction`: what it says of itself does not follow from what is in it.
 * - `other-day`: it is for another day than today, and manifests are to be read for that day.
 * - `run-removals`: the guard over the whole run tripped.
 * - `too-old`, `not-yet`: it was made before the time limit, or in the future.
 * - `account`: it is for another host or app, or the run that is to be undone was.
 * - `other-lock`: it rests on other lines of `rollcall.lock` than there are for the manifests given with it.
 * - `other-membership`: rosters given with it take in other people than when it was made.
 * - `not-from-manifests`: it does not follow from the manifests given with it.
 */
export type RefusalCode =
  | 'malformed'
  | 'redacted'
  | 'old'
  | 'digest'
  | 'contradiction'
  | 'other-day'
  | 'run-removals'
  | 'too-old'
  | 'not-yet'
  | 'account'
  | 'other-lock'
  | 'other-membership'
  | 'not-from-manifests';

/** A plan that must not be applied as it stands. Nothing was written. */
export class PlanRefusedError extends UsageError {
  override readonly name: string = 'PlanRefusedError';
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string, hint: string, details: readonly string[] = []) {
    super(message, hint, exitCodes.refused, details);
    this.code = code;
  }
}

/** Manifests with errors, where only manifests without any can be used. */
export class ManifestError extends UsageError {
  override readonly name: string = 'ManifestError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    super(`the manifests have ${counted(errors, 'error')}`, 'See: rollcall validate');
    this.diagnostics = diagnostics;
  }
}
