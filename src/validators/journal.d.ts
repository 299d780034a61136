import type { ValidateFunction } from 'ajv';
import type { JournalLine } from '../store/journal.ts';

/** Whether a value is a line of a journal, by the kinds of lines: made of `schemas/journal.schema.json`. */
export const runStarted: ValidateFunction<JournalLine>;
export const batchStarted: ValidateFunction<JournalLine>;
export const batchDone: ValidateFunction<JournalLine>;
export const eventDone: ValidateFunction<JournalLine>;
export const runDone: ValidateFunction<JournalLine>;
