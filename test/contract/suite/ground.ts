import { apply } from '../../../src/applier/apply.ts';
import { ResultFold } from '../../../src/applier/result-of.ts';
import type { LiveAttendee } from '../../../src/emulator/platform.ts';
import type { DesiredEvent } from '../../../src/model/event.ts';
import type { EventPlan } from '../../../src/model/plan.ts';
import type { EventResult, Result } from '../../../src/model/result.ts';
import { planEvents, type PlanContext, type PlanRun } from '../../../src/planner/plan-events.ts';
import { platforms } from '../../../src/platforms/index.ts';
import type { Session } from '../../../src/providers/provider.ts';
import { policy } from '../../support/manifest-builders.ts';
import type { VirtualClock } from '../../support/virtual-clock.ts';
import type { Place, World } from './fixture.ts';

/** How one plan and what was made of it came out. */
export interface Run {
  readonly planned: PlanRun;
  readonly result: Result;
  /** The requests that change something. */
  readonly writes: readonly unknown[];
}

/** One platform to plan and apply on, whatever is between: HTTP and a server, or memory. */
export interface Ground extends AsyncDisposable {
  readonly fixture: Place;
  /** Who is on an event now; nobody where it is deleted. */
  attendees(eventId: string): readonly Pick<LiveAttendee, 'id' | 'optional'>[];
  plan(desired: readonly DesiredEvent[], more?: Partial<PlanContext>): Promise<PlanRun>;
  /** `fresh`: as right after planning. `saved`: each event is read again first. */
  apply(planned: PlanRun, how?: 'fresh' | 'saved'): Promise<Result>;
  run(desired: readonly DesiredEvent[], how?: 'fresh' | 'saved'): Promise<Run>;
}

/** What goes wrong, said so that a server and a model can both do it. */
export interface Trouble {
  /** An event whose list cannot be read. */
  readonly unreadable?: string;
  /** A user for whom every batch that adds anybody is refused. */
  readonly refused?: string;
  /** The first write takes effect, and its answer is lost. */
  readonly loses?: true;
}

export type Open = (world: World, trouble?: Trouble) => Promise<Ground>;

/** What nobody stops. */
export const running: AbortSignal = new AbortController().signal;

const tool = { name: 'rollcall', version: '0.1.0' };

/** Plans and applies on one session. */
export function worker(
  session: Session,
  clock: VirtualClock,
  accounts: PlanRun['plan']['accounts'],
): Pick<Ground, 'plan' | 'apply'> {
  let runs = 0;
  return {
    plan: (desired, more = {}) =>
      planEvents(
        { asOf: '2026-11-20', events: desired },
        {
          begin: (_provider, signal) => session.begin(signal),
          readerOf: (_provider, turn) => session.reader(turn),
          requests: () => session.requests,
          accounts,
          policy: policy(),
          selection: { target: [], exclude: [], selector: [] },
          maxRemovals: 10_000,
          concurrency: 8,
          rereads: false,
          tool,
          createdAt: new Date(clock.date()).toISOString(),
          diagnostics: [],
          signal: running,
          ...more,
        },
      ),
    apply: async ({ plan: made, readings }, how = 'fresh') => {
      runs += 1;
      const fold = new ResultFold();
      const events = apply(made, {
        begin: (_provider, signal) => session.begin(signal),
        writerOf: (_provider, turn) => session.writer(turn),
        clock,
        lagMs: (id) => platforms[id].reads.lagMs,
        concurrency: 8,
        verify: true,
        verifyTimeoutMs: 30_000,
        signal: running,
        ...(how === 'fresh' ? { readings } : {}),
        runId: `run-${runs}`,
        accounts,
        tool,
        requests: () => session.requests,
      });
      for await (const event of events) fold.add(event);
      return fold.result();
    },
  };
}

/** The plan of one event. */
export function planOf({ plan }: PlanRun, name: string): EventPlan {
  const found = plan.events.find((event) => event.name === name);
  if (found === undefined) throw new RangeError(`no event ${name} in the plan`);
  return found;
}

/** What came of one event. */
export function resultOf(result: Result, name: string): EventResult {
  const found = result.events.find((event) => event.name === name);
  if (found === undefined) throw new RangeError(`no event ${name} in the result`);
  return found;
}
