import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { folderWith, main, root } from '../support/cli.ts';

const tracer = join(root, 'test/support/loads.cjs');

function packageIn(path: string): string | undefined {
  return /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
}

/** The sources and packages that a command loads: bundled files name theirs. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const { stderr } = await promisify(execFile)(process.execPath, ['--require', tracer, main, ...args], {
    encoding: 'utf8',
  });
  const paths = [...stderr.matchAll(/^loads (\S+)$/gm)].map(([, path = '']) => path);
  const names = paths.flatMap((path): string[] => {
    if (!path.startsWith('/')) return [path];
    if (path.includes('/dist/validators/')) return [];
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
  expect(await loadedBy('--version')).toEqual(['node:fs', 'src/cli/main.ts', 'src/run/version.ts']);
});

it('shows help without loading what commands work with', async () => {
  const loaded = await loadedBy('--help');
  expect(loaded).toContain('commander');
  const strangers = loaded.filter(
    (name) =>
      !/^(node:(events|fs|module|path|process|util|vm)|url|commander|src\/(cli|model|run)\/[\w-]+\.ts)$/.test(
        name,
      ),
  );
  const little = ['diagnostics-text', 'escape', 'markdown-blocks', 'markdown-escape', 'terminal', 'words'];
  expect(strangers).toEqual([...little.map((name) => `src/report/${name}.ts`), 'src/store/journal.ts']);
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
      !/^(node:(events|fs|module|path|process|url|util|vm)|url|commander|yaml|src\/(cli|manifest|model|platforms|report)\/.*|src\/run\/(day|duration|manifests|render|select|usage-error|version)\.ts)$/.test(
        name,
      ),
  );
  expect(strangers).toEqual(['src/http/clock.ts', 'src/store/journal.ts']);
});
