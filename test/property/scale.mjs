import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const scenes = [
  ['feishu', 1000],
  ['feishu', 10_000],
  ['feishu', 100_000],
  ['dingtalk', 1000],
];
const latencyMs = 150;

/** Runs one scene in a process of its own, so that its memory is its own. */
async function measured(file, provider, events) {
  const args = [file, provider, String(events), String(latencyMs)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part) => (text += part));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${events} events of ${provider} ended with ${code}`);
  return JSON.parse(text);
}

function timesOf({ ms, floor }) {
  return `${(ms / 1000).toFixed(1)} s, ${(ms / floor).toFixed(3)} x the floor`;
}

/** Plans and applies one removal in each of many events, in virtual time. False: not all of it came to a good end. */
export async function scale() {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-scale-'));
  const file = join(folder, 'scale.mjs');
  let fine = true;
  try {
    const input = fileURLToPath(new URL('scale.ts', import.meta.url));
    await build({ input, platform: 'node', output: { file, codeSplitting: false } });
    process.stdout.write(`one removal in each event, ${latencyMs} ms an answer, the documented windows\n`);
    for (const [provider, events] of scenes) {
      const { exitCode, plan, apply, calls, rejected, mebibytes, cpuSeconds } = await measured(
        file,
        provider,
        events,
      );
      fine &&= exitCode === 0 && rejected === 0;
      process.stdout.write(
        `${provider}, ${events} events: plan ${timesOf(plan)}; plan and apply ${timesOf(apply)}; ` +
          `${calls} calls, ${rejected} rejected; ${Math.round(mebibytes)} MiB, ${cpuSeconds.toFixed(1)} s of processor; exit ${exitCode}\n`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return fine;
}
