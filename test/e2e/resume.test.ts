import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { InterceptedCall } from '../../src/emulator/intercept.ts';
import {
  type ApplyEvent,
  type Plan,
  type Result,
  applyPlan,
  loadManifests,
  planEvents,
  resultOf,
} from '../../src/index.ts';
import { planJson } from '../../src/report/json.ts';
import { decodeJournal } from '../../src/store/read-journal.ts';
import { beginRollcall } from '../support/cli.ts';
import { type Scene, manifestOf, newScene, tenantOf, writeOf } from '../support/scene.ts';

const scenes: Scene[] = [];
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  const over = ends.splice(0).map((end) => end());
  await Promise.all([...over, ...scenes.splice(0).map((one) => one.close())]);
});

/** The calls of one run: each is a place to be killed at. */
const steps = [
  'chats a_0',
  'list a_0',
  'add a_0 2',
  'remove a_0 2',
  'unbind a_0 1',
  'list a_0 again',
  'list b_0',
  'remove b_0 1',
  'add b_0 1',
  'list b_0 again',
  'look c_0',
  'delete c_0 1',
  'look c_0 again',
] as const;

/** The calls that read, in short. */
const reads: Readonly<Record<string, string>> = {
  'feishu.attendees.list': 'list',
  'feishu.event.get': 'look',
  'feishu.meeting-chats.mget': 'chats',
};

type Step = (typeof steps)[number];

const writes = ['add a_0 2', 'remove a_0 2', 'unbind a_0 1', 'remove b_0 1', 'add b_0 1', 'delete c_0 1'];
const wanted = { a_0: ['ou_a', 'ou_n', 'ou_o'], b_0: ['ou_a', 'ou_b'] };

interface Watched extends Scene {
  /** From here on each call is told, by its step; an answer makes it hang. */
  watch(onStep: (step: string) => 'before' | 'after' | null): void;
}

/**
 * Three events: one that gains two, loses two and has a chat to unbind, one with an optional flag to be replaced, one
 * to be deleted.
 */
async function scene(): Promise<Watched> {
  let onStep: ((step: string) => 'before' | 'after' | null) | null = null;
  const done = new Set<string>();
  const stepOf = (call: InterceptedCall): string | undefined => {
    const [write] = writeOf(call);
    const read = reads[call.api];
    if (write !== undefined || read === undefined) return write;
    const step = `${read} ${call.params['eventId'] ?? 'a_0'}`;
    const again = done.has(step) ? ' again' : '';
    done.add(step);
    return `${step}${again}`;
  };
  const made = await newScene(
    {
      tenant: tenantOf({
        a_0: 'meetingChat: { id: oc_meet }, attendees: [{ user: ou_a }, { user: ou_x }, { user: ou_y }]',
        b_0: 'attendees: [{ user: ou_a }, { user: ou_b, optional: true }]',
        c_0: 'attendees: [{ user: ou_a }]',
      }),
      intercept: (call) => {
        const step = onStep === null ? undefined : stepOf(call);
        const when = step === undefined ? null : (onStep?.(step) ?? null);
        return when === null ? undefined : { kind: 'hang', when };
      },
    },
    {
      a: manifestOf(
        'a',
        '{ user: ou_a }, { user: ou_n }, { user: ou_o }',
        '  meetingChat: { id: oc_meet, state: absent }\n',
      ),
      b: manifestOf('b', '{ user: ou_a }, { user: ou_b }', '  optionalDrift: replace\n'),
      c: manifestOf('c', null, '  state: absent\n  guards: { allowDelete: true }\n'),
    },
  );
  scenes.push(made);
  return {
    ...made,
    watch: (told) => {
      onStep = told;
    },
  };
}

function planned({ folder, env }: Scene): Promise<Plan> {
  return planEvents(loadManifests([folder]).desired, { env });
}

/** Applies to the end in this process. */
function applied(plan: Plan, { env, folder }: Scene): Promise<Result> {
  // A copy, as a file would be: what it was made from is not known any more.
  return resultOf(applyPlan(structuredClone(plan), { env, journalDir: join(folder, 'runs') }));
}

