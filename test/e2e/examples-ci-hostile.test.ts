import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { folderWith } from '../support/cli.ts';
import { pipeline, recipe, script } from '../support/recipes.ts';
import { Review, event, programsOf } from '../support/reviewed.ts';

// What a pull request can bring, against the scripts that take its manifests. Nothing is planned here.
const programs = programsOf();
let review: Review;
beforeEach(() => {
  review = new Review('http://127.0.0.1:9', programs);
});

/** The manifests below a folder, by name, as they lie on the disk. */
function onDisk(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files.map((file) => [file.slice(folder.length + 1), readFileSync(file, 'latin1')]),
  );
}

/** The manifests of a tree, by name, as git has them. */
function inGit(tree: string): Record<string, string> {
  const listed = review.git('ls-tree', '-r', '-z', tree, '--', 'manifests').split('\0');
  const files = listed.flatMap((line) => {
    const [, hash = '', path = ''] = /^\d+ blob (\w+)\t([^]*\.ya?ml)$/.exec(line) ?? [];
    return path === '' ? [] : [{ hash, path }];
  });
  // All by one call, each behind a line of its hash and size: starting git takes longer than reading.
  let rest = review.blobs(files.map(({ hash }) => hash));
  return Object.fromEntries(
    files.map(({ hash, path }) => {
      const [head = '', size] = /^\w+ blob (\d+)\n/.exec(rest) ?? [];
      expect(head).toContain(hash);
      const text = rest.slice(head.length, head.length + Number(size));
      rest = rest.slice(head.length + Number(size) + 1);
      return [path, text];
    }),
  );
}

/** Adds a link to the branch's manifests. */
function link(target: string, name: string): void {
  symlinkSync(target, join(review.repository, 'manifests', name));
  review.push({});
}

/** What is said of a link, in one line whatever its name is. */
const refusal: unknown = expect.stringMatching(/^::error::A link or a submodule is among the manifests: /);

const oddNames = {
  'manifests/-rf.yaml': event('a'),
  'manifests/ blank .yml': event('b'),
  'manifests/two\nlines.yaml': event('c'),
  'manifests/::error::x.yaml': event('d'),
  'manifests/$(touch ran) `touch ran`.yaml': event('e'),
  'manifests/人员 é.yaml': event('f'),
  'manifests/.hidden/.x.yaml': event('g'),
  'manifests/\'quote".yaml': event('h'),
  'manifests/glob*[a].yaml': event('i'),
  'manifests/tab\t.yaml': event('j'),
  'manifests/back\\slash.yaml': event('k'),
};

