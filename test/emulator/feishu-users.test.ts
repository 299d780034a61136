import { describe, expect, it } from 'vitest';

import { ask, dataOf, rowsOf, serve } from './client.ts';
import { asApp, june as now, organisation, partlyHidden } from './organisation.ts';

const users = '/open-apis/contact/v3/users';
const employees = '/open-apis/directory/v1/employees';

describe('people by address and number', () => {
  const find = `${users}/batch_get_id`;

  it('are answered row by row, without an id where nobody is found, has left or may not be seen', async () => {
    const emulator = await serve(partlyHidden(), { now });
    const emails = [
      'lisi@CORP.com',
      'nobody@corp.com',
      'left@corp.com',
      'hidden@corp.com',
      'board@corp.com',
      'guest@corp.com',
      'leaving@corp.com',
      'partner@corp.com',
    ];
    const mobiles = ['13800000001', '+8613800000001', '+491700000', '1700000'];
    const reply = await asApp(emulator, 'POST', find, { body: { emails, mobiles } });
    expect(
      rowsOf(reply, 'user_list').map((row) => [row['email'] ?? row['mobile'], row['user_id'] ?? '-']),
    ).toEqual([
      ['lisi@CORP.com', 'ou_lisi'],
      ['nobody@corp.com', '-'],
      ['left@corp.com', '-'],
      ['hidden@corp.com', '-'],
      ['board@corp.com', '-'],
      ['guest@corp.com', 'ou_guest'],
      ['leaving@corp.com', 'ou_leaving'],
      ['partner@corp.com', '-'],
      ['13800000001', 'ou_lisi'],
      ['+8613800000001', 'ou_lisi'],
      ['+491700000', 'ou_anna'],
      ['1700000', '-'],
    ]);
  });

  it('who have left are found where they are asked for, with their status', async () => {
    const emulator = await serve(organisation(), { now });
    const body = { emails: ['left@corp.com', 'anna@corp.com'], include_resigned: true };
    const rows = rowsOf(
      await asApp(emulator, 'POST', `${find}?user_id_type=union_id`, { body }),
      'user_list',
    );
    expect(rows).toMatchObject([
      { user_id: 'on_left', status: { is_resigned: true, is_activated: false } },
      { user_id: 'on_anna', status: { is_resigned: false, is_activated: true } },
    ]);
  });

  it('are there until the end of their last day', async () => {
    const body = { emails: ['left@corp.com'] };
    const on = async (at: string): Promise<unknown> => {
      const emulator = await serve(organisation(), { now: () => Date.parse(at) });
      return rowsOf(await asApp(emulator, 'POST', find, { body }), 'user_list')[0]?.['user_id'];
    };
    expect([await on('2026-05-31T23:59:59Z'), await on('2026-06-01T00:00:00Z')]).toEqual([
      'ou_left',
      undefined,
    ]);
  });

  it('show a user_id to whom has the permission for it', async () => {
    const emulator = await serve(organisation());
    const given = { body: { emails: ['lisi@corp.com'] } };
    const shown = await asApp(emulator, 'POST', `${find}?user_id_type=user_id`, given);
    expect(rowsOf(shown, 'user_list')[0]?.['user_id']).toBe('3e3c');
    const bare = await asApp(emulator, 'POST', `${find}?user_id_type=user_id`, given, 'bare');
    expect(rowsOf(bare, 'user_list')[0]).not.toHaveProperty('user_id');
  });

  it('are at most 50 a call, of an app that has the permission, not of a user', async () => {
    const emulator = await serve(organisation());
    const emails = Array.from({ length: 51 }, (_, index) => `${String(index)}@corp.com`);
    expect((await asApp(emulator, 'POST', find, { body: { emails } })).body['code']).toBe(99992402);
    const fifty = await asApp(emulator, 'POST', find, {
      body: { emails: emails.slice(1), mobiles: emails.slice(1) },
    });
    expect(rowsOf(fifty, 'user_list')).toHaveLength(100);
    expect((await asApp(emulator, 'POST', find, { body: {} }, 'nothing')).body['code']).toBe(99991672);
    const user = await ask(emulator, 'POST', find, { body: {} });
    expect([user.status, user.body['code']]).toEqual([400, 99991668]);
    expect((await asApp(emulator, 'POST', find, { body: { emails: 'a' } })).body['code']).toBe(40001);
  });
});

