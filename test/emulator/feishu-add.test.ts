import { describe, expect, it } from 'vitest';

import type { Emulator } from '../../src/emulator/server.ts';
import { ask, feishuEvent, feishuTenant, rowsOf, serve, type Reply } from './client.ts';

const event = feishuEvent('e_0');
const add = (emulator: Emulator, body: object, query = ''): Promise<Reply> =>
  ask(emulator, 'POST', `${event}/attendees${query}`, { body });
const user = (id: string): object => ({ type: 'user', user_id: id });
const live = (emulator: Emulator): string[] => emulator.attendees('e_0').map((row) => row.id);
const tenantWith = (attendees = '', behaviour = ''): string =>
  feishuTenant(`{ id: e_0, attendees: [${attendees}] }`, `behaviour: { ${behaviour} }`).replace(
    'feishu: {',
    `feishu: { people: [
      { user: ou_anna, unionId: on_xyz, userId: anna, name: Anna, email: anna@example.com },
      { user: ou_gone, gone: true }, { user: ou_out, external: true } ],`,
  );

describe('adding attendees', () => {
  it('adds each type and answers the rows with their attendee ids', async () => {
    const emulator = await serve(tenantWith('{ user: ou_first }'));
    const reply = await add(emulator, {
      attendees: [
        { type: 'user', user_id: 'ou_anna', is_optional: true },
        { type: 'chat', chat_id: 'oc_1' },
        { type: 'third_party', third_party_email: 'Guest@example.com' },
        { type: 'resource', room_id: 'omm_1', is_optional: true },
      ],
      need_notification: false,
    });
    expect(rowsOf(reply, 'attendees')).toMatchObject([
      {
        type: 'user',
        user_id: 'ou_anna',
        display_name: 'Anna',
        is_optional: true,
        rsvp_status: 'needs_action',
      },
      { type: 'chat', chat_id: 'oc_1' },
      { type: 'third_party', third_party_email: 'guest@example.com' },
      { type: 'resource', room_id: 'omm_1', is_optional: false },
    ]);
    expect(live(emulator)).toEqual(['ou_first', 'ou_anna', 'oc_1', 'guest@example.com', 'omm_1']);
  });

  it.each([
    ['union_id', 'on_xyz'],
    ['user_id', 'anna'],
  ])('finds a user by %s', async (type, id) => {
    const emulator = await serve(tenantWith());
    expect((await add(emulator, { attendees: [user(id)] }, `?user_id_type=${type}`)).body['code']).toBe(0);
    expect(live(emulator)).toEqual(['ou_anna']);
  });

  it.each([
    [{ attendees: [{ type: 'band', user_id: 'ou_a' }] }, 400, 194004],
    [{ attendees: [{ type: 'user' }] }, 400, 190002],
    [{ attendees: [user('on_a')] }, 400, 99992351],
    [{ attendees: [user('ou_ok'), user('ou_gone')] }, 404, 195100],
    [{ attendees: [user('ou_out')] }, 404, 195100],
    [{ attendees: [{ type: 'user', user_id: 'ou_a', is_optional: 'yes' }] }, 400, 190002],
  ])('refuses %j with HTTP %i, code %i, and adds nobody', async (body, status, code) => {
    const emulator = await serve(tenantWith());
    const reply = await add(emulator, body);
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
    expect(live(emulator)).toEqual([]);
  });

  it('adds the room’s contact too unless told not to', async () => {
    const room = { type: 'resource', room_id: 'omm_1', operate_id: 'ou_anna' };
    const [usual, quiet] = [await serve(tenantWith()), await serve(tenantWith())];
    await add(usual, { attendees: [room] });
    await add(quiet, { attendees: [room], add_operator_to_attendee: false });
    expect(live(usual)).toEqual(['omm_1', 'ou_anna']);
    expect(live(quiet)).toEqual(['omm_1']);
    const [row] = rowsOf(await ask(quiet, 'GET', `${event}/attendees?user_id_type=user_id`));
    expect(row).toMatchObject({ operate_id: 'anna' });
  });

  it('takes rooms alone as a meeting-room administrator', async () => {
    const emulator = await serve(tenantWith());
    const attendees = [user('ou_a'), { type: 'resource', room_id: 'omm_1', operate_id: 'ou_anna' }];
    await add(emulator, { attendees, is_enable_admin: true });
    expect(live(emulator)).toEqual(['omm_1']);
  });

  it.each([
    ['accept', ['needs_action', 'needs_action', 'accept']],
    ['decline', ['needs_action', 'needs_action', 'decline']],
    ['pending', ['needs_action', 'needs_action', 'needs_action']],
  ])('books a room after the answer: %s', async (outcome, states) => {
    let now = 0;
    const emulator = await serve(tenantWith('', `roomBooking: ${outcome}, bookingTime: 500ms`), {
      now: () => now,
    });
    const reply = await add(emulator, { attendees: [{ type: 'resource', room_id: 'omm_1' }] });
    const seen = [rowsOf(reply, 'attendees')[0]?.['rsvp_status']];
    for (now of [499, 500])
      seen.push(rowsOf(await ask(emulator, 'GET', `${event}/attendees`))[0]?.['rsvp_status']);
    expect(seen).toEqual(states);
  });

  const users = (count: number, stem = 'ou_n'): object[] =>
    Array.from({ length: count }, (_, n) => user(`${stem}${String(n)}`));
  const rooms = (count: number): object[] =>
    Array.from({ length: count }, (_, n) => ({ type: 'resource', room_id: `omm_${String(n)}` }));

  it.each([
    ['1000 attendees', { attendees: users(1000) }, 0, 1000],
    ['1001 attendees', { attendees: users(1001) }, 190002, 0],
    ['100 rooms', { attendees: [...rooms(100), ...users(900)] }, 0, 1000],
    ['101 rooms', { attendees: rooms(101) }, 190002, 0],
  ])('answers %s in a call', async (_, body, code, count) => {
    const emulator = await serve(tenantWith());
    expect((await add(emulator, body)).body['code']).toBe(code);
    expect(live(emulator)).toHaveLength(count);
  });

  it('holds 3000 attendees an event, and says so with the code it is told to', async () => {
    const emulator = await serve(tenantWith('{ generate: 2999, user: "ou_{}" }', 'capCode: validation'));
    const over = await add(emulator, { attendees: users(2) });
    expect([over.status, over.body['code']]).toEqual([400, 99992402]);
    expect(live(emulator)).toHaveLength(2999);
    expect((await add(emulator, { attendees: users(1) })).body['code']).toBe(0);
  });
});

