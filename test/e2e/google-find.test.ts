import { expect, test } from 'vitest';
import { googleScene } from '../support/google-scene.ts';
import { rollcall } from '../support/cli.ts';

const many = Array.from({ length: 60 }, (_, index) => ({ email: `q${index}@corp.com`, name: `Q ${index}` }));
const tenant = {
  aliases: { 'first@corp.com': 'q0@corp.com' },
  groups: [{ email: 'all@corp.com', members: ['q1@corp.com'] }],
  calendars: [{ id: 'lead@corp.com', events: [{ id: 'staff', summary: 'Staff', attendees: many }] }],
};

test('many addresses are looked up in the list of everybody, and only who is not in it one by one', async () => {
  const scene = await googleScene(tenant, {});
  const addresses = [
    ...many.slice(1).map(({ email }) => email),
    'first@corp.com',
    'all@corp.com',
    'none@corp.com',
  ];
  const find = (...texts: readonly string[]) =>
    scene.run('find', 'people', '--provider', 'google', '--format', 'json', ...texts);
  const calls = (): readonly string[] =>
    scene.emulator.requests.flatMap(({ api }) => (api === 'google.token' ? [] : api.replace('google.', '')));
  const { stdout } = await find(...addresses);
  const { items, missing } = JSON.parse(stdout) as {
    items: { email: string }[];
    missing: object[];
  };
  expect(items).toHaveLength(61);
  expect(items.map(({ email }) => email)).toContain('q0@corp.com');
  expect(missing).toEqual([{ query: 'none@corp.com', reason: 'not-visible' }]);
  expect(calls().filter((api) => api === 'users.list')).toHaveLength(1);
  expect(calls().filter((api) => api === 'user.get')).toHaveLength(2);

  const before = calls().length;
  expect((await find('Q 7', 'first@corp.com')).code).toBe(0);
  expect(calls().slice(before)).toEqual(['users.list']);
  await scene.close();
});

test('import asks for the organizer where a service account acts for people', async () => {
  const scene = await googleScene(tenant, {});
  const { code, stderr } = await scene.run('import', '--provider', 'google', '--event', 'staff');
  expect(code).toBe(1);
  expect(stderr).toContain('--provider google needs --organizer');
  expect(stderr).toContain('Give the address of the person who organizes the event');
  expect(scene.emulator.requests).toEqual([]);
  const { GOOGLE_APPLICATION_CREDENTIALS: _, ...rest } = scene.env;
  const env = { ...rest, GOOGLE_ACCESS_TOKEN: 'given-token' };
  const given = await rollcall(['import', '--provider', 'google', '--event', 'staff'], {
    cwd: scene.folder,
    env,
  });
  expect(given.stderr).not.toContain('--organizer');
  await scene.close();
});
