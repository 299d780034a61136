import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planDigest } from '../../src/diff/digest.ts';
import { aliasesBefore } from '../../src/run/alias-memory.ts';
import type { Store } from '../../src/store/postgres/store.ts';
import { type Ran, rollcall } from '../support/cli.ts';
import { type GoogleScene, googleManifest, googleScene } from '../support/google-scene.ts';
import { desiredEvent } from '../support/manifest-builders.ts';
import { noPostgres, postgresBin, sharedServer } from '../support/postgres.ts';

/** What a run found of an alias is remembered by later ones, where the Directory API may not be asked. */

const lead = { email: 'lead@corp.com', reply: 'accepted' };
const ann = { email: 'ann@corp.com', name: 'Ann', reply: 'accepted' };
const bob = { email: 'bob@corp.com', reply: 'accepted' };
const alias = { email: 'ann.lee@corp.com' };

function tenantOf(attendees: readonly object[], more: object = {}): Readonly<Record<string, unknown>> {
  return {
    admins: ['boss@corp.com'],
    aliases: { 'ann.lee@corp.com': 'ann@corp.com' },
    calendars: [{ id: 'lead@corp.com', events: [{ id: 'staff', summary: 'Staff', attendees }] }],
    ...more,
  };
}

function manifestOf(attendees: readonly object[], spec: object = {}): Readonly<Record<string, string>> {
  return { 'm/staff.yaml': JSON.stringify(JSON.parse(googleManifest('staff', attendees, spec)), null, 2) };
}

const patches = ({ emulator }: GoogleScene): number =>
  emulator.requests.filter(({ api }) => api === 'google.event.patch').length;

const listed = ({ emulator }: GoogleScene): string[] => emulator.attendees('staff').map(({ id }) => id);

const apply = (scene: GoogleScene, ...args: readonly string[]): Promise<Ran> =>
  scene.run('apply', '--auto-approve', '--verify-timeout', '1s', ...args);

const journals = ({ folder }: GoogleScene): string[] =>
  readdirSync(join(folder, '.rollcall/runs'))
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => join(folder, '.rollcall/runs', name));

/** A scene after the run that came upon the alias. */
async function afterFirst(spec: object = {}, attendees: readonly object[] = [alias]): Promise<GoogleScene> {
  const scene = await googleScene(tenantOf([lead, ann]), manifestOf(attendees, spec));
  // Where nothing else is written the run has failed.
  const first = await apply(scene, 'm');
  expect(first.code, first.stderr + first.stdout).toBe(attendees.length > 1 ? 4 : 1);
  return scene;
}

function rewrite(scene: GoogleScene, change: (text: string) => string): void {
  for (const path of journals(scene)) writeFileSync(path, change(readFileSync(path, 'utf8')));
}

test('an alias that a run has reported is not written again, and each later run warns of it', async () => {
  const scene = await afterFirst();
  const run = /(\d{8}T\d{9}Z-[0-9a-f]{8})\.ndjson/.exec(journals(scene)[0] ?? '')?.[1] ?? '';
  const day = `${run.slice(0, 4)}-${run.slice(4, 6)}-${run.slice(6, 8)}`;
  for (const again of [await apply(scene, 'm'), await apply(scene, 'm')]) {
    expect(again.code).toBe(0);
    const told = again.stderr + again.stdout;
    expect(told).toContain(
      'ann.lee@corp.com is another address of ann@corp.com, who is on the event, so nobody is added or removed for it [other-address]',
    );
    expect(told).toContain(`Write ann@corp.com in the manifest. The run ${run} of ${day} found that.`);
  }
  expect((await scene.run('plan', '--detailed-exitcode', 'm')).code).toBe(0);
  expect(patches(scene)).toBe(1);
  expect(listed(scene)).toEqual(['lead@corp.com', 'ann@corp.com']);
  await scene.close();
});

test('a saved plan is made and applied by it, with the manifests and without', async () => {
  const scene = await afterFirst();
  writeFileSync(
    join(scene.folder, 'm/staff.yaml'),
    googleManifest('staff', [alias, { email: 'new@corp.com' }]),
  );
  await scene.run('plan', '--out', 'plan.json', 'm');
  expect((await apply(scene, '--plan', 'plan.json', 'm')).code).toBe(0);
  expect(listed(scene)).toEqual(['lead@corp.com', 'ann@corp.com', 'new@corp.com']);
  expect((await apply(scene, '--plan', 'plan.json')).code).toBe(0);
  expect(patches(scene)).toBe(2);
  await scene.close();
});

