import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEmulator } from '../src/emulator/server.ts';
import { appEnv } from './support/served.ts';
import { rollcall, root } from './support/cli.ts';

/** Pages that show sessions: each begins with the example tenant as it is, in the folder of the examples. */
const pages = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name): [string, string] => [name, readFileSync(join(root, 'docs', name), 'utf8')])
  .filter(([, text]) => text.includes('```console'));

interface Shown {
  readonly command: string;
  readonly output: string;
}

function shownIn(markdown: string): Shown[] {
  return [...markdown.matchAll(/^```console\n(.*?)^```$/gms)]
    .flatMap(([, block = '']) => block.split(/^\$ /m).slice(1))
    .map((part) => {
      const end = part.indexOf('\n');
      return { command: part.slice(0, end), output: part.slice(end + 1) };
    });
}

/** Manifests that a page shows: their first line says which file they are. */
function filesIn(markdown: string): { readonly file: string; readonly text: string }[] {
  return [...markdown.matchAll(/^```yaml\n# (\S+\.yaml)\n(.*?)^```$/gms)].map(([, file = '', text = '']) => ({
    file,
    text,
  }));
}

/** Output without what other runs have otherwise. */
function timeless(text: string): string {
  return text.replace(/\d{8}T\d{9}Z-[0-9a-f]{8}/g, 'RUN').replace(/\b127\.0\.0\.1:\d+/g, '127.0.0.1:PORT');
}

describe.each(pages)('docs/%s', (_name, text) => {
  it('shows what its commands print', async () => {
    await using server = await opened();
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-docs-'));
    cpSync(join(root, 'examples'), folder, { recursive: true });
    for (const { file, text: written } of filesIn(text)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), written);
    }
    const shown = shownIn(text);
    expect(shown.length).toBeGreaterThan(0);
    for (const { command, output } of shown) {
      const [program, ...args] = command.split(' ');
      expect(program).toBe('rollcall');
      const ran = await rollcall(args, { cwd: folder, env: { ...appEnv(server.url), NO_COLOR: '1' } });
      expect(`${command}\n${timeless(ran.stdout)}`, ran.stderr).toBe(`${command}\n${timeless(output)}`);
    }
  });
});

it('docs/commands.md shows a finding as doctor writes it for programs', async () => {
  await using server = await opened();
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

async function opened(): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = await startEmulator({ tenant: readFileSync(join(root, 'examples/tenant.yaml'), 'utf8') });
  return { url: server.url, [Symbol.asyncDispose]: () => server.close() };
}
