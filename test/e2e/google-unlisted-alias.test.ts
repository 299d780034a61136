import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planDigest } from '../../src/diff/digest.ts';
import {
  alias,
  ann,
  apply,
  bob,
  lead,
  listed,
  manifestOf,
  patches,
  tenantOf,
} from '../support/alias-scene.ts';
import type { Ran } from '../support/cli.ts';
import { type GoogleScene, googleManifest, googleScene } from '../support/google-scene.ts';

/** An alias of which no write tells whose it is, and what saved plans say of aliases. */

describe('an alias that is added, and only vanishes', () => {
  const notListed = 'added but not listed: ann.lee@corp.com. It may be another address of someone';

  /** After a run that added the alias beside the person, and somebody else where told. */
  async function afterVanish(spec: object, more: readonly object[] = []): Promise<GoogleScene> {
    const scene = await googleScene(
      tenantOf([lead, ann]),
      manifestOf([ann, alias, ...more].map(byAddress), spec),
    );
    const first = await apply(scene, 'm');
    expect(first.code, first.stderr + first.stdout).toBe(more.length > 0 ? 4 : 1);
    expect(first.stdout).toContain(notListed);
    expect(first.stdout).toContain('Use the listed address in the manifest');
    return scene;
  }
  const byAddress = ({ email }: { readonly email?: string }): object => ({ email });
  const rewritten = (scene: GoogleScene, attendees: readonly object[]): void =>
    writeFileSync(join(scene.folder, 'm/staff.yaml'), googleManifest('staff', attendees.map(byAddress)));

  test.each([
    ['add-only', []],
    ['exact', []],
    ['add-only', [bob]],
    ['exact', [bob]],
  ])('is not written again, and stays an error (%s, beside %j)', async (sync, more) => {
    const scene = await afterVanish({ sync }, more);
    const written = listed(scene);
    for (const again of [await apply(scene, 'm'), await apply(scene, 'm')]) {
      expect(again.code, again.stdout).toBe(1);
      expect(again.stdout).toContain(
        'was added by an earlier run but is not listed, so it is not sent again',
      );
      expect(again.stderr).toMatch(
        /m\/staff\.yaml:\d+:\d+: warning: staff: ann\.lee@corp\.com was added by the run \S+ of \S+ but is not listed\. .* \[other-address\]/,
      );
    }
    expect(patches(scene)).toBe(1);
    expect(listed(scene)).toEqual(written);
    await scene.close();
  });

  test('holds up nothing else, adds nobody in its place, and lets no removal through that counts on it', async () => {
    const scene = await afterVanish({ sync: 'exact' });
    rewritten(scene, [ann, alias, bob]);
    expect((await apply(scene, 'm')).code).toBe(4);
    expect(listed(scene)).toEqual(['lead@corp.com', 'ann@corp.com', 'bob@corp.com']);
    expect(patches(scene)).toBe(2);
    // Whoever goes may be the one whose address it is: both are written at once, and the platform finds one person.
    rewritten(scene, [alias, bob]);
    const { stdout } = await apply(scene, 'm');
    expect(stdout).toContain('ann.lee@corp.com is another address of ann@corp.com, who is neither removed');
    expect(listed(scene)).toEqual(['lead@corp.com', 'bob@corp.com', 'ann@corp.com']);
    expect((await apply(scene, 'm')).code).toBe(0);
    expect(patches(scene)).toBe(3);
    await scene.close();
  });

  test('is written again once one of those who were listed has gone', async () => {
    const scene = await afterVanish({ sync: 'exact' });
    rewritten(scene, [bob]);
    await apply(scene, '--allow-removals', 'staff=5', 'm');
    expect(listed(scene)).toEqual(['lead@corp.com', 'bob@corp.com']);
    rewritten(scene, [bob, alias]);
    expect((await apply(scene, 'm')).code).toBe(0);
    expect(listed(scene)).toHaveLength(3);
    await scene.close();
  });

  test('is left out by a saved plan where nothing is remembered, and named in no redacted one', async () => {
    const scene = await afterVanish({ sync: 'exact' }, [bob]);
    await scene.run('plan', '--out', 'plan.json', 'm');
    for (const args of [[], ['m']]) {
      const ran = await apply(scene, '--plan', 'plan.json', '--journal-dir', 'none', ...args);
      expect(ran.code).toBe(1);
      expect(ran.stdout).toContain('is not sent again');
    }
    expect(patches(scene)).toBe(1);
    const { stdout } = await scene.run('plan', '--redact', '--format', 'json', 'm');
    expect(stdout).not.toMatch(/ann(\.lee)?@|remembered/);
    await scene.close();
  });
});

