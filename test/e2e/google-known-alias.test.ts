import { expect, test } from 'vitest';
import { type GoogleScene, googleManifest, googleScene, robot } from '../support/google-scene.ts';

/** Where the Directory API tells whose an address is, an alias in a manifest is taken for whom it stands for. */

const lead = { email: 'lead@corp.com', reply: 'accepted' };
const ann = { email: 'ann@corp.com', name: 'Ann', reply: 'accepted' };
const aliases = { 'ann.lee@corp.com': 'ann@corp.com' };

function tenantOf(attendees: readonly object[], more: object = {}): Readonly<Record<string, unknown>> {
  return {
    aliases,
    calendars: [{ id: 'lead@corp.com', events: [{ id: 'staff', summary: 'Staff', attendees }] }],
    ...more,
  };
}

/** An Event in block style, so that warnings have lines to name. */
function manifestOf(attendees: readonly object[], spec: object = {}): Readonly<Record<string, string>> {
  return { 'm/staff.yaml': JSON.stringify(JSON.parse(googleManifest('staff', attendees, spec)), null, 2) };
}

const callsOf = ({ emulator }: GoogleScene, api: string): number =>
  emulator.requests.filter((request) => request.api === `google.${api}`).length;

const listed = ({ emulator }: GoogleScene): string[] =>
  emulator.attendees('staff').map(({ id, reply }) => `${id} ${reply}`);

async function applied(
  scene: GoogleScene,
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const { code, stdout, stderr } = await scene.run('apply', '--auto-approve', '--verify-timeout', '1s', 'm');
  return { code, stdout: stderr + stdout };
}

test('somebody listed by the primary address is left alone, and no run writes for the alias', async () => {
  const files = manifestOf([{ email: 'ann.lee@corp.com' }, { email: 'new@corp.com' }]);
  const scene = await googleScene(tenantOf([lead, ann]), files);
  const first = await applied(scene);
  expect(first.stdout).toContain(
    'staff: ann.lee@corp.com is another address of ann@corp.com, who is on the event, so nobody is added or removed for it [other-address]',
  );
  expect(first.stdout).toMatch(/m\/staff\.yaml:\d+:\d+/);
  expect(first.stdout).toContain('Write ann@corp.com in the manifest.');
  expect(first.code).toBe(0);
  for (const again of [await applied(scene), await applied(scene)]) {
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('who is on the event');
  }
  const { code } = await scene.run('plan', '--detailed-exitcode', 'm');
  expect(code).toBe(0);
  expect(callsOf(scene, 'event.patch')).toBe(1);
  expect(listed(scene)).toEqual([
    'lead@corp.com accepted',
    'ann@corp.com accepted',
    'new@corp.com needsAction',
  ]);
  await scene.close();
});

test('an alias that comes back as the primary address is reported once and not added again', async () => {
  const scene = await googleScene(tenantOf([lead]), manifestOf([{ email: 'ann.lee@corp.com' }]), {
    aliasListed: 'primary',
  });
  const first = await applied(scene);
  expect(first.code).toBe(4);
  expect(first.stdout).toContain('the addition was accepted, but the attendee is not listed as requested');
  expect([(await applied(scene)).code, (await applied(scene)).code]).toEqual([0, 0]);
  expect(callsOf(scene, 'event.patch')).toBe(1);
  await scene.close();
});

test('somebody who is wanted by two addresses is one attendee, which is told once', async () => {
  const files = manifestOf([{ email: 'ann.lee@corp.com' }, { email: 'ann@corp.com' }]);
  const scene = await googleScene(tenantOf([lead, ann]), files);
  const { code, stdout } = await scene.run('plan', '--detailed-exitcode', 'm');
  expect(code).toBe(0);
  expect(stdout.match(/\[other-address\]/g)).toHaveLength(1);
  await scene.close();
});

test('an alias under ignore keeps whoever is listed by the primary address', async () => {
  const bob = { email: 'bob@corp.com' };
  const files = manifestOf([bob], { ignore: [{ email: 'ann.lee@corp.com' }] });
  const scene = await googleScene(tenantOf([lead, ann, bob, { email: 'gone@corp.com' }]), files);
  const { stdout } = await applied(scene);
  expect(stdout).toContain(
    'ignore has ann.lee@corp.com, which is another address of ann@corp.com, who is left alone',
  );
  expect(listed(scene)).toEqual([
    'lead@corp.com accepted',
    'ann@corp.com accepted',
    'bob@corp.com needsAction',
  ]);
  await scene.close();
});

test('a primary address in the manifest is whom the event lists by an alias', async () => {
  const row = { email: 'ann.lee@corp.com', reply: 'accepted' };
  const scene = await googleScene(tenantOf([lead, row]), manifestOf([{ email: 'ann@corp.com' }]));
  const { code, stdout } = await scene.run('plan', '--detailed-exitcode', 'm');
  expect(stdout).toContain('Write ann.lee@corp.com in the manifest.');
  expect(code).toBe(0);
  await scene.close();
});

