import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../src/emulator/server.ts';
import { loadTexts } from '../src/manifest/load.ts';
import type { EventStatus } from '../src/model/plan.ts';
import type { EventOutcome } from '../src/model/result.ts';
import { platforms } from '../src/platforms/index.ts';
import { folderWith, rollcall, root } from './support/cli.ts';
import { claimsIn, partOf, rowsOf } from './support/pages.ts';
import { appEnv } from './support/served.ts';

interface Block {
  readonly language: string;
  readonly text: string;
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

// What npm reads, of this shape.
const { version, scripts } = JSON.parse(read('package.json')) as {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
};

const readmes = ['README.md', 'README.zh-CN.md'];

describe.each(readmes)('%s', (file) => {
  const markdown = read(file);
  const blocks = blocksOf(markdown);
  let server: Emulator;

  beforeAll(async () => {
    server = await startEmulator({ tenant: read('examples/tenant.yaml') });
  });
  afterAll(() => server.close());

  it('is short', () => {
    expect(markdown.split('\n').length).toBeLessThanOrEqual(130);
  });

  it('shows the pictures', () => {
    const shown = [...markdown.matchAll(/^!\[(.{20,})\]\((.*)\)$/gm)].map(([, , path]) => path);
    expect(shown).toEqual(['docs/images/plan.svg', 'docs/images/report.png']);
  });

  it('shows commands that take over a meeting, one after the other', async () => {
    const folder = folderWith({});
    const lines = blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.split('\n'));
    const exported = lines.find((line) => line.startsWith('export ')) ?? '';
    const env = Object.fromEntries(
      exported
        .split(' ')
        .slice(1)
        .map((pair) => pair.split('=', 2) as [string, string]),
    );
    expect(Object.keys(env)).toEqual(['FEISHU_APP_ID', 'FEISHU_APP_SECRET', 'ROLLCALL_TIME_ZONE']);
    const commands = lines
      .slice(lines.indexOf(exported))
      .flatMap((line) => /^npx rollcall (.*)$/.exec(line)?.[1] ?? []);
    expect(commands).toHaveLength(5);
    let last = '';
    for (const command of commands) {
      // The ids that the reader takes from what is shown before.
      const args = command
        .replace('--calendar ID', '--calendar feishu.cn_demo@group.calendar.feishu.cn')
        .replace('--event ID', '--event weekly_0')
        .split(' ');
      const { code, stdout, stderr } = await rollcall(args, {
        cwd: folder,
        env: { ...appEnv(server.url), ...env },
      });
      expect([command, code], stderr).toEqual([command, 0]);
      last = stdout;
    }
    expect(last).toContain('No changes. The event is in sync.');
  });

  it('installs the package by the name that it is packed under', () => {
    expect(markdown).toContain(`/releases/download/v${version}/rollcall-${version}.tgz\n`);
  });

  it('names commands that package.json has', () => {
    const named = [...markdown.matchAll(/\bnpm (?:run )?(test|[a-z:]+)\b/g)]
      .map(([, name = '']) => name)
      .filter((name) => !['ci', 'run', 'install', 'pack'].includes(name));
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
    expect(markdown).toContain('npm ci && npm run demo');
    expect(markdown).toContain('npm ci && npm test');
  });

  it('shows manifests that are valid', () => {
    const yaml = blocks.filter(({ language }) => language === 'yaml');
    expect(yaml).not.toHaveLength(0);
    for (const { text } of yaml) {
      expect(loadTexts([{ file: 'x.yaml', text, named: true }], '2026-11-21').diagnostics).toEqual([]);
    }
  });

  it('promises nothing but what the page of promises does, in its words', () => {
    const [page, heading] =
      file === 'README.md' ? ['docs/guards.md', 'What it promises'] : ['docs/zh/guards.md', '承诺'];
    const promised = claimsIn(markdown, heading);
    expect(promised.length).toBeGreaterThan(4);
    expect(promised.filter((claim) => !claimsIn(read(page), heading).includes(claim))).toEqual([]);
  });
});

it('README.md has a row for platforms that there are, and the limits that they have', () => {
  const rows = rowsOf(partOf(read('README.md'), 'Platforms'));
  expect(rows.length).toBeGreaterThan(2);
  for (const row of rows) {
    const [title, attendees = ''] = row;
    const text = row.join();
    const platform = Object.values(platforms).find((one) => one.title === title);
    expect(platform, text).toBeDefined();
    const words: Readonly<Record<string, string>> = {
      user: 'people',
      group: 'groups',
      chat: 'chats',
      room: 'rooms',
      email: 'e-mail addresses',
    };
    expect(attendees.split(', ').sort()).toEqual(platform?.event.attendees.map((type) => words[type]).sort());
    for (const { calls, perMs } of platform?.windows ?? []) {
      expect(text).toContain(`${calls.toLocaleString('en')}/${perMs === 1000 ? 's' : 'min'}`);
    }
    const monthly = platform?.monthlyCalls?.toLocaleString('en');
    if (monthly !== undefined) expect(text).toContain(`${monthly} calls a month`);
  }
});

it('README.zh-CN.md says what each word of a plan and of a result means', () => {
  const words: Readonly<Record<EventStatus | EventOutcome, string>> = {
    'in-sync': 'in sync',
    changed: 'changed',
    refused: 'refused',
    unknown: 'unknown',
    converged: 'converged',
    applied: 'applied',
    unchanged: 'unchanged',
    partial: 'partial',
    failed: 'failed',
    'not-converged': 'not-converged',
    'not-attempted': 'not-attempted',
    interrupted: 'interrupted',
  };
  const table = partOf(read('README.zh-CN.md'), '读懂输出');
  expect(Object.values(words).filter((word) => !table.includes(`\`${word}\``))).toEqual([]);
});

it('both say the same: the same headings, blocks, lists, tables and pictures', () => {
  const [english = '', chinese = ''] = readmes.map(read);
  // What the words of the output mean is for readers of another language alone.
  const common = chinese.replace(partOf(chinese, '读懂输出'), '');
  const outline = (markdown: string): string[] =>
    [...markdown.matchAll(/^(#+ |- |\| |!\[|```\w+$)/gm)].map(([, start = '']) => start);
  expect(outline(common)).toEqual(outline(english));
  const uncommented = (markdown: string): string[] =>
    blocksOf(markdown).map(({ language, text }) =>
      language === 'yaml' ? text.replace(/ #.*$/gm, '') : text,
    );
  expect(uncommented(chinese)).toEqual(uncommented(english));
});
