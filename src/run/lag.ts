import { systemClock } from '../http/clock.ts';
import type { Env } from '../providers/account.ts';
import { namesStore } from '../store/postgres/store.ts';
import { lagTimes } from '../providers/settings.ts';
import { lastCrash, lastWritten } from '../store/crash.ts';

/** Waits until reads show what was written at `writtenAt` (epoch milliseconds): right after it they may lag behind. */
export async function waitForLag(writtenAt: number, lagMs: number, signal: AbortSignal): Promise<void> {
  // A clock that runs ahead on the other machine makes nobody wait for longer.
  const left = Math.min(lagMs, writtenAt + lagMs - systemClock.date());
  if (left > 0) await systemClock.sleep(left, signal);
}

/**
 * Waits for reads where a run was killed just now: what its last call did may not show yet, and would be done twice.
 */
export async function waitAfterCrash(env: Env, journalDir: string, signal: AbortSignal): Promise<void> {
  // With a store a run that takes over an event knows of its last batch, and waits for that.
  if (namesStore(env)) return;
  const longest = longestLag(env);
  const crashedAt = lastCrash(journalDir, systemClock.date() - longest);
  if (crashedAt !== null) await waitForLag(crashedAt, longest, signal);
}

/** Whether a run wrote so late that a reading of `since` (epoch milliseconds) may not show it. */
export function wasWrittenSince(env: Env, journalDir: string, since: number): boolean {
  return lastWritten(journalDir) >= since - longestLag(env);
}

/** How long after a write any platform may not show it, in milliseconds. */
export function longestLag(env: Env): number {
  const lagMs = lagTimes(env);
  return 'problem' in lagMs ? 0 : Math.max(...Object.values(lagMs));
}
