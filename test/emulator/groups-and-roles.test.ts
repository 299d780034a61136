import { describe, expect, it } from 'vitest';

import { ask, dataOf, rowsOf, serve } from './client.ts';
import { asApp, june as now, oapi, organisation } from './organisation.ts';

const contact = '/open-apis/contact/v3';
const tenant = organisation(`
groups:
  - { id: g1, name: Oncall, members: [ou_lisi, ou_anna, ou_left, unionTop], departments: [od-infra] }
  - { id: g2, name: Everybody, members: [ou_top], dynamic: true }
roles:
  - { id: 7023, name: 值班, members: [ou_lisi, ou_left, unionTop, ou_stranger] }
`);

describe('user groups of Feishu', () => {
  it('are listed with how many people and departments they hold', async () => {
    const emulator = await serve(tenant, { now });
    const reply = await asApp(emulator, 'GET', `${contact}/group/simplelist`);
    expect(rowsOf(reply, 'grouplist')).toMatchObject([
      { id: 'g1', name: 'Oncall', type: 1, member_user_count: 2, member_department_count: 1 },
      { id: 'g2', name: 'Everybody', type: 2, member_user_count: 1, member_department_count: 0 },
    ]);
    const dynamic = await asApp(emulator, 'GET', `${contact}/group/simplelist?type=2&page_size=1`);
    expect(rowsOf(dynamic, 'grouplist')).toHaveLength(1);
    expect(dataOf(await asApp(emulator, 'GET', `${contact}/scopes`))['group_ids']).toEqual(['g1', 'g2']);
  });

  it('list members of one kind, users unless it is said', async () => {
    const emulator = await serve(tenant, { now });
    const members = `${contact}/group/g1/member/simplelist`;
    const users = await asApp(emulator, 'GET', `${members}?member_id_type=union_id`);
    expect(rowsOf(users, 'memberlist')).toEqual([
      { member_id: 'on_li', member_type: 'user', member_id_type: 'union_id' },
      { member_id: 'on_anna', member_type: 'user', member_id_type: 'union_id' },
    ]);
    const departments = await asApp(
      emulator,
      'GET',
      `${members}?member_type=department&member_id_type=department_id`,
    );
    expect(rowsOf(departments, 'memberlist')).toEqual([
      { member_id: 'infra', member_type: 'department', member_id_type: 'department_id' },
    ]);
    const first = await asApp(emulator, 'GET', `${members}?page_size=1`);
    expect([rowsOf(first, 'memberlist').length, dataOf(first)['has_more']]).toEqual([1, true]);
  });

  it.each([
    [`${contact}/group/none/member/simplelist`, 'all', 42002],
    [`${contact}/group/g1/member/simplelist?member_type=chat`, 'all', 40001],
    [`${contact}/group/g1/member/simplelist?page_size=101`, 'all', 40011],
    [`${contact}/group/simplelist?page_token=x`, 'all', 40012],
    [`${contact}/group/simplelist`, 'nothing', 99991672],
    [`${contact}/functional_roles/7023/members`, 'nothing', 99991672],
    [`${contact}/functional_roles/7023/members?page_size=101`, 'all', 40001],
  ])('answer %s of %s with %i', async (path, app, code) => {
    const reply = await asApp(await serve(tenant), 'GET', path, {}, app);
    expect([reply.status, reply.body['code']]).toEqual([400, code]);
  });

  it('and roles are for apps alone', async () => {
    const emulator = await serve(tenant);
    for (const path of [
      '/group/simplelist',
      '/group/g1/member/simplelist',
      '/functional_roles/7023/members',
    ]) {
      expect((await ask(emulator, 'GET', contact + path)).body['code']).toBe(99991668);
    }
  });
});

describe('roles', () => {
  it('hold people on Feishu', async () => {
    const emulator = await serve(tenant, { now });
    const reply = await asApp(emulator, 'GET', `${contact}/functional_roles/7023/members`);
    expect(rowsOf(reply, 'members').map((row) => row['user_id'])).toEqual(['ou_lisi', 'ou_stranger']);
    const none = await asApp(emulator, 'GET', `${contact}/functional_roles/7/members`);
    expect([none.status, none.body['code']]).toEqual([404, 41202]);
  });

  it('are asked for a hundred times a minute', async () => {
    const emulator = await serve(tenant, { now, quota: 'documented' });
    const path = `${contact}/functional_roles/7023/members`;
    const token = '/open-apis/auth/v3/tenant_access_token/internal';
    const bought = await ask(emulator, 'POST', token, { body: { app_id: 'all', app_secret: 's' } });
    const headers = { authorization: `Bearer ${String(bought.body['tenant_access_token'])}` };
    for (let n = 0; n < 100; n += 1) await ask(emulator, 'GET', path, { headers });
    expect((await ask(emulator, 'GET', path, { headers })).headers.get('x-ogw-ratelimit-limit')).toBe('100');
  });

  it('hold people on DingTalk, by userid', async () => {
    const emulator = await serve(tenant, { now });
    expect((await oapi(emulator, '/topapi/role/list', {})).body['result']).toEqual({
      hasMore: false,
      list: [{ groupId: 1, name: '默认', roles: [{ id: 7023, name: '值班' }] }],
    });
    const first = await oapi(emulator, '/topapi/role/simplelist', { role_id: 7023, size: 1 });
    expect(first.body['result']).toEqual({
      hasMore: true,
      nextCursor: 1,
      list: [{ userid: 'li', name: '李四 Li Si' }],
    });
    const rest = await oapi(emulator, '/topapi/role/simplelist', { role_id: 7023, size: 100, offset: 1 });
    expect(rest.body['result']).toEqual({ hasMore: false, list: [{ userid: 'user_unionTop', name: 'Top' }] });
    expect((await oapi(emulator, '/topapi/role/simplelist', { role_id: 1 })).body['errcode']).toBe(33011);
    expect((await oapi(emulator, '/topapi/role/simplelist', {})).body['errcode']).toBe(400002);
    expect((await oapi(emulator, '/topapi/role/list', { size: 201 })).body['errcode']).toBe(400002);
  });
});
