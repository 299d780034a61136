import { apply } from '../../../src/applier/apply.ts';
import { ResultFold } from '../../../src/applier/result-of.ts';
import type { Fault, InterceptedCall } from '../../../src/emulator/intercept.ts';
import { startEmulator, type Emulator } from '../../../src/emulator/server.ts';
import type { Transport } from '../../../src/http/transport.ts';
import { createTransport } from '../../../src/http/undici-transport.ts';
import type { DesiredEvent } from '../../../src/model/event.ts';
import { platforms } from '../../../src/platforms/index.ts';
import type { EventPlan } from '../../../src/model/plan.ts';
import type { EventResult, Result } from '../../../src/model/result.ts';
import { planEvents, type PlanContext, type PlanRun } from '../../../src/planner/plan-events.ts';
import { accountOf } from '../../../src/providers/account.ts';
import type { Session } from '../../../src/providers/provider.ts';
import { providerOf } from '../../../src/providers/registry.ts';
import { policy } from '../../support/manifest-builders.ts';
import { virtualClock, type VirtualClock } from '../../support/virtual-clock.ts';
import type { Fixture, Operation, World } from './fixture.ts';

/** A call on the wire. */
export interface Wire extends InterceptedCall {
  readonly operation: Operation | 'token' | 'other';
  /** Decoded; empty where the path names no event. */
  readonly eventId: string;
  /** Counts the calls of this operation for this event from 1. */
  readonly nth: number;
  /** By the clock of the run. */
  readonly at: number;
}

export type Script = (call: Wire) => Fault | undefined;

export interface StageOptions {
  readonly script?: Script;
  readonly env?: Readonly<Record<string, string>>;
  /** The most that one try of a call may take, in milliseconds of real time. */
  readonly tryMs?: number;
}

/** How one plan and what was made of it came out. */
export interface Run {
  readonly planned: PlanRun;
  readonly result: Result;
  readonly calls: readonly Wire[];
  readonly writes: readonly Wire[];
}

/** One provider's session against its own routes of the server, over HTTP, with a clock that nobody waits for. */
export interface Stage extends AsyncDisposable {
  readonly fixture: Fixture;
  readonly emulator: Emulator;
  readonly session: Session;
  readonly clock: VirtualClock;
  /** Every call so far, those for a token too. */
  readonly wire: readonly Wire[];
  plan(desired: readonly DesiredEvent[], more?: Partial<PlanContext>): Promise<PlanRun>;
  /** `fresh`: as right after planning. `saved`: each event is read again first. */
  apply(planned: PlanRun, how?: 'fresh' | 'saved'): Promise<Result>;
  run(desired: readonly DesiredEvent[], how?: 'fresh' | 'saved'): Promise<Run>;
}

const writing: ReadonlySet<string> = new Set(['remove', 'add', 'delete', 'unbind']);
const tool = { name: 'rollcall', version: '0.1.0' };
/** What nobody stops. */
export const running: AbortSignal = new AbortController().signal;

export async function openStage(fixture: Fixture, world: World, options: StageOptions = {}): Promise<Stage> {
  const clock = virtualClock(Date.UTC(2026, 10, 20));
  const wire: Wire[] = [];
  const emulator = await startEmulator({
    tenant: fixture.tenant(world),
    now: () => clock.date(),
    intercept: (call) => {
      const taken = takenDown(fixture, wire, call, clock.now());
      wire.push(taken);
      return options.script?.(taken);
    },
  });
  const account = accountOf(fixture.provider, { ...fixture.env(emulator.url), ...options.env });
  if ('problem' in account) throw new Error(account.message);
  const transport = impatient(createTransport(), options.tryMs ?? Number.POSITIVE_INFINITY);
  const provider = await providerOf(fixture.provider);
  const session = provider.session(account, { transport, clock, windows: [], timeoutMs: 60_000 });
  const accounts = {
    [fixture.provider]: { host: new URL(account.baseUrl).host, appId: account.appId },
  };
  let runs = 0;

  const plan: Stage['plan'] = (desired, more = {}) =>
    planEvents(
      { asOf: '2026-11-20', events: desired },
      {
        readerOf: () => session.reader(),
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
    );

  const applyPlan: Stage['apply'] = async ({ plan: made, readings }, how = 'fresh') => {
    runs += 1;
    const fold = new ResultFold();
    const events = apply(made, {
      writerOf: () => session.writer(),
      clock,
      settleMs: (id) => platforms[id].reads.lagMs,
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
  };

  return {
    fixture,
    emulator,
    session,
    clock,
    wire,
    plan,
    apply: applyPlan,
    async run(desired, how) {
      const before = wire.length;
      const planned = await plan(desired);
      const result = await applyPlan(planned, how);
      const calls = wire.slice(before);
      return { planned, result, calls, writes: writesOf(calls) };
    },
    async [Symbol.asyncDispose]() {
      await emulator.close();
      await transport.close();
    },
  };
}

/** The calls among these that change something. */
export function writesOf(calls: readonly Wire[]): readonly Wire[] {
  return calls.filter(({ operation }) => writing.has(operation));
}

function takenDown(fixture: Fixture, before: readonly Wire[], call: InterceptedCall, at: number): Wire {
  const operation = operationOf(fixture, call.api);
  const eventId = decodeURIComponent(/\/events\/([^/]+)/.exec(call.path)?.[1] ?? '');
  const nth = before.filter((seen) => seen.operation === operation && seen.eventId === eventId).length + 1;
  return { ...call, operation, eventId, nth, at };
}

function operationOf(fixture: Fixture, api: string): Wire['operation'] {
  // Its own keys, as the type names them.
  const entries = Object.entries(fixture.routes) as [Operation | 'token', string][];
  return entries.find(([, route]) => route === api)?.[0] ?? 'other';
}

/** Cuts each try short in real time, so that a server which hangs costs a test little. */
function impatient(transport: Transport, tryMs: number): Transport {
  return {
    send: (request) => transport.send({ ...request, timeoutMs: Math.min(request.timeoutMs, tryMs) }),
    close: () => transport.close(),
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
