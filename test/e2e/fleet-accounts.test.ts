import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { main } from '../support/cli.ts';
import { newFleet } from '../support/fleet-scene.ts';
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
});
