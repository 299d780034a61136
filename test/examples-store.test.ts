import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { expect, it } from 'vitest';
import { storeAddress } from '../src/store/postgres/address.ts';
import { root } from './support/cli.ts';

/** What its types lead to in vain. */
interface Linted {
  readonly messages: readonly { readonly line: number; readonly rule: string; readonly message: string }[];
}

const file = join(root, 'examples/store/compose.yaml');

it('the compose file of the store is one, without a secret, and names a store that rollcall takes', () => {
  const linted: readonly Linted[] = new DCLinter({
    rules: {},
    quiet: false,
    debug: false,
    exclude: [],
  }).lintFiles([file], false);
  const found = linted.flatMap(({ messages }) => messages);
  expect(found.map(({ line, rule, message }) => `${line} ${rule}: ${message}`)).toEqual([]);
  const text = readFileSync(file, 'utf8');
  const [, url = ''] = /ROLLCALL_STORE: (\S+)/.exec(text) ?? [];
  expect(storeAddress({ ROLLCALL_STORE: url })).toMatchObject({
    host: 'db',
    database: 'rollcall',
    password: null,
  });
  expect(text).not.toMatch(/(PASSWORD|SECRET): [^$\s]/);
});
