import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { InterceptedCall } from '../../src/emulator/intercept.ts';
import { type Plan, applyPlan, loadManifests, planEvents, resultOf } from '../../src/index.ts';
import { planJson } from '../../src/report/json.ts';
import { journalDecoder } from '../../src/store/read-journal.ts';
import { type Scene, manifestOf, newScene, tenantOf, writeOf } from '../support/scene.ts';

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

/** The calls of one run: each is a place to be killed at. */
const steps = [
  'list a_0',
  'add a_0 2',
  'remove a_0 2',
  'list a_0 again',
  'list b_0',
  'remove b_0 1',
  'add b_0 1',
  'list b_0 again',
] as const;

type Step = (typeof steps)[number];

const writes = ['add a_0 2', 'remove a_0 2', 'remove b_0 1', 'add b_0 1'];
const wanted = { a_0: ['ou_a', 'ou_n', 'ou_o'], b_0: ['ou_a', 'ou_b'] };

interface Watched extends Scene {
  /** From here on each call is told, by its step; an answer makes it hang. */
  watch(onStep: (step: string) => 'before' | 'after' | null): void;
}

/** Two events: one that gains two and loses two, one with an optional flag to be replaced. */
async function scene(): Promise<Watched> {
  let onStep: ((step: string) => 'before' | 'after' | null) | null = null;
  const listed = new Set<string>();
  const stepOf = (call: InterceptedCall): string | undefined => {
    const [write] = writeOf(call);
    if (write !== undefined || call.api !== 'feishu.attendees.list') return write;
    const [, event = ''] = /\/events\/([^/]+)/.exec(call.path) ?? [];
    const again = listed.has(event) ? ' again' : '';
    listed.add(event);
    return `list ${event}${again}`;
  };
  const made = await newScene(
    {
      tenant: tenantOf({
        a_0: 'attendees: [{ user: ou_a }, { user: ou_x }, { user: ou_y }]',
        b_0: 'attendees: [{ user: ou_a }, { user: ou_b, optional: true }]',
      }),
      intercept: (call) => {
        const step = onStep === null ? undefined : stepOf(call);
        const when = step === undefined ? null : (onStep?.(step) ?? null);
        return when === null ? undefined : { kind: 'hang', when };
      },
    },
    {
      a: manifestOf('a', '{ user: ou_a }, { user: ou_n }, { user: ou_o }'),
      b: manifestOf('b', '{ user: ou_a }, { user: ou_b }', '  optionalDrift: replace\n'),
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
async function applied(plan: Plan, { env }: Scene): Promise<ReturnType<typeof resultOf>> {
  const events = [];
  for await (const event of applyPlan(plan, { env })) events.push(event);
  return resultOf(events);
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
    // The events are worked on side by side: the order within each is what counts.
    for (const event of ['a_0', 'b_0']) {
      const of = (all: readonly string[]): string[] => all.filter((step) => step.includes(event));
      expect(of(log)).toEqual(of(steps));
    }
    expect(at.writes().sort()).toEqual([...writes].sort());
  });

  it.each<[Step, 'before' | 'after', 'the same plan' | 'the manifests']>([
    ['list a_0', 'before', 'the same plan'],
    ['add a_0 2', 'before', 'the manifests'],
    ['add a_0 2', 'after', 'the same plan'],
    ['remove a_0 2', 'before', 'the same plan'],
    ['remove a_0 2', 'after', 'the manifests'],
    ['list a_0 again', 'before', 'the manifests'],
    ['list b_0', 'before', 'the same plan'],
    ['remove b_0 1', 'before', 'the same plan'],
    ['remove b_0 1', 'after', 'the manifests'],
    ['remove b_0 1', 'after', 'the same plan'],
    ['add b_0 1', 'before', 'the same plan'],
    ['add b_0 1', 'after', 'the manifests'],
    ['list b_0 again', 'before', 'the same plan'],
  ])('at "%s", %s its effect, is finished by %s, and nothing is done twice', async (step, when, next) => {
    const at = await scene();
    const plan = await planned(at);
    writeFileSync(join(at.folder, 'plan.json'), planJson(plan));
    const run = at.start('apply', '--plan', 'plan.json', '--concurrency', '1');
    const lost: string[] = [];
    at.watch((reached) => {
      if (reached !== step || lost.length > 0) return null;
      run.kill('SIGKILL');
      lost.push(step);
      return when;
    });
    expect((await run.ran).code).toBeNull();
    expect(lost).toEqual([step]);

    const journal = journalDecoder()(at.journal(), readFileSync(join(at.folder, at.journal())));
    const known = resultOf(journal.lines);
    const before = writes.slice(0, writes.includes(step) ? writes.indexOf(step) : undefined);
    const sent = before.filter((write) => at.writes().includes(write));
    expect(known.exitCode).toBe(130);
    expect(known.summary.added + known.summary.removed, 'known to be done').toBe(peopleIn(sent));
    const begun = known.events.flatMap(({ changes }) =>
      changes.filter(({ outcome }) => outcome === 'unknown'),
    );
    expect(begun, 'begun, its end not known').toHaveLength(writes.includes(step) ? peopleIn([step]) : 0);

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

/** How many attendees these writes name. */
function peopleIn(of: readonly string[]): number {
  return of.reduce((sum, write) => sum + Number(write.split(' ')[2]), 0);
}
