import type { Waiting } from '../http/caller.ts';
import { shownDuration } from '../model/duration.ts';
import type { QuotaWindow } from '../model/platform.ts';
import type { Surroundings } from './surroundings.ts';

/** Says on stderr how far the work is. Silent where stderr is not a terminal. */
export interface Progress {
  update(done: number, total: number): void;
  stop(): void;
}

const silent: Progress = { update: () => {}, stop: () => {} };

/** Starts a progress display. `words` makes its line from what is done. */
export function startProgress(
  { stderr, env, status }: Surroundings,
  options: { readonly progress: boolean; readonly quiet?: true; readonly verbose?: true },
  words: (done: number, total: number) => string,
): Progress {
  const shown =
    options.progress && options.quiet !== true && options.verbose !== true && stderr.isTTY === true;
  if (!shown || env['TERM'] === 'dumb') return silent;
  let line = (): string => 'Waiting for the first answer';
  status?.show(() => line());
  return {
    update: (done, total) => {
      line = () => words(done, total);
    },
    stop: () => {
      status?.hide();
    },
  };
}

/** How far a run is. */
export interface Standing {
  readonly done: number;
  readonly total: number;
  /** Calls made since the run began. */
  readonly calls: number;
  /** Milliseconds since the run began. */
  readonly elapsedMs: number;
}

/** Before this many events are done, and before this many milliseconds, nothing can be said of the rest. */
const leastDone = 5;
const leastMs = 2000;

/**
 * How long the rest takes, in milliseconds, or null while too little is known. The events still to come are taken to
 * cost as many calls as those that are done, made as fast as up to now and never faster than the rate windows let
 * them: what a short beginning managed in an empty window says nothing about the minutes after it.
 */
export function remainingMs(
  { done, total, calls, elapsedMs }: Standing,
  windows: readonly QuotaWindow[],
): number | null {
  if (done < leastDone || elapsedMs < leastMs) return null;
  const callsLeft = (calls / done) * (total - done);
  const atThisPace = (elapsedMs / done) * (total - done);
  const underQuota = windows.map((window) => {
    // Calls that the window still has room for need not wait; the others come at its rate.
    const room = Math.max(0, window.calls - Math.min(calls, (calls / elapsedMs) * window.perMs));
    return (Math.max(0, callsLeft - room) / window.calls) * window.perMs;
  });
  return Math.max(atThisPace, ...underQuota);
}

/** The line of the progress display: `Reading events: 120 of 5000, 130 calls, about 4m left`. */
export function progressWords(what: string, standing: Standing, windows: readonly QuotaWindow[]): string {
  const { done, total, calls } = standing;
  const left = remainingMs(standing, windows);
  const rest = left === null || done >= total ? '' : `, about ${shownDuration(Math.max(1000, left))} left`;
  return `${what}: ${done} of ${total}, ${calls} ${calls === 1 ? 'call' : 'calls'}${rest}`;
}

/** What a call waits for: `open.feishu.cn cannot be reached (ENOTFOUND), trying again in 4 s (3 of 5)`. */
export function waitingWords({ host, because, code, repeat, of }: Waiting, leftMs: number): string {
  const why = {
    unreachable: `cannot be reached (${code})`,
    rate: 'is at its rate limit',
    transient: 'gave no usable answer',
  }[because];
  return `${host} ${why}, trying again in ${Math.ceil(leftMs / 1000)} s (${repeat} of ${of})`;
}
