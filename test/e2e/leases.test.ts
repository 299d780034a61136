import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Result } from '../../src/model/result.ts';
import { type Held, heldScene } from '../support/held-scene.ts';
import { noPostgres, postgresBin } from '../support/postgres.ts';
import { manifestOf } from '../support/scene.ts';

if (postgresBin() === null) console.warn(noPostgres);

const scenes: Held[] = [];
afterEach(async () => {
  for (const one of scenes.splice(0)) await one.close();
});

async function scene(holds: boolean): Promise<Held> {
  const made = await heldScene(holds);
  scenes.push(made);
  return made;
}

const apply = ['apply', '--auto-approve', '--quiet', '--format', 'json'] as const;

function resultOf(stdout: string): Result {
  // What the command prints with `--format json`.
  return JSON.parse(stdout) as Result;
}

describe.skipIf(postgresBin() === null)('a run that nothing stands in the way of', () => {
  it('makes no more calls than without a store, the first time and after other runs', async () => {
    const alone = await scene(false);
    const { requests } = resultOf((await alone.at.run(...apply)).stdout);
    const { at, run } = await scene(false);
    expect(resultOf((await run(...apply)).stdout).requests).toEqual(requests);
    writeFileSync(join(at.folder, 'a.yaml'), manifestOf('a', '{ user: ou_b }, { user: ou_n }'));
    expect(resultOf((await run(...apply)).stdout).requests).toEqual(requests);
  });
});

describe.skipIf(postgresBin() === null)('two runs of one event', () => {
  it('write one after the other: the second waits, and finds it done', async () => {
    const { at, begin, reached, letGo } = await scene(true);
    const first = begin(...apply);
    await reached;
    const second = begin(...apply, '--verbose');
    await second.says('/attendees');
    letGo();
    expect((await first.ran).code).toBe(0);
    const { code, stdout } = await second.ran;
    expect([code, resultOf(stdout).events[0]?.outcome]).toEqual([0, 'unchanged']);
    expect(at.live('a_0')).toEqual(['ou_a', 'ou_n']);
    expect(at.writes()).toEqual(['add a_0 1', 'remove a_0 1']);
  });

  it('write one after the other, and on a terminal the second says that it waits', async () => {
    const { begin, beginInTerminal: onTerminal, reached, letGo } = await scene(true);
    const first = begin(...apply);
    await reached;
    const second = onTerminal('apply', '--auto-approve');
    await second.shows('waiting for 1 held event');
    letGo();
    expect((await first.ran).code).toBe(0);
    const { code, screen } = await second.ran;
    expect([code, screen.join('\n')]).toEqual([0, expect.not.stringContaining('waiting for')]);
  });

  it.each([
    [
      'of another commit removes nobody after that',
      'f00d',
      '{ user: ou_b }, { user: ou_n }',
      ['ou_a', 'ou_n'],
    ],
    ['of another commit still adds', 'f00d', '{ user: ou_a }, { user: ou_new }', ['ou_a', 'ou_n', 'ou_new']],
    ['of the same commit goes on', 'c0ffee', '{ user: ou_b }, { user: ou_n }', ['ou_n']],
  ])('write one after the other: a second %s', async (_what, commit, wanted, live) => {
    const { at, begin, beginOf, reached, letGo } = await scene(true);
    const first = begin(...apply);
    await reached;
    writeFileSync(join(at.folder, 'a.yaml'), manifestOf('a', wanted));
    const second = beginOf(commit, ...apply, '--verbose');
    await second.says('/attendees');
    letGo();
    expect((await first.ran).code).toBe(0);
    const { code, stdout } = await second.ran;
    expect(at.live('a_0')).toEqual(live);
    const isRefused = commit === 'f00d' && live.length === 2;
    const [event] = resultOf(stdout).events;
    if (isRefused) expect([code, event?.outcome, event?.problem?.code]).toEqual([3, 'refused', 'overtaken']);
    else expect(event?.problem?.code).toBeUndefined();
  });

  it('or the second says who holds it, since when, and where that is seen', async () => {
    const { run, begin, reached, letGo } = await scene(true);
    const first = begin(...apply);
    await reached;
    const alone = await run(...apply, '--wait', '0s', '--target', 'a');
    const [event] = resultOf(alone.stdout).events;
    expect(event).toMatchObject({
      outcome: 'not-attempted',
      problem: {
        code: 'held',
        message: expect.stringMatching(
          /^the run \S+ \(https:\/\/github\.example\/acme\/meetings\/actions\/runs\/7\) holds this event since 20\d\d-\S+Z$/,
        ),
      },
    });
    expect(alone.code).toBe(1);
    letGo();
    expect((await first.ran).code).toBe(0);
  });

  it('tell whose work they are, in the file and in the store', async () => {
    const { at, run, sql } = await scene(false);
    expect((await run(...apply)).code).toBe(0);
    const origin = {
      commit: 'c0ffee',
      repository: 'acme/meetings',
      job: 'https://github.example/acme/meetings/actions/runs/7',
      actor: 'ann',
    };
    const [line = ''] = at.journalLines();
    expect(JSON.parse(line)).toMatchObject({ kind: 'run-started', origin });
    const lines = await sql('select line from rollcall.line order by seq');
    const strip = (one: unknown): unknown => ({ ...(one as object), at: '' });
    expect(lines.map(({ line }) => strip(line))).toEqual(
      at.journalLines().map((one) => strip(JSON.parse(one))),
    );
    expect(await sql('select kind, exit_code, origin from rollcall.run where ended_at is not null')).toEqual([
      { kind: 'apply', exit_code: 0, origin },
    ]);
    expect(await sql('select run, written from rollcall.lease')).toEqual([{ run: null, written: 1 }]);
    const [head = '', by = '', ...people] = (await run('history')).stdout.split('\n');
    expect(head).toMatch(/^a \(Feishu\): /);
    expect(by).toMatch(/: apply, commit c0ffee, acme\/meetings, by ann, https:\/\/github\.example\/\S+\/7$/);
    expect(people).toEqual(['  - removed ou_b, a.yaml:1', '  + added ou_n, a.yaml:8', '']);
  });
});

