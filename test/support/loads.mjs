// Given to Node with --import: prints on stderr every file that is loaded after it.
import { writeSync } from 'node:fs';
import { createRequire, register } from 'node:module';

const hooks = `export async function load(url, context, next) {
  process._rawDebug('loads ' + url);
  return next(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

// What is required comes by no hook.
const { cache } = createRequire(import.meta.url);
process.on('exit', () => {
  writeSync(
    2,
    Object.keys(cache)
      .map((path) => `loads ${path}\n`)
      .join(''),
  );
});
