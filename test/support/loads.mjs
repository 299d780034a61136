// Given to Node with --import: prints the URL of every module that is loaded on stderr.
import { register } from 'node:module';

const hooks = `export async function load(url, context, next) {
  process._rawDebug('loads ' + url);
  return next(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
