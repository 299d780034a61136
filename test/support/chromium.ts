import { existsSync } from 'node:fs';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * The browser for tests: the one that $CHROMIUM names, else one of the usual paths; `null` where there is none.
 * An empty $CHROMIUM stands for none. Throws where it names a file that does not exist.
 */
export function chromiumPath(): string | null {
  const named = process.env['CHROMIUM'];
  if (named === undefined) return usual.find((path) => existsSync(path)) ?? null;
  if (named === '') return null;
  if (!existsSync(named)) throw new Error(`$CHROMIUM names ${named}, which does not exist.`);
  return named;
}

/** What is printed where there is none. */
export const noChromium: string = `No Chromium: the tests of the HTML page in a real browser are left out. Install one at ${usual.join(', ')} or name it in $CHROMIUM.`;
