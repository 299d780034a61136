import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/intercept.ts';
import { type Scene, manifestOf, newScene, tenantOf, writeOf } from '../support/scene.ts';

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

/** A promise, and what resolves it. */
function gate(): { readonly promise: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** Two events with something to add and to remove; the first addition is held until it is let go. */
async function holding(fault?: Fault): Promise<{
  readonly at: Scene;
  readonly reached: Promise<void>;
  readonly letGo: () => void;
}> {
  const reached = gate();
  const held = gate();
  const wait: Fault = { kind: 'run', run: () => held.promise };
  const at = await newScene(
    {
      tenant: tenantOf({
        a_0: 'attendees: [{ user: ou_a }, { user: ou_b }]',
        b_0: 'attendees: [{ user: ou_a }, { user: ou_b }]',
      }),
      intercept: (call) => {
        if (writeOf(call)[0] !== 'add a_0 1') return undefined;
        reached.open();
        return fault ?? wait;
      },
    },
    {
      a: manifestOf('a', '{ user: ou_a }, { user: ou_n }'),
      b: manifestOf('b', '{ user: ou_a }, { user: ou_n }'),
    },
  );
  scenes.push(at);
  return { at, reached: reached.promise, letGo: held.open };
}

const apply = ['apply', '--auto-approve', '--quiet', '--concurrency', '1', '--format', 'json'] as const;

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s during a batch lets it finish, journals it, prints the result so far and exits with 130',
    async (signal) => {
      const { at, reached, letGo } = await holding();
      const run = at.start(...apply);
      await reached;
      run.kill(signal);
      await run.says('Stopping: waiting for 1 call.');
      letGo();
      const { code, stdout } = await run.ran;
      expect(code).toBe(130);
      expect(JSON.parse(stdout)).toMatchObject({
        exitCode: 130,
        summary: { interrupted: 1, notAttempted: 1, added: 1, removed: 0 },
        events: [
          {
            name: 'a',
            outcome: 'interrupted',
            changes: [
              { action: 'remove', attendee: { id: 'ou_b' }, outcome: 'not-attempted' },
              { action: 'add', attendee: { id: 'ou_n' }, outcome: 'done' },
            ],
          },
          { name: 'b', outcome: 'not-attempted' },
        ],
      });
      expect(at.live('a_0')).toEqual(['ou_a', 'ou_b', 'ou_n']);
      const lines = at.journalLines().map((line) => JSON.parse(line));
      expect(lines.map(({ kind }) => kind)).toEqual([
        'run-started',
        'batch-started',
        'batch-done',
        'event-done',
        'event-done',
        'run-done',
      ]);
      expect(lines[2]).toMatchObject({ outcome: 'done' });
      expect(lines.at(-1)).toMatchObject({ exitCode: 130 });
      expect(at.writes()).toEqual(['add a_0 1']);
    },
  );

  it('that comes a second time ends at once; the journal says what was begun, and revert settles it', async () => {
    const { at, reached } = await holding({ kind: 'hang', when: 'after' });
    const run = at.start(...apply);
    await reached;
    run.kill('SIGINT');
    await run.says('Stopping');
    run.kill('SIGTERM');
    const { code, stdout } = await run.ran;
    expect(code).toBe(130);
    expect(stdout).toBe('');
    expect(at.journalLines().map((line) => JSON.parse(line).kind)).toEqual(['run-started', 'batch-started']);
    const undone = await at.run('revert', at.journal(), '--auto-approve', '--quiet');
    expect(undone.code).toBe(0);
    expect(at.live('a_0')).toEqual(['ou_a', 'ou_b']);
  });

  it('before the first write leaves nothing behind', async () => {
    const reached = gate();
    const at = await newScene(
      {
        tenant: tenantOf({ a_0: 'attendees: [{ user: ou_a }, { user: ou_b }]' }),
        intercept: ({ api }) => {
          if (api !== 'feishu.attendees.list') return undefined;
          reached.open();
          return { kind: 'hang', when: 'before' };
        },
      },
      { a: manifestOf('a', '{ user: ou_a }') },
    );
    scenes.push(at);
    const run = at.start(...apply);
    await reached.promise;
    run.kill('SIGINT');
    const { code, stdout, stderr } = await run.ran;
    expect(code).toBe(130);
    expect(stdout).toBe('');
    expect(stderr).toContain('interrupted');
    expect(at.writes()).toEqual([]);
    expect(() => at.journal()).toThrow();
  });
});