describe('attendees', () => {
  it('lack the user_ids that an app has no permission for', async () => {
    const event = '/open-apis/calendar/v4/calendars/c@x/events/e_0/attendees?user_id_type=user_id';
    const emulator = await serve(`
apps:
  - { id: all, secret: s }
  - { id: calendar, secret: s, scopes: [calendar:calendar] }
feishu: { calendars: [{ id: c@x, events: [{ id: e_0, attendees: [{ user: ou_a }, { chat: oc_b }] }] }] }
`);
    const shown = rowsOf(await asApp(emulator, 'GET', event));
    expect(shown.map((row) => row['user_id'] ?? row['chat_id'])).toEqual(['a', 'oc_b']);
    const bare = rowsOf(await asApp(emulator, 'GET', event, {}, 'calendar'));
    expect(bare.map((row) => row['user_id'] ?? row['chat_id'])).toEqual([undefined, 'oc_b']);
  });
});

describe('people by id', () => {
  const query = (...ids: readonly string[]): string => `?${ids.map((id) => `user_ids=${id}`).join('&')}`;

  it('are answered together, without those who are outside or not there', async () => {
    const emulator = await serve(partlyHidden(), { now });
    const path = `${users}/batch${query('ou_lisi', 'ou_hidden', 'ou_nobody', 'ou_left', 'ou_partner', 'ou_stranger')}`;
    const rows = rowsOf(await asApp(emulator, 'GET', path));
    expect(rows.map((row) => row['open_id'])).toEqual(['ou_lisi', 'ou_left', 'ou_stranger']);
    expect(rows[0]).toEqual({
      open_id: 'ou_lisi',
      union_id: 'on_li',
      user_id: '3e3c',
      name: '李四 Li Si',
      en_name: '',
      email: 'LiSi@corp.com',
      mobile: '+8613800000001',
      employee_no: '00712',
      department_ids: ['od-platform'],
      status: {
        is_frozen: false,
        is_resigned: false,
        is_activated: true,
        is_exited: false,
        is_unjoin: false,
      },
    });
    expect(rows[1]?.['status']).toMatchObject({ is_resigned: true });
  });

  it('lose what the app has no permission for, without an error', async () => {
    const emulator = await serve(organisation());
    const path = `${users}/batch${query('ou_lisi')}&department_id_type=department_id`;
    expect(rowsOf(await asApp(emulator, 'GET', path, {}, 'bare'))).toEqual([
      { open_id: 'ou_lisi', union_id: 'on_li', department_ids: ['platform'] },
    ]);
  });

  it('are refused or left out as the switches say', async () => {
    const refused = await serve(
      organisation('behaviour: { unknownContact: refused, leftContact: left-out }'),
      { now },
    );
    expect((await asApp(refused, 'GET', `${users}/batch${query('ou_nobody')}`)).body['code']).toBe(99992351);
    expect(rowsOf(await asApp(refused, 'GET', `${users}/batch${query('ou_left')}`))).toEqual([]);
  });

  it.each([
    ['ou_lisi', 200, 0],
    ['ou_left', 200, 0],
    ['ou_hidden', 400, 41050],
    ['ou_board', 400, 41050],
    ['ou_nobody', 400, 41012],
    ['ou_partner', 400, 41012],
    ['ou_lisi?user_id_type=union_id', 400, 41012],
    ['on_li?user_id_type=union_id', 200, 0],
    ['ou_lisi?user_id_type=email', 400, 40001],
  ])('answer %s alone with HTTP %i and code %i', async (id, status, code) => {
    const reply = await asApp(await serve(partlyHidden(), { now }), 'GET', `${users}/${id}`);
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
  });

  it('have names for whoever asks, ten a call and five calls a second', async () => {
    const emulator = await serve(partlyHidden(), { quota: 'documented', now });
    const given = { body: { user_ids: ['ou_hidden', 'ou_nobody', 'ou_lisi'] } };
    const first = await asApp(emulator, 'POST', `${users}/basic_batch`, given);
    expect(rowsOf(first, 'users').map((row) => row['name'])).toEqual(['Hidden', '李四 Li Si']);
    const eleven = { body: { user_ids: Array.from({ length: 11 }, () => 'ou_lisi') } };
    expect((await asApp(emulator, 'POST', `${users}/basic_batch`, eleven)).body['code']).toBe(40001);
    for (let n = 0; n < 3; n += 1) await asApp(emulator, 'POST', `${users}/basic_batch`, given);
    const sixth = await asApp(emulator, 'POST', `${users}/basic_batch`, given);
    expect([sixth.status, sixth.headers.get('x-ogw-ratelimit-limit')]).toEqual([429, '5']);
  });
});

