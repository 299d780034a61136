// Given to Node with --import: prints on stderr every module that is loaded after it.
import Module, { isBuiltin, register } from 'node:module';

const hooks = `export async function load(url, context, next) {
  process._rawDebug('loads ' + url);
  return next(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

// What is required comes by no hook.
const load = Module._load;
Module._load = (request, parent, isMain) => {
  const path = Module._resolveFilename(request, parent, isMain);
  process._rawDebug(`loads ${isBuiltin(path) ? `node:${path.replace('node:', '')}` : path}`);
  return load(request, parent, isMain);
};
