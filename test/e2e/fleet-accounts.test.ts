import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main, rollcall } from '../support/cli.ts';
import { newFleet } from '../support/fleet-scene.ts';
import { freshDatabase, noPostgres, postgresBin } from '../support/postgres.ts';
import { manifestOf } from '../support/scene.ts';

if (!existsSync(main)) throw new Error('npm run build first');

describe('tenants of a fleet without a store', () => {
  it('share the windows of an app that they have in common', async () => {
    const names = Array.from({ length: 80 }, (_, index) => `event${index}`);
    const half = (from: number): string =>
      names
        .slice(from, from + 40)
        .map((name) => manifestOf(name, '{ user: ou_ann }'))
        .join('---\n');
    const fleet = await newFleet({
      acme: {
        manifests: half(0),
        events: Object.fromEntries(names.map((name) => [`${name}_0`, 'attendees: [{ user: ou_ann }]'])),
        quota: 'documented',
      },
      beta: { manifests: half(40) },
    });
    const { acme } = fleet.servers;
    fleet.secret('beta', 'FEISHU_BASE_URL', acme?.url ?? '');
    expect((await fleet.run('fleet', 'plan', '--detailed-exitcode')).code).toBe(0);
    expect(acme?.requests.filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('are told the way out that a fleet has: their own files, and the command for one account', async () => {
    const people = Array.from({ length: 10 }, (_, index) => `{ user: ou_${index} }`).join(', ');
    const fleet = await newFleet({
      acme: { manifests: manifestOf('standup', '{ user: ou_1 }'), events: `attendees: [${people}]` },
      beta: {},
    });
    const secrets = join(fleet.folder, 'secrets/beta');
    rmSync(join(secrets, 'FEISHU_APP_SECRET'));
    const { code, stdout } = await fleet.run('fleet', 'plan');
    expect(code).toBe(3);
    expect(stdout)
      .toContain(`  ! max-removals: standup: 9 of 10 managed attendees would be removed, more than half.
    If that is intended, raise guards.maxRemovals, or apply this tenant by itself, with its variables: rollcall apply --allow-removals standup=9.
`);
    expect(stdout).toContain(`A tenant's variables are the files in ${secrets}.`);
  });
});

if (postgresBin() === null) console.warn(noPostgres);

describe.skipIf(postgresBin() === null)('a fleet run that is over', () => {
  it('is said to be over, where a replica comes to it that has nothing to do', async () => {
    const fleet = await newFleet({ acme: {} });
    const env = { ...fleet.env, ROLLCALL_STORE: await freshDatabase() };
    const check = () => rollcall(['fleet', 'plan', '--run', 'nightly'], { cwd: fleet.folder, env });
    const first = await check();
    expect([first.code, first.stderr]).toEqual([0, '']);
    const again = await check();
    expect(again.stdout).toBe(first.stdout);
    expect(again.stderr).toBe(
      'warning: the run nightly had already ended, so nothing was done; its result is shown. Pass another --run for a new one.\n',
    );
  });
});
