import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

/** The rows of the platforms, which nothing that is published hands out by themselves. */
const { platforms } = await rows();

async function rows() {
  const input = fileURLToPath(new URL('../../src/platforms/index.ts', import.meta.url));
  const { output } = await build({ input, platform: 'node', write: false });
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}

/**
 * When the last of so many calls of one API can start at the earliest, in milliseconds after the first: each waits until
 * the call that it follows by a window's length has left every window of the platform's row.
 */
export function lastStartMs(provider, calls) {
  const starts = [];
  for (let call = 0; call < calls; call += 1) {
    const free = platforms[provider].windows.map(
      (window) => (starts[call - window.calls] ?? -window.perMs) + window.perMs,
    );
    starts.push(Math.max(0, ...free));
  }
  return starts.at(-1) ?? 0;
}

/**
 * What nobody can plan a change an event faster than: a token, a listing an event, and then a look at the last one: three
 * answers, each of which has to be there before the next call.
 */
export function planFloorMs(provider, listings, latencyMs) {
  return lastStartMs(provider, listings) + 3 * latencyMs;
}

/**
 * What nobody can apply a change an event faster than: nothing is written before all was listed, a write an event, the
 * platform's lag before the last one shows, and the listing that shows it; all of the listings are under the same windows,
 * and five answers have to be waited for in turn.
 */
export function applyFloorMs(provider, { listings, writes, latencyMs }) {
  const { lagMs } = platforms[provider].reads;
  const inTurn = lastStartMs(provider, listings) + lastStartMs(provider, writes) + lagMs;
  return Math.max(inTurn, lastStartMs(provider, listings + writes)) + 5 * latencyMs;
}
