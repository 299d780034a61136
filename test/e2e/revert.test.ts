import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { EmulatorOptions } from '../../src/emulator/server.ts';
import { type Scene, calendar, manifestOf, newScene, tenantOf } from '../support/scene.ts';

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

async function scene(
  events: Readonly<Record<string, string>>,
  manifests: Readonly<Record<string, string>>,
  options: Omit<EmulatorOptions, 'tenant'> & { readonly more?: string } = {},
): Promise<Scene> {
  const made = await newScene({ ...options, tenant: tenantOf(events, options.more) }, manifests);
  scenes.push(made);
  return made;
}

const apply = ['apply', '--auto-approve', '--quiet'] as const;

describe('rollcall revert', () => {
  it('brings the removed back as they were and takes the added off, and a second time changes nothing', async () => {
    const at = await scene(
      {
        weekly_0:
          'attendees: [{ user: ou_a }, { user: ou_b, optional: true }, { user: ou_c, optional: true }]',
        other_0: 'attendees: [{ user: ou_a }, { email: Li@example.com }, { user: ou_d }]',
      },
      {
        weekly: manifestOf(
          'weekly',
          '{ user: ou_a }, { user: ou_c }, { user: ou_n }',
          '  optionalDrift: replace\n',
        ),
        other: manifestOf('other', '{ user: ou_a }'),
      },
    );
    const start = [at.live('weekly_0'), at.live('other_0')];
    expect((await at.run(...apply)).code).toBe(0);
    expect(at.live('weekly_0')).toEqual(['ou_a', 'ou_c', 'ou_n']);
    const journal = at.journal();
    const written = at.writes().length;

    const shown = await at.run('revert', journal, '--format', 'json');
    expect(shown.code).toBe(0);
    expect(at.writes()).toHaveLength(written);
    const plan = JSON.parse(shown.stdout);
    expect(plan).toMatchObject({
      formatVersion: '1',
      digest: expect.stringMatching(/^sha256:/),
      applyable: true,
    });
    const reasons = plan.events.flatMap(({ changes }: { changes: { reason: string }[] }) => changes);
    expect(new Set(reasons.map(({ reason }: { reason: string }) => reason))).toEqual(new Set(['reverted']));
    expect(plan.events[1].changes).toMatchObject([
      { action: 'remove', attendee: { id: 'ou_c', optional: false } },
      { action: 'remove', attendee: { id: 'ou_n' } },
      { action: 'add', attendee: { id: 'ou_b', optional: true }, wasRemoved: true },
      { action: 'add', attendee: { id: 'ou_c', optional: true } },
    ]);
    expect(plan.events[1].changes[1].source).toEqual({ file: journal, line: expect.any(Number), column: 1 });

    const undone = await at.run('revert', journal, '--auto-approve', '--format', 'json');
    expect(undone.code).toBe(0);
    const result = JSON.parse(undone.stdout);
    expect(result).toMatchObject({ summary: { converged: 2, added: 4, removed: 2 } });
    expect([at.live('weekly_0'), at.live('other_0')]).toEqual(start);
    expect(statSync(join(at.folder, result.journal)).mode & 0o777).toBe(0o600);
    expect(undone.stderr).toMatch(/the next apply from the manifests will do all of this again/);
    expect(undone.stderr).toMatch(/irreversible.*replies/s);

    const after = at.writes().length;
    const again = await at.run('revert', journal, '--auto-approve', '--format', 'json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ journal: null, summary: { unchanged: 2 } });
    expect(at.writes()).toHaveLength(after);
  });

  it('is saved like any plan, applied from the file, and its own run can be undone', async () => {
    const at = await scene(
      { weekly_0: 'attendees: [{ user: ou_a }, { user: ou_b }, { room: omm_1 }]' },
      { weekly: manifestOf('weekly', '{ user: ou_a }, { room: omm_2 }', '  roomContact: ou_z\n') },
      { more: 'behaviour: { roomContact: required, bookingTime: 0ms }' },
    );
    await at.run(...apply);
    // The contact of omm_2 is what a later removal has to keep, or the room cannot be booked again.
    writeFileSync(join(at.folder, 'weekly.yaml'), manifestOf('weekly', '{ user: ou_a }'));
    expect((await at.run(...apply)).code).toBe(0);
    expect(at.live('weekly_0')).toEqual(['ou_a']);
    const saved = await at.run('revert', at.journal(), '--out', 'undo.json', '--format', 'json');
    expect(saved.code).toBe(0);
    const file = join(at.folder, 'undo.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toBe(saved.stdout);
    expect(saved.stdout).toContain('"operateId": "ou_z"');
    expect(saved.stdout).toMatch(/needs a form or an approval/);
    expect(at.live('weekly_0')).toEqual(['ou_a']);
    const applied = await at.run('apply', '--plan', 'undo.json', '--quiet');
    expect(applied.code).toBe(0);
    expect(at.live('weekly_0')).toEqual(['omm_2', 'ou_a']);
    const booked = at.server.requests.findLast(({ api }) => api === 'feishu.attendees.create');
    expect(booked?.body).toMatchObject({ attendees: [{ room_id: 'omm_2', operate_id: 'ou_z' }] });

    expect((await at.run('revert', at.journal(), '--auto-approve', '--quiet')).code).toBe(0);
    expect(at.live('weekly_0')).toEqual(['ou_a']);
    const from = await at.run('apply', '.', '--plan', 'undo.json');
    expect(from.code).toBe(3);
    expect(from.stderr).toContain('does not follow from the manifests');
  });

  it('leaves alone who came back or went since, and says so', async () => {
    const at = await scene(
      { weekly_0: 'attendees: [{ user: ou_a }, { user: ou_b }, { user: ou_c }]' },
      { weekly: manifestOf('weekly', '{ user: ou_a }, { user: ou_n }, { user: ou_m }') },
    );
    await at.run(...apply);
    const journal = at.journal();
    writeFileSync(
      join(at.folder, 'weekly.yaml'),
      manifestOf(
        'weekly',
        '{ user: ou_a }, { user: ou_b, optional: true }, { user: ou_m }, { user: ou_later }',
      ),
    );
    await at.run(...apply);
    const ran = await at.run('revert', journal, '--auto-approve');
    expect(ran.code).toBe(0);
    expect(at.live('weekly_0')).toEqual(['ou_a', 'ou_b?', 'ou_c', 'ou_later']);
    expect(ran.stderr).toContain('Back already, left as it is: ou_b.');
    expect(ran.stderr).toContain('Added by the run and gone since, left as it is: ou_n.');
  });

  it('is held to the guards, and lifted as an apply is', async () => {
    const users = Array.from({ length: 10 }, (_, index) => `{ user: ou_n${index} }`).join(', ');
    const at = await scene(
      { weekly_0: 'attendees: [{ user: ou_a }, { user: ou_b }]' },
      { weekly: manifestOf('weekly', `{ user: ou_a }, ${users}`) },
    );
    await at.run(...apply);
    const journal = at.journal();
    const refused = await at.run('revert', journal, '--auto-approve');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/max-removals.*--allow-removals weekly=10/s);
    expect(at.live('weekly_0')).toHaveLength(11);
    expect((await at.run('revert', journal)).code).toBe(3);
    const lifted = await at.run('revert', journal, '--auto-approve', '--allow-removals', 'weekly=10');
    expect(lifted.code).toBe(0);
    expect(at.live('weekly_0')).toEqual(['ou_a', 'ou_b']);
  });

  it('exits with 1 where nothing can come back, and says what', async () => {
    const at = await scene(
      {
        gone_0: 'attendees: [{ user: ou_a }]',
        chat_0:
          'attendees: [{ user: ou_a }, { user: ou_out, external: true }], meetingChat: { id: oc_meet, owner: true }',
      },
      {
        gone: manifestOf(
          'gone',
          '',
          '  state: absent\n  notify: true\n  guards: { allowDelete: true }\n',
        ).replace('  attendees: []\n', ''),
        chat: manifestOf(
          'chat',
          '{ user: ou_a }',
          '  external: remove\n  meetingChat: { id: oc_meet, state: absent }\n',
        ),
      },
    );
    expect((await at.run(...apply)).code).toBe(0);
    const requests = at.writes().length;
    const shown = await at.run('revert', at.journal(), '--format', 'json');
    expect(shown.code).toBe(1);
    const { diagnostics, summary } = JSON.parse(shown.stdout);
    expect(summary).toMatchObject({ add: 0, remove: 0 });
    const said = diagnostics.map(
      ({ code, message }: { code: string; message: string }) => `${code} ${message}`,
    );
    expect(said).toEqual([
      'irreversible chat: the meeting chat oc_meet was unbound and cannot be bound again',
      expect.stringMatching(/^irreversible chat: .*ou_out.* from another tenant cannot be added back$/),
      'irreversible gone: the event was deleted and cannot be brought back',
      'irreversible gone: the people concerned were notified of what the run did',
    ]);
    const applied = await at.run('revert', at.journal(), '--auto-approve', '--quiet');
    expect(applied.code).toBe(1);
    expect(applied.stderr).toContain('nothing that run did can be undone');
    expect(applied.stderr).toContain('irreversible');
    expect(at.writes()).toHaveLength(requests);
  });

  it("refuses another account than the journal's, before any call", async () => {
    const at = await scene(
      { weekly_0: 'attendees: [{ user: ou_a }, { user: ou_b }]' },
      { weekly: manifestOf('weekly', '{ user: ou_a }') },
    );
    await at.run(...apply);
    const text = readFileSync(join(at.folder, at.journal()), 'utf8');
    const calls = at.server.requests.length;
    writeFileSync(join(at.folder, 'app.ndjson'), text.replaceAll('"cli_demo"', '"cli_other"'));
    const otherApp = await at.run('revert', 'app.ndjson', '--auto-approve');
    expect(otherApp.code).toBe(3);
    expect(otherApp.stderr).toMatch(/cli_other.*this is cli_demo/);
    const host = /"host":"[^"]+"/;
    writeFileSync(join(at.folder, 'host.ndjson'), text.replace(host, '"host":"open.feishu.cn"'));
    const otherHost = await at.run('revert', 'host.ndjson', '--auto-approve');
    expect(otherHost.code).toBe(3);
    expect(otherHost.stderr).toContain('open.feishu.cn');
    expect(at.server.requests).toHaveLength(calls);
  });

  it.each<[string, (part: number) => object]>([
    ['many names', (part) => ({ name: `part${part}` })],
    [
      'many names, each with an organizer of its own',
      (part) => ({ name: `part${part}`, organizer: `on_${part}` }),
    ],
  ])('counts one event once for its guards, under %s', async (_what, called) => {
    const at = await scene(
      { weekly_0: 'attendees: [{ generate: 40, user: "ou_{}" }]' },
      { weekly: manifestOf('weekly', '{ user: ou_1 }') },
    );
    const first = { kind: 'run-started', tool: { name: 'rollcall', version: '0.1.0' }, events: [] };
    const account = { host: new URL(at.server.url).host, appId: 'cli_demo' };
    const more = {
      accounts: { feishu: account },
      planDigest: `sha256:${'0'.repeat(64)}`,
      asOf: '2026-11-20',
    };
    const parts = Array.from({ length: 8 }, (_, part) => {
      const event = { provider: 'feishu', calendarId: calendar, eventId: 'weekly_0', userIdType: 'open_id' };
      const attendees = Array.from({ length: 5 }, (_one, index) => ({
        type: 'user',
        id: `ou_${part * 5 + index + 1}`,
        optional: false,
      }));
      const batch = { action: 'add', batch: part + 1, notify: false, attendees };
      const named = { ...event, ...called(part) };
      return [
        { kind: 'batch-started', event: named, ...batch },
        { kind: 'batch-done', name: `part${part}`, batch: part + 1, outcome: 'done' },
      ];
    });
    const lines = [{ ...first, ...more }, ...parts.flat()].map((line, index) =>
      JSON.stringify({
        formatVersion: '1',
        runId: 'r',
        seq: index + 1,
        at: '2026-11-20T08:00:00.000Z',
        ...line,
      }),
    );
    writeFileSync(join(at.folder, 'forged.ndjson'), `${lines.join('\n')}\n`);
    const ran = await at.run('revert', 'forged.ndjson', '--auto-approve');
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain('40 of 40');
    expect(at.writes()).toEqual([]);
  });

  it('is an error for a file that is missing or no journal, and for options that contradict', async () => {
    const at = await scene({ weekly_0: 'attendees: []' }, { 'not-a-journal': 'apiVersion: x\n' });
    for (const [args, message] of [
      [
        ['revert', 'none.ndjson'],
        /the journal none\.ndjson is not there\n  (?:Journals here: \.rollcall\/runs\/\S+\.ndjson|The result of a run says)/,
      ],
      [['revert', 'not-a-journal.yaml'], /not-a-journal\.yaml, line 1, is not JSON/],
      [['revert', 'none.ndjson', '--out', 'x', '--auto-approve'], /--out saves the plan for later/],
      [['revert', 'none.ndjson', '--plan', 'x'], /unknown option '--plan'/],
    ] as const) {
      const ran = await at.run(...args);
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(message);
      expect(ran.stderr).not.toContain('    at ');
    }
    expect(at.server.requests).toEqual([]);
  });
});

describe('a revert that is shown', () => {
  it('is Markdown where asked for, and names nobody where nobody may be named', async () => {
    const at = await scene(
      {
        weekly_0: 'attendees: [{ user: ou_a }, { user: ou_b, name: Bao }, { user: ou_out, external: true }]',
      },
      { weekly: manifestOf('weekly', '{ user: ou_a }, { user: ou_n }', '  external: remove\n') },
    );
    await at.run(...apply);
    writeFileSync(join(at.folder, 'weekly.yaml'), manifestOf('weekly', '{ user: ou_a }, { user: ou_b }'));
    const first = at.journal();
    await at.run(...apply);
    const shown = await at.run('revert', first, '--format', 'markdown', '--redact');
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('weekly');
    expect(shown.stdout).toMatch(/user-\d+/);
    expect(`${shown.stdout}${shown.stderr}`).not.toMatch(/ou_|Bao/);
    expect((await at.run('revert', first, '--format', 'html')).code).toBe(1);
  });
});
