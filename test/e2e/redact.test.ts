import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { feishuEnv, folderWith, rollcall } from '../support/cli.ts';

/** Everything that tells who somebody is holds this word, and nothing else does. */
const canary = /canary/i;

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
          summary: Canary title
          start: 2099-01-04T10:00:00+08:00
          end: 2099-01-04T11:00:00+08:00
          attendees:
            - { user: canaryorg, name: Olga Canary, organizer: true }
            - { user: canarykept, name: Kept Canary }
            - { user: canarygone, name: Gone Canary }
            - { user: canaryguest, name: Guest Canary, external: true }
            - { chat: oc_canary, name: Canary team }
            - { room: omm_canary, name: Canary room }
            - { email: canary@example.com }
        - id: lost_0
          start: 2099-01-04T10:00:00+08:00
          end: 2099-01-04T11:00:00+08:00
          attendees: []
dingtalk:
  users:
    - unionId: unionCanaryOrg
      events:
        - id: standup
          summary: Canary standup
          start: 2099-01-04T10:00:00+08:00
          end: 2099-01-04T11:00:00+08:00
          attendees: [{ user: unionCanaryOrg, name: Boss Canary, organizer: true }, { user: unionCanaryA, name: Canary A }]
`;

const head = (name: string): string =>
  `apiVersion: rollcall.dev/v1\nkind: Event\nmetadata: { name: ${name} }\nspec:\n`;

const files = {
  'weekly.yaml': `${head('weekly')}  provider: feishu
  calendarId: ${calendar}
  eventId: weekly_0
  userIdType: user_id
  attendees:
    - person: canary.handle
    - { user: canarykept, optional: true }
    - chat: oc_canary
    - email: Canary.New@example.com
`,
  'people.yaml': `apiVersion: rollcall.dev/v1
kind: Directory
metadata: { name: people }
spec: { people: { canary.handle: { name: Canary Handle, feishu: { user_id: canarykept } } } }
`,
  'lost.yaml': `${head('lost')}  provider: feishu
  calendarId: ${calendar}
  eventId: lost_0
  attendees: [{ user: ou_canary_lost }]
`,
  'standup.yaml': `${head('standup')}  provider: dingtalk
  eventId: standup
  organizer: unionCanaryOrg
  attendees: [{ user: unionCanaryB }]
  guards: { maxRemovals: 0 }
`,
};

let server: Emulator;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startEmulator({
    tenant,
    intercept: ({ api, path }) =>
      api === 'feishu.attendees.list' && path.includes('lost_0')
        ? {
            kind: 'answer',
            status: 400,
            body: { code: 199999, msg: 'user ou_canary_lost (Lost Canary, canary7f8e9d) may not be seen' },
          }
        : undefined,
  });
  env = {
    ...feishuEnv(server.url),
    DINGTALK_BASE_URL: server.url,
    DINGTALK_APP_KEY: 'cli_demo',
    DINGTALK_APP_SECRET: 'demo-secret',
  };
});
afterAll(() => server.close());

describe('--redact', () => {
  // With github comes a summary in Markdown; the other formats are held to it without the command line.
  it.each(['text', 'github'])('names nobody in a plan as %s, nor on stderr', async (format) => {
    const folder = folderWith({ ...files, summary: '' });
    const summary = join(folder, 'summary');
    const ran = await rollcall(['plan', '--redact', '--verbose', '--out', 'plan.json', '--format', format], {
      cwd: folder,
      env: { ...env, GITHUB_STEP_SUMMARY: summary },
    });
    expect(ran.code).toBe(3);
    expect(ran.stdout).not.toMatch(canary);
    expect(ran.stderr).not.toMatch(canary);
    expect(ran.stderr).toContain('attendees.list');
    expect(readFileSync(summary, 'utf8')).not.toMatch(canary);
    expect(ran.stdout).toContain('standup');
    // What is saved is whole.
    const saved = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'));
    expect(saved.redacted).toBeUndefined();
    expect(saved.events[2].changes).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ attendee: expect.objectContaining({ id: 'canarygone' }) }),
      ]),
    );
  });

  it('says of a saved plan what it said when the plan was made', async () => {
    const cwd = folderWith({
      'weekly.yaml': files['weekly.yaml'],
      'people.yaml': files['people.yaml'],
      'standup.yaml': files['standup.yaml'],
    });
    const made = await rollcall(['plan', '--redact', '--out', 'plan.json', '--format', 'json'], { cwd, env });
    const shown = await rollcall(['show', '--redact', 'plan.json', '--format', 'json'], { cwd });
    // What the manifests were warned of is not in the plan but for its text, which may name people.
    const { diagnostics: _, ...plan } = JSON.parse(made.stdout);
    expect(JSON.parse(shown.stdout)).toMatchObject(plan);
    expect(shown.stdout).toContain('attendees would be removed');
  });

  it('names nobody while it applies, keeps the journal whole, and calls people as the plan does', async () => {
    const folder = folderWith({ 'weekly.yaml': files['weekly.yaml'], 'people.yaml': files['people.yaml'] });
    const ran = await rollcall(['apply', '--auto-approve', '--redact', '--verbose', '--format', 'json'], {
      cwd: folder,
      env,
    });
    expect(ran.code).toBe(0);
    expect(ran.stdout + ran.stderr).not.toMatch(canary);
    const result = JSON.parse(ran.stdout);
    expect(result).toMatchObject({ redacted: true, summary: { added: 1 } });
    const [removed] = result.events[0].changes;
    expect(ran.stderr).toContain(`- ${removed.attendee.id}`);
    expect(readFileSync(join(folder, result.journal), 'utf8')).toContain('canarygone');
  });

  it('names nobody in what it imports, though names are learnt after ids', async () => {
    const event = ['--provider', 'dingtalk', '--event', 'standup', '--organizer', 'unionCanaryOrg'];
    const ran = await rollcall(['import', '--redact', ...event], { env });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('organizer');
    expect(ran.stdout + ran.stderr).not.toMatch(canary);
  });

  it('refuses to apply a redacted plan, and shows it', async () => {
    const folder = folderWith({ 'standup.yaml': files['standup.yaml'] });
    const plan = await rollcall(['plan', '--redact', '--format', 'json'], { cwd: folder, env });
    const saved = join(folderWith({ 'redacted.json': plan.stdout }), 'redacted.json');
    const applied = await rollcall(['apply', '--plan', saved], { env });
    expect(applied.code).toBe(3);
    expect(applied.stderr).toContain('redacted');
    const shown = await rollcall(['show', saved, '--format', 'markdown']);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('cannot be applied');
  });
});
