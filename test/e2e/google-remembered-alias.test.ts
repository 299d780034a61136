import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aliasesBefore } from '../../src/run/alias-memory.ts';
import type { Store } from '../../src/store/postgres/store.ts';
import { type Ran, rollcall } from '../support/cli.ts';
import { type GoogleScene, googleManifest, googleScene } from '../support/google-scene.ts';
import {
  afterFirst,
  alias,
  ann,
  apply,
  bob,
  journals,
  lead,
  listed,
  manifestOf,
  patches,
  tenantOf,
} from '../support/alias-scene.ts';
import { desiredEvent } from '../support/manifest-builders.ts';
import { noPostgres, postgresBin, sharedServer } from '../support/postgres.ts';

/** What a run found of an alias is remembered by later ones, where the Directory API may not be asked. */

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
    expect(told).toContain(`Write ann@corp.com in the manifest. Found by the run ${run} of ${day}.`);
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
    expect(stdout).toMatch(/Found by the run `?\d{8}T/);
    expect(stdout).not.toMatch(/ann(\.lee)?@|\bAnn\b/);
  }
  await scene.close();
});

/** A series of which one occurrence, and no other, has the person by the primary address. */
const series = {
  id: 'weekly',
  summary: 'Weekly',
  start: '2098-10-06T02:00:00Z',
  end: '2098-10-06T03:00:00Z',
  recurrence: 'FREQ=WEEKLY',
  attendees: [lead, alias],
  exceptions: [
    { original: '2098-12-08T02:00:00Z', start: '2098-12-08T06:00:00Z', attendees: [lead, ann] },
    { original: '2098-12-15T02:00:00Z', start: '2098-12-15T06:00:00Z', attendees: [lead, ann] },
  ],
};
const seriesManifest = {
  'm/weekly.yaml': googleManifest('weekly', [alias], { exceptions: 'follow' }),
};
const onSeries = ['--auto-approve', '--verify-timeout', '1s', '--as-of', '2098-11-20'];

test('what is found on an occurrence is remembered for its series', async () => {
  const scene = await googleScene(
    tenantOf([], { calendars: [{ id: 'lead@corp.com', events: [series] }] }),
    seriesManifest,
  );
  const first = await scene.run('apply', ...onSeries, 'm');
  expect(first.code, first.stderr + first.stdout).toBe(1);
  const sent = patches(scene);
  expect(sent).toBe(2);
  const again = await scene.run('apply', ...onSeries, 'm');
  expect(again.code, again.stdout + again.stderr).toBe(0);
  expect(again.stderr).toContain('weekly@2098-12-08: ann.lee@corp.com is another address of ann@corp.com');
  expect(patches(scene)).toBe(sent);
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
      expect(again.stderr + again.stdout).toContain('Found by the run');
    }
    expect(patches(scene)).toBe(1);
    // Others have events of the same name, by the hundred and newer.
    const as = `'2999' || lpad(i::text, 4, '0') || substr(r.id, 9)`;
    const copies = 'from rollcall.run r, generate_series(1, 120) i';
    await server.sql(
      `insert into rollcall.run select (jsonb_populate_record(r, jsonb_build_object('id', ${as}))).* ${copies};
       insert into rollcall.line select (jsonb_populate_record(l, jsonb_build_object('run', ${as},
         'key', case when l.key is not null then 'of/another' end,
         'line', replace(l.line::text, '"eventId": "staff"', '"eventId": "another"')::jsonb))).*
       ${copies}, rollcall.line l where l.run = r.id`,
      database,
    );
    expect((await apply()).code).toBe(0);
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

  test('what is found on an occurrence is remembered for its series', async () => {
    const server = await sharedServer();
    const env = { ROLLCALL_STORE: await server.database() };
    expect(await rollcall(['store', 'init'], { env })).toMatchObject({ code: 0 });
    const scene = await googleScene(
      tenantOf([], { calendars: [{ id: 'lead@corp.com', events: [series] }] }),
      seriesManifest,
    );
    const applied = (dir: string): Promise<Ran> =>
      rollcall(['apply', ...onSeries, '--journal-dir', dir, 'm'], {
        cwd: scene.folder,
        env: { ...scene.env, ...env },
      });
    expect((await applied('one')).code).toBe(1);
    expect((await applied('two')).code).toBe(0);
    expect(patches(scene)).toBe(2);
    await scene.close();
  });
});
