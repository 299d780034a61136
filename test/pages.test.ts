import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { guardEvent } from '../src/diff/guards.ts';
import { kinds } from '../src/emulator/faults/keys.ts';
import { startEmulator } from '../src/emulator/server.ts';
import { defaultGuards } from '../src/model/event.ts';
import type { Violation } from '../src/model/plan.ts';
import { defaultMaxRemovals } from '../src/run/plan.ts';
import { exitCodes } from '../src/run/usage-error.ts';
import { rollcall, root, startRollcall } from './support/cli.ts';
import { limits } from './support/manifest-builders.ts';
import { rowsOf } from './support/pages.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The rows of a page's tables, without code marks. */
function plainRowsOf(page: string): string[][] {
  return rowsOf(page).map((row) => row.map((cell) => cell.replaceAll('`', '')));
}

describe.each([
  ['docs/guards.md', 'applied'],
  ['docs/zh/guards.md', '执行'],
])('%s', (page, applied) => {
  const rows = plainRowsOf(read(page));

  it('has a row for each guard, with its number where it has one', () => {
    const numbers: Readonly<Record<Violation['code'], string>> = {
      empty: '',
      'max-removals': '5',
      'max-additions': '',
      'max-notified': String(defaultGuards.maxNotified),
      'delete-event': '',
      'past-event': '',
      'run-removals': String(defaultMaxRemovals),
    };
    const found = rows.filter(([code = '']) => code in numbers);
    expect(found.map(([code]) => code)).toEqual(Object.keys(numbers));
    // What the type of `numbers` holds are texts.
    for (const [code = '', refuses] of found) expect(refuses).toContain(numbers[code as Violation['code']]);
  });

  it('shows what becomes of removals as they are guarded', () => {
    const examples = rows.filter(
      ([managed = '', , , answer]) => /^\d+$/.test(managed) && answer !== undefined,
    );
    expect(examples.length).toBeGreaterThan(5);
    for (const [managed, removals, additions, answer] of examples) {
      const extent = {
        managed: Number(managed),
        removals: Number(removals),
        additions: Number(additions),
        deletesEvent: false,
        notified: 0,
      };
      const codes = guardEvent('e', extent, limits()).map(({ code }) => code);
      expect(codes.join() || applied, `${removals} of ${managed}, ${additions} to add`).toBe(answer);
    }
  });
});

describe('docs/speed.md', () => {
  interface Figure {
    readonly limit: number;
    readonly title: string;
  }
  /** The same figures in the same order: what they count, and what the command is called. */
  const marks = (text = ''): string[] => text.replaceAll(',', '').match(/\d+|--\w+/g) ?? [];

  it('has a figure for each that is measured, within its limit', async () => {
    // What that module exports.
    const { figures } = (await import(new URL('bench/figures.mjs', import.meta.url).href)) as {
      readonly figures: readonly Figure[];
    };
    const all = plainRowsOf(read('docs/speed.md'));
    const rows = all.slice(0, figures.length);
    expect(rows.map(([name, , limit]) => [marks(name), Number(limit)])).toEqual(
      figures.map(({ title, limit }) => [marks(title), limit]),
    );
    for (const [name, ratio, limit] of rows) expect(Number(ratio), name).toBeLessThanOrEqual(Number(limit));
    const { ofStore } = (await import(new URL('bench/store.mjs', import.meta.url).href)) as {
      readonly ofStore: readonly Figure[];
    };
    const { ofFleet } = (await import(new URL('bench/fleet.mjs', import.meta.url).href)) as {
      readonly ofFleet: readonly Figure[];
    };
    const others = all.slice(rows.length);
    const sorted = (figures: readonly unknown[]): string[] =>
      figures.map((one) => JSON.stringify(one)).sort();
    expect(sorted(others.map(([name, , limit]) => [marks(name), Number(limit)]))).toEqual(
      sorted([...ofStore, ...ofFleet].map(({ title, limit }) => [marks(title), limit])),
    );
  });
});

describe('docs/emulator.md', () => {
  const page = read('docs/emulator.md');
  const block = (file: string): string =>
    new RegExp(`^\`\`\`yaml\\n# ${file}\\n([^]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? '';

  it('shows a tenant file and a faults file that work', async () => {
    const server = await startEmulator({ tenant: block('tenant.yaml'), faults: block('faults.yaml') });
    await server.close();
    expect(server.attendees('weekly_0')).toHaveLength(481);
  });

  it('starts the server with a command that works', async () => {
    const [, command = ''] = /^npx rollcall (emulator .*)$/m.exec(page) ?? [];
    expect(command).toContain('--port 8080');
    const started = startRollcall(command.replace('--port 8080', '--port 0').split(' '));
    expect(await started.prints(/^ready (.*)\n/)).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    started.kill('SIGKILL');
    await started.ran;
  });

  it('names each fault, and options that there are', async () => {
    expect(plainRowsOf(page).flatMap(([names = '']) => names.split(', '))).toEqual(Object.keys(kinds));
    const { stdout } = await rollcall(['emulator', '--help']);
    const options = new Set(page.match(/(?<=`)--[a-z]+/g));
    expect(options.size).toBeGreaterThan(3);
    expect([...options].filter((option) => !stdout.includes(`${option} `))).toEqual([]);
  });
});

it.each(['docs/commands.md', 'docs/zh/guards.md'])('%s lists the exit codes', (file) => {
  const listed = [...read(file).matchAll(/^\| (\d+) +\|[^|]+\|$/gm)].map(([, code]) => Number(code));
  expect(listed).toEqual(Object.values(exitCodes));
});

it('docs/commands.md names each variable that the help does, and no other', async () => {
  const { stdout } = await rollcall(['--help']);
  const names = (text: string): string[] =>
    [...new Set(text.match(/\b(?!GITHUB_ACTIONS)[A-Z]+(?:_[A-Z]+)+\b/g))].sort();
  const [, environment = ''] = read('docs/commands.md').split(/^## Environment$/m);
  expect(names(environment)).toEqual(names(stdout));
});
