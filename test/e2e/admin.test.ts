import { describe, expect, it } from 'vitest';
import { feishuEnv, folderWith, rollcall } from '../support/cli.ts';
import { apply, callsTo, event, json, plan, serve, type Json } from './platforms.ts';

const start = '4071175200';
const series = (
  more = '',
): string => `id: s_0, recurring: true, start: "2099-01-04T02:00:00Z", end: "2099-01-04T03:00:00Z",
          attendees: [{ user: ou_a }, { user: ou_b }, { room: omm_1 }, { room: omm_2 }${more}]`;
const tenant = (behaviour: string, occurrence = ''): string => `
behaviour: { ${behaviour} }
feishu:
  calendars:
    - id: cal@x
      role: writer
      events:
        - { ${series()} }
        - { id: single_0, start: "2099-01-04T02:00:00Z", end: "2099-01-04T03:00:00Z",
            attendees: [{ user: ou_a }, { room: omm_1 }, { room: omm_2 }] }
        ${occurrence}
`;
const manifest = (eventId: string, admin: string, attendees: string): string =>
  event(
    'rooms',
    'feishu',
    `calendarId: cal@x\neventId: ${eventId}\nadmin: ${admin}\nattendees: ${attendees}`,
  );
const ofOccurrence = `{ instanceStartTime: "${start}" }`;

function listed(server: Awaited<ReturnType<typeof serve>>): [string | undefined, number | null][] {
  return callsTo(server, 'feishu.attendees.list').map(({ path, status }) => [path.split('/').at(-2), status]);
}

describe('meeting-room admin mode', () => {
  it('changes the rooms of an event that does not repeat, and nobody else', async () => {
    const server = await serve(tenant('bookingTime: 0ms'));
    const folder = folderWith({ 'a.yaml': manifest('single_0', '{}', '[{ room: omm_1 }, { room: omm_3 }]') });
    const { code, out } = await json(apply, folder, feishuEnv(server.url));
    expect(code).toBe(0);
    expect(out.summary).toMatchObject({ converged: 1, added: 1, removed: 1 });
    expect(server.attendees('single_0').map(({ id }) => id)).toEqual(['ou_a', 'omm_1', 'omm_3']);
    expect(callsTo(server, 'feishu.attendees.create')[0]?.body).toEqual({
      attendees: [{ type: 'resource', room_id: 'omm_3' }],
      need_notification: false,
      add_operator_to_attendee: false,
      is_enable_admin: true,
    });
    expect(callsTo(server, 'feishu.attendees.delete')[0]?.body).toEqual({
      delete_ids: [{ type: 'resource', room_id: 'omm_2' }],
      need_notification: false,
      is_enable_admin: true,
    });
  });

  it.each([
    // Where it shows, whether it is answered unasked, what is read: to plan and to verify.
    ['adminOccurrence: occurrence', ['s_0', `s_${start}`], [404, 200, 200]],
    ['adminOccurrence: series', ['s_0'], [404, 200, 404, 200]],
    ['adminOccurrence: occurrence, unlistedOccurrence: answered', ['s_0', `s_${start}`], [200, 200]],
  ] as const)(
    'reads one occurrence, or the series where it has no event yet (%s)',
    async (behaviour, events, statuses) => {
      const server = await serve(tenant(behaviour));
      const folder = folderWith({ 'a.yaml': manifest('s_0', ofOccurrence, '[{ room: omm_1 }]') });
      const { code, out } = await json(apply, folder, feishuEnv(server.url));
      expect(code).toBe(0);
      expect(out.summary).toMatchObject({ converged: 1, removed: 1 });
      const [removal, ...more] = callsTo(server, 'feishu.attendees.delete');
      expect(more).toEqual([]);
      expect(removal?.path).toMatch(/\/events\/s_0\/attendees\/batch_delete$/);
      expect(removal?.body).toEqual({
        delete_ids: [{ type: 'resource', room_id: 'omm_2' }],
        need_notification: false,
        is_enable_admin: true,
        instance_start_time_admin: start,
      });
      expect(listed(server).map(([, status]) => status)).toEqual(statuses);
      const changed = events.at(-1) ?? '';
      expect(server.attendees(changed).map(({ id }) => id)).toEqual(['ou_a', 'ou_b', 'omm_1']);
      const untouched = events.length > 1 ? server.attendees('s_0') : [];
      expect(untouched.map(({ id }) => id)).toEqual(
        events.length > 1 ? ['ou_a', 'ou_b', 'omm_1', 'omm_2'] : [],
      );
      const again = await json([...plan, '--detailed-exitcode'], folder, feishuEnv(server.url));
      expect(again.code).toBe(0);
    },
  );

  it('goes by the occurrence where it has an event of its own', async () => {
    const own = `- { id: s_${start}, start: "2099-01-04T02:00:00Z", end: "2099-01-04T03:00:00Z", attendees: [{ user: ou_z }, { room: omm_9 }, { room: omm_1 }] }`;
    const server = await serve(tenant('', own));
    const folder = folderWith({ 'a.yaml': manifest('s_0', ofOccurrence, '[{ room: omm_1 }]') });
    const text = await rollcall(['plan'], { cwd: folder, env: feishuEnv(server.url) });
    expect(text.code).toBe(0);
    expect(text.stdout).toContain(`meeting-room admin mode for the occurrence at ${start}`);
    expect(text.stdout).toMatch(/- omm_9 \(room\)/);
    expect(text.stdout).not.toMatch(/ou_z|omm_2/);
    expect(listed(server)).toEqual([[`s_${start}`, 200]]);
    const done = await json(apply, folder, feishuEnv(server.url));
    expect(done.out.summary).toMatchObject({ converged: 1, removed: 1 });
    expect(server.attendees(`s_${start}`).map(({ id }) => id)).toEqual(['ou_z', 'omm_1']);
    expect(server.attendees('s_0')).toHaveLength(4);
  });

  it('takes rooms alone, listed by the Event or by a roster', async () => {
    const folder = folderWith({
      'a.yaml': manifest('s_0', '{}', '\n  - room: omm_1\n  - user: ou_a\n  - roster: mixed'),
      'roster.yaml': `apiVersion: rollcall.dev/v1
kind: Roster
metadata: { name: mixed }
spec:
  members: [{ room: omm_2 }, { user: ou_b }]
`,
    });
    const { code, out } = await json(['validate', '--format', 'json'], folder, {});
    expect(code).toBe(1);
    expect(
      out.diagnostics.map(
        ({ code: rule, source }: Json) => `${source.file}:${source.line}:${source.column} ${rule}`,
      ),
    ).toEqual(['a.yaml:11:7 rooms-only', 'roster.yaml:5:30 rooms-only']);
  });
});
