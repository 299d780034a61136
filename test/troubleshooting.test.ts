import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ErrorRow } from '../src/providers/dialect.ts';
import { errorTable as dingtalkErrors } from '../src/providers/dingtalk/errors.ts';
import { findErrors as dingtalkFinds } from '../src/providers/dingtalk/find/errors.ts';
import { errorTable as feishuErrors } from '../src/providers/feishu/errors.ts';
import { findErrors as feishuFinds } from '../src/providers/feishu/find/errors.ts';
import { errorTable as googleErrors } from '../src/providers/google/errors.ts';
import { startEmulator } from '../src/emulator/server.ts';
import { folderWith, rollcall, root } from './support/cli.ts';
import { families, ownCodes } from './support/codes.ts';
import { rowsOf } from './support/pages.ts';
import { appEnv, manifest } from './support/served.ts';

const file = join(root, 'docs/troubleshooting.md');
const page = readFileSync(file, 'utf8');

/** The rows of the tables between two headings: the text of each cell. */
function rowsBetween(from: string, to: string): string[][] {
  const part = page.slice(page.indexOf(`\n## ${from}\n`), page.indexOf(`\n## ${to}\n`));
  return rowsOf(part);
}

it('has a row for each code that rollcall puts on what it prints, and for no other', () => {
  const rows = rowsBetween('An event that could not be read', 'Codes of Feishu and Lark');
  const codes = rows.map(([code = '']) => code.replaceAll('`', ''));
  expect(new Set(codes).size).toBe(codes.length);
  for (const [code, means = '', mend = ''] of rows)
    expect([code, means !== '', mend !== '']).toEqual([code, true, true]);
  const own = new Set(ownCodes());
  // The rest of a code of a family is filled in when it is printed.
  const told = codes.filter((code) => own.has(code) || !families.some((begin) => code.startsWith(begin)));
  expect(told.sort()).toEqual([...own].sort());
});

describe('the codes of platforms', () => {
  it.each([
    ['feishu', { ...feishuErrors, ...feishuFinds }],
    ['dingtalk', { ...dingtalkErrors, ...dingtalkFinds }],
    ['google', googleErrors],
  ] as const)('of %s stand there as rollcall tells of them', async (provider, errors) => {
    const [before = '', rest = ''] = page.split(new RegExp(`(?<=<!-- .*src/providers/${provider} -->\n)`));
    const after = rest.slice(rest.indexOf('<!-- end -->'));
    // `vitest -u` writes them.
    await expect(`${before}\n${tableOf(errors)}\n${after}`).toMatchFileSnapshot(file);
  });
});

function tableOf(errors: Readonly<Record<string, ErrorRow>>): string {
  const rows = Object.entries(errors).map(([code, { meaning, hint }]) => [`\`${code}\``, meaning, hint]);
  const all = [['Code', 'What it means', 'What to do'], ...rows];
  const width = (column: number): number => Math.max(...all.map((row) => row[column]?.length ?? 0));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(width(column))).join(' | ')} |\n`;
  const rule = line([0, 1, 2].map((column) => '-'.repeat(width(column))));
  return all.map(line).join('').replace('\n', `\n${rule}`);
}

describe('what is said before anything is asked', () => {
  const weekly = manifest('Event', 'weekly', {
    provider: 'feishu',
    calendarId: 'feishu.cn_demo@group.calendar.feishu.cn',
    eventId: 'standup_0',
    attendees: [{ user: 'ou_wangwu' }],
  });
  const saved = ['apply', '--plan', 'plan.json'];
  const cases: readonly (readonly [args: readonly string[], env?: Readonly<Record<string, string>>])[] = [
    [['plan'], { FEISHU_APP_ID: '', FEISHU_APP_SECRET: '' }],
    [['plan', 'empty']],
    [['plan', '--target', 'weely']],
    [['apply']],
    [['apply', '--plan', 'weekly.yaml']],
    [[...saved, '--plan-ttl', '1ms']],
    [['apply', '--plan', 'changed.json']],
    [saved, { FEISHU_APP_ID: 'other' }],
    [['plan', '--timeout', '500ms'], { FEISHU_BASE_URL: 'http://127.0.0.1:9' }],
  ];

  it('is what rollcall says', async () => {
    const tenant = readFileSync(join(root, 'examples/tenant.yaml'), 'utf8');
    const server = await startEmulator({ tenant });
    try {
      const cwd = folderWith({ 'weekly.yaml': weekly, 'empty/notes.yaml': 'a: 1\n' });
      await rollcall(['plan', '--out', 'plan.json'], { cwd, env: appEnv(server.url) });
      const plan = readFileSync(join(cwd, 'plan.json'), 'utf8');
      const changed = folderWith({ 'changed.json': plan.replace('ou_alice', 'ou_bob') });
      const rows = rowsBetween('Before anything is asked', 'An event that could not be read');
      expect(rows).toHaveLength(cases.length);
      for (const [index, [args, env]] of cases.entries()) {
        const folder = args.includes('changed.json') ? changed : cwd;
        const ran = await rollcall(args, { cwd: folder, env: { ...appEnv(server.url), ...env } });
        expect(ran.code, args.join(' ')).not.toBe(0);
        for (const [, text = ''] of (rows[index]?.[0] ?? '').matchAll(/`([^`]+)`/g)) {
          expect(ran.stderr + ran.stdout).toContain(text);
        }
      }
    } finally {
      await server.close();
    }
  });
});
