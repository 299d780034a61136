import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Emulator } from '../../src/emulator/server.ts';
import { folderWith, type Ran, rollcall } from '../support/cli.ts';
import { beginInTerminal } from '../support/own-terminal.ts';
import { type Script, scriptedServer } from '../support/scripted-server.ts';
import {
  appEnv,
  calendar,
  dingtalkOrganizer,
  feishuManifest,
  serve,
  type Served,
  users,
} from '../support/served.ts';

const servers: Emulator[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function find(
  what: Served,
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const server = await serve(what);
  servers.push(server);
  return rollcall(['find', ...args], { cwd: folderWith(files), env: appEnv(server.url) });
}

const hostile = 'Eve\n\u001b[31m\u202e# - x: 1';
const onFeishu = ['--provider', 'feishu'];

describe('rollcall find events', () => {
  const events = { weekly_0: users(3, 'ou_'), other_0: users(120, 'ou_') };

  it('shows each with its attendees, counted to the last page, and the manifest that has it', async () => {
    const files = { 'm.yaml': feishuManifest('weekly', 'weekly_0', { attendees: [] }) };
    const { code, stdout, stderr } = await find(
      { feishu: events },
      ['events', ...onFeishu, '--calendar', calendar],
      files,
    );
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^EVENT +START +ATTENDEES +MANIFEST +ORGANIZER +TITLE\n/);
    expect(stdout).toMatch(/^weekly_0 +Sun 2099-01-04 02:00 UTC +3 +weekly .*Title of weekly_0$/m);
    expect(stdout).toMatch(/^other_0 .* 120 +- /m);
    expect(stdout).toContain('2 events, 1 of them in a manifest.\n');
  });

  it('keeps to a range and to a text, in JSON', async () => {
    const args = ['events', ...onFeishu, '--calendar', calendar, '--format', 'json'];
    const { stdout } = await find({ feishu: events }, [...args, '--match', 'WEEKLY']);
    expect(JSON.parse(stdout)).toEqual({
      formatVersion: '1',
      kind: 'events',
      provider: 'feishu',
      complete: true,
      items: [
        {
          calendarId: calendar,
          id: 'weekly_0',
          title: 'Title of weekly_0',
          start: '2099-01-04T02:00:00Z',
          recurring: false,
          organizer: expect.anything(),
          attendees: 3,
          managedBy: null,
        },
      ],
      missing: [],
    });
    for (const range of [
      ['--to', '2099-01-03'],
      ['--from', '2099-01-05'],
    ]) {
      const outside = await find({ feishu: events }, [...args, ...range]);
      expect(JSON.parse(outside.stdout)).toMatchObject({ items: [], complete: true });
    }
  });

  it('prints YAML to paste, and exits with 1 for what is not there', async () => {
    const args = ['events', 'weekly_0', 'nothing', ...onFeishu, '--calendar', calendar, '--format', 'yaml'];
    const { code, stdout, stderr } = await find({ feishu: events }, args);
    expect(parse(stdout)).toEqual([{ provider: 'feishu', calendarId: calendar, eventId: 'weekly_0' }]);
    expect(stdout).toContain('# Title of weekly_0, starts 2099-01-04T02:00:00Z');
    expect(code).toBe(1);
    expect(stderr).toContain('"nothing" was not found');
  });

  it('of DingTalk are those of one person, and the calls of the month are told', async () => {
    const { code, stdout, stderr } = await find({ dingtalk: { d1: users(2, 'u') } }, [
      'events',
      '--provider',
      'dingtalk',
      '--organizer',
      dingtalkOrganizer,
      '--from',
      '2099-01-01',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^d1 /m);
    expect(stderr).toMatch(
      /^DingTalk: \d calls? counts? toward the 5,000 a month that an organisation has\.\nnote: Only events of the year from 2099-01-01 on: --to searches further\.\n$/,
    );
  });

  it('says what is wrong with a calendar that is not there', async () => {
    const { code, stdout, stderr } = await find({}, ['events', ...onFeishu, '--calendar', 'nope']);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('error: not everything could be read: Feishu: the calendar was not found');
  });
});

it.each([
  [['events', ...onFeishu], '--calendar'],
  [['calendars', '--provider', 'dingtalk'], '--organizer'],
  [['people', ...onFeishu, '--from', '2099-01-01'], '--from has no effect'],
  [['calendars', ...onFeishu, '--organizer', 'x'], '--organizer has no effect'],
  [['chats', '--provider', 'dingtalk'], 'chats cannot be found on DingTalk: its events take no chats'],
  [
    ['events', ...onFeishu, '--calendar', 'c', '--from', '2099-02-01', '--to', '2099-01-01'],
    'ends before it begins',
  ],
])('rollcall find %j is refused before any call', async (args, words) => {
  const { code, stdout, stderr } = await rollcall(['find', ...args]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(words);
});

/** A tenant that answers what the tests below ask for. */
const people: Script = ({ path }) => {
  const answers: Readonly<Record<string, object>> = {
    '/open-apis/auth/v3/tenant_access_token/internal': { tenant_access_token: 't-x', expire: 7200 },
    '/open-apis/contact/v3/users/batch_get_id': {
      data: { user_list: [{ email: 'lisi@corp.com', user_id: 'ou_lisi' }, { email: 'no@corp.com' }] },
    },
    '/open-apis/contact/v3/users/batch': {
      data: { items: [{ open_id: 'ou_lisi', union_id: 'on_lisi', name: hostile, email: 'lisi@corp.com' }] },
    },
    '/open-apis/contact/v3/scopes': { data: { department_ids: ['od-1'], has_more: false } },
  };
  const answer = answers[path];
  return answer === undefined ? { status: 404 } : { body: { code: 0, msg: 'ok', ...answer } };
};

describe('rollcall find people', () => {
  it('prints a Directory to paste, hostile names escaped', async () => {
    await using server = await scriptedServer(people);
    const args = ['find', 'people', 'lisi@corp.com', ...onFeishu];
    const env = appEnv(server.url);
    const cwd = folderWith({});
    const yaml = await rollcall([...args, '--format', 'yaml'], { env, cwd });
    expect(yaml.code).toBe(0);
    const entry = { email: 'lisi@corp.com', feishu: { open_id: 'ou_lisi', union_id: 'on_lisi' } };
    expect(parse(yaml.stdout)).toEqual({ lisi: { name: expect.any(String), ...entry } });
    const manifest = `apiVersion: rollcall.dev/v1\nkind: Directory\nmetadata: { name: people }\nspec:\n  people:\n${yaml.stdout.replaceAll(/^(?=.)/gm, '    ')}`;
    const checked = await rollcall(['validate'], { cwd: folderWith({ 'people.yaml': manifest }) });
    expect(checked.stderr).toContain('no Event');
    const text = await rollcall(args, { env, cwd });
    for (const { stdout } of [yaml, text]) {
      expect(stdout).not.toContain('\u001b');
      expect(stdout).not.toContain('\u202e');
    }
    expect(text.stdout).toContain('Eve\\n\\u001b[31m\\u202e# - x: 1');
  });

  it('tells whoever may be out of sight from whoever is there', async () => {
    await using server = await scriptedServer(people);
    const ran = await rollcall(
      ['find', 'people', 'lisi@corp.com', 'no@corp.com', ...onFeishu, '--format', 'json'],
      {
        env: appEnv(server.url),
        cwd: folderWith({}),
      },
    );
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      complete: true,
      items: [{ ids: { open_id: 'ou_lisi' }, status: null }],
      missing: [{ query: 'no@corp.com', reason: 'not-visible' }],
    });
    expect(ran.stderr).toContain('is not visible to this account, but may exist');
  });

  it('says of nobody that they were not found where the host is not there', async () => {
    const ran = await rollcall(['find', 'people', 'lisi@corp.com', ...onFeishu, '--timeout', '500ms'], {
      env: appEnv('http://127.0.0.1:9'),
      cwd: folderWith({}),
    });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('"lisi@corp.com" is not in the part that could be read');
    expect(ran.stderr).not.toContain('not found');
  });

  it('names nobody where that was asked for', async () => {
    await using server = await scriptedServer(people);
    const args = ['find', 'people', 'lisi@corp.com', ...onFeishu, '--redact', '--verbose'];
    for (const format of ['text', 'json', 'yaml']) {
      const ran = await rollcall([...args, '--format', format], {
        env: appEnv(server.url),
        cwd: folderWith({}),
      });
      expect(ran.stdout + ran.stderr).not.toMatch(/lisi|Eve/);
      expect(ran.stdout).toContain('user-1');
    }
  });
});

it('shows a table on a terminal, its head in bold', async () => {
  const server = await serve({ feishu: { weekly_0: users(2, 'ou_') } });
  servers.push(server);
  const { ran } = beginInTerminal(['find', 'events', ...onFeishu, '--calendar', calendar], {
    columns: 160,
    cwd: folderWith({}),
    env: appEnv(server.url),
  });
  const { code, output, screen } = await ran;
  expect(code).toBe(0);
  expect(output).toContain('\u001b[1mEVENT');
  expect(screen.join('\n')).toMatch(/weekly_0 +Sun 2099-01-04 02:00 UTC/);
});