test('a plan that removes nobody brings with it what it goes by, and is held to the guards as if it were made here', async () => {
  const ids = ['a', 'b', 'c'].map((name) => `${name}@corp.com`);
  const others = ids.map((id) => `${id[0]}.long@corp.com`);
  const tenant = tenantOf([lead, ...ids.map((email) => ({ email }))], {
    aliases: Object.fromEntries(others.map((other, at) => [other, ids[at]])),
  });
  const scene = await googleScene(tenant, manifestOf([]));
  // One at a time, so that it is known which is whose; all of the others are wanted as they are listed.
  for (const [at, other] of others.entries()) {
    const wanted = ids.map((email, place) => ({ email: place === at ? other : email }));
    writeFileSync(join(scene.folder, 'm/staff.yaml'), googleManifest('staff', wanted));
    expect((await apply(scene, 'm')).code).toBe(1);
  }
  const all = [...others, 'new@corp.com'].map((email) => ({ email }));
  writeFileSync(join(scene.folder, 'm/staff.yaml'), googleManifest('staff', all));
  await scene.run('plan', '--out', 'plan.json', 'm');
  await scene.run('plan', '--out', 'bare.json', '--journal-dir', 'none', 'm');
  // The same additions alone, and nothing of what the plan goes by.
  const { remembered, ...event } = JSON.parse(readFileSync(join(scene.folder, 'plan.json'), 'utf8'))
    .events[0];
  expect(remembered).toHaveLength(3);
  const plan = JSON.parse(readFileSync(join(scene.folder, 'plan.json'), 'utf8'));
  const bare = { ...plan, events: [event] };
  writeFileSync(join(scene.folder, 'bare.json'), JSON.stringify({ ...bare, digest: planDigest(bare) }));
  const saved = (file: string): Promise<Ran> => apply(scene, '--plan', file, '--journal-dir', 'none', 'm');
  const refused = await saved('bare.json');
  expect([refused.code, refused.stdout]).toEqual([3, expect.stringContaining('max-removals')]);
  const done = await saved('plan.json');
  expect(done.code, done.stdout).toBe(0);
  expect(listed(scene)).toEqual(['lead@corp.com', ...ids, 'new@corp.com']);
  await scene.close();
});

test('what a plan says of aliases lets no removal of it through a guard', async () => {
  const people = ['a', 'b', 'c'].map((name) => ({ email: `${name}@corp.com` }));
  const wanted = ['x', 'y', 'z'].map((name) => ({ email: `${name}@corp.com` }));
  const scene = await googleScene(tenantOf([lead, ...people]), manifestOf(wanted));
  await scene.run('plan', '--out', 'plan.json', '--allow-removals', 'staff=3', 'm');
  const plan = JSON.parse(readFileSync(join(scene.folder, 'plan.json'), 'utf8'));
  expect(plan.events[0].changes).toHaveLength(6);
  const of = (ids: readonly string[]): object[] =>
    plan.events[0].changes.filter((one: { attendee: { id: string } }) => ids.includes(one.attendee.id));
  const remembered = [
    { address: 'y@corp.com', other: 'b@corp.com' },
    { address: 'z@corp.com', other: 'c@corp.com' },
  ];
  const changes = of(['a@corp.com', 'x@corp.com']);
  const limits = { ...plan.events[0].limits, allowed: null };
  const summary = { ...plan.summary, add: 1, remove: 1, repliesLost: plan.summary.repliesLost };
  const forged = { ...plan, summary, events: [{ ...plan.events[0], changes, limits, remembered }] };
  writeFileSync(join(scene.folder, 'plan.json'), JSON.stringify({ ...forged, digest: planDigest(forged) }));
  const ran = await apply(scene, '--plan', 'plan.json', 'm');
  expect([ran.code, ran.stdout + ran.stderr]).toEqual([3, expect.stringContaining('max-removals')]);
  expect(patches(scene)).toBe(0);
  await scene.close();
});
