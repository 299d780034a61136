import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { feishuEnv, folderWith, rollcall } from '../support/cli.ts';

const calendar = 'feishu.cn_t@group.calendar.feishu.cn';

const tenant = `
apps: [{ id: cli_demo, secret: demo-secret }]
feishu:
  calendars:
    - id: ${calendar}
      type: shared
      role: owner
      events:
        - id: weekly_0
          summary: "<b>Weekly</b>"
          start: 2099-01-04T10:00:00+08:00
          end: 2099-01-04T11:00:00+08:00
          attendees:
            - { user: ou_org, name: Olga, organizer: true, rsvp: accept }
            - { user: ou_aaa, name: Zhang San }
            - { user: ou_left, name: "</script><script>alert(1)</script>" }
`;

const manifest = `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: weekly }
spec:
  provider: feishu
  calendarId: ${calendar}
  eventId: weekly_0
  attendees:
    - user: ou_aaa
    - user: ou_new
`;

let server: Emulator;
beforeAll(async () => {
  server = await startEmulator({ tenant });
});
afterAll(() => server.close());

describe('--format html', () => {
  test('prints one page for a plan, and the same for the saved plan', async () => {
    const folder = folderWith({ 'weekly.yaml': manifest });
    const env = feishuEnv(server.url);
    const ran = await rollcall(['plan', '--format', 'html', '--out', 'plan.json', '--quiet'], {
      cwd: folder,
      env,
    });
    expect(ran.stderr).toBe('');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^<!doctype html>\n.*<\/html>\n$/s);
    expect(ran.stdout).toContain('<h1>Remove 1 of 2 people from 1 event and add 1 person to 1 event</h1>');
    expect(ran.stdout).toContain('&lt;b&gt;Weekly&lt;/b&gt;');
    expect(ran.stdout).toContain('&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(ran.stdout.match(/<script>/g)).toHaveLength(1);
    const script = /<script>(.*)<\/script>/s.exec(ran.stdout)?.[1] ?? '';
    expect(ran.stdout).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(ran.stdout).toContain('<bdi>weekly.yaml</bdi>:10');
    const shown = await rollcall(['show', 'plan.json', '--format', 'html'], { cwd: folder });
    expect(shown).toEqual({ code: 0, stdout: ran.stdout, stderr: '' });
  });

  test('prints a page of errors for bad manifests', async () => {
    const folder = folderWith({ 'weekly.yaml': manifest.replace('attendees', 'atendees') });
    const ran = await rollcall(['plan', '--format', 'html'], { cwd: folder });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('No plan: 1 error, no event was read.');
    expect(ran.stdout).toContain('<bdi>weekly.yaml</bdi>:8:');
  });

  test('is for plan and show alone', async () => {
    const ran = await rollcall(['apply', '--format', 'html'], { cwd: folderWith({}) });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('--format');
  });
});
