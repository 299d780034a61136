import { afterEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/server.ts';
import { folderWith, type Ran, rollcall } from '../support/cli.ts';
import { appEnv, dingtalkManifest, feishuManifest, manifest, serve } from '../support/served.ts';

const servers: Emulator[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const files = {
  'people.yaml': manifest('Directory', 'people', {
    people: {
      'li.si': { name: '李四', email: 'Lisi@Corp.com', feishu: { open_id: 'ou_lisi' }, dingtalk: 'unionLi' },
    },
  }),
  'team.yaml': manifest('Roster', 'team', { members: [{ person: 'li.si' }, { user: 'ou_other' }] }),
  'a.yaml': feishuManifest('a', 'a_0', { attendees: [{ roster: 'team' }] }),
  'b.yaml': feishuManifest('b', 'b_0', { attendees: [{ user: 'ou_lisi', until: '2020-01-01' }] }),
  'd.yaml': dingtalkManifest('d', 'd_0', { attendees: [{ person: 'li.si', optional: true }] }),
};

async function who(args: readonly string[], lost = false): Promise<Ran> {
  const server = await serve({
    feishu: { a_0: [{ user: 'ou_other' }], ...(lost ? {} : { b_0: [{ user: 'ou_lisi', rsvp: 'accept' }] }) },
    dingtalk: { d_0: [{ user: 'unionLi' }] },
  });
  servers.push(server);
  return rollcall(['who', ...args], { cwd: folderWith(files), env: appEnv(server.url) });
}

describe('rollcall who', () => {
  it.each(['li.si', 'ou_lisi', 'unionLi', 'lisi@corp.com'])('finds the same person by %s', async (text) => {
    const { code, stdout, stderr } = await who([text]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'li.si, 李四 (people.yaml:1)',
        'Wanted on 2 events:',
        '  a  team.yaml:1  via team',
        '  b  b.yaml:1  no longer wanted: expired',
        '  d  d.yaml:1  optional',
        '',
      ].join('\n'),
    );
  });

  it('shows where they are now', async () => {
    const { code, stdout } = await who(['li.si', '--live']);
    expect(code).toBe(0);
    expect(stdout).toContain('Now on 2 events:\n  b  accepted\n  d  no reply\n');
  });

  it('says that an address which no Directory has is looked for as it is', async () => {
    const { stdout } = await who(['other@corp.com', '--live']);
    expect(stdout).toContain('Now on no event.\nOnly the address itself was searched for: ');
  });

  it('exits with 1 where an event cannot be read, and tells the others', async () => {
    const { code, stdout, stderr } = await who(['li.si', '--live'], true);
    expect(code).toBe(1);
    expect(stdout).toContain('Now on 1 event:\n  d  no reply\n');
    expect(stderr).toContain('error: b could not be read: ');
  });

  it('exits with 0 for nobody', async () => {
    const { code, stdout } = await who(['ou_nobody']);
    expect(code).toBe(0);
    expect(stdout).toBe('ou_nobody is not in any Directory.\nWanted on no event.\n');
  });

  it('names nobody where that was asked for', async () => {
    const { stdout } = await who(['ou_lisi', '--redact', '--live']);
    expect(stdout).not.toMatch(/lisi|李四|li\.si/i);
    expect(stdout).toContain('Wanted on 2 events:');
  });
});
