import type { ProviderId } from '../platforms/index.ts';
import type { Plan } from './plan.ts';

/**
 * The calls of one platform. `free`: those of them that are none of the calls of a month. `thisMonth`: all that count this
 * month, of every process that shares a store; absent where nobody counts them.
 */
export type PlatformCalls = Plan['requests'] & {
  readonly free?: Plan['requests'];
  readonly thisMonth?: number;
};

/** A plan's `requests` for each platform apart. */
export type CallsOf = ReadonlyMap<ProviderId, PlatformCalls>;

/** The calls that count in the month: those that were made, and those that applying takes. */
export function countedIn(calls: PlatformCalls): Plan['requests'] & { readonly total: number } {
  const { free } = calls;
  const used = calls.used - (free?.used ?? 0);
  const needed = calls.needed - (free?.needed ?? 0);
  return { used, needed, total: used + needed };
}
