import { afterEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../src/emulator/server.ts';
import { type OnTerminal, beginInTerminal } from '../../support/own-terminal.ts';
import { startInTerminal } from '../../support/pty.ts';
import {
  beds,
  calls,
  closeSmoke,
  deletions,
  eventsOn,
  hidden,
  serveSmoke,
  smoke,
  switchesIn,
  usual,
  writes,
} from '../../support/smoke.ts';

afterEach(closeSmoke);

/** Runs it on a terminal: in this process, or on a pseudo-terminal in one of its own. */
function inTerminal(id: keyof typeof beds, server: Emulator, ...more: readonly string[]): OnTerminal {
  return on(beginInTerminal, id, server, more);
}

function spawnedInTerminal(id: keyof typeof beds, server: Emulator, ...more: readonly string[]): OnTerminal {
  return on(startInTerminal, id, server, more);
}

function on(
  start: (...given: Parameters<typeof startInTerminal>) => OnTerminal,
  id: keyof typeof beds,
  server: Emulator,
  more: readonly string[],
): OnTerminal {
  const env = { ...beds[id].env(server.url), ROLLCALL_SETTLE: '0s' };
  return start(['smoke', ...beds[id].args, ...more], { env, toFile: true, columns: 120 });
}

/** The writes of a run on Google, as they are asked for. */
const asked = [
  'create a private test event',
  'as somebody who has accepted',
  'send another address',
  'remove the test person?',
  'by the other address',
  'remove the test person again?',
  'in capital and small letters',
  'from Z to A',
  'list the test person twice',
  'rename the event',
  'answer for the test person',
  "without the guest's words",
  "without the organizer's own row",
  'that nobody has',
];

describe('smoke', () => {
  it('writes nothing without a terminal to ask on', async () => {
    const server = await serveSmoke();
    const { code, stderr } = await smoke(beds.feishu, server);
    expect(code).toBe(1);
    expect(stderr).toContain('Pass --yes to go on without asking.');
    expect(calls(server)).toEqual([]);
  });

  it('asks before each write', async () => {
    const server = await serveSmoke();
    const run = spawnedInTerminal('google', server);
    for (const [index, what] of asked.entries()) {
      await run.shows(what);
      // The deletion at the end goes with the first answer.
      expect(writes(server)).toHaveLength(index);
      run.type('yes\n');
    }
    const { code, stdout, output } = await run.ran;
    expect(code).toBe(0);
    expect(writes(server)).toHaveLength(asked.length + 1);
    expect(switchesIn(stdout)).toEqual(usual(Object.keys(switchesIn(stdout))));
    for (const text of hidden) expect(stdout + output).not.toContain(text);
  });

  it('takes "all" for this and all that follows', async () => {
    const server = await serveSmoke();
    const run = inTerminal('dingtalk', server);
    await run.shows('create a private test event');
    run.type('all\n');
    const { code, output } = await run.ran;
    expect(code).toBe(0);
    expect(output.split('May I').length).toBe(2);
    expect(await eventsOn(server, beds.dingtalk)).toEqual(['Sesame']);
  });

  it.each(['no', 'y', ''])('takes %j for no, and then has written nothing', async (answer) => {
    const server = await serveSmoke();
    const run = inTerminal('feishu', server);
    await run.shows('create a private test event');
    run.type(`${answer}\n`);
    const { code } = await run.ran;
    expect(code).toBe(1);
    expect(writes(server)).toEqual([]);
  });

  it('cleans up after a no in the middle, and prints what it knows by then', async () => {
    const server = await serveSmoke();
    const run = inTerminal('feishu', server);
    await run.shows('create a private test event');
    run.type('yes\n');
    await run.shows('who is not on the event');
    run.type('yes\n');
    await run.shows('add nobody');
    run.type('no\n');
    const { code, stdout } = await run.ran;
    expect(code).toBe(1);
    expect(switchesIn(stdout)).toEqual({ unknownAttendee: 'ignored' });
    expect(stdout).toContain('# emptyBatch: not known: you declined');
    expect(writes(server)).toEqual(['feishu.event.create', 'feishu.attendees.delete', 'feishu.event.delete']);
    expect(await eventsOn(server, beds.feishu)).toEqual(['Sesame']);
  });

  it('names the event of --event where it asks for it, and leaves it alone after a no', async () => {
    const server = await serveSmoke();
    const run = inTerminal('google', server, '--event', 'weekly');
    await run.shows('use the event "Sesame"');
    run.type('no\n');
    expect((await run.ran).code).toBe(1);
    expect(writes(server)).toEqual([]);
  });
});

describe('Ctrl-C in a smoke test', () => {
  it('at the first question writes nothing', async () => {
    const server = await serveSmoke();
    const run = inTerminal('feishu', server);
    await run.shows('create a private test event');
    run.pressCtrlC();
    expect((await run.ran).code).toBe(130);
    expect(writes(server)).toEqual([]);
  });

  it.each(['feishu', 'dingtalk', 'google'] as const)('at a later one on %s deletes the event', async (id) => {
    const server = await serveSmoke();
    // Once by the signal that a terminal makes of it.
    const run = (id === 'feishu' ? spawnedInTerminal : inTerminal)(id, server);
    await run.shows('create a private test event');
    run.type('yes\n');
    await run.shows('the test person');
    const before = writes(server);
    run.pressCtrlC();
    const { code, stdout } = await run.ran;
    expect(code).toBe(130);
    expect(stdout).toContain('ended before its end');
    expect(writes(server)).toHaveLength(before.length + 1);
    expect(deletions(server)).toEqual([true]);
    expect(await eventsOn(server, beds[id])).toEqual(['Sesame']);
  });

  it.each([
    ['feishu', 'feishu.event.create'],
    ['feishu', 'feishu.attendees.create'],
    ['dingtalk', 'dingtalk.event.create'],
    ['google', 'google.event.patch'],
  ] as const)('while %s answers a call (%s) lets that end, and deletes the event', async (id, api) => {
    let letGo = (): void => {};
    let reached = (): void => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const at = new Promise<void>((resolve) => (reached = resolve));
    const server = await serveSmoke({}, (call) => {
      if (call.api !== api) return undefined;
      reached();
      return { kind: 'run', run: () => held };
    });
    const run = inTerminal(id, server, '--yes');
    await at;
    const before = writes(server);
    run.pressCtrlC();
    await run.shows('Stopping');
    letGo();
    expect((await run.ran).code).toBe(130);
    expect(writes(server)).toHaveLength(before.length + 1);
    expect(await eventsOn(server, beds[id])).toEqual(['Sesame']);
  });

  it('a second time ends at once, and says what is left and how it is deleted', async () => {
    let reached = (): void => {};
    const at = new Promise<void>((resolve) => (reached = resolve));
    const server = await serveSmoke({}, ({ api }) => {
      if (api !== 'feishu.attendees.create') return undefined;
      reached();
      return { kind: 'hang', when: 'before' };
    });
    const run = spawnedInTerminal('feishu', server, '--yes');
    await at;
    run.pressCtrlC();
    await run.shows('Stopping');
    run.pressCtrlC();
    const { code, output } = await run.ran;
    expect(code).toBe(130);
    expect(output).toContain('Stopped immediately. The test event "rollcall smoke test');
    expect(output).toContain('"state":"absent"');
  });
});