describe('switches', () => {
  const present = '{ user: ou_a, optional: true }';

  it.each([
    ['ignored', 0, true],
    ['updates', 0, false],
    ['refused', 190002, true],
  ])('takes somebody who is there already: %s', async (value, code, optional) => {
    const emulator = await serve(tenantWith(present, `duplicateAdd: ${value}`));
    expect((await add(emulator, { attendees: [user('ou_a')] })).body['code']).toBe(code);
    expect(emulator.attendees('e_0')).toEqual([{ type: 'user', id: 'ou_a', optional }]);
  });

  it.each([
    ['revives', 1],
    ['appends', 2],
  ])('takes somebody who was removed: %s', async (value, count) => {
    const emulator = await serve(tenantWith('{ user: ou_a, rsvp: removed }', `readdRemoved: ${value}`));
    const before = rowsOf(await ask(emulator, 'GET', `${event}/attendees`));
    await add(emulator, { attendees: [user('ou_a')] });
    const after = rowsOf(await ask(emulator, 'GET', `${event}/attendees`));
    expect(after).toHaveLength(count);
    expect(after.at(-1)?.['rsvp_status']).toBe('needs_action');
    expect(after.at(-1)?.['attendee_id'] === before[0]?.['attendee_id']).toBe(count === 1);
    expect(live(emulator)).toEqual(['ou_a']);
  });

  it.each([
    ['added', 1],
    ['all', 2],
  ])('answers the %s attendees', async (value, count) => {
    const emulator = await serve(tenantWith(present, `createAnswers: ${value}`));
    expect(rowsOf(await add(emulator, { attendees: [user('ou_b')] }), 'attendees')).toHaveLength(count);
  });

  it('lets nobody in who is unknown where it is told to', async () => {
    const emulator = await serve(tenantWith('', 'unknownUser: refused'));
    expect((await add(emulator, { attendees: [user('ou_who')] })).body['code']).toBe(99992351);
    expect((await add(emulator, { attendees: [user('ou_anna')] })).body['code']).toBe(0);
  });

  it('turns an address of the tenant into its user where it is told to', async () => {
    const emulator = await serve(tenantWith('', 'tenantEmail: user'));
    const address = { type: 'third_party', third_party_email: 'ANNA@example.com' };
    await add(emulator, { attendees: [address] });
    expect(emulator.attendees('e_0')).toEqual([{ type: 'user', id: 'ou_anna', optional: false }]);
  });

  it('wants a contact for rooms that an app adds where it is told to', async () => {
    const emulator = await serve(tenantWith('', 'roomContact: required'));
    const credentials = { app_id: 'cli_test', app_secret: 'test-secret' };
    const tokenPath = '/open-apis/auth/v3/tenant_access_token/internal';
    const token = (await ask(emulator, 'POST', tokenPath, { body: credentials })).body['tenant_access_token'];
    const body = { attendees: [{ type: 'resource', room_id: 'omm_1' }] };
    const headers = { authorization: `Bearer ${String(token)}` };
    expect((await ask(emulator, 'POST', `${event}/attendees`, { body, headers })).body['code']).toBe(190002);
    expect((await add(emulator, body)).body['code']).toBe(0);
  });

  it('adds a user of another tenant where it is told to', async () => {
    const emulator = await serve(tenantWith('', 'addExternal: added'));
    await add(emulator, { attendees: [user('ou_out')] });
    const [row] = rowsOf(await ask(emulator, 'GET', `${event}/attendees`));
    expect(row).toMatchObject({ user_id: 'ou_out', is_external: true });
  });
});
