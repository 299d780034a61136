import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src/', import.meta.url));

/** What a platform's folder may import: never another platform's. */
const shared: readonly string[] = [
  'model',
  'platforms',
  'http',
  'providers/ask-standing.ts',
  'providers/client.ts',
  'providers/delta.ts',
  'providers/dialect.ts',
  'providers/find.ts',
  'providers/judge.ts',
  'providers/organisation.ts',
  'providers/pages.ts',
  'providers/problem.ts',
  'providers/provider.ts',
  'providers/session.ts',
  'providers/smoke.ts',
];

/** What each module may import: its own files always, then these modules, files and packages. */
const table: Readonly<Record<string, readonly string[]>> = {
  // Of the rows, their names alone: types.
  model: ['platforms', 'node:url'],
  platforms: ['model'],
  diff: ['model', 'platforms', 'node:crypto'],
  report: ['model', 'platforms', 'diff (the package)', 'node:crypto'],
  manifest: [
    'model',
    'platforms',
    'yaml',
    'ajv',
    'fastest-levenshtein',
    'validators',
    'node:fs',
    'node:path',
    'node:url',
  ],
  store: [
    'model',
    'platforms',
    'diff',
    'http/clock.ts',
    'http/limiter.ts',
    'http/secrets.ts',
    'http/slots.ts',
    'http/url.ts',
    'ajv',
    'pg',
    'validators',
    'node:crypto',
    'node:fs',
    'node:net',
    'node:path',
  ],
  // Declarations of what is made of the schemas.
  validators: ['model', 'manifest', 'store', 'ajv'],
  http: ['undici', 'node:*'],
  'providers/provider.ts': ['model', 'platforms', 'http', 'providers/smoke.ts'],
  'providers/smoke.ts': ['model', 'providers/dialect.ts', 'providers/provider.ts'],
  'providers/key-file.ts': ['http', 'node:crypto', 'node:fs'],
  'providers/tokens.ts': ['model', 'http', 'providers/dialect.ts', 'providers/provider.ts'],
  'providers/account.ts': ['model', 'platforms', 'http', 'providers/key-file.ts', 'providers/provider.ts'],
  'providers/delta.ts': ['model', 'providers/client.ts', 'providers/dialect.ts', 'providers/provider.ts'],
  'providers/side-by-side.ts': ['platforms', 'providers/provider.ts'],
  'providers/aliases.ts': ['model', 'platforms', 'providers/provider.ts'],
  'providers/standings.ts': ['model', 'platforms', 'providers/provider.ts'],
  'providers/ask-standing.ts': [
    'model',
    'platforms',
    'providers/client.ts',
    'providers/dialect.ts',
    'providers/find.ts',
    'providers/problem.ts',
    'providers/provider.ts',
  ],
  'providers/problem.ts': ['model', 'providers/provider.ts'],
  'providers/settings.ts': ['model', 'platforms', 'providers/account.ts'],
  'providers/registry.ts': ['model', 'platforms', 'providers'],
  'providers/dialect.ts': ['model', 'http', 'providers/provider.ts'],
  'providers/judge.ts': ['http', 'providers/dialect.ts', 'providers/problem.ts', 'providers/provider.ts'],
  'providers/pages.ts': ['model', 'providers/problem.ts', 'providers/provider.ts'],
  'providers/client.ts': [
    'platforms',
    'http',
    'providers/dialect.ts',
    'providers/judge.ts',
    'providers/provider.ts',
    'providers/tokens.ts',
  ],
  'providers/find.ts': [
    'model',
    'platforms',
    'http',
    'providers/account.ts',
    'providers/client.ts',
    'providers/dialect.ts',
    'providers/pages.ts',
    'providers/problem.ts',
    'providers/provider.ts',
  ],
  'providers/organisation.ts': [
    'model',
    'platforms',
    'providers/client.ts',
    'providers/dialect.ts',
    'providers/find.ts',
    'providers/pages.ts',
    'providers/provider.ts',
  ],
  'providers/session.ts': [
    'model',
    'providers/ask-standing.ts',
    'providers/client.ts',
    'providers/dialect.ts',
    'providers/find.ts',
    'providers/organisation.ts',
    'providers/problem.ts',
    'providers/provider.ts',
    'providers/smoke.ts',
  ],
  'providers/feishu': [...shared],
  'providers/google': [...shared, 'node:crypto'],
  'providers/dingtalk': [...shared],
  revert: ['model', 'platforms', 'diff'],
  planner: [
    'model',
    'platforms',
    'diff',
    'revert',
    'providers/aliases.ts',
    'providers/provider.ts',
    'providers/side-by-side.ts',
    'providers/standings.ts',
  ],
  applier: [
    'model',
    'platforms',
    'diff',
    'providers/aliases.ts',
    'providers/provider.ts',
    'providers/side-by-side.ts',
    'providers/standings.ts',
  ],
  run: [
    'model',
    'platforms',
    'diff',
    'revert',
    'manifest',
    'http',
    'providers',
    'planner',
    'applier',
    'store',
    'picomatch',
    'report',
    'string-width',
    'node:crypto',
    'node:fs',
    'node:path',
    'node:url',
  ],
  // Of the calendars it knows nothing: reports come to it as text.
  review: ['model', 'http'],
  // Beside its own files helpers alone, which know no platform, and the names of those that it has to serve.
  emulator: [
    'node:*',
    'ajv',
    'manifest/nearest.ts',
    'manifest/read/parse.ts',
    'manifest/read/places.ts',
    'manifest/read/read-value.ts',
    'model/duration.ts',
    'model/given.ts',
    'platforms/index.ts',
  ],
};

