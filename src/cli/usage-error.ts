/** A mistake of the user's or of the surroundings: shown as a sentence with the way out, never as a stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
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

/** The public exit codes. Where several apply: 130, then 4, 3, 1, 2, 0. */
export const exitCodes = {
  done: 0,
  error: 1,
  pending: 2,
  refused: 3,
  incomplete: 4,
  interrupted: 130,
} as const;
