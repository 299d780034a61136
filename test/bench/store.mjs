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

/** What the tests have for it, which is TypeScript. */
async function loaded(name) {
  const input = fileURLToPath(new URL(`../support/${name}.ts`, import.meta.url));
  const { output } = await build({ input, platform: 'node', external: ['pg', 'rolldown'], write: false });
  // Beside the packages that it takes.
  const folder = mkdtempSync(join(here, '../../node_modules/.rollcall-bench-'));
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, output[0].code);
  try {
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A server, for as long as `work` takes. */
export async function withStore(work) {
  const { startPostgres } = await loaded('postgres');
  const server = await startPostgres({ settings: ['track_functions=pl'] });
  try {
    return await work({ ...server, store: await server.database() });
  } finally {
    await server.end();
  }
}

const latencyMs = 30;
const documented = ['--quota', 'documented', '--latency', String(latencyMs)];
const listing = /^GET \S+\/attendees\?\S* 200 \((\d+) ms/gm;

/** One plan, and when it had each of its listings. */
function begin(folder, env) {
  const child = spawn(process.execPath, [rollcall, 'plan', folder, '--verbose', '--format', 'json'], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  let isKilled = false;
  let sentAt = Number.POSITIVE_INFINITY;
  const answeredAt = [];
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
    const now = performance.now();
    for (const [, tookMs] of [...said.matchAll(listing)].slice(answeredAt.length)) {
      if (answeredAt.length === 0) sentAt = now - Number(tookMs);
      answeredAt.push(now);
    }
  });
  return {
    kill: () => {
      isKilled = true;
      child.kill('SIGKILL');
    },
    has: async (count) => {
      while (answeredAt.length < count && child.exitCode === null) await once(child.stderr, 'data');
    },
    ended: once(child, 'close').then(([code]) => {
      if (code !== 0 && !isKilled) throw new Error(`a plan ended with ${code}:\n${said.slice(-1000)}`);
    }),
    /** When the first listing was asked for. */
    sentAt: () => sentAt,
    answeredAt,
    isKilled: () => isKilled,
    refused: () => said.match(/ (?:400|429) \(/g)?.length ?? 0,
  };
}

/** Plans of so many processes at once with one app. `trouble` is made while they are at work. */
function together(processes, events, trouble = async () => {}) {
  return withStore((server) =>
    withPlatform(tenantOf(events, 3), documented, (url) =>
      withFolder(manifestsOf(events, 3), async (folder) => {
        const env = { ...credentials(url), ROLLCALL_STORE: server.store };
        const plans = Array.from({ length: processes }, () => begin(folder, env));
        await Promise.all([trouble(plans, server), ...plans.map(({ ended }) => ended)]);
        const ms =
          Math.max(...plans.flatMap(({ answeredAt }) => answeredAt)) -
          Math.min(...plans.map(({ sentAt }) => sentAt()));
        const served = servedTo(plans.filter(({ isKilled }) => !isKilled()));
        const refused = plans.reduce((sum, plan) => sum + plan.refused(), 0);
        const counted = `select calls::integer from pg_stat_user_functions where funcname = 'permits_1'`;
        const [{ calls = 0 } = {}] = await server.sql(counted, /\/(\w+)\?/.exec(server.store)[1]);
        const mean = served.reduce((sum, one) => sum + one, 0) / served.length;
        const result = { ms, refused, exchanges: calls, mean, least: Math.min(...served) };
        process.stderr.write(`  ${processes} plans of ${events} events: ${JSON.stringify(result)}\n`);
        return result;
      }),
    ),
  );
}

/** How many listings each process had while all of them were at work. */
function servedTo(plans) {
  const from = Math.max(...plans.map(({ answeredAt }) => answeredAt[0]));
  const to = Math.min(...plans.map(({ answeredAt }) => answeredAt.at(-1)));
  return plans.map(({ answeredAt }) => answeredAt.filter((at) => at >= from && at < to).length);
}

/**
 * What the windows bound: from the first call of any process to the answer of the last one. How long processes take to start
 * no window bounds, and `store-windows-start` tells it.
 */
function floorMs(listings) {
  return lastStartMs('feishu', listings) + latencyMs;
}

const [processes, events] = [4, 350];
let four = null;

/** Measured once. */
function ofFour() {
  four ??= together(processes, events);
  return four;
}

async function floor() {
  const { ms } = await ofFour();
  const base = floorMs(processes * events);
  return { value: ms / base, measured: ms, base };
}

async function eight() {
  const { ms, refused, mean, least } = await together(8, 150);
  const base = floorMs(8 * 150);
  if (refused > 0) throw new Error(`${refused} calls were rejected`);
  if (least < 0.8 * mean) throw new Error(`a process had ${least} listings where the mean was ${mean}`);
  return { value: ms / base, measured: ms, base };
}

/** Of eight, two are killed, and the database crashes. How fairly the others are served after that is printed, and not held. */
async function troubles() {
  const { refused } = await together(8, 60, async (plans, server) => {
    await Promise.all(plans.map((plan) => plan.has(10)));
    for (const plan of plans.slice(0, 2)) plan.kill();
    await plans[2].has(25);
    await server.stop('immediate');
    await server.start();
  });
  return { value: refused, measured: refused, base: 0 };
}

/** Calls that were rejected with nothing amiss. */
async function rejected() {
  const { refused } = await ofFour();
  return { value: refused, measured: refused, base: processes * events };
}

/** Listings of the mean process to those of the one that had the fewest when the first ended. */
async function leastServed() {
  const { mean, least } = await ofFour();
  return { value: mean / least, measured: mean, base: least };
}

async function exchanges() {
  const { exchanges: made } = await ofFour();
  const calls = processes * (events + 2);
  return { value: made / calls, measured: made, base: calls };
}

/**
 * A command with the store and one without, in turn, each on a platform of its own, of whose events each has three
 * attendees; so many of them are wanted.
 */
async function pairs(count, times, command = ['plan'], wanted = 3) {
  const one = (env) =>
    withPlatform(tenantOf(count, 3), documented, (url) =>
      withFolder(manifestsOf(count, wanted), async (folder) => {
        const options = { cwd: folder, env: { ...credentials(url), ...env } };
        const { ms } = await run([rollcall, ...command, folder], options);
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

function plan() {
  return beside(pairs(200, 5));
}

/** One removal in each event. */
function apply() {
  return beside(pairs(200, 5, ['apply', '--auto-approve'], 2));
}

async function beside(measured) {
  const found = await measured;
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

/** A holder that is stopped 200 times for longer than its lease: how long until the next one writes, at most. */
async function stops() {
  const { stopHolders, ttlMs } = await loaded('stops');
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const { late, takeovers } = await withStore(({ store }) => stopHolders(root, store, 200));
  if (late > 0) throw new Error(`${late} writes came late`);
  const [measured, base] = [Math.max(...takeovers), ttlMs + 1000];
  return { value: measured / base, measured, base };
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
    title: 'mean share of them while all are at work / the least',
    measure: leastServed,
  },
  {
    name: 'exchanges',
    limit: 1.2,
    unit: 'calls',
    title: 'exchanges with the store / calls',
    measure: exchanges,
  },
  { name: 'rejected', limit: 0, unit: 'calls', title: 'calls rejected meanwhile', measure: rejected },
  {
    name: 'eight',
    limit: 1.053,
    unit: 'ms',
    title: '8 plans with one app, 1,200 listings / the floor',
    measure: eight,
  },
  {
    name: 'troubles',
    limit: 0,
    unit: 'calls',
    title: 'calls rejected where two of eight are killed and the database crashes',
    measure: troubles,
  },
  {
    name: 'plan',
    limit: 1.05,
    unit: 'ms',
    title: 'plan of 200 events with a store / without',
    measure: plan,
  },
  {
    name: 'apply',
    limit: 1.1,
    unit: 'ms',
    title: 'apply of 200 changed events with a store / without',
    measure: apply,
  },
  { name: 'start', limit: 1, unit: 'ms', title: 'start with a store beyond without / 60 ms', measure: start },
]
  .map((figure) => ({ ...figure, name: `store-windows-${figure.name}` }))
  .concat({
    name: 'store-stops',
    limit: 1,
    unit: 'ms',
    title: '200 stops of a holder, none late: takeover at most / lease and 1 s',
    measure: stops,
  });
