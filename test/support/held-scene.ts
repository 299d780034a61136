import { Pool } from 'pg';
import type { Fault } from '../../src/emulator/intercept.ts';
import { storeAddress } from '../../src/store/postgres/address.ts';
import { type Begun, type Ran, type Started, beginRollcall, rollcall, startRollcall } from './cli.ts';
import { type OnTerminal, beginInTerminal } from './own-terminal.ts';
import { freshDatabase } from './postgres.ts';
import { type Scene, manifestOf, newScene, tenantOf, writeOf } from './scene.ts';

/** A store of the test's own, and an event whose addition can be held. */
export interface Held {
  readonly at: Scene;
  /** Runs in the test's own process, with a store of the test's own. */
  readonly run: (...args: readonly string[]) => Promise<Ran>;
  /** Begins such a run. */
  readonly begin: (...args: readonly string[]) => Begun;
  /** The same for a job of another commit. */
  readonly beginOf: (commit: string, ...args: readonly string[]) => Begun;
  /** The same on a terminal. */
  readonly beginInTerminal: (...args: readonly string[]) => OnTerminal;
  /** Starts one in a process of its own. */
  readonly start: (...args: readonly string[]) => Started;
  readonly sql: (text: string) => Promise<readonly Record<string, unknown>[]>;
  /** Resolves once the addition to the event `a` has come, which is held until it is let go. */
  readonly reached: Promise<void>;
  readonly letGo: () => void;
  readonly close: () => Promise<void>;
}

function gate(): { readonly promise: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { promise, open };
}

const job = {
  GITHUB_RUN_ID: '7',
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_REPOSITORY: 'acme/meetings',
  GITHUB_SHA: 'c0ffee',
  GITHUB_ACTOR: 'ann',
};

/** `holds`: the addition to the event `a`. */
export async function heldScene(holds: boolean): Promise<Held> {
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
        if (!holds || writeOf(call)[0] !== 'add a_0 1') return undefined;
        reached.open();
        return wait;
      },
    },
    { a: manifestOf('a', '{ user: ou_a }, { user: ou_n }') },
  );
  const url = await freshDatabase();
  const address = storeAddress({ ROLLCALL_STORE: url });
  const pool = new Pool({ host: address?.host, user: address?.user, database: address?.database, max: 1 });
  const outside = { cwd: at.folder, env: { ...at.env, ...job, ROLLCALL_STORE: url, ROLLCALL_SETTLE: '0s' } };
  return {
    at,
    run: (...args) => rollcall(args, outside),
    start: (...args) => startRollcall(args, outside),
    beginInTerminal: (...args) => beginInTerminal(args, outside),
    begin: (...args) => beginRollcall(args, outside),
    beginOf: (commit, ...args) =>
      beginRollcall(args, { ...outside, env: { ...outside.env, GITHUB_SHA: commit } }),
    // The rows are objects of columns.
    sql: async (text) => (await pool.query<Record<string, unknown>>(text)).rows,
    reached: reached.promise,
    letGo: held.open,
    close: async () => {
      held.open();
      await Promise.all([at.close(), pool.end()]);
    },
  };
}
