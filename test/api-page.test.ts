import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as api from '../src/index.ts';
import { manifestOf, newScene, tenantOf } from './support/scene.ts';

it('has an example that plans, shows and applies', async () => {
  const page = readFileSync(new URL('../docs/api.md', import.meta.url), 'utf8');
  const [, code = ''] = /```js\n([^]*?)```/.exec(page) ?? [];
  const [, names = ''] = /^import \{([^}]*)\} from 'rollcall';$/m.exec(code) ?? [];
  const tenant = tenantOf({ weekly_0: 'attendees: [{ user: ou_a }, { user: ou_b }]' });
  const at = await newScene({ tenant }, {});
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-api-'));
  mkdirSync(join(folder, 'calendars'));
  writeFileSync(
    join(folder, 'calendars/weekly.yaml'),
    manifestOf('weekly', '{ user: ou_a }, { user: ou_n }'),
  );
  const printed: string[] = [];
  const before = process.cwd();
  process.chdir(folder);
  try {
    const body = code.replace(/^import .*$/m, '');
    // oxlint-disable-next-line typescript/no-implied-eval -- the page's own example is what is run
    const run = new Function(
      'api',
      'process',
      'console',
      `const {${names}} = api; return (async () => {${body}})();`,
    );
    // What the constructor makes is any function.
    await (run as (...values: unknown[]) => Promise<void>)(
      api,
      { env: at.env },
      { log: (text: string) => printed.push(text) },
    );
  } finally {
    process.chdir(before);
    await at.close();
  }
  expect(printed[0]).toContain('1 to remove');
  expect(printed.at(-1)).toBe('1 removed, 1 added: exit code 0');
  expect(at.live('weekly_0')).toEqual(['ou_a', 'ou_n']);
});
