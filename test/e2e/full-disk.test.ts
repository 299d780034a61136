import { spawn } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import type { Result } from '../../src/model/result.ts';
import { main } from '../support/cli.ts';
import { type Scene, manifestOf, newScene, tenantOf } from '../support/scene.ts';

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

const names = ['a', 'b', 'c', 'd'] as const;

/** Four events, each with 20 people to add. */
async function four(): Promise<Scene> {
  const wanted = Array.from({ length: 20 }, (_, index) => `{ user: ou_${index} }`).join(', ');
  const scene = await newScene(
    { tenant: tenantOf(Object.fromEntries(names.map((name) => [`${name}_0`, 'attendees: []']))) },
    Object.fromEntries(names.map((name) => [name, manifestOf(name, wanted)])),
  );
  scenes.push(scene);
  return scene;
}

/** Applies where no file grows beyond so many KiB, as on a disk that fills up. */
function applyWithin(
  { folder, env }: Scene,
  kib: number,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const script = `trap '' XFSZ; ulimit -f ${kib}; exec "$0" "$@"`;
  const args = [main, 'apply', '--auto-approve', '--quiet', '--concurrency', '1', '--format', 'json'];
  const child = spawn('bash', ['-c', script, process.execPath, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

it('tells what was done and exits with 4 where the disk fills up in mid-run', async () => {
  const scene = await four();
  const { code, stdout, stderr } = await applyWithin(scene, 4);
  expect(stderr).toMatch(/^error: the journal .+ cannot be written: EFBIG/m);
  expect(code).toBe(4);
  const result = JSON.parse(stdout) as Result;
  expect(result.exitCode).toBe(4);
  expect(result.journal).toBe(scene.journal());
  expect(result.requests.used).toBeGreaterThan(0);
  const [first, ...others] = result.events;
  expect(first?.changes.every(({ outcome }) => outcome === 'done')).toBe(true);
  expect(scene.live('a_0')).toHaveLength(20);
  expect(others.at(-1)?.outcome).toBe('not-attempted');
  expect(scene.live('d_0')).toEqual([]);
  expect(await scene.run('apply', '--auto-approve', '--quiet')).toMatchObject({ code: 0 });
});

it('is an error alone where the journal cannot even begin', async () => {
  const scene = await four();
  const { code, stdout, stderr } = await applyWithin(scene, 0);
  expect(stderr).toMatch(/^error: the journal .+ cannot be written/m);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(scene.writes()).toEqual([]);
});
