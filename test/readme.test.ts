import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../src/run/usage-error.ts';
import { type Emulator, startEmulator } from '../src/emulator/server.ts';
import { loadTexts } from '../src/manifest/load.ts';
import { main, rollcall, root } from './support/cli.ts';

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

/** Commands with the output that is shown below each. */
function commandsOf(text: string): { command: string; output: string }[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return { command: part.slice(0, end), output: part.slice(end + 1) };
    });
}

const journalName = /\d{8}T\d{9}Z-[0-9a-f]{8}/g;

/** Output without what another run has otherwise. */
function timeless(text: string): string {
  return text
    .replace(/^As of \d{4}-\d{2}-\d{2}\.$/gm, 'As of DAY.')
    .replace(/^Made \S+, \w+ ago\.$/gm, 'Made TIME.')
    .replace(journalName, 'RUN');
}

const readmes = ['README.md', 'README.zh-CN.md'];

describe.each(readmes)('%s', (file) => {
  const markdown = read(file);
  const blocks = blocksOf(markdown);
  let server: Emulator;
  let folder: string;

  beforeAll(async () => {
    server = await startEmulator({ tenant: read('examples/tenant.yaml') });
    folder = mkdtempSync(join(tmpdir(), 'rollcall-readme-'));
    cpSync(join(root, 'examples'), folder, { recursive: true });
  });
  afterAll(() => server.close());

  it('links to files that are there', () => {
    const links = [...markdown.matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  it('is short', () => {
    expect(markdown.split('\n').length).toBeLessThanOrEqual(210);
  });

  it('shows what its commands print', async () => {
    const { variables } = shell(blocks);
    const env = {
      ...variables,
      ...Object.fromEntries(
        Object.keys(variables)
          .filter((name) => name.endsWith('_BASE_URL'))
          .map((name) => [name, server.url]),
      ),
      ROLLCALL_SETTLE: '0s',
    };
    let journal = '';
    const commands = blocks
      .filter(({ language }) => language === 'console')
      .flatMap(({ text }) => commandsOf(text));
    expect(commands.length).toBeGreaterThan(2);
    for (const { command, output } of commands) {
      const [program, ...args] = command.replace(journalName, journal).split(' ');
      expect(program).toBe('rollcall');
      const ran = await rollcall(args, { cwd: folder, env });
      expect(`${command}\n${timeless(ran.stdout)}`, ran.stderr).toBe(`${command}\n${timeless(output)}`);
      expect(ran.code).toBe(0);
      journal = ran.stdout.match(journalName)?.at(-1) ?? journal;
    }
  });

  it('starts the embedded platform with a command that works', async () => {
    const command = shell(blocks).commands.find((line) => line.includes(' emulator ')) ?? '';
    const args = command.replace('npx rollcall ', '').replace('--port 8080', '--port 0').split(' ');
    const child = spawn(process.execPath, [main, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data) => resolve(String(data))),
    );
    child.kill('SIGKILL');
    expect(line).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+\n$/);
  });

  it('names commands that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...markdown.matchAll(/\bnpm (?:run )?(test|[a-z:]+)\b/g)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'ci' && name !== 'run');
    expect(named.length).toBeGreaterThan(3);
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

  it('has a figure for each that is measured, within its limit', async () => {
    // What that module exports.
    const { figures } = (await import(new URL('bench/figures.mjs', import.meta.url).href)) as {
      figures: readonly { readonly limit: number; readonly title: string }[];
    };
    const rows = [...markdown.matchAll(/^\| (.*?) +\| ([\d.]+) +\| ([\d.]+) +\|$/gm)];
    // The same figures in the same order: what they count, and what the command is called.
    const marks = (text = ''): string[] => text.replaceAll(',', '').match(/\d+|--\w+/g) ?? [];
    expect(rows.map(([, name]) => marks(name))).toEqual(figures.map(({ title }) => marks(title)));
    expect(rows.map(([, , , limit]) => Number(limit))).toEqual(figures.map(({ limit }) => limit));
    for (const [row, , ratio, limit] of rows) expect(Number(ratio), row).toBeLessThanOrEqual(Number(limit));
  });

  it('lists the exit codes', () => {
    const listed = [...markdown.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
    expect(listed).toEqual(Object.values(exitCodes));
  });
});

it('both say the same: the same headings, blocks, lists and tables', () => {
  const [english = '', chinese = ''] = readmes.map(read);
  const outline = (markdown: string): string[] =>
    [...markdown.matchAll(/^(#+ |- |\| |```\w+$)/gm)].map(([, start = '']) => start);
  expect(outline(chinese)).toEqual(outline(english));
  const uncommented = (markdown: string): string[] =>
    blocksOf(markdown).map(({ language, text }) =>
      language === 'yaml' ? text.replace(/ #.*$/gm, '') : text,
    );
  expect(uncommented(chinese)).toEqual(uncommented(english));
});

/** What the `sh` blocks run, and what they export. */
function shell(blocks: readonly Block[]): { commands: string[]; variables: Record<string, string> } {
  const lines = blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.trim().split('\n'));
  const exported = lines
    .filter((line) => line.startsWith('export '))
    .flatMap((line) => line.split(' ').slice(1));
  return {
    commands: lines.filter((line) => !line.startsWith('export ')),
    variables: Object.fromEntries(exported.map((pair) => pair.split('=', 2) as [string, string])),
  };
}
