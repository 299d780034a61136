import { afterEach, describe, expect, it } from 'vitest';
import { rollcall, type Ran } from '../support/cli.ts';
import { type GoogleScene, googleScene, robot } from '../support/google-scene.ts';

const tenant = (scopes?: readonly string[]): object => ({
  subject: 'lead@corp.com',
  accounts: [
    { clientEmail: robot, delegated: scopes !== undefined, ...(scopes === undefined ? {} : { scopes }) },
  ],
  calendars: [
    { id: 'lead@corp.com', events: [{ id: 'staff', summary: 'Staff', start: '2099-01-05T10:00:00Z' }] },
  ],
});

let scene: GoogleScene | undefined;
afterEach(async () => scene?.close());

/** Runs a command without manifests and without an organizer, with a token or with the key. */
async function alone(
  by: 'token' | 'key',
  args: readonly string[],
  { scopes, ...more }: { readonly scopes?: readonly string[]; readonly [name: string]: unknown } = {},
): Promise<Ran> {
  scene = await googleScene({ ...tenant(scopes) }, {});
  const { GOOGLE_APPLICATION_CREDENTIALS: key = '', ...hosts } = scene.env;
  const own =
    by === 'token' ? { GOOGLE_ACCESS_TOKEN: 'given-token' } : { GOOGLE_APPLICATION_CREDENTIALS: key };
  const env = {
    ...hosts,
    ...own,
    ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name, String(value)])),
  };
  return rollcall(args, { cwd: scene.folder, env });
}

describe('without an organizer', () => {
  it('a token that was given finds the events and calendars of its person', async () => {
    const events = await alone('token', ['find', 'events', '--provider', 'google', '--format', 'yaml']);
    expect([events.code, events.stdout]).toEqual([0, expect.stringContaining('organizer: lead@corp.com')]);
    expect(events.stdout).toContain('eventId: staff');
    await scene?.close();
    const calendars = await alone('token', ['find', 'calendars', '--provider', 'google']);
    expect([calendars.code, calendars.stdout]).toEqual([0, expect.stringContaining('lead@corp.com')]);
  });

  it('a service account finds nothing', async () => {
    const { code, stderr } = await alone('key', ['find', 'events', '--provider', 'google']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('needs --organizer')]);
  });

  it('doctor reads what the person of a token has', async () => {
    const { code, stdout } = await alone('token', ['doctor', '--provider', 'google']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ok\s+.*read events/);
    expect(stdout).toMatch(/ok\s+.*see the role on calendars/);
  });

  it('doctor tells whether the key is taken, and for whom it would tell more', async () => {
    const { code, stdout } = await alone('key', ['doctor', '--provider', 'google']);
    expect(code).toBe(0);
    expect(stdout).toContain(`app ${robot}`);
    expect(stdout).toContain('Google answers this only for a person: pass manifests with an organizer');
  });

  it('doctor tells by the administrator what is delegated', async () => {
    const scopes = ['https://www.googleapis.com/auth/calendar.events.owned.readonly'];
    const admin = { GOOGLE_ADMIN_SUBJECT: 'lead@corp.com' };
    const some = await alone('key', ['doctor', '--provider', 'google'], { scopes, ...admin });
    expect(some.code).toBe(1);
    expect(some.stdout).toMatch(/ok\s+.*read events/);
    expect(some.stdout).toMatch(/missing\s+.*add and remove attendees/);
    await scene?.close();
    const none = await alone('key', ['doctor', '--provider', 'google'], admin);
    expect(none.stdout).toContain('no scope is delegated to the service account');
    await scene?.close();
    const nobody = await alone('key', ['doctor', '--provider', 'google'], {
      scopes,
      GOOGLE_ADMIN_SUBJECT: 'x@corp.com',
    });
    expect(nobody.stdout).toContain('no user of the organisation has this address');
  });
});
