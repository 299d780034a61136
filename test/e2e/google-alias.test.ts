import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { googleManifest, googleScene } from '../support/google-scene.ts';

/** A manifest names somebody by an alias who is on the event by the primary address. */
const attendees = [
  { email: 'lead@corp.com', reply: 'accepted' },
  { email: 'ann@corp.com', name: 'Ann', reply: 'accepted', comment: 'ten minutes late', additionalGuests: 1 },
  { email: 'bob@corp.com', reply: 'declined' },
];
const tenant = {
  // The service account may not ask whose an address is.
  admins: ['boss@corp.com'],
  aliases: { 'ann.lee@corp.com': 'ann@corp.com' },
  calendars: [{ id: 'lead@corp.com', events: [{ id: 'staff', summary: 'Staff', attendees }] }],
};
const manifest = googleManifest('staff', [
  { email: 'ann.lee@corp.com' },
  { email: 'bob@corp.com' },
  { email: 'new@corp.com' },
]);

test.each(['kept', 'reset'])(
  'somebody who is named by another address is neither removed nor added, and keeps the reply (%s)',
  async (aliasSwap) => {
    const scene = await googleScene(tenant, { 'm/staff.yaml': manifest }, { aliasSwap });
    const { code, stdout } = await scene.run('apply', '--auto-approve', 'm');
    expect(stdout).toContain(
      'ann.lee@corp.com is another address of ann@corp.com, who is neither removed nor added',
    );
    expect(stdout).toContain('Use the listed address in the manifest');
    expect(stdout).toContain('1 added, 0 removed, 2 failed');
    expect(code).toBe(4);
    expect(scene.emulator.attendees('staff')).toEqual([
      { type: 'email', id: 'lead@corp.com', optional: false, reply: 'accepted' },
      { type: 'email', id: 'bob@corp.com', optional: false, reply: 'declined' },
      { type: 'email', id: 'ann@corp.com', optional: false, reply: 'accepted' },
      { type: 'email', id: 'new@corp.com', optional: false, reply: 'needsAction' },
    ]);
    const patches = scene.emulator.requests.filter(({ api }) => api === 'google.event.patch');
    expect(patches).toHaveLength(aliasSwap === 'kept' ? 1 : 2);
    const actions = scene.journal().flatMap(({ kind, action }) => (kind === 'batch-started' ? [action] : []));
    expect(actions).toEqual(aliasSwap === 'kept' ? ['remove', 'add'] : ['remove', 'add', 'reply']);
    if (aliasSwap === 'reset') {
      expect(stdout).toContain(
        'A write cost people their replies, which were put back: Ann (ann@corp.com) (accepted)',
      );
      const [, back] = patches;
      expect(back?.query['sendUpdates']).toBe('none');
      expect(back?.headers['if-match']).toMatch(/^"\d+"$/);
      const row = { email: 'ann@corp.com', comment: 'ten minutes late', additionalGuests: 1 };
      expect(back?.body).toMatchObject({ attendees: expect.arrayContaining([expect.objectContaining(row)]) });
    }
    await scene.close();
  },
);

test('a run that came upon an alias is undone without it', async () => {
  const scene = await googleScene(tenant, { 'm/staff.yaml': manifest }, { aliasSwap: 'reset' });
  await scene.run('apply', '--auto-approve', 'm');
  const [journal = ''] = readdirSync(join(scene.folder, '.rollcall/runs'));
  const { code } = await scene.run('revert', '--auto-approve', `.rollcall/runs/${journal}`);
  expect(code).toBe(0);
  expect(scene.emulator.attendees('staff').map(({ id, reply }) => `${id} ${reply}`)).toEqual([
    'lead@corp.com accepted',
    'bob@corp.com declined',
    'ann@corp.com accepted',
  ]);
  await scene.close();
});
