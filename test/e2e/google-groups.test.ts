import { expect, test } from 'vitest';
import type { Result } from '../../src/model/result.ts';
import { googleManifest, googleScene, robot } from '../support/google-scene.ts';

const note = 'A group is one attendee: its members are invited through it and are not read (all@corp.com)';
const on = (id: string, ...more: readonly object[]): object => ({
  id,
  summary: id,
  attendees: [
    { email: 'lead@corp.com', reply: 'accepted' },
    { email: 'all@corp.com', reply: 'accepted' },
    ...more,
  ],
});

test('a group that another manifest names is shown as a group where it is removed, and never as a person', async () => {
  const scene = await googleScene(
    {
      groups: [{ email: 'all@corp.com', members: ['ann@corp.com'] }],
      calendars: [{ id: 'lead@corp.com', events: [on('one'), on('two')] }],
    },
    {
      'm/one.yaml': googleManifest('one', [{ email: 'ann@corp.com' }]),
      'm/two.yaml': googleManifest('two', [{ group: 'all@corp.com' }]),
    },
  );
  const { stdout } = await scene.run('plan', 'm', '--target', 'one');
  expect(stdout).toContain('- all@corp.com (group)');
  expect(stdout).toContain(note);
  // What a group is answered with is nobody's reply.
  expect(stdout).not.toContain('accepted');
  const applied = await scene.run('apply', '--auto-approve', 'm', '--format', 'json');
  const { exitCode, events } = JSON.parse(applied.stdout) as Pick<Result, 'exitCode' | 'events'>;
  expect(exitCode).toBe(0);
  const told = events.flatMap(({ changes }) =>
    changes.map(({ action, attendee }) => `${action} ${attendee?.type}`),
  );
  expect(told).toEqual(['remove group', 'add email']);
  const batches = scene.journal().filter(({ action }) => action === 'remove');
  expect(batches).toMatchObject([{ attendees: [{ type: 'group', id: 'all@corp.com' }] }]);
  expect(scene.emulator.attendees('one').map(({ id }) => id)).toEqual(['lead@corp.com', 'ann@corp.com']);
  await scene.close();
});

test('a group within one that a Roster takes in is known from the Directory API', async () => {
  const scene = await googleScene(
    {
      groups: [
        { email: 'everybody@corp.com', members: ['all@corp.com', 'bob@corp.com'] },
        { email: 'all@corp.com', members: ['ann@corp.com'] },
      ],
      accounts: [{ clientEmail: robot, delegated: true }],
      calendars: [{ id: 'lead@corp.com', events: [on('one')] }],
    },
    {
      'm/one.yaml': googleManifest('one', [{ roster: 'staff' }]),
      'm/staff.yaml': JSON.stringify({
        apiVersion: 'rollcall.dev/v1',
        kind: 'Roster',
        metadata: { name: 'staff' },
        spec: { members: [{ group: 'everybody@corp.com' }] },
      }),
    },
  );
  const { stdout, stderr } = await scene.run('plan', 'm');
  expect(stderr).toBe('');
  expect(stdout).toContain('- all@corp.com (group)');
  expect(stdout).toContain('+ ann@corp.com');
  expect(stdout).toContain('+ bob@corp.com');
  await scene.close();
});
