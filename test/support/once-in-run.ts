import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whose end ends what is shared: the workers of a run have one parent. */
const run = process.env['VITEST'] === undefined ? process.pid : process.ppid;

/** A folder that all tests of a run share. */
export function sharedFolder(name: string): string {
  return join(tmpdir(), `rollcall-${name}-of-${run}`);
}

/** Has one worker of a run make what is in a shared folder, and the others wait for it. */
export async function onceInRun(name: string, make: () => void | Promise<void>): Promise<void> {
  const folder = sharedFolder(name);
  const ready = join(folder, 'ready');
  try {
    mkdirSync(folder);
  } catch {
    await until(() => existsSync(ready), `what another worker makes in ${folder}`);
    return;
  }
  guard(folder, run);
  await make();
  writeFileSync(ready, '');
}

/** Takes a folder away, and ends the server in it, once a process has ended: also one that is killed. A shell that looks would start programs. */
export function guard(folder: string, pid: number): void {
  const script = `trap '' INT TERM HUP
tail --pid "$2" -s 1 -f /dev/null
[ -d "$1" ] || exit 0
kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"
sleep 0.3
rm -rf "$1"`;
  const args = ['-c', script, 'guard', folder, String(pid)];
  spawn('sh', args, { detached: true, stdio: 'ignore', cwd: '/' }).unref();
}

/** Looks until something holds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 30_000; !holds();) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
