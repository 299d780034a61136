import { describe, expect, it } from 'vitest';

import type { Emulator } from '../../src/emulator/server.ts';
import { ask, feishuEvent, feishuTenant, rowsOf, serve, type Reply } from './client.ts';

const rows = `
  { user: ou_org, organizer: true }, { user: ou_a, userId: ua }, { user: ou_b }, { user: ou_out, external: true },
  { chat: oc_1 }, { room: omm_1 }, { email: Guest@example.com }`;
const event = feishuEvent('e_0');
const tenantWith = (behaviour = ''): string =>
  feishuTenant(`{ id: e_0, attendees: [${rows}] }`, `behaviour: { ${behaviour} }`);

const remove = (emulator: Emulator, body: object, query = ''): Promise<Reply> =>
  ask(emulator, 'POST', `${event}/attendees/batch_delete${query}`, { body });

const live = (emulator: Emulator): string[] => emulator.attendees('e_0').map((row) => row.id);
const everybody = ['ou_org', 'ou_a', 'ou_b', 'ou_out', 'oc_1', 'omm_1', 'guest@example.com'];

async function attendeeIds(emulator: Emulator): Promise<Record<string, string>> {
  const listed = rowsOf(await ask(emulator, 'GET', `${event}/attendees?page_size=100`));
  return Object.fromEntries(
    listed.map((row) => [String(row['user_id'] ?? row['room_id']), String(row['attendee_id'])]),
  );
}

describe('removing attendees', () => {
  it('removes by attendee id and leaves the row listed as removed', async () => {
    const emulator = await serve(tenantWith());
    const ids = await attendeeIds(emulator);
    const reply = await remove(emulator, {
      attendee_ids: [ids['ou_a'], ids['omm_1']],
      need_notification: false,
    });
    expect([reply.status, reply.body]).toEqual([200, { code: 0, msg: 'success', data: {} }]);
    expect(live(emulator)).toEqual(['ou_org', 'ou_b', 'ou_out', 'oc_1', 'guest@example.com']);
    const listed = rowsOf(await ask(emulator, 'GET', `${event}/attendees`));
    expect(listed.filter((row) => row['rsvp_status'] === 'removed').map((row) => row['attendee_id'])).toEqual(
      [ids['ou_a'], ids['omm_1']],
    );
  });

  it.each([
    ['', { type: 'user', user_id: 'ou_a' }, 'ou_a'],
    ['?user_id_type=union_id', { type: 'user', user_id: 'on_a' }, 'ou_a'],
    ['?user_id_type=user_id', { type: 'user', user_id: 'ua' }, 'ou_a'],
    ['?user_id_type=user_id', { type: 'user', user_id: 'ou_out' }, 'ou_out'],
    ['', { type: 'chat', chat_id: 'oc_1' }, 'oc_1'],
    ['', { type: 'resource', room_id: 'omm_1' }, 'omm_1'],
    ['', { type: 'third_party', third_party_email: 'GUEST@example.com' }, 'guest@example.com'],
  ])('removes by type and id with "%s" %j', async (query, entry, gone) => {
    const emulator = await serve(tenantWith());
    expect((await remove(emulator, { delete_ids: [entry] }, query)).body['code']).toBe(0);
    expect(live(emulator)).toEqual(everybody.filter((id) => id !== gone));
  });

  it.each([
    [{ delete_ids: [{ type: 'group', user_id: 'ou_a' }] }, 400, 194004],
    [{ delete_ids: [{ type: 'user', chat_id: 'oc_1' }] }, 400, 190002],
    [{ delete_ids: ['ou_a'] }, 400, 190002],
    [{ attendee_ids: 'user_1' }, 400, 190002],
    [{ attendee_ids: [1] }, 400, 190002],
    [{ attendee_ids: [], need_notification: 'false' }, 400, 190002],
    [[], 400, 190002],
    [
      {
        delete_ids: [
          { type: 'user', user_id: 'ou_org' },
          { type: 'user', user_id: 'ou_a' },
        ],
      },
      403,
      194003,
    ],
  ])('refuses %j with HTTP %i, code %i, and removes nobody', async (body, status, code) => {
    const emulator = await serve(tenantWith());
    const reply = await remove(emulator, body);
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
    expect(live(emulator)).toEqual(everybody);
  });

  it.each(['{ broken', '"text"'])('refuses the body %s', async (raw) => {
    const emulator = await serve(tenantWith());
    expect((await ask(emulator, 'POST', `${event}/attendees/batch_delete`, { raw })).body['code']).toBe(
      190002,
    );
  });

  it('counts both lists together against the cap of 500', async () => {
    const emulator = await serve(feishuTenant('{ id: e_0, attendees: [{ generate: 501, user: "ou_{}" }] }'));
    const named = (from: number, to: number): object[] =>
      Array.from({ length: to - from + 1 }, (_, n) => ({ type: 'user', user_id: `ou_${String(from + n)}` }));
    const ids = await attendeeIds(emulator);
    const over = await remove(emulator, { attendee_ids: [ids['ou_1']], delete_ids: named(2, 501) });
    expect([over.status, over.body['code']]).toEqual([400, 190002]);
    expect(live(emulator)).toHaveLength(501);
    expect(
      (await remove(emulator, { attendee_ids: [ids['ou_1']], delete_ids: named(2, 500) })).body['code'],
    ).toBe(0);
    expect(live(emulator)).toEqual(['ou_501']);
  });

  it('touches only rooms as a meeting-room administrator, and says nothing of the rest', async () => {
    const emulator = await serve(tenantWith());
    const delete_ids = [
      { type: 'user', user_id: 'ou_a' },
      { type: 'resource', room_id: 'omm_1' },
    ];
    expect((await remove(emulator, { delete_ids, is_enable_admin: true })).body['code']).toBe(0);
    expect(live(emulator)).toEqual(everybody.filter((id) => id !== 'omm_1'));
  });
});

