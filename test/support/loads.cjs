// oxlint-disable no-underscore-dangle -- Node has no public name for these.
// Given to Node with --require: prints on stderr every file that is loaded after it.
const Module = require('node:module');
const vm = require('node:vm');

const load = Module._load;
Module._load = function (request, parent, isMain) {
  process._rawDebug(`loads ${Module._resolveFilename(request, parent, isMain)}`);
  return load.call(this, request, parent, isMain);
};

// The command line loads its own files as scripts.
vm.Script = class extends vm.Script {
  constructor(source, options) {
    process._rawDebug(`loads ${options.filename}`);
    super(source, options);
  }
};
