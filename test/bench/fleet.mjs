import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { here, rollcall, run, withServer } from './processes.mjs';
import { manifest } from './scenes.mjs';
import { withStore } from './store.mjs';

/** What a fleet run takes: so many tenants, of each of which one person is removed, by replicas that share a store. */
const [tenants, replicas, kills] = [2000, 4, 8];

/** How many tenants a replica has side by side. Replicas, database and platform share the cores of one machine here. */
const sideBySide = 8;

/** How long a platform takes for an answer at least and at most, in milliseconds: far away, and nearby. */
const [far, near] = [
  [20, 300],
  [20, 40],
];

function filesOf(url) {
  const numbers = Array.from({ length: tenants }, (_, number) => number);
  const tenant = (number) =>
    `apiVersion: rollcall.dev/v1\nkind: Tenant\nmetadata: { name: t${number} }\nspec: { provider: feishu, manifests: ./t${number} }\n`;
  const event = (number) =>
    manifest(
      'weekly',
      `  provider: feishu\n  calendarId: cal\n  eventId: e${number}_0\n  attendees: [{ user: ou_1 }, { user: ou_2 }]\n`,
    );
  return Object.fromEntries([
    ['fleet.yaml', numbers.map(tenant).join('---\n')],
    ...numbers.flatMap((number) => [
      [`t${number}/event.yaml`, event(number)],
      [`secrets/t${number}/FEISHU_APP_ID`, `cli_${number}`],
      [`secrets/t${number}/FEISHU_APP_SECRET`, 'bench-secret'],
      [`secrets/t${number}/FEISHU_BASE_URL`, url],
    ]),
  ]);
}

/** The tenants on a platform of their own, for as long as `work` takes. */
function withTenants(latencyMs, work) {
  const args = [join(here, 'serve-fleet.mjs'), ...[tenants, ...latencyMs].map(String)];
  return withServer(args, async (url) => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
    try {
      for (const [name, text] of Object.entries(filesOf(url))) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
      const removals = async () => (await fetch(`${url}/removals`)).json();
      return await work({ url, folder, removals });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

/** A replica at work. */
function begin({ folder, store }, name) {
  const options = [
    '--concurrency',
    String(sideBySide),
    '--timeout',
    '5s',
    '--journal-dir',
    join('runs', name),
  ];
  const args = ['fleet', 'apply', 'fleet.yaml', '--run', 'bench', '--yes', '--format', 'json', ...options];
  const child = spawn(process.execPath, [rollcall, ...args], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      ROLLCALL_STORE: store,
      ROLLCALL_TENANTS: 'secrets',
      ROLLCALL_SETTLE: '0s',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  return {
    kill: () => child.kill('SIGKILL'),
    /** What it found of all tenants. */
    ended: once(child, 'close').then(([code]) => {
      if (code === null) return null;
      if (code !== 0)
        throw new Error(`a replica ended with ${code}:\n${stderr.slice(-1000)}${stdout.slice(0, 1000)}`);
      return JSON.parse(stdout);
    }),
  };
}

function check(report, { removals, twice }) {
  const { summary } = report;
  if (summary.done !== tenants || report.tenants.length !== tenants || summary.removed > tenants)
    throw new Error(`a replica says ${JSON.stringify(summary)}`);
  if (removals !== tenants || twice !== 0)
    throw new Error(`${removals} removals for ${tenants} people, ${twice} of them twice`);
}

/** The same calls by as many loops, each of which has its part of the tenants from the beginning. */
function bare() {
  return withTenants(far, async ({ url, removals }) => {
    const startedAt = performance.now();
    const loop = (first) =>
      run([join(here, 'bare-fleet.mjs'), url, ...[first, replicas, tenants, sideBySide].map(String)]);
    await Promise.all(Array.from({ length: replicas }, (_, first) => loop(first)));
    const ms = performance.now() - startedAt;
    const counted = await removals();
    if (counted.removals !== tenants) throw new Error(`the loops removed ${counted.removals}`);
    return ms;
  });
}

function whole() {
  return withStore(({ store }) =>
    withTenants(far, async ({ folder, removals }) => {
      await run([rollcall, 'store', 'init'], { env: { ROLLCALL_STORE: store } });
      const startedAt = performance.now();
      const all = Array.from({ length: replicas }, (_, place) => begin({ folder, store }, `${place}`));
      const reports = await Promise.all(all.map(({ ended }) => ended));
      const ms = performance.now() - startedAt;
      for (const report of reports) check(report, await removals());
      return ms;
    }),
  );
}

/** Without kills. */
async function wall() {
  const base = await bare();
  const measured = await whole();
  return { value: measured / base, measured, base };
}

/** Replicas that are killed at random moments, each of which another takes the place of at once. */
function killed() {
  return withStore(({ store }) =>
    withTenants(near, async ({ folder, removals }) => {
      const startedAt = performance.now();
      const running = Array.from({ length: replicas }, (_, place) => begin({ folder, store }, `${place}`));
      const moments = Array.from({ length: kills }, () => Math.random() * tenants * 0.95).sort(
        (a, b) => a - b,
      );
      for (const [kill, moment] of moments.entries()) {
        while ((await removals()).removals < moment) await new Promise((resolve) => setTimeout(resolve, 20));
        const place = Math.floor(Math.random() * replicas);
        running[place].kill();
        await running[place].ended;
        running[place] = begin({ folder, store }, `again-${kill}`);
      }
      const reports = await Promise.all(running.map(({ ended }) => ended));
      const counted = await removals();
      const ms = Math.round(performance.now() - startedAt);
      const again = reports[0].tenants.filter(({ attempt }) => attempt > 1).length;
      process.stderr.write(`  ${kills} kills: ${again} tenants taken over, ${ms} ms\n`);
      for (const report of reports) check(report, counted);
      return { value: counted.twice, measured: counted.twice, base: counted.removals };
    }),
  );
}

/** What is measured where there is a server. */
export const ofFleet = [
  {
    name: 'fleet-wall',
    limit: 1.4,
    unit: 'ms',
    title: '2,000 tenants by 4 replicas / 4 bare loops',
    measure: wall,
  },
  {
    name: 'fleet-kills',
    limit: 0,
    unit: 'removals',
    title: 'of 2,000 tenants by 4 replicas, 8 of them killed: done twice',
    measure: killed,
  },
];