describe.skipIf(postgresBin() === null)('a saved plan', () => {
  it('is refused for events that another run has written since, and only for those', async () => {
    const { at, run } = await scene(false);
    writeFileSync(join(at.folder, 'b.yaml'), manifestOf('b', '{ user: ou_b }'));
    await run('plan', '--quiet', '--out', 'old.json');
    writeFileSync(join(at.folder, 'a.yaml'), manifestOf('a', '{ user: ou_new }'));
    expect((await run(...apply, '--target', 'a')).code).toBe(0);
    const old = await run('apply', '--plan', 'old.json', '--quiet', '--format', 'json');
    const { events } = resultOf(old.stdout);
    expect(events).toMatchObject([
      { name: 'a', outcome: 'refused', problem: { code: 'overtaken' } },
      { name: 'b', outcome: 'converged' },
    ]);
    expect(old.code).toBe(4);
    expect(at.live('a_0')).toEqual(['ou_new']);
    const again = await run('apply', '--plan', 'old.json', '--quiet', '--format', 'json');
    expect(again.code).toBe(3);
  });

  it('is refused where another run was writing the event while it was made', async () => {
    const { at, run, begin, reached, letGo } = await scene(true);
    const first = begin(...apply);
    await reached;
    writeFileSync(join(at.folder, 'a.yaml'), manifestOf('a', '{ user: ou_b }'));
    await run('plan', '--quiet', '--out', 'plan.json');
    letGo();
    expect((await first.ran).code).toBe(0);
    const { code, stdout } = await run('apply', '--plan', 'plan.json', '--quiet', '--format', 'json');
    expect([code, resultOf(stdout).events[0]?.problem?.code]).toEqual([3, 'overtaken']);
    expect(at.live('a_0')).toEqual(['ou_a', 'ou_n']);
  });

  it('goes on where an earlier run of itself ended', async () => {
    const { at, run, begin, reached, letGo } = await scene(true);
    await run('plan', '--quiet', '--out', 'plan.json');
    const first = begin('apply', '--plan', 'plan.json', '--quiet', '--concurrency', '1');
    await reached;
    await first.stop();
    letGo();
    expect((await first.ran).code).toBe(130);
    const second = await run('apply', '--plan', 'plan.json', '--quiet', '--format', 'json');
    expect([second.code, resultOf(second.stdout).events[0]?.outcome]).toEqual([0, 'converged']);
    expect(at.writes()).toEqual(['add a_0 1', 'remove a_0 1']);
  });
});

describe.skipIf(postgresBin() === null)('a run that ends early', () => {
  it('gives back what it holds after Ctrl-C', async () => {
    const { begin, sql, reached, letGo } = await scene(true);
    const run = begin(...apply);
    await reached;
    await run.stop();
    await run.says('Stopping');
    letGo();
    expect((await run.ran).code).toBe(130);
    expect(await sql('select run from rollcall.lease')).toEqual([{ run: null }]);
    expect(await sql('select exit_code from rollcall.run')).toEqual([{ exit_code: 130 }]);
  });

  it('that is killed is taken over once its time is over, and nothing is done twice', async () => {
    const { at, run, start, sql, reached, letGo } = await scene(true);
    const killed = start(...apply);
    await reached;
    killed.kill('SIGKILL');
    await killed.ran;
    letGo();
    // As if it had been killed longer ago than a call of it may go on.
    await sql(`update rollcall.run set expires_at = clock_timestamp() - interval '2 minutes'`);
    const next = await run(...apply);
    expect([next.code, resultOf(next.stdout).events[0]?.outcome]).toEqual([0, 'converged']);
    expect(at.live('a_0')).toEqual(['ou_a', 'ou_n']);
    expect(at.writes().sort()).toEqual(['add a_0 1', 'remove a_0 1']);
  });

  it('ends with 4 and the result so far where a line cannot be written after a write', async () => {
    const { at, begin, sql, reached, letGo } = await scene(true);
    const run = begin(...apply);
    await reached;
    await sql('alter table rollcall.line rename to lines');
    letGo();
    const { code, stdout, stderr } = await run.ran;
    expect(code).toBe(4);
    expect(resultOf(stdout).events[0]?.changes).toMatchObject([{ action: 'add', outcome: 'unknown' }]);
    expect(stderr).toContain('a line of the journal cannot be written');
    expect(at.writes()).toEqual(['add a_0 1']);
  });

  it('writes nothing more where its leases are lost', async () => {
    const { at, begin, sql, reached, letGo } = await scene(true);
    const run = begin(...apply);
    await reached;
    await sql('update rollcall.run set expires_at = clock_timestamp()');
    letGo();
    const { code, stderr } = await run.ran;
    expect(code).toBe(4);
    expect(stderr).toContain('this run has lost its leases');
    expect(at.writes()).toEqual(['add a_0 1']);
  });
});
