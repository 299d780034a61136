import { apply } from '../../src/applier/apply.ts';
import { ResultFold } from '../../src/applier/result-of.ts';
import type { ApplyContext } from '../../src/applier/run.ts';
import type { Reading } from '../../src/diff/reading.ts';
import type { DesiredAttendee } from '../../src/model/attendee.ts';
import type { DesiredEvent, Guards } from '../../src/model/event.ts';
import type { EventPlan, Plan } from '../../src/model/plan.ts';
import type { ApplyEvent, EventResult, Result } from '../../src/model/result.ts';
import { type PlanRun, planEvents } from '../../src/planner/plan-events.ts';
import type { Organisation } from '../../src/providers/provider.ts';
import type { Fault, ModelCall } from '../support/model-calls.ts';
import type { ModelPlatform } from '../support/model-platform.ts';
import { roomForAll } from '../support/turns.ts';
import { modelOf } from '../support/whole-platform.ts';
import { attendeeOf } from '../support/model-events.ts';
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts';

/** Plans and applies over model platforms in virtual time. What a test does not name is ordinary. */

const source = { file: 'event.yaml', line: 1, column: 1 } as const;
const guards: Guards = {
  maxRemovals: '100%',
  allowEmpty: true,
  allowDelete: true,
  allowPast: false,
  maxAdditions: null,
  maxNotified: 100_000,
  allow: null,
};

export function wantedAttendee(text: string): DesiredAttendee {
  return { ...attendeeOf(text), source, via: [] };
}

type More = Partial<Omit<DesiredEvent, 'guards'>> & { readonly guards?: Partial<Guards> };

/** What a manifest wants of the event whose id is its name. Guards are wide open unless they are given. */
export function wanted(name: string, attendees: readonly string[] | null, more: More = {}): DesiredEvent {
  return {
    name,
    labels: {},
    source,
    ref: { provider: 'feishu', calendarId: 'cal', eventId: name, userIdType: 'open_id' },
    state: 'present',
    sync: 'exact',
    notify: false,
    attendees: attendees?.map(wantedAttendee) ?? null,
    unwanted: new Map(),
    ignore: [],
    external: 'keep',
    optionalDrift: 'replace',
    exceptions: 'leave',
    leavers: 'keep',
    unbindChat: null,
    names: new Map(),
    ...more,
    guards: { ...guards, ...more.guards },
  };
}

/** The same event on DingTalk, `boss` its organizer. */
export function onDingTalk(event: DesiredEvent): DesiredEvent {
  const { calendarId, eventId } = event.ref;
  return {
    ...event,
    ref: { provider: 'dingtalk', calendarId, eventId, organizer: 'boss' },
  };
}

export interface World {
  readonly clock: VirtualClock;
  readonly feishu: ModelPlatform;
  readonly dingtalk: ModelPlatform;
  /** The users who have left the organisation. */
  readonly left: Set<string>;
  /** Whether anybody is asked who has left, and whether that is answered. */
  leavers: 'not-asked' | 'told' | 'refused';
}

function organisationOf(world: World): Pick<ApplyContext, 'organisationOf'> {
  return world.leavers === 'not-asked' ? {} : { organisationOf: () => organisationIn(world) };
}

/** What the platforms of a world say of their organisation. */
export function organisationIn(world: World): Organisation {
  return {
    members: () => {
      throw new RangeError('a model has no departments');
    },
    standing: ({ ids }) => {
      const tells = world.leavers === 'told';
      const left = ids.filter((id) => tells && world.left.has(id));
      const problem = tells ? null : ({ code: 'list-failed', message: 'as scripted' } as const);
      return Promise.resolve({ of: new Map(left.map((id) => [id, 'left'])), problem, calls: 1 });
    },
  };
}

export function newWorld(): World {
  const clock = virtualClock();
  return {
    clock,
    feishu: modelOf('feishu', clock),
    dingtalk: modelOf('dingtalk', clock),
    left: new Set(),
    leavers: 'not-asked',
  };
}

export function platformIn(world: World, provider: string): ModelPlatform {
  return provider === 'dingtalk' ? world.dingtalk : world.feishu;
}

