import { afterEach, describe, expect, it } from 'vitest';
import { rollcallInTerminal, startInTerminal } from '../support/pty.ts';
import { type Scene, manifestOf, newScene, tenantOf, writeOf } from '../support/scene.ts';
import { screenOf } from '../support/screen.ts';

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

/** One event from which ou_b is to go. */
async function oneRemoval(): Promise<Scene> {
  const at = await newScene(
    { tenant: tenantOf({ a_0: 'attendees: [{ user: ou_a }, { user: ou_b }]' }) },
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
});
