import type { Surroundings } from './surroundings.ts';

/** Says on stderr how far the work is. Silent where stderr is no terminal. */
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