describe('github-public.yml', () => {
  const file = 'github-public.yml';

  it('takes and checks manifests before the merge by the scripts of github-two-apps.yml', () => {
    for (const [job, step] of [
      ['collect', 'Take the manifests out of the pull request'],
      ['plan', 'Check that nothing was lost on the way'],
    ] as const) {
      expect(script('github-two-apps.yml', job, step)).toBe(script(file, job, step));
    }
  });

  it('takes what git has, byte for byte and by any name, whatever attributes say, and runs nothing of it', async () => {
    // The base branch's own attributes do not lead it either.
    review.git('switch', '-q', 'main');
    review.push({
      '.gitattributes': '* text eol=crlf ident export-subst\nmanifests/*.yml export-ignore\n',
      'manifests/id.yml': '# $Id$ $Format:%H$\n',
    });
    review.git('switch', '-q', 'branch');
    review.push({
      ...oddNames,
      'manifests/run.sh': 'touch ran',
      'manifests/list.yaml\t': 'no manifest by its name',
      'package.json': '{ "scripts": { "postinstall": "touch ran" } }',
    });
    const head = review.offer();
    const ran = await review.collect(file, head);
    expect(ran.code, ran.stderr).toBe(0);
    const merged = review.git('merge-tree', '--write-tree', 'main', 'branch');
    const taken = onDisk(join(review.temp, 'collected/head'));
    expect(Object.keys(taken).length).toBe(Object.keys(oddNames).length + 3);
    expect(taken).toEqual(inGit(merged));
    expect(taken['manifests/id.yml']).toBe('# $Id$ $Format:%H$\n');
    expect((await review.check(file)).code).toBe(0);
    expect(existsSync(join(review.repository, 'ran'))).toBe(false);
  });

  it.each(['.gitattributes', 'manifests/.gitattributes', 'manifests/deep/er/.gitattributes'])(
    'fails where a pull request brings %s',
    async (name) => {
      review.push({ [name]: '*.yml export-ignore\n', 'manifests/evil.yml': event('evil') });
      const ran = await review.collect(file, review.offer());
      expect([ran.code, ran.stdout]).toEqual([1, expect.stringMatching(/^::error::.*\.gitattributes/)]);
      expect(existsSync(join(review.repository, 'collected'))).toBe(false);
    },
  );

  it('fails for a link among the manifests', async () => {
    link(folderWith({ x: '' }), 'link.yaml');
    const ran = await review.collect(file, review.offer());
    expect([ran.code, ran.stdout.trim().split('\n')]).toEqual([1, [refusal]]);
  });

  it('fails where a file is changed, is missing or is there besides, on the way between its jobs', async () => {
    const collected = await review.collect(file, review.offer());
    expect(collected.code, collected.stderr).toBe(0);
    const [weekly, more] = ['weekly', 'more'].map((name) =>
      join(review.temp, 'collected/head/manifests', `${name}.yaml`),
    );
    if (weekly === undefined || more === undefined) throw new Error('two paths');
    const before = readFileSync(weekly);
    const changes = [
      () => appendFileSync(weekly, '# more\n'),
      () => rmSync(weekly),
      () => writeFileSync(more, event('more')),
    ];
    for (const change of changes) {
      change();
      const ran = await review.check(file);
      expect([ran.code, ran.stdout]).toEqual([1, expect.stringContaining('not the manifests of the merged')]);
      rmSync(more, { force: true });
      writeFileSync(weekly, before);
    }
    expect((await review.check(file)).code).toBe(0);
  });

  it('takes an empty folder where all manifests go', async () => {
    review.git('rm', '-qr', 'manifests');
    review.push({ 'README.md': '' });
    const ran = await review.collect(file, review.offer());
    expect(ran.code, ran.stderr).toBe(0);
    expect(onDisk(join(review.temp, 'collected/head'))).toEqual({});
    expect((await review.check(file)).code).toBe(0);
  });
});

// By the text that all recipes have, as examples-ci.test.ts sees to.
it.each<[string, () => void]>([
  ['a link to a folder', () => link('/', 'folder')],
  ['a link to what is left out', () => link('weekly.yaml', 'w\n::error::.txt')],
  [
    'a submodule',
    () => {
      const commit = review.git('rev-parse', 'HEAD');
      review.git('update-index', '--add', '--cacheinfo', `160000,${commit},manifests/sub`);
      review.git('commit', '-qm', 'Submodule');
    },
  ],
])('take.sh fails for %s among the manifests', async (_, bring) => {
  bring();
  const text = `${recipe('take.sh')}\ntake HEAD "$RUNNER_TEMP/head"`;
  const ran = await review.run(text, '', { GITHUB_ACTIONS: 'true' });
  expect([ran.code, ran.stdout.trim().split('\n')]).toEqual([1, [refusal]]);
});

const takes: Readonly<Record<string, () => string>> = {
  'github-public.yml': () => script('github-public.yml', 'apply', 'Take the manifests out of git'),
  // That of github-one-app.yml is the same, as examples-ci.test.ts has it.
  'github-two-apps.yml': () => script('github-two-apps.yml', 'apply', 'Take the manifests out of git'),
  'gitlab.yml': () => pipeline('gitlab.yml')['.rollcall']?.before_script?.at(-1) ?? '',
};

describe.each(Object.entries(takes))('what %s applies', (_, take) => {
  it('is what git has of the merged commit, byte for byte, whatever lies in the checkout', async () => {
    review.push({
      'manifests/two\nlines.yaml': event('c'),
      '.gitattributes': '* text eol=crlf ident\n',
      'manifests/id.yml': '# $Id$\n',
    });
    review.merge();
    writeFileSync(join(review.repository, 'manifests/untracked.yaml'), event('untracked'));
    const BEFORE_SHA = review.git('rev-parse', 'HEAD^1');
    review.offer();
    const ran = await review.run(take(), '', { BEFORE_SHA });
    expect(ran.code, ran.stderr).toBe(0);
    const head = [join(review.temp, 'head'), join(review.temp, 'rollcall-1/head')].find(existsSync) ?? '';
    expect(onDisk(head)).toEqual(inGit('HEAD'));
  });

  it('is nothing where a link is among the manifests', async () => {
    link('weekly.yaml', 'link.txt');
    const ran = await review.run(take());
    expect([ran.code, ran.stdout]).toEqual([1, expect.stringContaining('A link or a submodule')]);
  });
});
