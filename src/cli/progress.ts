import type { Surroundings } from './surroundings.ts';

/** Says on stderr how far the work is. Silent where stderr is no terminal. */
export interface Progress {
  update(done: number, total: number): void;
  stop(): void;
}

const silent: Progress = { update: () => {}, stop: () => {} };

/** Starts a progress display. `words` makes its line from what is done. */
export async function startProgress(
  surroundings: Surroundings,
  options: { readonly progress: boolean; readonly quiet?: true; readonly verbose?: true },
  words: (done: number, total: number) => string,
): Promise<Progress> {
  const { stderr, env } = surroundings;
  const shown =
    options.progress && options.quiet !== true && options.verbose !== true && stderr.isTTY === true;
  if (!shown || env['TERM'] === 'dumb') return silent;
  const { default: yoctoSpinner } = await import('yocto-spinner');
  const spinner = yoctoSpinner({ stream: process.stderr });
  return {
    update: (done, total) => {
      spinner.text = words(done, total);
      if (!spinner.isSpinning) spinner.start();
    },
    stop: () => {
      if (spinner.isSpinning) spinner.stop();
    },
  };
}
