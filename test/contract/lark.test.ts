import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { platforms } from '../../src/platforms/index.ts';
import { providerOf } from '../../src/providers/registry.ts';
import { feishuFixture } from './feishu.ts';
import { contractOfAccount } from './suite/contract.ts';

// Lark runs what its row changes. All else is Feishu's, whose whole contract is held in feishu.test.ts, as long as this holds:

it('Lark differs from Feishu in its title, its host and the names of its variables, and in nothing else', async () => {
  const { title, env } = platforms.lark;
  expect({ ...platforms.lark, title: 'Feishu', env: platforms.feishu.env }).toEqual(platforms.feishu);
  expect([title, env.host]).toEqual(['Lark', 'https://open.larksuite.com']);
  expect(env.appToken).toBe(platforms.feishu.env.appToken);
  expect(await providerOf('lark')).toBe(await providerOf('feishu'));
});

it('no code asks whether an event is on Feishu or on Lark', () => {
  const folder = new URL('../../src/', import.meta.url);
  const naming = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') && /(['"`])(?:feishu|lark)\1/.test(readFileSync(new URL(file, folder), 'utf8')),
  );
  // The server's own part names its section of the tenant file.
  expect(naming.filter((file) => !file.startsWith('emulator/feishu/'))).toEqual(['platforms/index.ts']);
});

contractOfAccount(feishuFixture('lark', 'Lark'));