describe('switches', () => {
  const ghost = { type: 'user', user_id: 'ou_ghost' };
  const named = (id: string): object => ({ delete_ids: [ghost, { type: 'user', user_id: id }] });

  it('leaves an unknown attendee out, or refuses the batch', async () => {
    const [ignoring, refusing] = [
      await serve(tenantWith()),
      await serve(tenantWith('unknownAttendee: refused')),
    ];
    expect((await remove(ignoring, named('ou_a'))).body['code']).toBe(0);
    expect(live(ignoring)).not.toContain('ou_a');
    const reply = await remove(refusing, named('ou_a'));
    expect([reply.status, reply.body['code']]).toEqual([404, 194000]);
    expect(live(refusing)).toEqual(everybody);
  });

  it('takes an attendee who was removed before for an unknown one', async () => {
    const emulator = await serve(tenantWith('unknownAttendee: refused'));
    const ids = await attendeeIds(emulator);
    expect((await remove(emulator, { attendee_ids: [ids['ou_a']] })).body['code']).toBe(0);
    expect((await remove(emulator, { attendee_ids: [ids['ou_a']] })).body['code']).toBe(194000);
  });

  it.each([
    ['removeOrganizer: removed', 'ou_org', 0],
    ['removeExternal: refused', 'ou_out', 194003],
    ['removeExternal: removed', 'ou_out', 0],
  ])('answers with %s the removal of %s by %i', async (behaviour, id, code) => {
    const emulator = await serve(tenantWith(behaviour));
    const reply = await remove(emulator, { delete_ids: [{ type: 'user', user_id: id }] });
    expect(reply.body['code']).toBe(code);
    expect(live(emulator).includes(id)).toBe(code !== 0);
  });

  it('drops removed rows where it is told to', async () => {
    const emulator = await serve(tenantWith('removedRows: vanish'));
    await remove(emulator, { delete_ids: [{ type: 'user', user_id: 'ou_a' }] });
    expect(rowsOf(await ask(emulator, 'GET', `${event}/attendees`))).toHaveLength(everybody.length - 1);
  });

  it('accepts an empty batch, or refuses it', async () => {
    expect((await remove(await serve(tenantWith()), {})).body['code']).toBe(0);
    expect((await remove(await serve(tenantWith('emptyBatch: refused')), {})).body['code']).toBe(190002);
  });

  it('shows readers a removal only after the lag', async () => {
    let now = 0;
    const emulator = await serve(tenantWith('readLag: 2s'), { now: () => now });
    const gone = async (): Promise<number> =>
      rowsOf(await ask(emulator, 'GET', `${event}/attendees`)).filter(
        (row) => row['rsvp_status'] === 'removed',
      ).length;
    await remove(emulator, { delete_ids: [{ type: 'user', user_id: 'ou_a' }] });
    now = 1000;
    await remove(emulator, { delete_ids: [{ type: 'user', user_id: 'ou_b' }] });
    const seen = [];
    for (now of [1999, 2000, 2999, 3000]) seen.push(await gone());
    expect(seen).toEqual([0, 1, 1, 2]);
    expect(live(emulator)).not.toContain('ou_b');
  });
});

describe('occurrences', () => {
  const series = (behaviour: string): string =>
    feishuTenant(
      '{ id: s_0, recurring: true, start: "2027-01-04T10:00:00Z", attendees: [{ user: ou_a }, { room: omm_1 }] }',
      `behaviour: { ${behaviour} }`,
    );
  const admin = { is_enable_admin: true, instance_start_time_admin: '1799402400' };
  const path = feishuEvent('s_0');
  const occurrence = feishuEvent('s_1799402400');
  const room = { delete_ids: [{ type: 'resource', room_id: 'omm_1' }], ...admin };

  it('shows an administrator’s removal on the occurrence and leaves the series', async () => {
    const emulator = await serve(series(''));
    expect((await ask(emulator, 'GET', occurrence)).body['code']).toBe(193001);
    await ask(emulator, 'POST', `${path}/attendees/batch_delete`, { body: room });
    const got = await ask(emulator, 'GET', occurrence);
    expect(got.body).toMatchObject({
      data: {
        event: {
          is_exception: true,
          recurring_event_id: 's_0',
          start_time: { timestamp: '1799402400' },
          end_time: { timestamp: '1799406000' },
        },
      },
    });
    expect(emulator.attendees('s_1799402400').map((row) => row.id)).toEqual(['ou_a']);
    expect(emulator.attendees('s_0').map((row) => row.id)).toEqual(['ou_a', 'omm_1']);
  });

  it('shows it on the series where it is told to', async () => {
    const emulator = await serve(series('adminOccurrence: series'));
    await ask(emulator, 'POST', `${path}/attendees/batch_delete`, { body: room });
    expect(emulator.attendees('s_0').map((row) => row.id)).toEqual(['ou_a']);
    expect((await ask(emulator, 'GET', occurrence)).body['code']).toBe(193001);
  });

  it('answers an occurrence that is not listed where it is told to, and keeps it apart', async () => {
    const emulator = await serve(series('unlistedOccurrence: answered'));
    expect(rowsOf(await ask(emulator, 'GET', `${occurrence}/attendees`))).toHaveLength(2);
    const body = { delete_ids: [{ type: 'user', user_id: 'ou_a' }] };
    await ask(emulator, 'POST', `${occurrence}/attendees/batch_delete`, { body });
    expect(emulator.attendees('s_0')).toHaveLength(2);
    expect(emulator.attendees('s_1799402400')).toHaveLength(1);
  });
});
