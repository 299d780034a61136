import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Intercept } from '../../src/emulator/intercept.ts';
import { beginInTerminal } from '../support/own-terminal.ts';
import { rollcallInTerminal, startInTerminal } from '../support/pty.ts';
import { type Scene, manifestOf, newScene, tenantOf, writeOf } from '../support/scene.ts';
import { screenOf } from '../support/screen.ts';

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

/** One event from which ou_b is to go. */
async function oneRemoval(intercept?: Intercept): Promise<Scene> {
  const at = await newScene(
    {
      tenant: tenantOf({ a_0: 'attendees: [{ user: ou_a }, { user: ou_b }]' }),
      ...(intercept === undefined ? {} : { intercept }),
    },
    { a: manifestOf('a', '{ user: ou_a }') },
  );
  scenes.push(at);
  return at;
}

/** Two events to be changed; the first removal is held until it is let go. */
async function heldRemoval(): Promise<{
  readonly at: Scene;
  readonly reached: Promise<void>;
  readonly letGo: () => void;
}> {
  let reach = (): void => {};
  let letGo = (): void => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const attendees = 'attendees: [{ user: ou_a }, { user: ou_b }]';
  const at = await newScene(
    {
      tenant: tenantOf({ a_0: attendees, b_0: attendees }),
      intercept: (call) => {
        if (writeOf(call)[0] !== 'remove a_0 1') return undefined;
        reach();
        return { kind: 'run', run: () => held };
      },
    },
    { a: manifestOf('a', '{ user: ou_a }'), b: manifestOf('b', '{ user: ou_a }') },
  );
  scenes.push(at);
  return { at, reached, letGo };
}

describe('the screen that tests read', () => {
  it.each([
    ['one\r\ntwo\r\n', ['one', 'two']],
    ['reading\r\u001b[2Kdone', ['done']],
    ['reading\r\u001b[Kdone', ['done']],
    ['abcdefghijkl', ['abcdefghij', 'kl']],
    ['abcdefghij\r\u001b[Kx', ['x']],
    ['\u001b[31mred\u001b[0m\u001b[?25l', ['red']],
    ['one\r\ntwo\u001b[1A\r\u001b[J', []],
    ['会议室会议室', ['会议室会议', '室']],
    ['ab\bc', ['ac']],
  ])('shows %j', (output, lines) => {
    expect(screenOf(output, 10)).toEqual(lines);
  });
});