export async function planRun(
  world: World,
  events: readonly DesiredEvent[],
  maxRemovals: number = 1_000_000,
): Promise<PlanRun> {
  return planEvents(
    { asOf: '2026-01-01', events },
    {
      begin: roomForAll,
      readerOf: (provider) => platformIn(world, provider),
      ...organisationOf(world),
      requests: () => 0,
      accounts: {},
      policy: { asOf: '2026-01-01', timeZone: 'UTC', allowed: new Map(), asApp: new Set() },
      selection: { target: [], exclude: [], selector: [] },
      maxRemovals,
      concurrency: 8,
      rereads: true,
      tool: { name: 'rollcall', version: '0.0.0' },
      createdAt: '2026-01-01T00:00:00Z',
      diagnostics: [],
      signal: new AbortController().signal,
    },
  );
}

export async function planned(world: World, ...events: readonly DesiredEvent[]): Promise<Plan> {
  return (await planRun(world, events)).plan;
}

export interface Setting extends Partial<ApplyContext> {
  /** Told of each item while the run waits for it to be asked for more. */
  readonly onItem?: (item: ApplyEvent) => void;
  readonly readings?: ReadonlyMap<string, Reading>;
}

export interface Applied {
  readonly items: readonly ApplyEvent[];
  readonly result: Result;
}

export function optionsOf(world: World, setting: Setting = {}): ApplyContext {
  const { onItem: _taken, ...given } = setting;
  return {
    begin: roomForAll,
    writerOf: (provider) => platformIn(world, provider),
    ...organisationOf(world),
    clock: world.clock,
    lagMs: (provider) => (provider === 'dingtalk' ? 0 : 2000),
    concurrency: 8,
    verify: true,
    verifyTimeoutMs: 30_000,
    signal: new AbortController().signal,
    runId: 'run',
    accounts: {},
    tool: { name: 'rollcall', version: '0.0.0' },
    requests: () => world.feishu.calls.length + world.dingtalk.calls.length,
    ...given,
  };
}

/** Applies to the end, each item handled before more is asked for. */
export async function applied(world: World, plan: Plan, setting: Setting = {}): Promise<Applied> {
  const items: ApplyEvent[] = [];
  const fold = new ResultFold();
  for await (const item of apply(plan, optionsOf(world, setting))) {
    items.push(item);
    fold.add(item);
    setting.onItem?.(item);
  }
  return { items, result: fold.result() };
}

/** Gives the first calls of a kind these faults, one each; `undefined` lets one through. */
export function faults(
  model: ModelPlatform,
  kind: ModelCall['kind'],
  ...list: readonly (Fault | undefined)[]
): void {
  const left = [...list];
  const before = model.onCall;
  model.onCall = (call) => {
    const fault = before(call);
    return call.kind === kind && left.length > 0 ? left.shift() : fault;
  };
}

/** Runs `work` at the start of the first call of a kind. */
export function at(model: ModelPlatform, kind: ModelCall['kind'], work: () => void): void {
  const before = model.onCall;
  let done = false;
  model.onCall = (call) => {
    if (call.kind === kind && !done) {
      done = true;
      work();
    }
    return before(call);
  };
}

/** `count` users, `ou_<prefix>0` and on. */
export function users(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `ou_${prefix}${index}`);
}

/** The one event of a result. */
export function only(result: Result): EventResult {
  const [event] = result.events;
  if (event === undefined || result.events.length !== 1) throw new RangeError('not one event');
  return event;
}

/** How each change ended: `remove user:ou_a` -> `done`. */
export function outcomes({ changes }: EventResult): Record<string, string> {
  return Object.fromEntries(
    changes.map(({ action, attendee, outcome }) => [
      attendee === undefined ? action : `${action} ${attendee.id}`,
      outcome,
    ]),
  );
}

/** The one event of a plan. */
export function onlyPlan(plan: Plan): EventPlan {
  const [event] = plan.events;
  if (event === undefined || plan.events.length !== 1) throw new RangeError('not one event');
  return event;
}
