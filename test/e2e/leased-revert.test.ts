import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Held, heldScene } from '../support/held-scene.ts';
import { noPostgres, postgresBin } from '../support/postgres.ts';

if (postgresBin() === null) console.warn(noPostgres);

const scenes: Held[] = [];
afterEach(async () => {
  for (const one of scenes.splice(0)) await one.close();
});

async function scene(holds: boolean): Promise<Held> {
  const made = await heldScene(holds);
  scenes.push(made);
  return made;
}

const apply = ['apply', '--auto-approve', '--quiet', '--format', 'json'] as const;

describe.skipIf(postgresBin() === null)('a revert', () => {
  it('is a run of its own, under leases', async () => {
    const { at, run, sql } = await scene(false);
    expect((await run(...apply)).code).toBe(0);
    const [journal = ''] = readdirSync(join(at.folder, '.rollcall/runs'));
    const undone = await run('revert', join('.rollcall/runs', journal), '--auto-approve', '--quiet');
    expect(undone.code).toBe(0);
    expect(at.live('a_0')).toEqual(['ou_a', 'ou_b']);
    expect(await sql('select kind, exit_code from rollcall.run order by started_at')).toEqual([
      { kind: 'apply', exit_code: 0 },
      { kind: 'revert', exit_code: 0 },
    ]);
    expect(await sql('select epoch, written from rollcall.lease')).toEqual([{ epoch: 2, written: 2 }]);
  });

  it('by the name of a run waits until nothing of that run can come any more', async () => {
    const { at, run, start, sql, reached, letGo } = await scene(true);
    const killed = start(...apply);
    await reached;
    const [{ id = '' } = {}] = await sql('select id from rollcall.run');
    const undo = ['revert', String(id), '--auto-approve', '--quiet'];
    expect(await run(...undo)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`the run ${String(id)} is still running`),
    });
    killed.kill('SIGKILL');
    await killed.ran;
    await sql(`update rollcall.run set expires_at = clock_timestamp() - interval '20 s'`);
    const refused = await run(...undo);
    expect([refused.code, at.live('a_0')]).toEqual([1, ['ou_a', 'ou_b']]);
    expect(refused.stderr).toMatch(
      /the run \S+ ended while a change was on its way, which the platform may still make\n {2}Revert it again in \d+ s/,
    );
    letGo();
    await expect.poll(() => at.live('a_0')).toEqual(['ou_a', 'ou_b', 'ou_n']);
    await sql(`update rollcall.run set expires_at = clock_timestamp() - interval '61 s'`);
    expect((await run(...undo)).code).toBe(0);
    expect(at.live('a_0')).toEqual(['ou_a', 'ou_b']);
  });
});