/** The table by room, as `src/README.md` shows it: what the files of a room import from outside of it. */
function rowsByRoom(): string[] {
  const rooms = new Map<string, Set<string>>();
  for (const [place, allowed] of Object.entries(table)) {
    const room = roomOf(place);
    const row = rooms.get(room) ?? new Set();
    for (const one of allowed) if (roomOf(one) !== room) row.add(one);
    rooms.set(room, row);
  }
  return [...rooms].map(([room, row]) => `- **${room}**: ${[...row].join(', ')}`);
}

/** The first folder of a file of ours; packages and single helpers stay what they are. */
function roomOf(place: string): string {
  const [room = ''] = place.split('/');
  return Object.hasOwn(table, room) || room === 'providers' ? room : place;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(sep).join('/'))
  .filter((file) => file.endsWith('.ts'));

function importsOf(file: string): string[] {
  const found = codeOf(file).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
  return [...found].map(([, specifier = '']) =>
    specifier.startsWith('.')
      ? posix.normalize(posix.join(dirname(file).split(sep).join('/'), specifier))
      : specifier,
  );
}

/** All files that a file loads, at once or later, itself among them. */
function reachedFrom(file: string): string[] {
  const reached = new Set([file]);
  // The set grows while it is walked.
  for (const one of reached) {
    for (const specifier of importsOf(one)) if (files.includes(specifier)) reached.add(specifier);
  }
  return [...reached];
}

function codeOf(file: string): string {
  return readFileSync(join(src, file), 'utf8');
}

