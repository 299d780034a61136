import { join } from 'node:path';
import { applyFloorMs, planFloorMs } from './floor.mjs';
import { credentials, rollcall, run, withFolder, withPlatform } from './processes.mjs';
import { manifestsOf, tenantOf } from './scenes.mjs';

/** One removal in each of 400 events of a platform that answers late and keeps to its documented windows. */

const events = 400;
const latencies = [20, 150, 300];
const provider = 'feishu';

/**
 * The calls that it takes: one that asks who of those that are wanted has left, a listing and a look an event; for apply a
 * removal and one more listing besides.
 */
const calls = { plan: 1 + 2 * events, apply: 1 + 4 * events };

const floors = {
  plan: (latencyMs) => planFloorMs(provider, events, latencyMs),
  apply: (latencyMs) => applyFloorMs(provider, { listings: events, writes: events, latencyMs }),
};

/** Runs one command with the documented windows and lag, its start-up included. */
function measure(command, latencyMs) {
  const { ROLLCALL_SETTLE: _, ...account } = credentials('');
  // A platform of its own: no call of before is in its windows.
  const server = ['--quota', 'documented', '--latency', String(latencyMs)];
  return withPlatform(tenantOf(events, 3), server, (url) =>
    withFolder(manifestsOf(events, 2), async (folder) => {
      const env = { ...account, FEISHU_BASE_URL: url };
      const options = command === 'apply' ? ['--auto-approve', '--journal-dir', join(folder, 'runs')] : [];
      const { ms, stdout } = await run([rollcall, command, folder, '--format', 'json', ...options], { env });
      const { requests, summary } = JSON.parse(stdout);
      const done = command === 'apply' ? summary.converged : summary.changed;
      if (done !== events) throw new Error(`${done} of ${events} events at ${latencyMs} ms`);
      const made = requests.used;
      return { ms, rejected: made - calls[command] };
    }),
  );
}

const known = new Map();

/** Both commands at each latency, measured once. */
async function measured(command, latencyMs) {
  const key = `${command} ${latencyMs}`;
  if (!known.has(key)) {
    const { ms, rejected } = await measure(command, latencyMs);
    const floor = floors[command](latencyMs);
    process.stderr.write(
      `  ${command} at ${latencyMs} ms: ${Math.round(ms)} ms, floor ${floor} ms, ${(ms / floor).toFixed(2)}; ${rejected} calls rejected\n`,
    );
    known.set(key, { value: ms / floor, measured: ms, base: floor, rejected });
  }
  return known.get(key);
}

/** The worst of the latencies. */
export async function farAway(command) {
  const all = [];
  for (const latencyMs of latencies) all.push(await measured(command, latencyMs));
  return all.reduce((worst, one) => (one.value > worst.value ? one : worst));
}

/** Calls that the platform rejected and that were sent again, of both commands at all latencies. */
export async function rejectedCalls() {
  let rejected = 0;
  let made = 0;
  for (const command of ['plan', 'apply']) {
    for (const latencyMs of latencies) {
      rejected += (await measured(command, latencyMs)).rejected;
      made += calls[command];
    }
  }
  return { value: rejected, measured: rejected, base: made };
}