test('nobody is removed where plan and apply do not remember the same', async () => {
  for (const [planDir, applyDir] of [
    ['.rollcall/runs', 'none'],
    ['none', '.rollcall/runs'],
  ] as const) {
    const scene = await afterFirst();
    writeFileSync(
      join(scene.folder, 'm/staff.yaml'),
      googleManifest('staff', [alias, { email: 'new@corp.com' }]),
    );
    await scene.run('plan', '--out', 'plan.json', '--journal-dir', planDir, 'm');
    const { code } = await apply(scene, '--plan', 'plan.json', '--journal-dir', applyDir, 'm');
    // What the plan has of the alias is sent as it is, and reported again.
    expect(code).toBe(planDir === 'none' ? 4 : 0);
    expect(listed(scene).sort()).toEqual(['ann@corp.com', 'lead@corp.com', 'new@corp.com']);
    await scene.close();
  }
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

test.each([
  ['older than 90 days', (text: string) => text.replace(/"at":"20\d\d/g, '"at":"2019')],
  ['of another host', (text: string) => text.replace(/"host":"[^"]*"/, '"host":"other.example"')],
  ['of another account', (text: string) => text.replace(/"appId":"[^"]*"/, '"appId":"other"')],
  ['of another event', (text: string) => text.replaceAll('"eventId":"staff"', '"eventId":"other"')],
  ['of another organizer', (text: string) => text.replaceAll('"organizer":"lead@', '"organizer":"boss@')],
  ['broken', (text: string) => text.slice(text.indexOf('\n') + 1)],
])('a journal that is %s is not used', async (_words, change) => {
  const scene = await afterFirst();
  rewrite(scene, change);
  expect((await apply(scene, 'm')).code).toBe(1);
  expect(patches(scene)).toBe(2);
  await scene.close();
});

test('the Directory is asked all the same, and what it says comes first', async () => {
  const scene = await afterFirst();
  await scene.close();
  const { admins: _asked, ...tenant } = tenantOf([lead, ann], { aliases: {} });
  const events = [{ id: 'other', summary: 'Other', attendees: [{ email: 'ann.lee@corp.com' }] }];
  const calendars = [{ id: 'ann.lee@corp.com', events }];
  const theirs = { ...tenant, calendars: [...(tenant['calendars'] as readonly object[]), ...calendars] };
  const later = await googleScene(theirs, manifestOf([alias]));
  const folder = join(later.folder, '.rollcall/runs');
  mkdirSync(folder, { recursive: true });
  const { host } = new URL(later.emulator.url);
  for (const path of journals(scene)) {
    const text = readFileSync(path, 'utf8').replace(/"host":"[^"]*"/, `"host":"${host}"`);
    writeFileSync(join(folder, path.split('/').at(-1) ?? ''), text);
  }
  const ran = await apply(later, 'm');
  expect(ran.stdout + ran.stderr).not.toContain('other-address');
  expect(ran.code).toBe(0);
  expect(listed(later)).toEqual(['lead@corp.com', 'ann.lee@corp.com']);
  await later.close();
});

test('what one write reports beside changes that it made is remembered as well', async () => {
  const scene = await afterFirst({}, [alias, { email: 'bob@corp.com' }]);
  expect((await apply(scene, 'm')).code).toBe(0);
  expect(patches(scene)).toBe(1);
  await scene.close();
});

test('once nobody is wanted by the alias any more, whoever was kept for it is removed', async () => {
  const scene = await afterFirst({}, [alias, { email: 'bob@corp.com' }]);
  writeFileSync(
    join(scene.folder, 'm/staff.yaml'),
    googleManifest('staff', [{ email: 'bob@corp.com' }], { guards: { maxRemovals: 1 } }),
  );
  const plan = await scene.run('plan', '--detailed-exitcode', 'm');
  expect(plan.stdout).not.toContain('other-address');
  expect((await apply(scene, 'm')).code).toBe(0);
  expect(listed(scene)).toEqual(['lead@corp.com', 'bob@corp.com']);
  await scene.close();
});

test('a redacted plan names the run, and people by labels alone', async () => {
  const scene = await afterFirst();
  for (const format of ['text', 'json', 'markdown', 'html']) {
    const { stdout } = await scene.run('plan', '--redact', '--format', format, 'm');
    expect(stdout).toContain('is another address of');
    expect(stdout).toMatch(/The run `?\d{8}T/);
    expect(stdout).not.toMatch(/ann(\.lee)?@|\bAnn\b/);
  }
  await scene.close();
});

describe('several aliases of one run, of which nobody knows which is whose', () => {
  const other = { email: 'bob.ray@corp.com' };
  const rewritten = (scene: GoogleScene, attendees: readonly object[]): void =>
    writeFileSync(
      join(scene.folder, 'm/staff.yaml'),
      googleManifest('staff', attendees, { guards: { maxRemovals: 2 } }),
    );

  async function afterBoth(): Promise<GoogleScene> {
    const tenant = tenantOf([lead, ann, bob], {
      aliases: { 'ann.lee@corp.com': 'ann@corp.com', 'bob.ray@corp.com': 'bob@corp.com' },
    });
    const scene = await googleScene(tenant, manifestOf([alias, other], { guards: { maxRemovals: 2 } }));
    expect((await apply(scene, 'm')).code).toBe(1);
    return scene;
  }

  test('are not written again, and nobody is removed who may be meant', async () => {
    const scene = await afterBoth();
    for (const again of [await apply(scene, 'm'), await apply(scene, 'm')]) {
      expect(again.code).toBe(0);
      expect(again.stderr + again.stdout).toContain(
        'bob.ray@corp.com is another address of one of ann@corp.com, bob@corp.com, who is on the event',
      );
      expect(again.stderr + again.stdout).toContain(
        'Write one of ann@corp.com, bob@corp.com in the manifest.',
      );
    }
    expect(patches(scene)).toBe(1);
    expect(listed(scene).sort()).toEqual(['ann@corp.com', 'bob@corp.com', 'lead@corp.com']);
    await scene.close();
  });

  test('keep everybody while one of them is wanted, and nobody after that', async () => {
    const scene = await afterBoth();
    rewritten(scene, [other]);
    expect((await apply(scene, 'm')).code).toBe(0);
    rewritten(scene, [other, { email: 'ann@corp.com' }]);
    expect((await apply(scene, 'm')).code).toBe(0);
    expect(patches(scene)).toBe(1);
    rewritten(scene, [{ email: 'bob@corp.com' }]);
    expect((await apply(scene, 'm')).code).toBe(0);
    expect(listed(scene).sort()).toEqual(['bob@corp.com', 'lead@corp.com']);
    await scene.close();
  });

  test('are written again once one of those who may be meant is not on the event any more', async () => {
    const scene = await afterBoth();
    rewritten(scene, [{ email: 'ann@corp.com' }]);
    expect((await apply(scene, 'm')).code).toBe(0);
    rewritten(scene, [alias, other]);
    await apply(scene, 'm');
    // By whichever address the platform lists.
    expect(listed(scene)).toHaveLength(3);
    expect(patches(scene)).toBe(3);
    await scene.close();
  });
});

describe('an alias that is added, and only vanishes', () => {
  const notListed = 'added and not listed: ann.lee@corp.com, so it is another address of somebody';

  /** After a run that added the alias beside the person, and somebody else where told. */
  async function afterVanish(spec: object, more: readonly object[] = []): Promise<GoogleScene> {
    const scene = await googleScene(
      tenantOf([lead, ann]),
      manifestOf([ann, alias, ...more].map(byAddress), spec),
    );
    const first = await apply(scene, 'm');
    expect(first.code, first.stderr + first.stdout).toBe(more.length > 0 ? 4 : 1);
    expect(first.stdout).toContain(notListed);
    expect(first.stdout).toContain('Write the address in the manifest that is listed');
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
        'was added by an earlier run and is not listed, so it is not sent again',
      );
      expect(again.stderr).toMatch(
        /m\/staff\.yaml:\d+:\d+: warning: staff: ann\.lee@corp\.com was added by the run \S+ of \S+ and is not listed, .* \[other-address\]/,
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

test('where no platform has aliases the store is not asked', async () => {
  const asked = (): Promise<never> => Promise.reject(new Error('the store was asked'));
  const store: Store = { where: 'nowhere', query: asked, transaction: asked, close: () => Promise.resolve() };
  const ref = { provider: 'feishu', calendarId: 'c', eventId: 'staff_0' } as const;
  expect(await aliasesBefore([desiredEvent({ ref })], { accounts: {}, store })).toEqual(new Map());
  const google = desiredEvent({ ref: { ...ref, provider: 'google' } });
  await expect(aliasesBefore([google], { accounts: {}, store })).rejects.toThrow('the store was asked');
});

if (postgresBin() === null) console.warn(noPostgres);

describe.skipIf(postgresBin() === null)('with a store', () => {
  test('what any machine came upon is remembered by all, for the same event and account', async () => {
    const server = await sharedServer();
    const store = await server.database();
    const database = /\/(\w+)\?/.exec(store)?.[1] ?? '';
    expect(await rollcall(['store', 'init'], { env: { ROLLCALL_STORE: store } })).toMatchObject({ code: 0 });
    const scene = await googleScene(tenantOf([lead, ann]), manifestOf([alias]));
    let machine = 0;
    const apply = (): Promise<Ran> => {
      machine += 1;
      const args = [
        'apply',
        '--auto-approve',
        '--verify-timeout',
        '1s',
        '--journal-dir',
        `runs-${machine}`,
        'm',
      ];
      return rollcall(args, { cwd: scene.folder, env: { ...scene.env, ROLLCALL_STORE: store } });
    };
    expect((await apply()).code).toBe(1);
    for (const again of [await apply(), await apply()]) {
      expect(again.code).toBe(0);
      expect(again.stderr + again.stdout).toContain('found that.');
    }
    expect(patches(scene)).toBe(1);
    await server.sql(`update rollcall.line set at = at - interval '91 days'`, database);
    expect((await apply()).code).toBe(1);
    expect(patches(scene)).toBe(2);
    await server.sql(
      `update rollcall.run set account = jsonb_set(account, '{google,appId}', '"other"')`,
      database,
    );
    expect((await apply()).code).toBe(1);
    expect(patches(scene)).toBe(3);
    await scene.close();
  });
});
