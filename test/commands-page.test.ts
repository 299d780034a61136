import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../src/emulator/server.ts';
import { folderWith, rollcall, root } from './support/cli.ts';
import { appEnv } from './support/served.ts';

const page = readFileSync(join(root, 'docs/commands.md'), 'utf8');

/** Each command that the page shows, with the output below it. */
const shown = [...page.matchAll(/^```console\n([^]*?)^```$/gm)].flatMap(([, text = '']) =>
  text
    .split(/^\$ rollcall /m)
    .slice(1)
    .map((part): [string, string] => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)];
    }),
);

let server: Emulator;
const cwd = folderWith({});
beforeAll(async () => {
  server = await startEmulator({ tenant: readFileSync(join(root, 'examples/tenant.yaml'), 'utf8') });
  cpSync(join(root, 'examples/manifests'), join(cwd, 'manifests'), { recursive: true });
});
afterAll(() => server.close());

describe('the page of the commands', () => {
  it.each(shown)('shows what "rollcall %s" prints', async (command, output) => {
    const own = command.startsWith('init') ? folderWith({}) : cwd;
    mkdirSync(own, { recursive: true });
    const ran = await rollcall(command.split(' '), { cwd: own, env: appEnv(server.url) });
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:8080')).toBe(output);
  });

  it('shows a finding as doctor writes it for programs', async () => {
    const [, text = ''] = /^```json\n([^]*?)^```$/m.exec(page) ?? [];
    const asked = ['doctor', 'manifests/platform-weekly.yaml', '--format', 'json'];
    const { stdout } = await rollcall(asked, { cwd, env: appEnv(server.url) });
    const shape = (value: unknown): unknown =>
      Array.isArray(value)
        ? [shape(value[0])]
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]))
          : null;
    const printed = JSON.parse(stdout) as { findings: { subject: string }[] };
    const findings = printed.findings.filter(({ subject }) => subject === 'permission');
    expect(shape({ ...printed, findings })).toEqual(shape(JSON.parse(text)));
  });
});
