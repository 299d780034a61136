import { randomBytes } from 'node:crypto';

/** The name of a run: when it began, and something that no other run has. Sorts by time, to the millisecond. */
export function newRunId(now: number): string {
  const time = new Date(now).toISOString().replace(/[-:.]/g, '');
  return `${time}-${randomBytes(4).toString('hex')}`;
}
