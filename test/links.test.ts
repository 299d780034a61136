import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './support/cli.ts';

const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

const readmes = ['README.md', 'README.zh-CN.md'];

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** A page without its blocks of code, which hold no links and no headings. */
function proseOf(page: string): string {
  return read(page).replace(/^```.*?^```$/gms, '');
}

/** Links of a page to files: the file, and the part of it. */
function linksOf(page: string): { readonly file: string; readonly part: string | undefined }[] {
  return [...proseOf(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(
    ([, path = '', part]) => ({
      file: path === '' ? page : normalize(join(dirname(page), path)),
      part,
    }),
  );
}

/** The names that GitHub gives to the headings of a page. */
function partsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each([...readmes, 'CONTRIBUTING.md', '.github/SECURITY.md', ...docs])('%s', (page) => {
  it('links to files that are there, and to parts that they have', () => {
    const broken = linksOf(page).filter(
      ({ file, part }) =>
        !existsSync(join(root, file)) || (part !== undefined && !partsOf(file).includes(decodeURI(part))),
    );
    expect(broken).toEqual([]);
  });
});

it.each(readmes)('%s leads to every page', (readme) => {
  const seen = new Set([readme]);
  for (const page of seen) {
    for (const { file } of linksOf(page))
      if (file.endsWith('.md') && existsSync(join(root, file))) seen.add(file);
  }
  expect(docs.filter((page) => !seen.has(page))).toEqual([]);
});
