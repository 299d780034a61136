import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { folderWith, rollcall } from '../support/cli.ts';
import { appEnv } from '../support/served.ts';

const own = 'feishu.cn_own@group.calendar.feishu.cn';
const tenant = `
apps: [{ id: cli_demo, secret: demo-secret }]
feishu:
  calendars:
    - id: ${own}
      type: primary
      role: owner
      events: [{ id: weekly_0, summary: Weekly, start: 2099-01-04T02:00:00Z, end: 2099-01-04T03:00:00Z, attendees: [{ user: ou_a }] }]
`;

const manifest = (calendar: string): string =>
  `apiVersion: rollcall.dev/v1\nkind: Event\nmetadata: { name: ours }\nspec: { provider: feishu, calendarId: ${calendar}, eventId: weekly_0, attendees: [{ user: ou_a }] }\n`;

let server: Emulator;
beforeEach(async () => {
  server = await startEmulator({ tenant });
});
afterEach(() => server.close());

describe.each([
  ['primary', own],
  [own, 'primary'],
  ['primary', 'primary'],
  [own, own],
])('a manifest on %s, asked for as %s', (written, asked) => {
  it('is found to have the event, and nothing is imported twice', async () => {
    const cwd = folderWith({ 'm.yaml': manifest(written) });
    const env = appEnv(server.url);
    const on = ['--provider', 'feishu', '--calendar', asked];
    const found = await rollcall(['find', 'events', ...on, '--format', 'json'], { cwd, env });
    expect(JSON.parse(found.stdout).items).toMatchObject([{ id: 'weekly_0', managedBy: 'ours' }]);
    for (const which of [['--all'], ['--event', 'weekly_0']]) {
      const imported = await rollcall(['import', ...on, ...which, '--out-dir', 'out'], { cwd, env });
      expect(imported.code, imported.stderr).toBe(0);
      expect(imported.stderr).toContain('Left out 1 that a manifest here already covers.');
      expect(existsSync(join(cwd, 'out'))).toBe(false);
    }
  });
});
