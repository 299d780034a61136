import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { folderWith, main, root } from '../support/cli.ts';

const tracer = join(root, 'test/support/loads.mjs');

function packageIn(path: string): string | undefined {
  return /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
}

/** The sources and packages that a command loads: bundled files name theirs. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', tracer, main, ...args], {
    encoding: 'utf8',
  });
  const urls = [...stderr.matchAll(/^loads (\S+)$/gm)].map(([, url = '']) => url);
  const names = urls.flatMap((url): string[] => {
    if (!url.startsWith('file:')) return [url];
    const path = fileURLToPath(url);
    // Code of the bundler's own.
    if (path.endsWith('/rolldown-runtime.js')) return [];
    const inside = packageIn(path);
    if (inside !== undefined) return [inside];
    const sources = [
      ...readFileSync(path, 'utf8').matchAll(/^\/\/(?:#region)? ((?:src|node_modules)\/\S+)$/gm),
    ];
    expect(sources.length, path).toBeGreaterThan(0);
    return sources.map(([, source = '']) => packageIn(source) ?? source);
  });
  return [...new Set(names)].sort();
}

it('asks for the version with two small files', async () => {
  expect(await loadedBy('--version')).toEqual(['node:fs', 'src/cli/main.ts', 'src/cli/version.ts']);
});

it('shows help without loading what commands work with', async () => {
  const loaded = await loadedBy('--help');
  expect(loaded).toContain('commander');
  const strangers = loaded.filter((name) => !/^(node:(fs|path)|commander|src\/cli\/[\w-]+\.ts)$/.test(name));
  expect(strangers).toEqual(['src/store/journal.ts']);
});

it('validates without loading anything that plans, calls or writes', async () => {
  const folder = folderWith({
    'event.yaml': `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: weekly }
spec: { provider: feishu, calendarId: c, eventId: weekly_0, attendees: [{ user: ou_a }] }
`,
  });
  const loaded = await loadedBy('validate', folder);
  const strangers = loaded.filter(
    (name) =>
      !/^(node:(fs|module|path|url|util)|commander|yaml|src\/(cli|manifest|model|report)\/.*)$/.test(name),
  );
  expect(strangers).toEqual(['src/http/clock.ts', 'src/store/journal.ts']);
});
