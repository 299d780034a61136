import { createServer, type Server } from 'node:http';

import { behaviourOf } from './behaviour.ts';
import { faultsIntercept } from './faults/effects.ts';
import { parseFaults } from './faults/parse.ts';
import type { Intercept } from './intercept.ts';
import type { LiveAttendee, Rescheduling, Told } from './platform.ts';
import { emulated } from './platforms.ts';
import type { LoggedRequest } from './requests.ts';
import type { Answer } from './route.ts';
import { Service } from './service.ts';
import { loadState } from './state-file.ts';
import { parseTenant } from './tenant.ts';
import type { TenantApp } from './tenant-parts.ts';
import { Tokens } from './tokens.ts';
import { send } from './wire.ts';
import { World } from './world.ts';

export interface EmulatorOptions {
  /** The tenant file's text, or what a program puts in place of it, which takes no time to read. */
  readonly tenant: string | object;
  /** The tenant file's name, for messages. */
  readonly file?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Where the state is kept across runs. */
  readonly state?: string;
  /** Whether the documented rate windows are enforced; `none` unless asked for. */
  readonly quota?: 'documented' | 'none';
  /** How long each answer takes at least. */
  readonly latencyMs?: number;
  /** The time that tokens, rate windows, lag and bookings go by, in milliseconds since the epoch. */
  readonly now?: () => number;
  /** The faults file's text. */
  readonly faults?: string;
  /** The faults file's name, for messages. */
  readonly faultsFile?: string;
  /** Asked before the faults file. */
  readonly intercept?: Intercept;
}

/** A server that is listening. */
export interface Emulator {
  /** `http://127.0.0.1:PORT`, the base URL of every platform. */
  readonly url: string;
  /** The first app of the tenant file, and its first access token: what a client may sign in with. */
  readonly credentials: { readonly app: TenantApp | undefined; readonly token: string | undefined };
  /** The calls so far, in the order they came in. The oldest of very many lose their bodies, and go. */
  readonly requests: readonly LoggedRequest[];
  /** Who is on an event now, whatever reads still show; removed rows are left out. */
  attendees(eventId: string): readonly LiveAttendee[];
  /** Who was told of an event since the server was started, where its platform's mails are kept. */
  told(eventId: string): readonly Told[];
  /** Somebody else changes an occurrence of a series that was changed before. */
  reschedule(eventId: string, change: Rescheduling): void;
  /** Ends every access token that was handed out. */
  revokeTokens(): void;
  /** Ends open connections and stops listening; a second time nothing happens. */
  close(): Promise<void>;
}

/**
 * Serves the calendar calls of Feishu, Lark, DingTalk and Google on loopback, from a tenant file.
 *
 * @throws {TenantError} for a tenant file that is not valid.
 * @throws {FaultsError} for a faults file that is not valid.
 * @throws {StateFileError} for a state file that is none.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const tenant = parseTenant(options.tenant, options.file ?? 'tenant.yaml');
  const faults = parseFaults(options.faults ?? '', options.faultsFile ?? 'faults.yaml');
  const behaviour = behaviourOf(tenant.behaviour);
  const world = new World(tenant, behaviour);
  if (options.state !== undefined) loadState(world, options.state);
  const tokens = new Tokens(tenant.apps ?? [], tenant.tokens ?? [], behaviour.tokenLifetime);
  const scripted = faultsIntercept(faults, { world, tokens, behaviour, now: options.now ?? Date.now });
  const intercept: Intercept = (call) => {
    const fault = scripted(call);
    return options.intercept?.(call) ?? fault;
  };
  const service = new Service({ ...options, world, tokens, behaviour, intercept });
  const server = createServer((request, response) => {
    service.serve(request, response).catch((error: unknown) => send(response, failed(error)));
  });
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${String(port)}`,
    credentials: { app: tenant.apps?.[0], token: tenant.tokens?.[0] },
    requests: service.log.calls,
    attendees: (eventId) => emulated.flatMap(({ live }) => live(world, eventId)),
    told: (eventId) => emulated.flatMap(({ told }) => told?.(world, eventId) ?? []),
    reschedule: (eventId, change) => {
      const scene = { world, behaviour, now: (options.now ?? Date.now)() };
      for (const { reschedule } of emulated) reschedule(scene, eventId, change);
    },
    revokeTokens: () => tokens.revoke(),
    close: () => close(server),
  };
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise((resolve) => server.once('close', resolve));
  server.close();
  server.closeAllConnections();
  await closed;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function failed(error: unknown): Answer {
  const text = error instanceof Error ? error.message : String(error);
  return { status: 500, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `emulator: ${text}` };
}
