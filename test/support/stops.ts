import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { build } from 'rolldown';

/** What became of a number of stops. */
export interface Stops {
  /** Writes of a holder that came after one of the next. */
  readonly late: number;
  /** From each stop to the first write of the next holder, in milliseconds. */
  readonly takeovers: readonly number[];
}

/** How long a run is taken for alive that says nothing, in milliseconds. */
export const ttlMs = 500;

/** How long a call of it may go on; so long does the next holder wait where a batch was under way. */
const callMs = 700;

/**
 * Two processes want to write to one event, on a store. The one that holds it is stopped at some moment, for longer than its
 * lease, and then it goes on: again and again. A stop between the last check and the system's taking of the bytes is no fault
 * as long as it ends before the lease and a call are over, so none takes longer.
 */
export async function stopHolders(root: string, url: string, count: number): Promise<Stops> {
  const folder = mkdtempSync(join(root, 'node_modules/.rollcall-holder-'));
  const file = join(folder, 'holder.mjs');
  const input = join(root, 'test/support/lease-holder.ts');
  await build({
    input,
    platform: 'node',
    external: /^(pg|undici)(\/|$)/,
    output: { file },
    logLevel: 'silent',
  });
  let [epoch, holder, late] = [0, 0, 0];
  let told: () => void = () => {};
  const platform = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://platform').searchParams;
    const own = Number(query.get('epoch'));
    if (own < epoch) late += 1;
    if (own > epoch) [epoch, holder] = [own, Number(query.get('pid'))];
    told();
    request.resume().on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => {
    platform.listen(0, '127.0.0.1', resolve);
  });
  const address = platform.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const env = {
    ROLLCALL_STORE: url,
    PLATFORM: `http://127.0.0.1:${port}`,
    TTL_MS: String(ttlMs),
    CALL_MS: String(callMs),
  };
  const processes: ChildProcess[] = [];
  try {
    for (let one = 0; one < 2; one += 1) {
      processes.push(spawn(process.execPath, [file], { env, stdio: ['ignore', 'ignore', 'inherit'] }));
    }
    const until = (holds: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        told = () => {
          if (holds()) resolve();
        };
      });
    await until(() => epoch > 0);
    const takeovers: number[] = [];
    for (let stop = 0; stop < count; stop += 1) {
      // At any moment of a lease, and of a write.
      await rest(Math.random() * ttlMs);
      const [stopped, before, at] = [holder, epoch, performance.now()];
      process.kill(stopped, 'SIGSTOP');
      const taken = until(() => epoch > before && holder !== stopped).then(() => performance.now() - at);
      await rest(ttlMs + 100 + Math.random() * 350);
      process.kill(stopped, 'SIGCONT');
      takeovers.push(await taken);
    }
    return { late, takeovers };
  } finally {
    for (const one of processes) one.kill('SIGKILL');
    platform.closeAllConnections();
    platform.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
