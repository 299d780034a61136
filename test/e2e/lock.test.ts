import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { folderWith, type Ran, rollcall } from '../support/cli.ts';
import {
  appEnv,
  calendar,
  dingtalkManifest,
  dingtalkOrganizer,
  feishuManifest,
  manifest,
} from '../support/served.ts';

const lisi = {
  name: '李四',
  openId: 'ou_lisi',
  unionId: 'on_lisi',
  userId: '3e3cf96b',
  dingtalk: 'unionLi',
  email: 'lisi@corp.com',
  mobile: '+8613800000000',
  employeeNo: '00712',
};
const wu = { name: 'Wu', openId: 'ou_wu', dingtalk: 'unionWu', email: 'wu@corp.com', employeeNo: 'E-7' };
const gone = { ...wu, openId: 'ou_gone', dingtalk: 'unionGone', email: 'gone@corp.com', left: '2026-11-01' };
const hidden = { openId: 'ou_hidden', email: 'hidden@corp.com', visible: false };

/** Three events that somebody else is on: `a_0` and `b_0` on Feishu, `d_0` on DingTalk. */
function tenant(people: readonly object[], more: object = {}): string {
  const event = (id: string): object => ({
    id,
    start: '2099-01-04T10:00:00+08:00',
    end: '2099-01-04T11:00:00+08:00',
    attendees: [],
  });
  return JSON.stringify({
    apps: [{ id: 'cli_demo', secret: 'demo-secret' }],
    people,
    feishu: { calendars: [{ id: calendar, role: 'owner', events: [event('a_0'), event('b_0')] }] },
    dingtalk: { users: [{ unionId: dingtalkOrganizer, events: [event('d_0')] }] },
    ...more,
  });
}

let server: Emulator;
let people: readonly object[];
let apps: object = {};
const now = Date.parse('2026-11-20T08:00:00Z');
beforeEach(() => {
  people = [lisi, wu, { ...gone, employeeNo: 'E-8' }];
  apps = {};
});
afterEach(() => server.close());

const directory = manifest('Directory', 'people', {
  people: { 'li.si': { name: '李四', email: 'LiSi@Corp.com' }, wu: { employeeNo: 'E-7' } },
});
const files = {
  'a.yaml': feishuManifest('a', 'a_0', { attendees: [{ person: 'li.si' }, { person: 'wu' }] }),
  'd.yaml': dingtalkManifest('d', 'd_0', { attendees: [{ person: 'lisi@corp.com' }] }),
  'people.yaml': directory,
};

interface At {
  readonly cwd: string;
  readonly run: (...args: readonly string[]) => Promise<Ran>;
  readonly lock: () => string;
}

async function at(given: Readonly<Record<string, string>>): Promise<At> {
  server = await startEmulator({ tenant: tenant(people, apps), now: () => now });
  const cwd = folderWith(given);
  return {
    cwd,
    run: (...args) => rollcall(args, { cwd, env: appEnv(server.url) }),
    lock: () => readFileSync(join(cwd, 'rollcall.lock'), 'utf8'),
  };
}

function calls(): number {
  return server.requests.filter(({ path }) => !/auth|accessToken/.test(path)).length;
}

