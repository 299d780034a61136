import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Intercept } from '../../src/emulator/intercept.ts';
import { main } from '../support/cli.ts';
import { type Scene, manifestOf, newScene, tenantOf, writeOf } from '../support/scene.ts';

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

async function scene(intercept?: Intercept): Promise<Scene> {
  const at = await newScene(
    {
      tenant: tenantOf({ a_0: 'attendees: [{ user: ou_a }, { user: ou_b }]' }),
      ...(intercept === undefined ? {} : { intercept }),
    },
    { a: manifestOf('a', '{ user: ou_a }') },
  );
  scenes.push(at);
  return at;
}

function apply(at: Scene, stdio: readonly ('ignore' | 'pipe' | number)[], how = '--verbose'): ChildProcess {
  return spawn(process.execPath, [main, 'apply', '--auto-approve', how], {
    cwd: at.folder,
    env: { ...at.env },
    stdio: [...stdio],
  });
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.on('close', resolve);
  });
}

describe('output that nobody can take', () => {
  it('because its reader left does not stop an apply half way, nor change what its exit code says', async () => {
    const at = await scene();
    const child = apply(at, ['ignore', 'pipe', 'pipe']);
    child.stdout?.destroy();
    child.stderr?.destroy();
    expect(await ended(child)).toBe(0);
    expect(at.live('a_0')).toEqual(['ou_a']);
    expect(at.journalLines().at(-1)).toContain('"run-done"');
  });

  it('because its reader left does not keep a signal from ending the run in order', async () => {
    let written = false;
    // The reading after the write is not answered: the signal alone ends the run.
    const at = await scene((call) => {
      written ||= writeOf(call).length > 0;
      if (!written || call.method !== 'GET') return undefined;
      child.kill('SIGINT');
      return { kind: 'hang', when: 'before' };
    });
    const child = apply(at, ['ignore', 'pipe', 'pipe'], '--quiet');
    child.stderr?.destroy();
    expect(await ended(child)).toBe(130);
    expect(at.journalLines().at(-1)).toContain('"run-done"');
  });

  it.runIf(existsSync('/dev/full'))(
    'because the disk is full is an error, after the work is done',
    async () => {
      const at = await scene();
      const full = openSync('/dev/full', 'w');
      const child = apply(at, ['ignore', full, 'pipe']);
      closeSync(full);
      let said = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
      expect(await ended(child)).toBe(1);
      expect(said).toContain('error: the output cannot be written (ENOSPC)');
      expect(said).not.toMatch(/\n\s+at /);
      expect(at.live('a_0')).toEqual(['ou_a']);
    },
  );
});
