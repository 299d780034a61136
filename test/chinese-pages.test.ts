import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { platforms } from '../src/platforms/index.ts';
import { root } from './support/cli.ts';
import { rowsOf } from './support/pages.ts';

const read = (file: string): string => readFileSync(join(root, 'docs', file), 'utf8');

/** Sessions' commands: what is run, without the options that readers choose for themselves. */
function commandsOf(page: string): string[] {
  return [...page.matchAll(/^\$ (.*)$/gm)].map(([, command = '']) => command.replace(/ --ci \w+$/, ''));
}

/** The cells of a page's tables that are code alone: permissions, keys, and what rollcall says. */
function codeCellsOf(page: string): string[] {
  return rowsOf(page)
    .flat()
    .map((cell) => cell.replaceAll('、', ', '))
    .filter((cell) => /^(`[^`]+`(, )?)+$/.test(cell));
}

const levelsOf = (page: string): string[] => page.match(/^#+ (?=\S)/gm) ?? [];

describe.each(['first-meeting.md', 'setup-feishu.md', 'setup-dingtalk.md'])('docs/zh/%s', (name) => {
  const [english, chinese] = [read(name), read(`zh/${name}`)];

  it('has the parts, commands and codes of the English page', () => {
    expect(levelsOf(chinese)).toEqual(levelsOf(english));
    expect(commandsOf(chinese)).toEqual(commandsOf(english));
    // Words to fill in are in the reader's language, and so a command with one is not compared.
    const codes = codeCellsOf(chinese);
    expect(
      codeCellsOf(english).filter((cell) => !codes.includes(cell) && !/[A-Z]{4,} --/.test(cell)),
    ).toEqual([]);
  });

  it('sets the time zone of its readers before anything is asked', () => {
    const at = chinese.indexOf('ROLLCALL_TIME_ZONE=Asia/Shanghai');
    expect(at).toBeGreaterThan(0);
    expect(chinese.slice(0, at)).not.toMatch(/^\$ rollcall (?!version)/m);
  });
});

it.each(['feishu', 'dingtalk'] as const)(
  'docs/zh names each permission on %s as its console does',
  (provider) => {
    const page = read(`zh/setup-${provider}.md`);
    for (const anyOf of Object.values(platforms[provider].permissions.of).flat()) {
      const [first] = anyOf;
      expect(page).toContain(first.code);
      if (first.title !== null) expect(page).toContain(first.title);
    }
  },
);

it('docs/zh has pages under the names of English ones', () => {
  const names = (folder: string): string[] =>
    readdirSync(join(root, folder)).filter((name) => name.endsWith('.md'));
  expect(names('docs/zh').filter((name) => !names('docs').includes(name))).toEqual([]);
});