describe('on a terminal', () => {
  it('apply asks, and yes is taken for yes', async () => {
    const at = await oneRemoval();
    const run = startInTerminal(['apply'], { cwd: at.folder, env: at.env });
    await run.shows('yes');
    expect(at.live('a_0')).toEqual(['ou_a', 'ou_b']);
    run.type('yes\r');
    const { code } = await run.ran;
    expect(code).toBe(0);
    expect(at.live('a_0')).toEqual(['ou_a']);
  });

  it('the result can go to a file', async () => {
    const at = await oneRemoval();
    const options = { cwd: at.folder, env: at.env, toFile: true } as const;
    const { code, stdout } = await rollcallInTerminal(['apply', '--auto-approve'], options);
    expect(code).toBe(0);
    expect(stdout).toContain('1 removed');
  });

  it('Ctrl-C at the question ends with 130, and nothing is written', async () => {
    const at = await oneRemoval();
    const run = startInTerminal(['apply'], { cwd: at.folder, env: at.env });
    await run.shows('Type "yes"');
    run.pressCtrlC();
    expect((await run.ran).code).toBe(130);
    expect(at.writes()).toEqual([]);
  });

  it('a terminal that goes away at the question ends the run, and nothing is written', async () => {
    const at = await oneRemoval();
    const run = startInTerminal(['apply'], { cwd: at.folder, env: at.env });
    await run.shows('Type "yes"');
    run.hangUp();
    await vi.waitFor(() => {
      expect(run.lives()).toBe(false);
    }, 20_000);
    expect(at.writes()).toEqual([]);
  });

  it('Ctrl-C during a batch lets it finish, journals it and exits with 130; meanwhile a line lives', async () => {
    const { at, reached, letGo } = await heldRemoval();
    const run = startInTerminal(['apply', '--auto-approve', '--concurrency', '1'], {
      cwd: at.folder,
      env: at.env,
    });
    await reached;
    run.pressCtrlC();
    await run.shows('Stopping: waiting for 1 call');
    letGo();
    expect((await run.ran).code).toBe(130);
    expect(at.journalLines().map((line) => JSON.parse(line).kind)).toContain('batch-done');
  });

  it('Ctrl-C twice ends at once with 130 and names the journal', async () => {
    const { at, reached, letGo } = await heldRemoval();
    const run = startInTerminal(['apply', '--auto-approve', '--concurrency', '1'], {
      cwd: at.folder,
      env: at.env,
    });
    await reached;
    run.pressCtrlC();
    await run.shows('Stopping');
    run.pressCtrlC();
    const { code, output } = await run.ran;
    letGo();
    expect(code).toBe(130);
    expect(output).toContain(at.journal());
  });

  it('SIGHUP during a batch does the same', async () => {
    const { at, reached, letGo } = await heldRemoval();
    const run = startInTerminal(['apply', '--auto-approve', '--concurrency', '1'], {
      cwd: at.folder,
      env: at.env,
    });
    await reached;
    run.kill('SIGHUP');
    await run.shows('Stopping: waiting for 1 call');
    letGo();
    expect((await run.ran).code).toBe(130);
    expect(at.writes()).toEqual(['remove a_0 1']);
    expect(at.journalLines().map((line) => JSON.parse(line).kind)).toContain('batch-done');
  });

  it('a terminal that goes away stops the run in the same way: what is in flight is journalled', async () => {
    const { at, reached, letGo } = await heldRemoval();
    const run = startInTerminal(['apply', '--auto-approve', '--concurrency', '1'], {
      cwd: at.folder,
      env: at.env,
    });
    await reached;
    run.hangUp();
    await run.ran;
    expect(run.lives()).toBe(true);
    letGo();
    await vi.waitFor(() => {
      expect(run.lives()).toBe(false);
    }, 20_000);
    const lines = at.journalLines().map((line) => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ kind: 'batch-done', outcome: 'done' }));
    expect(lines.at(-1)).toMatchObject({ kind: 'run-done', exitCode: 130 });
    expect(at.writes()).toEqual(['remove a_0 1']);
  });

  it('Ctrl-C ends a plan that waits for an answer', async () => {
    const at = await oneRemoval(({ api }) =>
      api === 'feishu.attendees.list' ? { kind: 'hang', when: 'before' } : undefined,
    );
    const run = beginInTerminal(['plan'], { cwd: at.folder, env: at.env });
    await run.shows('Reading events: 0 of 1, ');
    run.pressCtrlC();
    const { code, output } = await run.ran;
    expect(code).toBe(130);
    expect(output).toContain('interrupted');
  });

  it.each([
    ['plan', 'feishu.attendees.list', []],
    ['apply', 'feishu.attendees.delete', ['--auto-approve']],
  ] as const)(
    'Ctrl-C while a platform makes %s wait ends it, and the call is not sent again',
    async (command, api, more) => {
      let sent = 0;
      const at = await oneRemoval((call) => {
        if (call.api !== api) return undefined;
        sent += 1;
        const body = { code: 99_991_400, msg: 'request trigger frequency limit' };
        return { kind: 'answer', status: 400, headers: { 'x-ogw-ratelimit-reset': '200' }, body };
      });
      const run = beginInTerminal([command, ...more], { cwd: at.folder, env: at.env });
      await run.shows('is at its rate limit, trying again in 200 s (1 of 5)');
      run.pressCtrlC();
      expect((await run.ran).code).toBe(130);
      expect(sent).toBe(1);
      expect(at.live('a_0')).toEqual(['ou_a', 'ou_b']);
    },
  );

  it('a dead host is told while it is waited for, on one line of a narrow terminal too', async () => {
    const at = await oneRemoval();
    const env = { ...at.env, FEISHU_BASE_URL: 'http://127.0.0.1:9' };
    const run = beginInTerminal(['plan'], { cwd: at.folder, env });
    const small = beginInTerminal(['plan'], { cwd: at.folder, env, columns: 40 });
    await run.shows('127.0.0.1:9 cannot be reached (ECONNREFUSED), trying again in 1 s (1 of 5)');
    await small.shows('| 127.0.0.1:9 cannot be reached');
    await small.shows('/ 127.0.0.1:9 cannot be reached');
    expect(small.screen()).toHaveLength(1);
    run.pressCtrlC();
    small.pressCtrlC();
    expect(await Promise.all([run.ran, small.ran])).toMatchObject([{ code: 130 }, { code: 130 }]);
  });
});
