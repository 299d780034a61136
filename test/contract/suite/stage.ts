import type { Fault, InterceptedCall } from '../../../src/emulator/intercept.ts';
import { startEmulator, type Emulator } from '../../../src/emulator/server.ts';
import { createLimiter } from '../../../src/http/quota.ts';
import type { Transport } from '../../../src/http/transport.ts';
import { createTransport } from '../../../src/http/undici-transport.ts';
import type { DesiredEvent } from '../../../src/model/event.ts';
import { accountOf } from '../../../src/providers/account.ts';
import type { Session } from '../../../src/providers/provider.ts';
import { providerOf } from '../../../src/providers/registry.ts';
import { virtualClock, type VirtualClock } from '../../support/virtual-clock.ts';
import type { Fixture, Operation, Place, World } from './fixture.ts';
import { worker, type Ground, type Run } from './ground.ts';

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

/** A run, with what it sent. */
export interface WireRun extends Run {
  readonly calls: readonly Wire[];
  readonly writes: readonly Wire[];
}

/** What of a fixture it takes to get a session and a server together. */
export type Wired = Place & Pick<Fixture, 'tenant' | 'env' | 'routes'>;

/** One provider's session against its own routes of the server, over HTTP, with a clock that nobody waits for. */
export interface Stage<F extends Wired = Fixture> extends Ground {
  readonly fixture: F;
  readonly emulator: Emulator;
  readonly session: Session;
  readonly clock: VirtualClock;
  /** Every call so far, those for a token too. */
  readonly wire: readonly Wire[];
  run(desired: readonly DesiredEvent[], how?: 'fresh' | 'saved'): Promise<WireRun>;
}

const writing: ReadonlySet<string> = new Set(['remove', 'add', 'delete', 'unbind']);

export async function openStage<F extends Wired>(
  fixture: F,
  world: World,
  options: StageOptions = {},
): Promise<Stage<F>> {
  const clock = virtualClock(Date.UTC(2026, 10, 20));
  const wire: Wire[] = [];
  const emulator = await startEmulator({
    // As a value: to read it as YAML took half of the time of these tests.
    tenant: JSON.parse(fixture.tenant(world)),
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
  const session = provider.session(account, {
    transport,
    clock,
    limiter: createLimiter([], clock),
    timeoutMs: 60_000,
  });
  const accounts = {
    [fixture.provider]: { host: new URL(account.baseUrl).host, appId: account.appId },
  };
  const { plan, apply } = worker(session, clock, accounts);

  return {
    fixture,
    emulator,
    session,
    clock,
    wire,
    attendees: (eventId) => emulator.attendees(eventId),
    plan,
    apply,
    async run(desired, how) {
      const before = wire.length;
      const planned = await plan(desired);
      const result = await apply(planned, how);
      const calls = wire.slice(before);
      return { planned, result, calls, writes: writesOf(calls) };
    },
    async [Symbol.asyncDispose]() {
      await emulator.close();
      await transport.close();
    },
  };
}

/** The call that does an operation on this platform. */
export function sentAs({ sameCall = {} }: Pick<Fixture, 'sameCall'>, operation: Operation): Operation {
  return sameCall[operation] ?? operation;
}

/** The calls that do these operations, each once. */
export function allSentAs(fixture: Fixture, ...operations: readonly Operation[]): Operation[] {
  return [...new Set(operations.map((operation) => sentAs(fixture, operation)))];
}

/** The calls among these that change something. */
export function writesOf(calls: readonly Wire[]): readonly Wire[] {
  return calls.filter(({ operation }) => writing.has(operation));
}

function takenDown(fixture: Wired, before: readonly Wire[], call: InterceptedCall, at: number): Wire {
  const operation = operationOf(fixture, call.api);
  const eventId = decodeURIComponent(/\/events\/([^/]+)/.exec(call.path)?.[1] ?? '');
  const nth = before.filter((seen) => seen.operation === operation && seen.eventId === eventId).length + 1;
  return { ...call, operation, eventId, nth, at };
}

function operationOf(fixture: Wired, api: string): Wire['operation'] {
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
