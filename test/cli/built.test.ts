import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Built, builtFiles, codeOf } from '../../src/cli/built.ts';

describe('files of the build', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-built-'));
    writeFileSync(
      join(folder, 'first.js'),
      `const { posix } = require('node:path');
       exports.where = () => posix.basename(__filename);
       exports.other = () => require('./second.cjs');`,
    );
    writeFileSync(join(folder, 'second.cjs'), `module.exports = { first: require('./first.js') };`);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  interface First {
    readonly where: () => string;
    readonly other: () => { readonly first: First };
  }

  /** Loads the first file and uses all that is in it; answers what was loaded. */
  function use(): readonly Built[] {
    const files: Built[] = [];
    // What stands in the file above.
    const first = builtFiles((file) => files.push(file))(join(folder, 'first.js')) as First;
    expect(first.where()).toBe('first.js');
    expect(first.other().first).toBe(first);
    return files;
  }

  it('load each other, each once, and packages and modules of Node', () => {
    expect(use().map(({ path }) => path)).toEqual([join(folder, 'first.js'), join(folder, 'second.cjs')]);
  });

  it('take the code that was made of them', () => {
    const path = join(folder, 'number.js');
    writeFileSync(path, 'module.exports = 1;');
    builtFiles(({ script }) => {
      writeFileSync(codeOf(path), script.createCachedData());
    })(path);
    // Code is known by the length of its source.
    writeFileSync(path, 'module.exports = 2;');
    expect(builtFiles()(path)).toBe(1);
  });

  it('do without code that another V8 made, or that is damaged', () => {
    const path = join(folder, 'number.js');
    writeFileSync(path, 'module.exports = 3;');
    writeFileSync(codeOf(path), 'no code at all');
    const files: Built[] = [];
    expect(builtFiles((file) => files.push(file))(path)).toBe(3);
    expect(files.map(({ script }) => script.cachedDataRejected)).toEqual([true]);
  });
});
