import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'rolldown';
import { lastStartMs } from './floor.mjs';
import { credentials, here, median, rollcall, run, withFolder, withPlatform } from './processes.mjs';
import { manifestsOf, tenantOf } from './scenes.mjs';

/** What processes that share a store take, on a PostgreSQL server of the measurement's own. */

/** The server of the tests, which is TypeScript. */
async function postgres() {
  const input = fileURLToPath(new URL('../support/postgres.ts', import.meta.url));
  const { output } = await build({ input, platform: 'node', external: ['pg'], write: false });
  // Beside the packages that it takes.
  const folder = mkdtempSync(join(here, '../../node_modules/.rollcall-bench-'));
  const file = join(folder, 'postgres.mjs');
  writeFileSync(file, output[0].code);
  try {
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A server, for as long as `work` takes. */
async function withStore(work) {
  const { startPostgres } = await postgres();
  const server = await startPostgres({ settings: ['track_functions=pl'] });
  try {
    return await work({ ...server, store: await server.database() });
  } finally {
    await server.end();
  }
}

const documented = ['--quota', 'documented', '--latency', '30'];
const listing = /^GET \S+\/attendees\?\S* 200 /gm;

/** One plan, and how many listings it had at any time. */
function begin(folder, env) {
  const child = spawn(process.execPath, [rollcall, 'plan', folder, '--verbose', '--format', 'json'], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  return {
    ended: once(child, 'close').then(([code]) => {
      if (code !== 0) throw new Error(`a plan ended with ${code}:\n${said.slice(-1000)}`);
    }),
    listings: () => said.match(listing)?.length ?? 0,
    refused: () => said.match(/ (?:400|429) \(/g)?.length ?? 0,
  };
}

const [processes, events] = [4, 350];
let shared = null;

/** Four plans at once with one app, measured once. */
function sharing() {
  shared ??= withStore(({ store, sql }) =>
    withPlatform(tenantOf(events, 3), documented, (url) =>
      withFolder(manifestsOf(events, 3), async (folder) => {
        const env = { ...credentials(url), ROLLCALL_STORE: store };
        const startedAt = performance.now();
        const plans = Array.from({ length: processes }, () => begin(folder, env));
        await Promise.race(plans.map(({ ended }) => ended));
        const served = plans.map(({ listings }) => listings());
        await Promise.all(plans.map(({ ended }) => ended));
        const ms = performance.now() - startedAt;
        const refused = plans.reduce((sum, plan) => sum + plan.refused(), 0);
        if (refused > 0) throw new Error(`${refused} calls were rejected`);
        const database = /\/(\w+)\?/.exec(store)[1];
        const [{ calls }] = await sql(
          `select calls::integer from pg_stat_user_functions where funcname = 'permits_1'`,
          database,
        );
        return { ms, served, exchanges: calls };
      }),
    ),
  );
  return shared;
}

async function floor() {
  const { ms } = await sharing();
  const base = lastStartMs('feishu', processes * events);
  return { value: ms / base, measured: ms, base };
}

/** Listings of the mean process to those of the one that had the fewest when the first ended. */
async function leastServed() {
  const { served } = await sharing();
  const mean = served.reduce((sum, one) => sum + one, 0) / served.length;
  const least = Math.min(...served);
  return { value: mean / least, measured: mean, base: least };
}

async function exchanges() {
  const { exchanges: made } = await sharing();
  const calls = processes * (events + 2);
  return { value: made / calls, measured: made, base: calls };
}

/** A plan with the store and one without, in turn, each on a platform of its own. */
async function pairs(count, times) {
  const one = (env) =>
    withPlatform(tenantOf(count, 3), documented, (url) =>
      withFolder(manifestsOf(count, 3), async (folder) => {
        const { ms } = await run([rollcall, 'plan', folder], { env: { ...credentials(url), ...env } });
        return ms;
      }),
    );
  return withStore(async ({ store }) => {
    // The first makes the tables.
    await one({ ROLLCALL_STORE: store });
    const found = [];
    for (let round = 0; round < times; round += 1) {
      found.push({ without: await one({}), with: await one({ ROLLCALL_STORE: store }) });
    }
    return found;
  });
}

async function plan() {
  const found = await pairs(200, 5);
  return {
    value: median(found.map((pair) => pair.with / pair.without)),
    measured: median(found.map((pair) => pair.with)),
    base: median(found.map(({ without }) => without)),
  };
}

/** What is more than without a store, to 60 ms. */
async function start() {
  const found = await pairs(1, 11);
  const more = median(found.map((pair) => pair.with - pair.without));
  return { value: more / 60, measured: more, base: 60 };
}

/** What is measured where there is a server. `npm run bench -- store-windows` measures all of them. */
export const ofStore = [
  {
    name: 'floor',
    limit: 1.05,
    unit: 'ms',
    title: '4 plans with one app, 1,400 listings / the floor',
    measure: floor,
  },
  {
    name: 'least',
    limit: 1.25,
    unit: 'listings',
    title: 'mean share of them / the least',
    measure: leastServed,
  },
  {
    name: 'exchanges',
    limit: 1.2,
    unit: 'calls',
    title: 'exchanges with the store / calls',
    measure: exchanges,
  },
  {
    name: 'plan',
    limit: 1.05,
    unit: 'ms',
    title: 'plan of 200 events with a store / without',
    measure: plan,
  },
  { name: 'start', limit: 1, unit: 'ms', title: 'start with a store beyond without / 60 ms', measure: start },
].map((figure) => ({ ...figure, name: `store-windows-${figure.name}` }));
