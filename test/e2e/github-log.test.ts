import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { type Ran, feishuEnv, folderWith, rollcall, spawnRollcall } from '../support/cli.ts';
import { runnerCommands } from '../support/github-runner.ts';

const calendar = 'feishu.cn_t@group.calendar.feishu.cn';
const name = '##[set-output name=code]0';
const said = '\\n::stop-commands::x ##[add-matcher]/tmp/m.json';

const tenant = `
apps: [{ id: cli_demo, secret: demo-secret }]
feishu:
  calendars:
    - id: ${calendar}
      type: shared
      role: owner
      events:
        - id: weekly_0
          summary: '::warning::${name}'
          start: 2099-01-04T10:00:00+08:00
          end: 2099-01-04T11:00:00+08:00
          attendees:
            - { user: org, name: '${name}', organizer: true }
            - { user: kept, name: '::error::kept' }
            - { user: gone, name: '${name}' }
        - id: lost_0
          start: 2099-01-04T10:00:00+08:00
          end: 2099-01-04T11:00:00+08:00
          attendees: []
`;

const event = (title: string, id: string, people: string): string => `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: ${title} }
spec:
  provider: feishu
  calendarId: ${calendar}
  eventId: ${id}
  userIdType: user_id
  attendees: [${people}]
`;

const weekly = { '::add-mask::weekly.yaml': event('weekly', 'weekly_0', '{ user: kept }, { user: added }') };
const lost = { '##[error]lost.yaml': event('lost', 'lost_0', '{ user: kept }') };
const broken = { '::add-mask::a.yaml': event('a', 'a_0', '{ user: "::error::", usr: "##[debug]" }') };

let server: Emulator;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startEmulator({
    tenant,
    intercept: ({ api, path }) =>
      api === 'feishu.attendees.list' && path.includes('lost_0')
        ? { kind: 'answer', status: 400, body: { code: 199999, msg: `no ${said}` } }
        : undefined,
  });
  env = { ...feishuEnv(server.url), GITHUB_ACTIONS: 'true' };
});
afterAll(() => server.close());

const commandsIn = ({ stdout, stderr }: Ran): ReturnType<typeof runnerCommands> => [
  ...runnerCommands(stdout),
  ...runnerCommands(stderr),
];

describe('in a log of GitHub, text from outside is no command', () => {
  it.each(['text', 'json'])('in what validate says as %s', async (format) => {
    const ran = await rollcall(['validate', '--format', format], { cwd: folderWith(broken), env });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('add-mask');
    expect(commandsIn(ran)).toEqual([]);
  });

  it.each(['text', 'json', 'markdown', 'html', 'gitlab'])('in a plan as %s', async (format) => {
    const cwd = folderWith({ ...weekly, ...lost, 'sub/other.txt': '' });
    const ran = await rollcall(['plan', '--verbose', '--out', '##[debug]plan.json', '--format', format], {
      cwd,
      env,
    });
    expect(ran.code).toBe(1);
    expect(commandsIn(ran)).toEqual([]);
    const shown = await rollcall(['show', '##[debug]plan.json', '--format', format], { cwd, env });
    expect(commandsIn(shown)).toEqual([]);
  });

  it('in annotations, which are the only commands', async () => {
    const valid = await spawnRollcall(['validate', '--format', 'github'], { cwd: folderWith(broken), env });
    const plan = await rollcall(['plan', '--format', 'github'], {
      cwd: folderWith({ ...weekly, ...lost }),
      env,
    });
    for (const { stdout, stderr } of [valid, plan]) {
      expect(runnerCommands(stderr)).toEqual([]);
      const found = runnerCommands(stdout);
      expect(found).toHaveLength(stdout.trimEnd().split('\n').length);
      for (const { line } of found) expect(line).toMatch(/^::(?:error|warning|notice) (?:file|title)=/);
    }
  });

  it('in mistakes on the command line', async () => {
    expect(commandsIn(await rollcall(['plan', '\n::error::x', '##[error]x'], { env }))).toEqual([]);
    expect(commandsIn(await rollcall(['show', '##[error]x'], { env }))).toEqual([]);
    expect(commandsIn(await rollcall(['##[error]x'], { env }))).toEqual([]);
  });

  it('in what is imported, applied and undone', async () => {
    const imported = await rollcall(
      ['import', '--provider', 'feishu', '--calendar', calendar, '--event', 'weekly_0'],
      { env },
    );
    expect(imported.stdout).toContain('set-output');
    expect(commandsIn(imported)).toEqual([]);
    const cwd = folderWith(weekly);
    const applied = await rollcall(['apply', '--auto-approve'], { cwd, env });
    expect(applied.code).toBe(0);
    expect(applied.stderr).toContain('set-output');
    expect(commandsIn(applied)).toEqual([]);
    const runs = join(cwd, '.rollcall/runs');
    const [journal = ''] = readdirSync(runs);
    const undone = await rollcall(['revert', join(runs, journal)], { cwd, env });
    expect(undone.stdout).toContain('set-output');
    expect(commandsIn(undone)).toEqual([]);
  });
});
