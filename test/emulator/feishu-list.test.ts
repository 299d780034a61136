import { describe, expect, it } from 'vitest';

import { ask, dataOf, feishuEvent, feishuTenant, rowsOf, serve } from './client.ts';

const many = feishuTenant('{ id: big_0, attendees: [{ generate: 45, user: "ou_{}" }] }');
const list = `${feishuEvent('big_0')}/attendees`;

describe('paging', () => {
  it.each([
    ['', 20],
    ['?page_size=1', 10],
    ['?page_size=10', 10],
    ['?page_size=33', 33],
    ['?page_size=100', 45],
    ['?page_size=500', 45],
  ])('answers with %s a page of %i', async (query, size) => {
    const emulator = await serve(many);
    expect(rowsOf(await ask(emulator, 'GET', list + query))).toHaveLength(size);
  });

  it('reaches every row once and gives a page token only while there is more', async () => {
    const emulator = await serve(many);
    const seen: unknown[] = [];
    let token: unknown = '';
    const more: unknown[] = [];
    do {
      const reply = await ask(emulator, 'GET', `${list}?page_size=20&page_token=${String(token)}`);
      seen.push(...rowsOf(reply).map((row) => row['user_id']));
      more.push(dataOf(reply)['has_more']);
      token = dataOf(reply)['page_token'];
    } while (token !== undefined);
    expect(seen).toEqual(Array.from({ length: 45 }, (_, index) => `ou_${String(index + 1)}`));
    expect(more).toEqual([true, true, false]);
  });

  it('says 190008 for a page token that is too old, and 190002 for one of another event', async () => {
    let now = 1_000_000;
    const tenant = feishuTenant(
      '{ id: a_0, attendees: [{ generate: 11, user: "ou_{}" }] }, { id: b_0 }',
      'behaviour: { pageTokenLifetime: 10s }',
    );
    const emulator = await serve(tenant, { now: () => now });
    const first = await ask(emulator, 'GET', `${feishuEvent('a_0')}/attendees?page_size=10`);
    const query = `?page_token=${String(dataOf(first)['page_token'])}`;
    const foreign = await ask(emulator, 'GET', `${feishuEvent('b_0')}/attendees${query}`);
    expect([foreign.status, foreign.body['code']]).toEqual([400, 190002]);
    now += 10_000;
    const old = await ask(emulator, 'GET', `${feishuEvent('a_0')}/attendees${query}`);
    expect([old.status, old.body['code']]).toEqual([400, 190008]);
  });

  it.each(['?page_size=ten', '?user_id_type=email', '?page_token=%%%'])(
    'refuses %s with 190002',
    async (query) => {
      const emulator = await serve(many);
      const reply = await ask(emulator, 'GET', list + query);
      expect([reply.status, reply.body['code']]).toEqual([400, 190002]);
    },
  );

  it('refuses a page over 100 where it is told to', async () => {
    const tenant = feishuTenant('{ id: big_0 }', 'behaviour: { largePage: refused }');
    const emulator = await serve(tenant);
    expect((await ask(emulator, 'GET', `${list}?page_size=101`)).body['code']).toBe(190002);
    expect((await ask(emulator, 'GET', `${list}?page_size=100`)).body['code']).toBe(0);
  });
});

describe('rows', () => {
  const tenant = feishuTenant(`{ id: e_0, attendees: [
    { user: ou_a, unionId: on_other, userId: 3e3c, name: Anna, organizer: true, rsvp: accept },
    { user: ou_out, external: true, optional: true },
    { user: ou_old, rsvp: removed },
    { chat: oc_team, name: Team },
    { room: omm_1, name: Room },
    { email: Guest@Example.com }] }`);
  const path = `${feishuEvent('e_0')}/attendees`;

  it('carries the documented fields of each type, removed rows included', async () => {
    const emulator = await serve(tenant);
    const rows = rowsOf(await ask(emulator, 'GET', path));
    expect(rows.map((row) => [row['type'], row['rsvp_status']])).toEqual([
      ['user', 'accept'],
      ['user', 'needs_action'],
      ['user', 'removed'],
      ['chat', 'needs_action'],
      ['resource', 'accept'],
      ['third_party', 'needs_action'],
    ]);
    expect(rows[0]).toMatchObject({
      user_id: 'ou_a',
      display_name: 'Anna',
      is_organizer: true,
      is_external: false,
    });
    expect(rows[1]).toMatchObject({ is_optional: true, is_external: true });
    expect(rows[3]).toMatchObject({ chat_id: 'oc_team', display_name: 'Team' });
    expect(rows[4]).toMatchObject({ room_id: 'omm_1' });
    expect(rows[5]).toMatchObject({ third_party_email: 'guest@example.com' });
    expect(rows.map((row) => String(row['attendee_id']).replace(/_[0-9a-f]{16}$/, ''))).toEqual(
      rows.map((row) => row['type']),
    );
  });

  it.each([
    ['open_id', ['ou_a', 'ou_out']],
    ['union_id', ['on_other', 'on_out']],
    ['user_id', ['3e3c', 'ou_out']],
  ])('names users by %s, and external users never by user_id', async (type, ids) => {
    const emulator = await serve(tenant);
    const rows = rowsOf(await ask(emulator, 'GET', `${path}?user_id_type=${type}`));
    expect(rows.slice(0, 2).map((row) => row['user_id'])).toEqual(ids);
  });

  it('names external users by union_id where it is told to', async () => {
    const events = '{ id: e_0, attendees: [{ user: ou_out, external: true }] }';
    const emulator = await serve(feishuTenant(events, 'behaviour: { externalIdType: union_id }'));
    expect(rowsOf(await ask(emulator, 'GET', `${path}?user_id_type=user_id`))[0]).toMatchObject({
      user_id: 'on_out',
    });
  });

  it('gives two rows of one attendee two attendee ids, the same at every start', async () => {
    const twice = feishuTenant('{ id: e_0, attendees: [{ user: ou_a }, { user: ou_a }] }');
    const [first, second] = await Promise.all([serve(twice), serve(twice)]);
    const ids = rowsOf(await ask(first, 'GET', path)).map((row) => row['attendee_id']);
    expect(new Set(ids).size).toBe(2);
    expect(rowsOf(await ask(second, 'GET', path)).map((row) => row['attendee_id'])).toEqual(ids);
  });
});