/** The entries of a lock, each on its line, without the time of the answer. */
function entries(lock: string): string[] {
  return lock
    .split('\n')
    .filter((line) => line.startsWith('  - '))
    .map((line) => line.slice(6, -2).replace(/, resolvedAt: "?2\d{3}-[^"]*"?/, ''));
}

describe('rollcall lock', () => {
  it('writes who is needed, a line each, and plan uses it', async () => {
    const { run, lock } = await at(files);
    const before = await run('plan');
    expect(before.code).toBe(1);
    expect(before.stderr).toMatch(
      /a\.yaml:1:\d+: error: rollcall\.lock lacks the Feishu open_id of li\.si \[not-locked\]\n  run: rollcall lock/,
    );

    const locked = await run('lock');
    expect({ ...locked, stderr: '' }).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        '  + li.si  DingTalk unionId unionLi  by email lisi@corp.com',
        '  + li.si  Feishu open_id ou_lisi  by email lisi@corp.com',
        '  + wu  Feishu open_id ou_wu  by employeeNo E-7',
        'Wrote rollcall.lock: 3 ids (3 added, 0 changed, 0 dropped, 0 kept).',
        '',
      ].join('\n'),
    });
    expect(lock()).toMatch(/^# .+\n\nformatVersion: "1"\nentries:\n/);
    expect(entries(lock())).toEqual([
      'person: li.si, provider: dingtalk, id: unionLi, idType: unionId, by: email, value: lisi@corp.com',
      'person: li.si, provider: feishu, id: ou_lisi, idType: open_id, by: email, value: lisi@corp.com',
      'person: wu, provider: feishu, id: ou_wu, idType: open_id, by: employeeNo, value: "E-7"',
    ]);
    expect(lock()).not.toContain('demo-secret');

    const plan = await run('plan', '--format', 'json');
    expect(plan.code).toBe(0);
    expect(
      JSON.parse(plan.stdout).events.map((event: { changes: { attendee: object }[] }) =>
        event.changes.map(({ attendee }) => attendee),
      ),
    ).toEqual([
      [expect.objectContaining({ id: 'ou_lisi', name: '李四' }), expect.objectContaining({ id: 'ou_wu' })],
      [expect.objectContaining({ id: 'unionLi', name: '李四' })],
    ]);
    expect((await run('apply', '--auto-approve')).code).toBe(0);
    expect((await run('plan', '--detailed-exitcode')).code).toBe(0);
  });

  it('keeps what is right without a call, and drops what nobody needs', async () => {
    const { cwd, run, lock } = await at(files);
    await run('lock');
    const [before, text] = [calls(), lock()];
    const again = await run('lock');
    expect(again).toEqual({ code: 0, stderr: '', stdout: 'rollcall.lock is up to date: 3 ids.\n' });
    expect({ calls: calls(), text: lock() }).toEqual({ calls: before, text });

    writeFileSync(join(cwd, 'a.yaml'), feishuManifest('a', 'a_0', { attendees: [{ person: 'wu' }] }));
    const fewer = await run('lock');
    expect(fewer.stdout).toBe(
      '  - li.si  Feishu open_id ou_lisi  by email lisi@corp.com\nWrote rollcall.lock: 2 ids (0 added, 0 changed, 1 dropped, 2 kept).\n',
    );
    expect(calls()).toBe(before);
    expect(entries(lock())).toHaveLength(2);
  });

  it('asks again where a Directory says something else, and tells whose id is another now', async () => {
    const { cwd, run } = await at(files);
    await run('lock');
    writeFileSync(
      join(cwd, 'people.yaml'),
      directory.replace('LiSi@Corp.com', 'wu@corp.com').replace('E-7', '00712'),
    );
    writeFileSync(join(cwd, 'd.yaml'), '');
    expect((await run('plan')).stderr).toContain('which people.yaml:1 no longer says [lock-stale]');
    const locked = await run('lock');
    expect(locked.stdout).toContain(
      '  ~ li.si  Feishu open_id ou_wu  by email wu@corp.com, was ou_lisi: rollcall plan shows who is affected\n',
    );
    expect(locked.stdout).toContain('(0 added, 2 changed, 1 dropped, 0 kept)');
  });

  it('tells not found, not visible and left apart, keeps the others, and removes nobody', async () => {
    people = [...people, hidden];
    const entry = (...who: readonly string[]): string =>
      feishuManifest('a', 'a_0', { attendees: who.map((person) => ({ person })) });
    const all = ['lisi@corp.com', 'gone@corp.com', 'hidden@corp.com', 'nobody@corp.com'];
    const { cwd, run, lock } = await at({ 'a.yaml': entry(...all) });
    const { code, stdout, stderr } = await run('lock');
    expect(code).toBe(1);
    expect(stdout).toContain('(1 added, 0 changed, 0 dropped, 0 kept)');
    expect(stderr.match(/error: .*/g)).toEqual([
      'error: gone@corp.com has left the organisation, as Feishu says [person-left]',
      'error: hidden@corp.com is not visible to this app on Feishu: it may not see everybody [person-not-visible]',
      'error: nobody@corp.com is not visible to this app on Feishu: it may not see everybody [person-not-visible]',
    ]);
    expect(entries(lock())).toHaveLength(1);
    await server.close();
    // An app that sees everybody knows that there is no such person.
    people = people.filter((one) => one !== hidden);
    server = await startEmulator({ tenant: tenant(people), now: () => now });
    const sees = await rollcall(['lock'], { cwd, env: appEnv(server.url) });
    expect(sees.code).toBe(1);
    expect(sees.stderr).toContain(
      'error: nobody@corp.com was not found on Feishu, where the app may see everybody [person-not-found]',
    );
    const plan = await rollcall(['plan'], { cwd, env: appEnv(server.url) });
    expect({ code: plan.code, stdout: plan.stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('says what a permission is called that is missing', async () => {
    apps = { apps: [{ id: 'cli_demo', secret: 'demo-secret', scopes: ['calendar:calendar'] }] };
    const { cwd, run } = await at({
      'a.yaml': feishuManifest('a', 'a_0', { attendees: [{ person: 'lisi@corp.com' }] }),
    });
    const { code, stderr } = await run('lock');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /a\.yaml:1:\d+: error: lisi@corp\.com could not be looked up on Feishu: .+ \[person-not-looked-up\]\n  .*contact:user\.id:readonly/,
    );
    expect(existsSync(join(cwd, 'rollcall.lock'))).toBe(false);
  });

  it('reads the departments of DingTalk where there is no call for an address', async () => {
    const departments = [{ id: 'od-1', dingtalk: 12, name: 'One' }];
    apps = { departments };
    people = [{ ...lisi, departments: ['od-1'] }, wu];
    const { run } = await at({
      'd.yaml': dingtalkManifest('d', 'd_0', {
        attendees: [{ person: 'lisi@corp.com' }, { person: 'other@corp.com' }],
      }),
    });
    const { stdout, stderr } = await run('lock');
    expect(stdout).toContain('+ lisi@corp.com  DingTalk unionId unionLi  by email lisi@corp.com');
    expect(stderr).toContain('other@corp.com was not found on DingTalk');
    expect(stderr).toContain('DingTalk: 0 calls count toward the 5,000');
  });

  it('changes nothing where manifests have mistakes, or name no Event', async () => {
    const { cwd, run, lock } = await at(files);
    await run('lock');
    const text = lock();
    writeFileSync(join(cwd, 'a.yaml'), files['a.yaml'].replace('"attendees"', '"atendees"'));
    expect((await run('lock')).code).toBe(1);
    expect((await run('lock', 'people.yaml')).code).toBe(1);
    expect(lock()).toBe(text);
  });

  it('names nobody where that was asked for', async () => {
    const { run } = await at({
      ...files,
      'b.yaml': feishuManifest('b', 'b_0', { attendees: [{ person: 'gone@corp.com' }] }),
    });
    const { code, stdout, stderr } = await run('lock', '--redact');
    expect(code).toBe(1);
    expect(stdout + stderr).not.toMatch(/li\.?si|李四|unionLi|corp\.com|E-7|ou_wu/i);
    expect(stdout).toContain('+ user-1  DingTalk unionId user-2  by email email-3');
    expect(stderr).toMatch(/error: user-\d+ has left the organisation, as Feishu says/);
  });

  it('writes over no link and leaves nothing behind where it cannot write', async () => {
    const { cwd, run } = await at(files);
    symlinkSync(join(cwd, 'a.yaml'), join(cwd, 'rollcall.lock'));
    const linked = await run('lock');
    expect(linked.code).toBe(1);
    expect(linked.stderr).toContain('rollcall.lock:1:1: error: rollcall.lock is a symbolic link');
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(files['a.yaml']);
    await server.close();
    const folder = await at(files);
    mkdirSync(join(folder.cwd, 'rollcall.lock'));
    expect((await folder.run('lock')).stderr).toContain(
      'rollcall.lock:1:1: error: rollcall.lock is not a regular file',
    );
  });
});

describe('rollcall lock --check', () => {
  it('makes no call: 2 where a line is missing or too much, 0 where all is right', async () => {
    const { cwd, run, lock } = await at(files);
    const missing = await run('lock', '--check');
    expect(missing).toEqual({
      code: 2,
      stderr: '',
      stdout: [
        'rollcall.lock is not up to date; run: rollcall lock',
        '  + li.si  Feishu open_id',
        '  + wu  Feishu open_id',
        '  + li.si  DingTalk unionId',
        '',
      ].join('\n'),
    });
    expect(existsSync(join(cwd, 'rollcall.lock'))).toBe(false);
    await run('lock');
    const before = calls();
    expect(await run('lock', '--check')).toEqual({
      code: 0,
      stderr: '',
      stdout: 'rollcall.lock is up to date: 3 ids.\n',
    });
    writeFileSync(join(cwd, 'd.yaml'), '');
    const tooMuch = await run('lock', '--check');
    expect(tooMuch.code).toBe(2);
    expect(tooMuch.stdout).toContain('  - li.si  DingTalk unionId unionLi  by email lisi@corp.com\n');
    writeFileSync(join(cwd, 'd.yaml'), files['d.yaml']);
    const [head = '', ...lines] = lock().split(/(?=^ {2}- )/m);
    writeFileSync(join(cwd, 'rollcall.lock'), [head, ...lines.reverse()].join(''));
    const unsorted = await run('lock', '--check');
    expect({ code: unsorted.code, stdout: unsorted.stdout }).toEqual({
      code: 2,
      stdout: 'rollcall.lock is not up to date; run: rollcall lock\n  its lines are out of order\n',
    });
    expect(calls()).toBe(before);
  });
});