describe('an apply that is killed', () => {
  it('takes the steps that it is killed at', async () => {
    const at = await scene();
    const plan = await planned(at);
    const log: string[] = [];
    at.watch((step) => {
      log.push(step);
      return null;
    });
    const result = await applied(plan, at);
    expect(result.exitCode).toBe(0);
    expect(result.summary).toMatchObject({ chatsUnbound: 1, eventsDeleted: 1 });
    // The events are worked on side by side: the order within each is what counts.
    for (const event of ['a_0', 'b_0', 'c_0']) {
      const of = (all: readonly string[]): string[] => all.filter((step) => step.includes(event));
      expect(of(log)).toEqual(of(steps));
    }
    expect(at.writes().sort()).toEqual([...writes].sort());
  });

  it.each<[Step, 'before' | 'after', ApplyEvent['kind'], 'the same plan' | 'the manifests']>([
    ['chats a_0', 'before', 'run-started', 'the same plan'],
    ['add a_0 2', 'before', 'batch-started', 'the manifests'],
    ['add a_0 2', 'after', 'batch-started', 'the same plan'],
    ['remove a_0 2', 'before', 'batch-started', 'the same plan'],
    ['remove a_0 2', 'after', 'batch-started', 'the manifests'],
    ['unbind a_0 1', 'before', 'batch-started', 'the manifests'],
    ['unbind a_0 1', 'after', 'batch-started', 'the same plan'],
    ['list a_0 again', 'before', 'batch-done', 'the manifests'],
    ['list b_0', 'before', 'event-done', 'the same plan'],
    ['remove b_0 1', 'after', 'batch-started', 'the manifests'],
    ['remove b_0 1', 'after', 'batch-started', 'the same plan'],
    ['add b_0 1', 'before', 'batch-started', 'the same plan'],
    ['look c_0', 'before', 'event-done', 'the manifests'],
    ['delete c_0 1', 'before', 'batch-started', 'the same plan'],
    ['delete c_0 1', 'after', 'batch-started', 'the manifests'],
  ])('at "%s", %s its effect, after %s, is finished by %s, and nothing is done twice', async (...row) => {
    const [step, when, last, next] = row;
    const at = await scene();
    const plan = await planned(at);
    writeFileSync(join(at.folder, 'plan.json'), planJson(plan));
    // A row that is being replaced is put back after a stop too: only a process that is killed leaves it.
    const left = await (step.endsWith(' b_0 1') ? killed : abandoned)(at, step, when);
    const journal = decodeJournal(at.journal(), left);
    expect(journal.lines.at(-1)?.kind).toBe(last);
    const known = resultOf(journal.lines);
    const before = writes.slice(0, writes.includes(step) ? writes.indexOf(step) : undefined);
    const sent = before.filter((write) => at.writes().includes(write));
    expect(known.exitCode).toBe(130);
    const { added, removed, chatsUnbound, eventsDeleted } = known.summary;
    expect(added + removed + chatsUnbound + eventsDeleted, 'known to be done').toBe(changesIn(sent));
    const begun = known.events.flatMap(({ changes }) =>
      changes.filter(({ outcome }) => outcome === 'unknown'),
    );
    expect(begun, 'begun, its end not known').toHaveLength(writes.includes(step) ? changesIn([step]) : 0);

    const result = await applied(next === 'the same plan' ? plan : await planned(at), at);
    expect(result.exitCode).toBe(0);
    expect({ a_0: at.live('a_0'), b_0: at.live('b_0') }).toEqual(wanted);
    const effective = at.writes();
    if (when === 'before' && writes.includes(step)) effective.splice(effective.indexOf(step), 1);
    expect(effective.sort()).toEqual([...writes].sort());
    const total = at.writes().length;
    await applied(plan, at);
    expect(at.writes()).toHaveLength(total);
  });
});

const apply = ['apply', '--plan', 'plan.json', '--concurrency', '1'] as const;

/** Kills a process at a step. Answers what its journal is then. */
async function killed(at: Watched, step: Step, when: 'before' | 'after'): Promise<Uint8Array> {
  const run = at.start(...apply);
  const lost: string[] = [];
  at.watch((reached) => {
    if (reached !== step || lost.length > 0) return null;
    run.kill('SIGKILL');
    lost.push(step);
    return when;
  });
  expect((await run.ran).code).toBeNull();
  expect(lost).toEqual([step]);
  return readFileSync(join(at.folder, at.journal()));
}

/** The same without a process: the call is never answered, and nothing comes of the run any more. */
async function abandoned(at: Watched, step: Step, when: 'before' | 'after'): Promise<Uint8Array> {
  const { folder, env } = at;
  const lost = new Promise<Uint8Array>((resolve) => {
    let isLost = false;
    at.watch((reached) => {
      if (reached !== step || isLost) return null;
      isLost = true;
      resolve(readFileSync(join(folder, at.journal())));
      return when;
    });
  });
  const run = beginRollcall([...apply, '--timeout', '10m'], { cwd: folder, env });
  ends.push(async () => {
    await run.stop();
    await run.ran;
  });
  return Promise.race([lost, run.ran.then(({ stderr }) => Promise.reject(new Error(`not lost: ${stderr}`)))]);
}

/** How many changes these writes make. */
function changesIn(of: readonly string[]): number {
  return of.reduce((sum, write) => sum + Number(write.split(' ')[2]), 0);
}
