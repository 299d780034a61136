/**
 * One run of many events in virtual time: through the planner, the applier and the rate windows as they are, with a
 * platform in memory behind them. Prints what it took, as JSON. Arguments: the platform, how many events, milliseconds an
 * answer.
 */
import { platforms } from '../../src/platforms/index.ts';
import { farScene } from '../support/far-scene.ts';

const [, , name, count, latency] = process.argv;
const provider = name === 'dingtalk' ? name : 'feishu';
const events = Number(count);
const latencyMs = Number(latency);
const { windows, reads } = platforms[provider];

/** When the last of so many calls of one API can start at the earliest, in milliseconds after the first. */
function lastStartMs(calls: number): number {
  const starts = new Float64Array(calls);
  for (let call = 0; call < calls; call += 1) {
    let start = 0;
    for (const window of windows) {
      if (call >= window.calls) start = Math.max(start, (starts[call - window.calls] ?? 0) + window.perMs);
    }
    starts[call] = start;
  }
  return starts.at(-1) ?? 0;
}

const scene = await farScene(events, { provider, latencyMs: () => latencyMs });
const run = await scene.plan();
const plannedAt = scene.clock.now();
const result = await scene.apply(run);
// Each event is listed twice, and nothing is written before all were listed once.
const applying = Math.max(lastStartMs(2 * events), 2 * lastStartMs(events) + reads.lagMs);
const { user, system } = process.cpuUsage();
process.stdout.write(
  JSON.stringify({
    exitCode: result.exitCode,
    plan: { ms: plannedAt, floor: lastStartMs(events) + latencyMs },
    apply: { ms: scene.clock.now(), floor: applying + latencyMs },
    calls: [...scene.platform.calls.values()].reduce((sum, calls) => sum + calls, 0),
    rejected: scene.platform.rejected.length,
    mebibytes: process.resourceUsage().maxRSS / 1024,
    cpuSeconds: (user + system) / 1e6,
  }),
);
