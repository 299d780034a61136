import { counted } from '../model/say.ts';
import type { Waiting } from '../http/traffic.ts';
import { shownDuration } from '../model/duration.ts';
import type { Surroundings } from './surroundings.ts';

/** Says on stderr how far the work is. Silent where stderr is not a terminal. */
export interface Progress {
  update(done: number, total: number): void;
  stop(): void;
}

const silent: Progress = { update: () => {}, stop: () => {} };

/** Starts a progress display. `words` makes its line from what is done. `total`: 0 until it is known. */
export function startProgress(
  { stderr, env, status }: Surroundings,
  options: { readonly progress: boolean; readonly quiet?: true; readonly verbose?: true },
  words: (done: number, total: number) => string,
  total = 0,
): Progress {
  const shown =
    options.progress && options.quiet !== true && options.verbose !== true && stderr.isTTY === true;
  if (!shown || env['TERM'] === 'dumb') return silent;
  let line = (): string => words(0, total);
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
export interface ProgressCount {
  readonly done: number;
  readonly total: number;
  /** Calls made since the run began. */
  readonly calls: number;
  /** Events that wait for other runs, which hold them. */
  readonly held?: number;
}

/**
 * The line of the progress display: `Reading events: 120 of 5000, 130 calls, about 4m left`. `leftMs`: null while nothing
 * can be said of the rest. How long other runs hold events nobody knows.
 */
export function progressWords(
  what: string,
  { done, total, calls, held = 0 }: ProgressCount,
  leftMs: number | null,
): string {
  const left =
    leftMs === null || done >= total ? '' : `, about ${shownDuration(Math.max(1000, leftMs))} left`;
  const rest = held === 0 ? left : `, waiting for ${counted(held, 'held event')}`;
  return `${what}: ${done} of ${total}, ${counted(calls, 'call')}${rest}`;
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
