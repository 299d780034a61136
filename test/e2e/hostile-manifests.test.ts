import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/server.ts';
import { feishuEnv, folderWith, rollcall } from '../support/cli.ts';

const head = 'apiVersion: rollcall.dev/v1\nkind: Event\n';

it('manifests meant to break it are errors with a place, and nothing is called', async () => {
  const server = await startEmulator({ tenant: '' });
  try {
    const bomb = Array.from({ length: 9 }, (_, i) => `b${i + 1}: &b${i + 1} [${`*b${i}, `.repeat(9)}]\n`);
    const cwd = folderWith({
      'aliases.yaml': `${head}b0: &b0 [x]\n${bomb.join('')}spec: *b9\n`,
      'deep.yaml': `${head}spec: ${'['.repeat(200_000)}`,
      'prototype.yaml': `${head}__proto__: { polluted: true }\nconstructor: { prototype: {} }\n`,
      'tabs.yaml': `${head}spec:\n\tprovider: feishu\n`,
      'terminal.yaml': `${head}metadata: { name: "\\e[2J\\u202Eevil" }\nspec: {}\n`,
      'large.yaml': `${head}# ${'x'.repeat(5 * 1024 * 1024)}\n`,
    });
    writeFileSync(join(cwd, 'bytes.yaml'), Buffer.concat([Buffer.from(head), Buffer.of(0xff, 0xfe, 0x00)]));
    const { code, stdout, stderr } = await rollcall(['apply', '--auto-approve', '--format', 'json'], {
      cwd,
      env: feishuEnv(server.url),
    });
    expect(code).toBe(1);
    for (const name of ['aliases', 'bytes', 'deep', 'large', 'prototype', 'tabs', 'terminal'])
      expect(stdout + stderr).toContain(`${name}.yaml`);
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(stdout + stderr).not.toMatch(/\n\s+at |bug of rollcall|\u001b|\u202e/);
    expect(server.requests).toEqual([]);
  } finally {
    await server.close();
  }
});