test('a flag that an alias asks for is told and not set', async () => {
  const files = manifestOf([{ email: 'ann.lee@corp.com', optional: true }], { optionalDrift: 'replace' });
  const scene = await googleScene(tenantOf([lead, ann]), files);
  const { code, stdout } = await scene.run('plan', '--detailed-exitcode', '--format', 'json', 'm');
  expect(code).toBe(0);
  const { events } = JSON.parse(stdout) as { events: readonly { drift: readonly object[] }[] };
  expect(events[0]?.drift).toMatchObject([{ attendee: { id: 'ann.lee@corp.com', optional: true } }]);
  await scene.close();
});

/** A company that got another domain: manifests still have the old one. */
const staff = Array.from({ length: 12 }, (_, index) => `p${index}`);
const renamed = {
  domains: ['corp.com', 'old.org'],
  aliases: Object.fromEntries(staff.map((name) => [`${name}@old.org`, `${name}@corp.com`])),
  calendars: [
    {
      id: 'lead@corp.com',
      events: [
        {
          id: 'staff',
          summary: 'Staff',
          attendees: [lead, ...staff.map((name) => ({ email: `${name}@corp.com` }))],
        },
      ],
    },
  ],
};
const ofOld = manifestOf(
  [...staff.map((name) => ({ email: `${name}@old.org` })), { email: 'new@corp.com' }],
  {
    internalDomains: ['corp.com', 'old.org'],
  },
);

test('a saved plan that has to follow from manifests is applied, though by their addresses all would be replaced', async () => {
  const scene = await googleScene(renamed, ofOld);
  const { stdout } = await scene.run('plan', '--out', 'plan.json', '--format', 'json', 'm');
  const plan = JSON.parse(stdout) as {
    readonly requests: { readonly used: number; readonly needed: number };
    readonly diagnostics: readonly { readonly code: string; readonly more?: number }[];
  };
  expect(plan.diagnostics.filter(({ code }) => code === 'other-address')).toHaveLength(11);
  expect(plan.diagnostics.at(-1)).toMatchObject({ code: 'other-address', more: 2 });
  const asked = scene.emulator.requests.filter(({ api }) => api !== 'google.token').length;
  expect(plan.requests.used).toBe(asked);
  const { code } = await scene.run('apply', '--auto-approve', '--plan', 'plan.json', 'm');
  expect(code).toBe(0);
  // By the manifest alone twelve would be removed: whose their addresses are is asked again.
  expect(callsOf(scene, 'user.get')).toBe(26);
  expect(listed(scene)).toHaveLength(14);
  await scene.close();
});

test('a redacted plan says whose addresses they are by labels alone', async () => {
  const scene = await googleScene(tenantOf([lead, ann]), manifestOf([{ email: 'ann.lee@corp.com' }]));
  for (const format of ['text', 'json', 'markdown', 'html']) {
    const { stdout } = await scene.run('plan', '--redact', '--format', format, 'm');
    expect(stdout).toContain('is another address of');
    expect(stdout).not.toMatch(/ann(\.lee)?@|\bAnn\b/);
  }
  await scene.close();
});

test('where the Directory may not be asked that is found out once, and said nowhere', async () => {
  const events = ['a', 'b', 'c'].map((id) => ({ id, summary: id, attendees: [lead] }));
  const files = Object.fromEntries(
    events.map(({ id }) => [`m/${id}.yaml`, googleManifest(id, [{ email: `${id}@corp.com` }])]),
  );
  const calendars = [{ id: 'lead@corp.com', events }];
  const refused = await googleScene({ calendars, admins: ['boss@corp.com'] }, files);
  const { stdout } = await refused.run('plan', 'm');
  expect(stdout).not.toContain('address');
  expect(stdout).toContain('3 to add');
  expect(callsOf(refused, 'user.get')).toBe(1);
  await refused.close();

  const scopes = ['https://www.googleapis.com/auth/calendar.events.owned'];
  const admin = { accounts: [{ clientEmail: robot, delegated: true, scopes }] };
  const undelegated = await googleScene({ calendars, ...admin }, files);
  const env = { ...undelegated.env, GOOGLE_ADMIN_SUBJECT: 'lead@corp.com' };
  const { rollcall } = await import('../support/cli.ts');
  const ran = await rollcall(['plan', 'm'], { cwd: undelegated.folder, env });
  expect(ran.stdout).toContain('3 to add');
  expect(callsOf(undelegated, 'user.get')).toBe(0);
  await undelegated.close();
});

test('whichever are fewer are asked for, and of very many the list of everybody is read', async () => {
  const many = Array.from({ length: 60 }, (_, index) => ({ email: `q${index}@corp.com` }));
  const fill = await googleScene(tenantOf([lead]), manifestOf(many));
  await fill.run('plan', 'm');
  expect(callsOf(fill, 'user.get')).toBe(1);
  await fill.close();

  const others = Array.from({ length: 60 }, (_, index) => ({ email: `r${index}@corp.com` }));
  const changed = await googleScene(
    tenantOf([lead, ann, ...others]),
    manifestOf([...many, { email: 'ann.lee@corp.com' }]),
  );
  const { stdout } = await changed.run('plan', 'm');
  expect(stdout).toContain('ann.lee@corp.com is another address of ann@corp.com');
  expect([callsOf(changed, 'user.get'), callsOf(changed, 'users.list')]).toEqual([0, 1]);
  await changed.close();
});
