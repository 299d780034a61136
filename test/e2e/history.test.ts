import { beforeAll, describe, expect, it } from 'vitest';
import { leaksIn } from '../support/canaries.ts';
import { type Ran, folderWith, rollcall } from '../support/cli.ts';
import { noPostgres, postgresBin, type PostgresServer, sharedServer } from '../support/postgres.ts';
import { manifest } from '../support/served.ts';

if (postgresBin() === null) console.warn(noPostgres);

const folder = folderWith({
  'people.yaml': manifest('Directory', 'people', { people: { 'li.si': { name: 'Li Si', feishu: 'ou_li' } } }),
});

interface Batch {
  readonly action: 'add' | 'remove' | 'delete-event';
  readonly who?: readonly (readonly [id: string, name?: string, line?: number])[];
  /** Where the event is. */
  readonly line?: number;
  readonly outcome?: 'done' | 'failed';
}

describe.skipIf(postgresBin() === null)('rollcall history', () => {
  let server: PostgresServer;
  let store = '';
  let database = '';

  const history = (...args: readonly string[]): Promise<Ran> =>
    rollcall(['history', ...args], { cwd: folder, env: { ROLLCALL_STORE: store } });

  /** The lines that a run writes for one event. */
  async function wrote(
    run: string,
    day: string,
    event: string,
    batches: readonly Batch[],
    settled: readonly object[] = [],
  ): Promise<void> {
    const [{ n = 0 } = {}] = await server.sql(
      `select count(*)::int as n from rollcall.line where run = '${run}'`,
      database,
    );
    // Batches are counted over a run.
    const batchOf = (index: number): number => Number(n) + index + 1;
    const placeIn = (file: string, line: number | undefined): object =>
      line === undefined ? {} : { source: { file, line, column: 1 } };
    const lines: object[] = batches.flatMap(({ action, who = [], outcome, line: at }, index) => [
      {
        kind: 'batch-started',
        event: { name: event, provider: 'feishu', calendarId: 'lead@corp.example', eventId: `${event}_0` },
        action,
        batch: batchOf(index),
        attendees: who.map(([id, name, line]) => ({
          type: 'user',
          id,
          ...(name === undefined ? {} : { name }),
          ...placeIn('people.yaml', line),
        })),
        ...placeIn(`${event}.yaml`, at),
      },
      ...(outcome === undefined ? [] : [{ kind: 'batch-done', name: event, batch: batchOf(index), outcome }]),
    ]);
    lines.push({ kind: 'event-done', name: event, settled });
    for (const [index, line] of lines.entries()) {
      await server.sql(
        `insert into rollcall.line(run, seq, at, event, line) values ('${run}', ${Number(n) + index + 1}, '${day}', '${event}', '${JSON.stringify(line)}')`,
        database,
      );
    }
  }

  beforeAll(async () => {
    server = await sharedServer();
    store = await server.database();
    database = /\/(\w+)\?/.exec(store)?.[1] ?? '';
    expect(await rollcall(['store', 'init'], { env: { ROLLCALL_STORE: store } })).toMatchObject({ code: 0 });
    for (const [id, origin] of [
      [
        'run-1',
        {
          commit: 'abcdef0123456789abcd',
          repository: 'corp/meetings',
          job: 'https://ci.example/7',
          actor: 'CNRYactor',
        },
      ],
      ['run-2', {}],
    ] as const) {
      await server.sql(
        `insert into rollcall.run(id, kind, tenant, origin, expires_at, ended_at) values ('${id}', 'apply', ${id === 'run-2' ? `'acme'` : 'null'}, '${JSON.stringify(origin)}', now(), now())`,
        database,
      );
    }
    await wrote('run-1', '2026-03-04T05:06Z', 'weekly', [
      { action: 'remove', who: [['ou_li', 'Li Si', 7], ['ou_bo']], line: 3, outcome: 'done' },
      { action: 'add', who: [['ou_new']], outcome: 'failed' },
      { action: 'add', who: [['ou_new']], outcome: 'done' },
    ]);
    await wrote('run-1', '2026-03-04T05:07Z', 'legacy', [
      { action: 'delete-event', outcome: 'done', line: 9 },
    ]);
    await wrote(
      'run-2',
      '2026-05-06T07:08Z',
      'weekly',
      [
        { action: 'remove', who: [['ou_new'], ['ou_gone']] },
        { action: 'add', who: [['ou_li', 'Li Si']], outcome: 'failed' },
      ],
      [{ action: 'remove', attendee: { type: 'user', id: 'ou_gone' }, outcome: 'done' }],
    );
  });

  it('tells who was added and removed, by which run and whose, the latest first', async () => {
    expect(await history()).toEqual({
      code: 0,
      stderr: '',
      stdout: `weekly (Feishu): Wed 2026-05-06 07:08 UTC
  run run-2: apply, tenant acme
  ! added Li Si (ou_li): failed
  - removed ou_gone
  ! removed ou_new: outcome unknown
legacy (Feishu): Wed 2026-03-04 05:07 UTC
  run run-1: apply, commit abcdef012345, corp/meetings, by CNRYactor, https://ci.example/7
  - deleted the event, legacy.yaml:9
weekly (Feishu): Wed 2026-03-04 05:06 UTC
  run run-1: apply, commit abcdef012345, corp/meetings, by CNRYactor, https://ci.example/7
  + added ou_new
  - removed ou_bo, weekly.yaml:3
  - removed Li Si (ou_li), people.yaml:7
`,
    });
  });

  it.each([
    [['--event', 'leg*'], ['legacy']],
    [['--event', 'none'], []],
    [['--attendee', 'ou_bo'], ['ou_bo']],
    [
      ['--attendee', 'li.si'],
      ['ou_li', 'ou_li'],
    ],
    [['--run', 'run-2', '--attendee', 'li.si'], ['ou_li']],
    [
      ['--commit', 'ABCDEF01', '--event', 'weekly'],
      ['ou_new', 'ou_bo', 'ou_li'],
    ],
    [['--commit', 'abcdef02'], []],
    [['--since', '1d'], []],
    [
      ['--since', '9999d', '--run', 'run-2'],
      ['ou_li', 'ou_gone', 'ou_new'],
    ],
  ])('is asked by event, person, run, commit and time: %j', async (args, wanted) => {
    const { stdout, code } = await history(...args, '--format', 'json');
    const { changes } = JSON.parse(stdout) as {
      changes: { attendee: { id: string } | null; event: { name: string } }[];
    };
    expect([code, changes.map(({ attendee, event }) => attendee?.id ?? event.name)]).toEqual([0, wanted]);
  });

  it('is a table in Markdown, and data in JSON', async () => {
    const markdown = await history('--attendee', 'ou_bo', '--format', 'markdown');
    expect(markdown.stdout).toContain('| when | event | change | who | line | run | by |');
    expect(markdown.stdout).toContain('| `weekly` | removed | `ou_bo` | `weekly.yaml:3` | `run-1` |');
    expect(JSON.parse((await history('--attendee', 'ou_bo', '--format', 'json')).stdout)).toEqual({
      formatVersion: '1',
      complete: true,
      changes: [
        {
          at: '2026-03-04T05:06:00.000Z',
          run: 'run-1',
          kind: 'apply',
          tenant: null,
          origin: expect.objectContaining({ actor: 'CNRYactor' }),
          event: { name: 'weekly', provider: 'feishu', calendarId: 'lead@corp.example', eventId: 'weekly_0' },
          action: 'remove',
          attendee: { type: 'user', id: 'ou_bo' },
          source: { file: 'weekly.yaml', line: 3, column: 1 },
          outcome: 'done',
        },
      ],
    });
    expect((await history('--since', '1h')).stdout).toBe('The store has no such change.\n');
  });

  it.each(['text', 'json', 'markdown'])('names nobody under --redact in %s', async (format) => {
    const { stdout } = await history('--redact', '--format', format);
    expect(stdout).toContain('user-1');
    const named = {
      id: 'ou_li',
      name: 'Li Si',
      other: 'ou_gone',
      actor: 'CNRYactor',
      address: 'lead@corp.example',
    };
    expect(leaksIn(stdout, named)).toEqual([]);
  });

  it('says what is wrong with what is asked', async () => {
    expect(await history('--commit', 'main')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Give 4 or more of its digits.'),
    });
    expect(await history('--since', 'soon')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Give a duration like'),
    });
    expect(await rollcall(['history'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ROLLCALL_STORE is not set'),
    });
  });

  it('is forgotten with its runs, save of one with a batch whose end nobody has told', async () => {
    await server.sql(`update rollcall.run set started_at = '2020-01-01'`, database);
    const pruned = await rollcall(['store', 'prune', '--older-than', '400d'], {
      env: { ROLLCALL_STORE: store },
    });
    expect(pruned).toMatchObject({ code: 0, stdout: 'Deleted 1 run older than 400 days.\n' });
    const { stdout } = await history('--format', 'json');
    expect(new Set([...stdout.matchAll(/"run": "(.*)"/g)].map(([, run]) => run))).toEqual(new Set(['run-2']));
  });
});