function within(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`);
}

function mayImport(module: string, specifier: string): boolean {
  if (files.includes(specifier) && within(specifier, module)) return true;
  return (table[module] ?? []).some((allowed) => {
    if (allowed === 'diff (the package)') return specifier === 'diff';
    if (allowed === 'node:*') return specifier.startsWith('node:');
    if (files.includes(specifier)) return within(specifier, allowed);
    return specifier === allowed || specifier.startsWith(`${allowed}/`);
  });
}

describe('the import table', () => {
  it('has a row for every file but the composition root', () => {
    const rows = Object.keys(table);
    const without = files.filter((file) => !rows.some((row) => within(file, row)));
    expect(without.filter((file) => !within(file, 'cli') && file !== 'index.ts')).toEqual([]);
  });

  it('is the table of src/README.md', () => {
    const [, imports = ''] = codeOf('README.md').split(/^## /m);
    const rows = imports.split('\n').filter((line) => line.startsWith('- '));
    expect(rows).toEqual([...rowsByRoom(), '- **cli, index.ts**: anything; nothing imports them']);
  });

  it.each(Object.keys(table))('%s imports nothing beyond its row', (module) => {
    const strays = files
      .filter((file) => within(file, module))
      .flatMap((file) => importsOf(file).map((specifier) => ({ file, specifier })))
      .filter(({ specifier }) => !mayImport(module, specifier))
      .map(({ file, specifier }) => `${file} imports ${specifier}`);
    expect(strays).toEqual([]);
  });

  it.each([
    ['model', 'platforms'],
    ['platforms', 'model'],
    ['emulator', 'platforms'],
  ])('%s takes nothing but types of %s', (module, other) => {
    const values = files
      .filter((file) => within(file, module))
      .filter((file) => new RegExp(`import (?!type )[^;]*from '[^']*/${other}/`).test(codeOf(file)));
    expect(values).toEqual([]);
  });

  it('the embedded server knows which platforms there are in one place', () => {
    const knowing = files.filter(
      (file) => within(file, 'emulator') && importsOf(file).includes('platforms/index.ts'),
    );
    expect(knowing).toEqual(['emulator/platforms.ts']);
  });

  it('sees imports at all', () => {
    expect(importsOf('diff/digest.ts')).toContain('node:crypto');
    expect(importsOf('cli/main.ts')).toContain('cli/start.ts');
    expect(relative(src, join(src, 'model'))).toBe('model');
  });

  it.each(['plan', 'show', 'find', 'import', 'lock', 'who', 'validate'])(
    '%s loads nothing that writes to a platform',
    (command) => {
      const loaded = reachedFrom(`cli/commands/${command}.ts`);
      expect(loaded).toContain('run/usage-error.ts');
      expect(loaded.filter((file) => within(file, 'applier') || file === 'run/apply.ts')).toEqual([]);
      // Sessions hand a writer to whoever asks; nothing here does.
      const asking = loaded.filter((file) => file !== 'run/sessions.ts' && !within(file, 'providers'));
      expect(asking.filter((file) => /\bwriter(Of)?\b/i.test(codeOf(file)))).toEqual([]);
    },
  );

  it('comment loads nothing that calls a calendar', () => {
    const loaded = reachedFrom('cli/commands/comment.ts');
    expect(loaded).toContain('review/github.ts');
    const rooms = [
      'providers/registry.ts',
      'providers/client.ts',
      'planner',
      'applier',
      'manifest',
      'run/sessions.ts',
    ];
    expect(loaded.filter((file) => rooms.some((room) => within(file, room)))).toEqual([]);
  });

  it('knows the client of the shared store in one place, which is loaded where one is named', () => {
    expect(files.filter((file) => importsOf(file).includes('pg'))).toEqual(['store/postgres/connect.ts']);
    const atOnce = /^import (?!type )[^;]*\/connect\.ts'/m;
    expect(files.filter((file) => within(file, 'run') && atOnce.test(codeOf(file)))).toEqual([]);
    expect(files.filter((file) => within(file, 'store') && atOnce.test(codeOf(file)))).toEqual([]);
  });

  it('counts shared windows by durations alone: clocks of machines are apart', () => {
    const client = files.filter((file) =>
      /^store\/postgres\/(line|permits|question|shared-journeys)/.test(file),
    );
    expect(client).toHaveLength(4);
    expect(client.filter((file) => /\bDate\b|\.date\(/.test(codeOf(file)))).toEqual([]);
  });

  it('sees who asks for a writer', () => {
    expect(reachedFrom('cli/commands/apply.ts')).toContain('run/apply.ts');
    expect(codeOf('run/apply.ts')).toMatch(/\bwriter(Of)?\b/i);
  });

  it.each(['diff', 'revert', 'report', 'model', 'platforms'])(
    '%s uses no clock, no process and no random number',
    (module) => {
      const impure = files
        .filter((file) => within(file, module))
        .filter((file) =>
          /\bDate\.now\(|new Date\(\)|\bprocess\.|Math\.random|performance\./.test(codeOf(file)),
        );
      expect(impure).toEqual([]);
    },
  );
});
