import { PassThrough } from 'node:stream';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type RevertOptions, revertCommand } from '../../src/cli/commands/revert.ts';
import type { Surroundings } from '../../src/cli/surroundings.ts';
import { type ApplyEvent, applyPlan, loadManifests, openJournal, planEvents } from '../../src/index.ts';
import { type Scene, manifestOf, newScene, tenantOf } from '../support/scene.ts';

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

/** A run that removed ou_b, and its journal; `until` is the last line that it came to. */
async function ranOn(
  more: string = '',
  until: ApplyEvent['kind'] = 'run-done',
): Promise<{ readonly at: Scene; readonly journal: string }> {
  const events = { weekly_0: 'attendees: [{ user: ou_a }, { user: ou_b }]' };
  const at = await newScene(
    { tenant: tenantOf(events, more) },
    { weekly: manifestOf('weekly', '{ user: ou_a }') },
  );
  scenes.push(at);
  const plan = await planEvents(loadManifests([at.folder]).desired, { env: at.env });
  const journal = openJournal(join(at.folder, 'runs'));
  for await (const event of applyPlan(plan, { env: at.env, journal })) {
    if (event.kind === until) break;
  }
  journal.close();
  return { at, journal: journal.path };
}

/** A terminal on which this is typed, and what is printed. */
function terminal(
  env: Readonly<Record<string, string>>,
  typed: string,
): Surroundings & { readonly out: string[] } {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  stdin.end(typed);
  const out: string[] = [];
  const sink = { write: (text: string) => out.push(text) };
  // Of a terminal's input only what a stream has is used.
  const input = stdin as unknown as NodeJS.ReadStream;
  return { env, stdin: input, stdout: sink, stderr: sink, signal: new AbortController().signal, out };
}

function options(at: Scene, more: Partial<RevertOptions> = {}): RevertOptions {
  return {
    format: 'text',
    verify: true,
    verifyTimeout: 1000,
    wait: 60_000,
    journalDir: join(at.folder, 'undone'),
    concurrency: 1,
    timeout: 10_000,
    color: false,
    progress: false,
    allowRemovals: new Map(),
    ...more,
  };
}

it('shows the plan on a terminal, asks, and undoes the run for a yes', async () => {
  const { at, journal } = await ranOn();
  const there = terminal(at.env, 'yes\n');
  expect(await revertCommand(there, journal, options(at))).toBe(0);
  expect(there.out.join('')).toMatch(
    /1 to add.*the next apply from the manifests will do all of this again/s,
  );
  expect(at.live('weekly_0')).toEqual(['ou_a', 'ou_b']);
});

it.each(['no\n', ''])('changes nothing where %j is the answer', async (typed) => {
  const { at, journal } = await ranOn();
  const answered = revertCommand(terminal(at.env, typed), journal, options(at));
  await expect(answered).rejects.toThrow('only "yes" is accepted');
  expect(at.live('weekly_0')).toEqual(['ou_a']);
});

it('waits until reads show what the run wrote last, and does not take it for undone', async () => {
  // With reads that lag, whoever was just removed looks as if somebody had added them again.
  const { at, journal } = await ranOn('behaviour: { readLag: 300ms }', 'batch-done');
  const there = terminal({ ...at.env, ROLLCALL_SETTLE: '350ms' }, '');
  expect(await revertCommand(there, journal, options(at, { autoApprove: true }))).toBe(0);
  expect(at.live('weekly_0')).toEqual(['ou_a', 'ou_b']);
});
