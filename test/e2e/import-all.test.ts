import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Emulator } from '../../src/emulator/server.ts';
import { folderWith, type Ran, rollcall } from '../support/cli.ts';
import {
  appEnv,
  calendar,
  dingtalkOrganizer,
  feishuManifest,
  manifest,
  serve,
  type Served,
  users,
} from '../support/served.ts';

const servers: Emulator[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

interface Place {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly run: (...args: string[]) => Promise<Ran>;
}

async function place(what: Served, files: Readonly<Record<string, string>> = {}): Promise<Place> {
  const server = await serve(what);
  servers.push(server);
  const [cwd, env] = [folderWith(files), appEnv(server.url)];
  return { cwd, env, run: (...args) => rollcall(args, { cwd, env }) };
}

const all = ['import', '--provider', 'feishu', '--calendar', calendar, '--all', '--out-dir', 'out'] as const;

const team = users(4, 'ou_team');
const company: Served = {
  feishu: {
    a_0: [...team, { user: 'ou_solo', name: 'Solo' }, { user: 'ou_org', organizer: true }],
    b_0: [...team, { user: 'ou_opt', optional: true }, { chat: 'oc_1' }],
    c_0: users(120, 'ou_'),
  },
};

describe('rollcall import --all', () => {
  it('writes a manifest an event, a Directory and a Roster of those who come together, in sync at once', async () => {
    const { cwd, run } = await place(company);
    const ran = await run(...all, '--directory', 'out/people.yaml', '--rosters');
    expect(ran.code).toBe(0);
    const names = [
      'people.yaml',
      'shared-1.yaml',
      'title-of-a_0.yaml',
      'title-of-b_0.yaml',
      'title-of-c_0.yaml',
    ];
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(names);
    expect(ran.stdout.trim().split('\n').sort()).toEqual(names.map((name) => `out/${name}`));
    expect(ran.stderr).toContain('Written: 3 events, 1 Roster, 1 Directory.');
    for (const name of names) {
      expect(readFileSync(join(cwd, 'out', name), 'utf8')).toMatch(
        /^# yaml-language-server: \$schema=\S+\/manifest\.schema\.json\n/,
      );
    }
    const roster = parse(readFileSync(join(cwd, 'out/shared-1.yaml'), 'utf8'));
    expect(roster.spec.members).toHaveLength(4);
    const a = parse(readFileSync(join(cwd, 'out/title-of-a_0.yaml'), 'utf8'));
    expect(a.spec.attendees).toEqual([{ roster: 'shared-1' }, { person: 'solo' }]);
    const plan = await run('plan', 'out', '--detailed-exitcode');
    expect({ code: plan.code, stderr: plan.stderr }).toEqual({ code: 0, stderr: '' });
    expect(plan.stdout).toContain('3 in sync');
  });

  it('leaves out what a manifest has already, and writes over nothing', async () => {
    const files = {
      'have.yaml': feishuManifest('have', 'a_0', { attendees: [] }),
      'out/title-of-b_0.yaml': '# mine\n',
    };
    const { cwd, run } = await place(company, files);
    const ran = await run(...all);
    expect(ran.code).toBe(0);
    expect(readFileSync(join(cwd, 'out/title-of-b_0.yaml'), 'utf8')).toBe('# mine\n');
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual([
      'title-of-b_0-2.yaml',
      'title-of-b_0.yaml',
      'title-of-c_0.yaml',
    ]);
    expect(ran.stderr).toContain('note: Left out 1 that a manifest here already covers.');
    const again = await run(...all);
    expect(again.stdout).toBe('');
    expect(again.stderr).toContain('Nothing on Feishu to import.');
  });

  it('prints several events as one text where no folder is named, in sync at once', async () => {
    const { cwd, run } = await place(company);
    const [command, ...rest] = all.filter((word) => word !== '--out-dir' && word !== 'out');
    const ran = await run(command ?? '', ...rest, '--rosters');
    expect(ran.code).toBe(0);
    expect(existsSync(join(cwd, 'out'))).toBe(false);
    expect(ran.stdout.match(/^---$/gm)).toHaveLength(3);
    expect(ran.stderr).toContain('Imported: 3 events, 1 Roster.');
    writeFileSync(join(cwd, 'all.yaml'), ran.stdout);
    expect((await run('plan', '--detailed-exitcode')).stdout).toContain('3 in sync');
  });

  it('keeps to a range and to titles', async () => {
    const { cwd, run } = await place(company);
    await run(...all, '--to', '2098-12-31');
    expect(existsSync(join(cwd, 'out'))).toBe(false);
    await run(...all, '--match', 'OF C_');
    expect(readdirSync(join(cwd, 'out'))).toEqual(['title-of-c_0.yaml']);
  });

  it('takes people from Directories, and writes the others into a new one', async () => {
    const directory = `apiVersion: rollcall.dev/v1\nkind: Directory\nmetadata: { name: new }\nspec: { people: { first: { feishu: ou_team1 } } }\n`;
    const { cwd, run } = await place(company, { 'own.yaml': directory });
    const ran = await run(...all, 'own.yaml', '--match', 'a_0', '--directory', 'new.yaml');
    expect(ran.code).toBe(0);
    const event = readFileSync(join(cwd, 'out/title-of-a_0.yaml'), 'utf8');
    expect(event).toContain('- person: first');
    const people = parse(readFileSync(join(cwd, 'new.yaml'), 'utf8')).spec.people;
    expect(Object.keys(people)).toHaveLength(4);
    expect(readFileSync(join(cwd, 'new.yaml'), 'utf8')).toContain('name: new-2\n');
    expect((await run('plan', '--detailed-exitcode')).code).toBe(0);
    const twice = await run(...all, '--directory', 'new.yaml');
    expect(twice.code).toBe(1);
    expect(twice.stderr).toContain('new.yaml already exists');
  });

  it('imports one calendar after the other into one folder, in sync at once', async () => {
    const { cwd, run } = await place(company);
    await run(...all, '--match', 'a_0', '--directory', 'people.yaml');
    writeFileSync(join(cwd, 'standing.yaml'), feishuManifest('title-of-b_0', 'other_0', {}));
    const [command, ...rest] = all.map((word) => (word === 'out' ? 'out2' : word));
    const second = await run(command ?? '', 'people.yaml', ...rest, '--match', 'b_0');
    expect({ code: second.code, stdout: second.stdout }).toEqual({
      code: 0,
      stdout: 'out2/title-of-b_0-2.yaml\n',
    });
    const third = await run(command ?? '', ...rest, '--match', '_0', '--directory', 'people3.yaml');
    expect({ code: third.code, stdout: third.stdout }).toEqual({
      code: 0,
      stdout: 'out2/title-of-c_0.yaml\npeople3.yaml\n',
    });
    expect(third.stderr).toContain('Left out 2 that a manifest here already covers.');
    const plan = await run('plan', 'out', 'out2', 'people.yaml', 'people3.yaml', '--detailed-exitcode');
    expect({ code: plan.code, stderr: plan.stderr }).toEqual({ code: 0, stderr: '' });
    expect(plan.stdout).toContain('3 in sync');
  });

  it('makes no second entry for somebody whom a Directory here has by address', async () => {
    const directory = manifest('Directory', 'own', { people: { li: { email: 'Li@corp.com' } } });
    const tenant = {
      people: [{ openId: 'ou_li', email: 'li@corp.com' }],
      feishu: { a_0: [{ user: 'ou_li' }, { user: 'ou_new' }] },
    };
    const { cwd, run } = await place(tenant, { 'own.yaml': directory });
    expect((await run(...all, '--directory', 'new.yaml')).code).toBe(0);
    expect(readFileSync(join(cwd, 'new.yaml'), 'utf8')).not.toContain('li@corp.com');
    expect(readFileSync(join(cwd, 'out/title-of-a_0.yaml'), 'utf8')).toContain('- user: ou_li');
    expect((await run('plan', '--detailed-exitcode')).stdout).toContain('1 in sync');
  });

  it('goes on past an event that cannot be read, and exits with 1', async () => {
    const { cwd, run } = await place(company);
    const args = all.filter((word) => word !== '--all');
    const ran = await run(...args, '--event', 'c_0', '--event', 'nothing_0', '--event', 'c_0');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('error: nothing_0: ');
    expect(readdirSync(join(cwd, 'out'))).toEqual(['title-of-c_0.yaml']);
  });

  it('of DingTalk takes what the person organizes', async () => {
    const { cwd, run } = await place({ dingtalk: { d1: users(3, 'union') } });
    const ran = await run(
      'import',
      '--provider',
      'dingtalk',
      '--organizer',
      dingtalkOrganizer,
      '--all',
      '--from',
      '2099-01-01',
      '--out-dir',
      'out',
    );
    expect(ran.code).toBe(0);
    expect(readdirSync(join(cwd, 'out'))).toEqual(['title-of-d1.yaml']);
    expect(ran.stderr).toContain(
      'DingTalk: 3 calls count toward the 5,000 a month that an organisation has.',
    );
    expect((await run('plan', 'out', '--detailed-exitcode')).code).toBe(0);
  });
});

it.each([
  [[], 'needs --event or --all'],
  [['--all', '--event', 'x'], 'cannot be combined'],
  [['--event', 'x', '--from', '2099-01-01'], 'work only with --all'],
  [['--event', 'x', '--rosters'], '--rosters works only with several events'],
  [['--all', '--directory', 'p.yaml'], '--directory works only with --out-dir'],
  [['--all', '--redact'], 'manifests without people would remove everybody'],
  [['--all', '--out-dir', 'out', '--name', 'n'], '--name works only with one event'],
  [['--all', '--out-dir', 'out', '--redact'], 'manifests without people would remove everybody'],
])('rollcall import %j is refused before any call', async (args, words) => {
  const cwd = folderWith({});
  mkdirSync(join(cwd, 'empty'));
  writeFileSync(join(cwd, 'empty/.keep'), '');
  const { code, stdout, stderr } = await rollcall(
    ['import', '--provider', 'feishu', '--calendar', 'c', ...args],
    { cwd },
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(words);
});
