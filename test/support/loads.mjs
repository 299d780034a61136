// Given to Node with --import: prints on stderr every module that is loaded after it.
import { register } from 'node:module';

const hooks = `export async function load(url, context, next) {
  process._rawDebug('loads ' + url);
  return next(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
