import { cpSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { type Ran, feishuEnv, folderWith, rollcall } from '../support/cli.ts';

const names = ['one', 'two', 'three'];

const tenant = `
apps: [{ id: cli_demo, secret: demo-secret }]
feishu:
  calendars:
    - id: cal
      type: shared
      role: owner
      events:
${names.map((name) => `        - { id: ${name}_0, attendees: [{ user: ou_a }] }`).join('\n')}
`;

const event = (name: string, attendees: string): string => `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: ${name} }
spec:
  provider: feishu
  calendarId: cal
  eventId: ${name}_0
  attendees: [${attendees}]
`;

const roster = (members: string): string => `apiVersion: rollcall.dev/v1
kind: Roster
metadata: { name: team }
spec: { members: [${members}] }
`;

let server: Emulator;
let base: string;
let head: string;

beforeAll(async () => {
  server = await startEmulator({ tenant });
});
afterAll(() => server.close());

beforeEach(() => {
  base = folderWith({
    'team.yaml': roster('{ user: ou_a }'),
    'one.yaml': event('one', '{ roster: team }'),
    'two.yaml': event('two', '{ roster: team }'),
    'three.yaml': event('three', '{ user: ou_a }, { user: ou_b, until: 2026-06-30 }'),
  });
  head = folderWith({});
  cpSync(base, head, { recursive: true });
});

function plan(...options: string[]): Promise<Ran> {
  return rollcall(['plan', '--format', 'json', '--changed-from', base, ...options], {
    cwd: head,
    env: feishuEnv(server.url),
  });
}

function planned({ stdout }: Ran): string[] {
  const { events } = JSON.parse(stdout) as { events: { name: string }[] };
  return events.map(({ name }) => name);
}

describe('plan --changed-from', () => {
  it('reads nothing where no event wants something else, wherever the files are', async () => {
    renameSync(join(head, 'one.yaml'), join(head, 'moved.yaml'));
    const before = server.requests.length;
    const ran = await plan();
    expect(ran.code).toBe(0);
    expect(planned(ran)).toEqual([]);
    expect(ran.stderr).toContain('Left out 3 events that are the same');
    expect(server.requests.length).toBe(before);
  });

  it('plans the events that a changed roster is used by', async () => {
    writeFileSync(join(head, 'team.yaml'), roster('{ user: ou_a }, { user: ou_c }'));
    expect(planned(await plan())).toEqual(['one', 'two']);
    expect(planned(await plan('--target', 'two'))).toEqual(['two']);
  });

  it('judges both by the same day', async () => {
    writeFileSync(join(head, 'three.yaml'), event('three', '{ user: ou_a }'));
    expect(planned(await plan('--as-of', '2026-06-30'))).toEqual(['three']);
    expect(planned(await plan('--as-of', '2026-07-01'))).toEqual([]);
  });

  it('plans every event where the base has an error, and says so', async () => {
    writeFileSync(join(base, 'team.yaml'), roster('{ user: ou_a }, { usr: ou_b }'));
    const ran = await plan();
    expect(planned(ran)).toEqual(['one', 'three', 'two']);
    expect(ran.stderr).toMatch(/warning: .*1 error, so every event is planned/);
  });

  it('refuses a path that is not there', async () => {
    const ran = await rollcall(['plan', '--changed-from', join(base, 'nowhere')], {
      cwd: head,
      env: feishuEnv(server.url),
    });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('nowhere: no such file or folder');
    expect(ran.stdout).toBe('');
  });
});
