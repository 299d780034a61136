import { systemClock } from '../http/clock.ts';
import type { Env } from '../providers/account.ts';
import { settleTimes } from '../providers/settings.ts';
import { lastCrash, lastWritten } from '../store/crash.ts';

/** Waits until reads show what was written at `writtenAt` (epoch milliseconds): right after it they may lag behind. */
export async function settle(writtenAt: number, settleMs: number, signal: AbortSignal): Promise<void> {
  // A clock that runs ahead on the other machine makes nobody wait for longer.
  const left = Math.min(settleMs, writtenAt + settleMs - systemClock.date());
  if (left > 0) await systemClock.sleep(left, signal);
}

/**
 * Waits for reads where a run was killed just now: what its last call did may not show yet, and would be done twice.
 */
export async function settleAfterCrash(env: Env, journalDir: string, signal: AbortSignal): Promise<void> {
  const longest = longestSettle(env);
  const crashedAt = lastCrash(journalDir, systemClock.date() - longest);
  if (crashedAt !== null) await settle(crashedAt, longest, signal);
}

/** Whether a run wrote so late that a reading of `since` (epoch milliseconds) may not show it. */
export function wasWrittenSince(env: Env, journalDir: string, since: number): boolean {
  return lastWritten(journalDir) >= since - longestSettle(env);
}

function longestSettle(env: Env): number {
  const settleMs = settleTimes(env);
  return 'problem' in settleMs ? 0 : Math.max(...Object.values(settleMs));
}
