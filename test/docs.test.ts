import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEmulator } from '../src/emulator/server.ts';
import { tenantOfPage } from './support/docs-tenants.ts';
import { appEnv } from './support/served.ts';
import { type Ran, rollcall, root } from './support/cli.ts';

/**
 * Pages that show sessions. Each begins in a copy of the examples, or in an empty folder where its second line says so,
 * with the example tenant, or one with more in it for that page, in whatever language.
 */
const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name): [string, string] => [name, readFileSync(join(root, 'docs', name), 'utf8')])
  .filter(([, text]) => text.includes('```console'));

const emptyFolder = '<!-- begins in an empty folder -->';

/** A fenced block of a page: where it begins, its language and what is in it. */
interface Block {
  readonly language: string;
  readonly text: string;
}

/** A page in parts: prose as it is, and blocks. */
function partsOf(markdown: string): (string | Block)[] {
  return markdown.split(/^(```(?:yaml|console|sh|diff)\n(?:.*\n)*?```\n)/m).map((part) => {
    const [, language, text] = /^```(yaml|console|sh|diff)\n([^]*)```\n$/.exec(part) ?? [];
    return language === undefined || text === undefined ? part : { language, text };
  });
}

/** `export A=1 B=2` as lines of a shell. */
function exportsOf(text: string): Record<string, string> {
  const words = [...text.matchAll(/^export (.*)$/gm)].flatMap(([, line = '']) => line.split(' '));
  return Object.fromEntries(words.map((word) => [word.split('=')[0] ?? '', word.split('=')[1] ?? '']));
}

const journalName = /\d{8}T\d{9}Z-[0-9a-f]{8}/g;

/** Output without what other runs have otherwise. */
function timeless(text: string): string {
  return text
    .replace(journalName, 'RUN')
    .replace(/\b127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replace(/log id [0-9A-F-]+/g, 'log id LOG')
    .replace(/^As of \d{4}-\d\d-\d\d\.$/gm, 'As of TODAY.');
}

/** A file after a change: each `-` line goes, and the `+` lines below it stand in its place. */
function edited(file: string, change: string): string {
  const steps = [...change.matchAll(/^-(.*\n)((?:\+.*\n)*)/gm)];
  expect(steps.map(([step]) => step).join('')).toBe(change);
  return steps.reduce((text, [, gone = '', come = '']) => {
    expect(text.split(gone)).toHaveLength(2);
    return text.replace(gone, () => come.replace(/^\+/gm, ''));
  }, file);
}

/** What a page has to show of a command: its result or, with `2>&1`, also what went to stderr; as it is, where it is so. */
function shownOf({ stdout, stderr }: Ran, both: boolean, page: string): string {
  const all = both ? [stderr + stdout, stdout + stderr] : [stdout];
  if (all.some((text) => timeless(text) === timeless(page))) return page;
  return (all[0] ?? '').replace(/\b127\.0\.0\.1:\d+/g, '127.0.0.1:8080');
}

/** A page at work: the folder that it is read in, and the environment that it sets. */
class Reader {
  readonly #folder = mkdtempSync(join(tmpdir(), 'rollcall-docs-'));
  readonly #url: string;
  // Which windows the calls keep to changes nothing in what is printed.
  #env: Readonly<Record<string, string>> = { NO_COLOR: '1', ROLLCALL_QUOTA: 'none' };
  /** The run that was last made here, by the name of its journal. */
  #journal = '';

  constructor(page: string, url: string) {
    this.#url = url;
    if (!page.includes(emptyFolder)) cpSync(join(root, 'examples'), this.#folder, { recursive: true });
    // Its reader has installed the package there.
    else {
      mkdirSync(join(this.#folder, 'node_modules'));
      symlinkSync(root, join(this.#folder, 'node_modules/rollcall'));
    }
  }

  /** Does what a block says. Returns what should stand there. */
  async does({ language, text }: Block): Promise<string> {
    if (language === 'console') return this.#session(text);
    if (language === 'sh') this.#env = { ...this.#env, ...exportsOf(text) };
    // The first line says which file it is.
    const [, file, rest] = /^# (\S+\.yaml)\n([^]*)$/.exec(text) ?? [];
    if (file === undefined || rest === undefined) return text;
    const path = join(this.#folder, file);
    mkdirSync(dirname(path), { recursive: true });
    if (language === 'yaml') writeFileSync(path, rest);
    if (language === 'diff') writeFileSync(path, edited(readFileSync(path, 'utf8'), rest));
    return text;
  }

  async #session(text: string): Promise<string> {
    let session = '';
    for (const part of text.split(/^\$ /m).slice(1)) {
      const end = part.indexOf('\n');
      const [line, page] = [part.slice(0, end), part.slice(end + 1)];
      const command = line.replace(/ 2>&1$/, '');
      session += `$ ${line}\n${shownOf(await this.#run(command.split(' ')), command !== line, page)}`;
    }
    return session;
  }

  async #run([program = '', ...args]: readonly string[]): Promise<Ran> {
    const paths = args.map((path) => join(this.#folder, path));
    switch (program) {
      case 'rollcall': {
        const own = args.map((arg) => arg.replace(journalName, this.#journal));
        const usual = appEnv(this.#url);
        const hosts = Object.entries(usual).filter(([key]) => key.endsWith('_URL'));
        const env = { ...usual, ...this.#env, ...Object.fromEntries(hosts) };
        const ran = await rollcall(own, { cwd: this.#folder, env });
        this.#journal = ran.stdout.match(journalName)?.at(-1) ?? this.#journal;
        return ran;
      }
      case 'cat':
        return { code: 0, stdout: paths.map((path) => readFileSync(path, 'utf8')).join(''), stderr: '' };
      case 'rm':
        for (const path of paths) rmSync(path);
        return { code: 0, stdout: '', stderr: '' };
      default:
        throw new RangeError(`a page runs ${program}`);
    }
  }
}

describe.each(pages)('docs/%s', (name, text) => {
  // `vitest -u` writes what the commands print into the page.
  it('shows what its commands print', async () => {
    await using server = await opened(name);
    const reader = new Reader(text, server.url);
    let page = '';
    for (const part of partsOf(text)) {
      page += typeof part === 'string' ? part : `\`\`\`${part.language}\n${await reader.does(part)}\`\`\`\n`;
    }
    await expect(page).toMatchFileSnapshot(join(root, 'docs', name));
  });
});

it('docs/commands.md shows a finding as doctor writes it for programs', async () => {
  await using server = await opened('commands.md');
  const [, text = ''] =
    /^```json\n([^]*?)^```$/m.exec(readFileSync(join(root, 'docs/commands.md'), 'utf8')) ?? [];
  const asked = ['doctor', 'examples/manifests/platform-weekly.yaml', '--format', 'json'];
  const { stdout } = await rollcall(asked, { env: appEnv(server.url) });
  const printed = JSON.parse(stdout) as { findings: { subject: string }[] };
  const findings = printed.findings.filter(({ subject }) => subject === 'permission');
  expect(shapeOf({ ...printed, findings })).toEqual(shapeOf(JSON.parse(text)));
});

/** The keys of a value, and in lists those of the first. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [shapeOf(value[0])];
  if (typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

async function opened(page: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = await startEmulator({ tenant: tenantOfPage(page.replace(/^.*\//, '')) });
  return { url: server.url, [Symbol.asyncDispose]: () => server.close() };
}
