import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Processes and folders of the measurements. Everything measured runs in a process of its own. */

export const here = fileURLToPath(new URL('.', import.meta.url));
export const rollcall = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** The middle of the values. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Runs Node with these arguments. Resolves to its wall time in milliseconds and its output; another exit code throws. */
export async function run(args, { env = {}, cwd, codes = [0] } = {}) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const [code] = await once(child, 'close');
  const ms = performance.now() - startedAt;
  if (!codes.includes(code))
    throw new Error(`${args.join(' ')} ended with ${code}:\n${stderr}${stdout.slice(0, 500)}`);
  return { ms, stdout, stderr };
}

/** Peak memory of a command line in MiB, and its processor time, user and system, in milliseconds. */
export async function usage(args, options) {
  const { stderr } = await run(['--import', join(here, 'usage.mjs'), ...args], options);
  const [, peak, cpu] = /^peak (\d+) KiB, processor (\d+) us$/m.exec(stderr);
  return { mebibytes: Number(peak) / 1024, cpuMs: Number(cpu) / 1000 };
}

/** A folder with these files, for as long as `work` takes. */
export async function withFolder(files, work) {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A server in a process of its own, which says `ready URL`, for as long as `work` takes. */
export async function withServer(args, work) {
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [line] = await Promise.race([once(server.stdout, 'data'), once(server, 'close')]);
    const url = /^ready (\S+)/.exec(String(line))?.[1];
    if (url === undefined) throw new Error(`no server came of ${args.join(' ')}`);
    return await work(url);
  } finally {
    if (server.exitCode === null) {
      server.kill();
      await once(server, 'close');
    }
  }
}

/** The embedded platform in a process of its own, for as long as `work` takes. */
export async function withPlatform(tenant, options, work) {
  return withFolder({ 'tenant.yaml': tenant }, (folder) =>
    withServer([rollcall, 'emulator', '--tenant', join(folder, 'tenant.yaml'), ...options], work),
  );
}

/** The environment of an app of the embedded platform. */
export function credentials(url) {
  return {
    FEISHU_BASE_URL: url,
    FEISHU_APP_ID: 'cli_bench',
    FEISHU_APP_SECRET: 'bench-secret',
    DINGTALK_BASE_URL: url,
    DINGTALK_APP_KEY: 'cli_bench',
    DINGTALK_APP_SECRET: 'bench-secret',
    ROLLCALL_SETTLE: '0s',
  };
}
