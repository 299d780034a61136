import { afterEach, describe, expect, it } from 'vitest';
import { rollcallInTerminal, startInTerminal } from '../support/pty.ts';
import { type Scene, manifestOf, newScene, tenantOf } from '../support/scene.ts';
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
});