describe('people by name', () => {
  const search = '/open-apis/search/v1/user';

  it.each([
    ['a', ['Anna', 'Leaving', 'ou_stranger']],
    ['李四', ['李四 Li Si']],
    ['anna@corp.com', ['Anna']],
    ['partner', []],
    ['left', []],
  ])('or address: %s', async (query, names) => {
    const reply = await ask(
      await serve(organisation(), { now }),
      'GET',
      `${search}?query=${encodeURIComponent(query)}`,
    );
    expect(rowsOf(reply, 'users').map((row) => row['name'])).toEqual(names);
  });

  it('are for users alone, in pages', async () => {
    const emulator = await serve(organisation(), { now });
    expect((await asApp(emulator, 'GET', `${search}?query=a`)).body['code']).toBe(99991668);
    const first = await ask(emulator, 'GET', `${search}?query=a&page_size=1`);
    expect([rowsOf(first, 'users').length, dataOf(first)['has_more']]).toEqual([1, true]);
    expect((await ask(emulator, 'GET', search)).body['code']).toBe(99992402);
    expect((await ask(emulator, 'GET', `${search}?query=a&page_size=201`)).body['code']).toBe(99992402);
  });
});

describe('employees', () => {
  const by = (field: string, value: unknown, operator = 'eq'): object => ({
    filter: { conditions: [{ field, operator, value: JSON.stringify(value) }] },
    required_fields: ['base_info.name', 'base_info.email', 'work_info.job_number', 'work_info.staff_status'],
  });

  it('are found by their job number, as long as they have not left', async () => {
    const emulator = await serve(partlyHidden(), { now });
    const body = by('work_info.job_number', ['00712', '00714', '00799'], 'in');
    const reply = await asApp(emulator, 'POST', `${employees}/filter?employee_id_type=union_id`, { body });
    expect(dataOf(reply)).toEqual({
      employees: [
        {
          base_info: {
            employee_id: 'on_li',
            name: { name: { default_value: '李四 Li Si' } },
            email: 'LiSi@corp.com',
          },
          work_info: { job_number: '00712', staff_status: 1 },
        },
      ],
      page_response: { has_more: false },
    });
  });

  it('are found by address and number too', async () => {
    const emulator = await serve(organisation(), { now });
    for (const body of [by('base_info.email', 'leaving@corp.com'), by('base_info.mobile', '+491700000')]) {
      expect(
        rowsOf(await asApp(emulator, 'POST', `${employees}/filter`, { body }), 'employees'),
      ).toHaveLength(1);
    }
  });

  it('come in pages', async () => {
    const emulator = await serve(organisation(), { now });
    const ask = (page: object): Promise<unknown> =>
      asApp(emulator, 'POST', `${employees}/filter`, {
        body: { required_fields: ['base_info.name'], page_request: { page_size: 3, ...page } },
      }).then((reply) => dataOf(reply)['page_response']);
    const first = (await ask({})) as Readonly<Record<string, unknown>>;
    expect(first).toEqual({ has_more: true, page_token: expect.any(String) });
    expect(await ask({ page_token: first['page_token'] })).toEqual({ has_more: false });
  });

  it.each([
    ['no fields that are wanted', { filter: { conditions: [] } }, 2220001],
    [
      'a value that is no JSON',
      {
        ...by('work_info.job_number', ''),
        filter: { conditions: [{ field: 'work_info.job_number', operator: 'eq', value: '00712' }] },
      },
      2220001,
    ],
    ['a field that cannot be asked for', by('base_info.name', 'Anna'), 2220001],
    ['another operator', by('work_info.job_number', 'x', 'like'), 2220001],
    ['a page that is too long', { required_fields: ['a'], page_request: { page_size: 101 } }, 2220001],
    ['a page token of another list', { required_fields: ['a'], page_request: { page_token: 'x' } }, 2221004],
  ])('are refused for %s', async (_, body, code) => {
    const reply = await asApp(await serve(organisation()), 'POST', `${employees}/filter`, { body });
    expect([reply.status, reply.body['code']]).toEqual([400, code]);
  });

  it('tell by id who has left, who is not there and who may not be seen', async () => {
    const emulator = await serve(partlyHidden(), { now });
    const body = {
      employee_ids: ['ou_left', 'ou_leaving', 'ou_hidden', 'ou_nobody'],
      required_fields: ['base_info.is_resigned', 'work_info.staff_status'],
    };
    const reply = await asApp(emulator, 'POST', `${employees}/mget`, { body });
    expect(dataOf(reply)).toEqual({
      employees: [
        { base_info: { employee_id: 'ou_left', is_resigned: true }, work_info: { staff_status: 2 } },
        { base_info: { employee_id: 'ou_leaving', is_resigned: false }, work_info: { staff_status: 5 } },
      ],
      abnormals: [
        { id: 'ou_hidden', row_error: 1000, field_errors: {} },
        { id: 'ou_nobody', row_error: 0, field_errors: { employee_id: 2002 } },
      ],
    });
    const bare = await asApp(emulator, 'POST', `${employees}/mget`, { body }, 'bare');
    expect(rowsOf(bare, 'employees')[0]).toEqual({ base_info: { employee_id: 'ou_left' }, work_info: {} });
  });
});
