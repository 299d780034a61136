import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEmulator } from '../src/emulator/server.ts';
import { platforms } from '../src/platforms/index.ts';
import { folderWith, rollcall, root } from './support/cli.ts';
import { partOf, rowsOf } from './support/pages.ts';
import { appEnv } from './support/served.ts';
import { type SetUp, type Situation, type Trial, missing, situations } from './support/setup-trials.ts';

/** The pages on setting up a platform, and whose permissions they are of. */
const pages: readonly (readonly [page: string, provider: SetUp])[] = [
  ['setup-feishu.md', 'feishu'],
  ['setup-dingtalk.md', 'dingtalk'],
];

const example = readFileSync(join(root, 'examples/tenant.yaml'), 'utf8');
const app = '  - { id: cli_demo, secret: demo-secret }\n';

/** The rows of the table under a heading. */
function tableUnder(page: string, heading: string): string[][] {
  return rowsOf(partOf(page, heading));
}

const codesIn = (text: string): string[] =>
  [...text.matchAll(/`([\w.:]+[.:_][\w.:]+)`/g)].map(([, code = '']) => code);

/** The permissions that the tables of a page name. */
function permissionsOf(page: string): string[] {
  const [, , part = ''] = page.split('\n## ');
  return rowsOf(part).flatMap(([permissions = '']) => codesIn(permissions));
}

/** All that a command says, in one line, without what other runs have otherwise. */
async function said({ args, files, env }: Omit<Trial, 'without'>, tenant: string): Promise<string> {
  const server = await startEmulator({ tenant });
  try {
    const ran = await rollcall(args, { cwd: folderWith(files), env: { ...appEnv(server.url), ...env } });
    return `${ran.stderr}\n${ran.stdout}`.replace(/ \(log id [\w-]+\)/g, '').replace(/\s+/g, ' ');
  } finally {
    await server.close();
  }
}

const granted = (codes: readonly string[]): string =>
  example.replace(app, `  - { id: cli_demo, secret: demo-secret, scopes: ${JSON.stringify(codes)} }\n`);

it.each(['docs/setup-feishu.md', 'docs/zh/setup-feishu.md'])(
  '%s has the first three permissions to paste',
  (file) => {
    const page = readFileSync(join(root, file), 'utf8');
    const [, text = ''] = /^```json\n([^]*?)^```$/m.exec(page) ?? [];
    const [read, update, calendars] = permissionsOf(page);
    expect(JSON.parse(text)).toEqual({ scopes: { tenant: [read, update, calendars], user: [] } });
  },
);

describe.each(pages)('docs/%s', (name, provider) => {
  const page = readFileSync(join(root, 'docs', name), 'utf8');
  const permissions = permissionsOf(page);
  const { of } = platforms[provider].permissions;

  it('names a permission for each use that there is, as doctor does', () => {
    for (const anyOf of Object.values(of).flat()) {
      const [first] = anyOf;
      expect(permissions).toContain(first.code);
      if (first.title !== null) expect(page).toContain(first.title);
    }
  });

  it('has a row for each permission whose lack is told', () => {
    const rows = tableUnder(page, 'What each missing permission gives').map(([without, during]) => [
      without,
      during,
    ]);
    expect(rows).toEqual(
      missing[provider].map(({ without, args }) => [
        without.map((code) => `\`${code}\``).join(', '),
        `\`rollcall ${args[0]}\``,
      ]),
    );
  });

  it.each(
    missing[provider].map((trial, index): [string, Trial, number] => [
      trial.without.join(', '),
      trial,
      index,
    ]),
  )('says what the lack of %s gives', async (_codes, trial, index) => {
    const shown = tableUnder(page, 'What each missing permission gives')[index]?.[2] ?? '';
    const less = permissions.filter((code) => !trial.without.includes(code));
    const text = plain(shown);
    expect(await said(trial, granted(permissions))).not.toContain(text);
    expect(await said(trial, granted(less))).toContain(text);
  });

  it.each(situations[provider].map((one): [string, Situation] => [one.what, one]))(
    'says what is printed where %s',
    async (what, one) => {
      const row = tableUnder(page, 'What else goes wrong at first').find(([first]) => first === what);
      expect(await said(one, one.tenant(example))).toContain(plain(row?.[1] ?? 'no row'));
    },
  );
});

it.each(missing.feishu.filter(({ args }) => args[0] === 'plan'))(
  'docs/setup-lark.md is right that Lark says the same of $without under its own name',
  async ({ without, files }) => {
    const page = readFileSync(join(root, 'docs/setup-feishu.md'), 'utf8');
    const row = tableUnder(page, 'What each missing permission gives').find(
      ([code]) => code === `\`${without[0]}\``,
    );
    const ofLark = Object.entries(files).map(([name, text]) => [name, text.replace('"feishu"', '"lark"')]);
    const less = permissionsOf(page).filter((code) => !without.includes(code));
    const text = plain(row?.[2] ?? 'no row').replaceAll('Feishu', 'Lark');
    expect(await said({ args: ['plan'], files: Object.fromEntries(ofLark) }, granted(less))).toContain(text);
  },
);

/** A cell as plain text. */
function plain(cell: string): string {
  return cell.replaceAll('`', '').replaceAll(String.raw`\|`, '|');
}
