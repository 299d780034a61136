import { describe, expect, it } from 'vitest';

import { ask, rowsOf, serve, type Reply } from './client.ts';
import { dingtalkToken, june as now, oapi, organisation, partlyHidden } from './organisation.ts';

const resultOf = (reply: Reply): Readonly<Record<string, unknown>> =>
  (reply.body['result'] ?? {}) as Record<string, unknown>;
const codeOf = (reply: Reply): unknown => [reply.status, reply.body['errcode']];
const get = '/topapi/v2/user/get';
const list = '/topapi/v2/user/list';

describe('the older API', () => {
  it('answers HTTP 200 with a code, a message, a result and an id', async () => {
    const reply = await oapi(await serve(organisation(), { now }), get, { userid: 'li' });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      errcode: 0,
      errmsg: 'ok',
      result: {
        userid: 'li',
        unionid: 'unionLi',
        name: '李四 Li Si',
        mobile: '+8613800000001',
        email: 'LiSi@corp.com',
        org_email: '',
        job_number: '00712',
        dept_id_list: [12],
        active: true,
        leader: false,
        title: '',
        exclusive_account: false,
      },
      request_id: expect.any(String),
    });
  });

  it('takes the token in the query, and keeps it out of its log', async () => {
    const emulator = await serve(organisation());
    expect(codeOf(await ask(emulator, 'POST', get, { body: {} }))).toEqual([200, 40014]);
    expect(codeOf(await ask(emulator, 'POST', `${get}?access_token=bad`, { body: {} }))).toEqual([
      200, 40014,
    ]);
    await oapi(emulator, get, { userid: 'li' });
    expect(emulator.requests.at(-1)).toMatchObject({ api: 'dingtalk.user.get', path: get, query: {} });
    const token = await dingtalkToken(emulator);
    expect(JSON.stringify(emulator.requests)).not.toContain(token);
  });

  it('tells an unknown path, a missing permission and a call too many in its own words', async () => {
    const emulator = await serve(organisation(), { quota: 'documented', now });
    expect(codeOf(await oapi(emulator, '/topapi/nothing', {}))).toEqual([200, 404]);
    const lacks = await oapi(emulator, get, { userid: 'li' }, 'nothing');
    expect(lacks.body).toMatchObject({
      errcode: 88,
      sub_code: '60011',
      sub_msg: expect.stringContaining('qyapi_get_member'),
    });
    for (let n = 0; n < 20; n += 1) await oapi(emulator, get, { userid: 'li' });
    expect(codeOf(await oapi(emulator, get, { userid: 'li' }))).toEqual([200, 90006]);
    const plain = await serve(organisation('behaviour: { legacyPermission: permission }'));
    expect(codeOf(await oapi(plain, get, { userid: 'li' }, 'nothing'))).toEqual([200, 60011]);
  });

  it('quotes flags and numbers where it is told to', async () => {
    const emulator = await serve(organisation('behaviour: { legacyTypes: quoted }'), { now });
    const reply = await oapi(emulator, list, { dept_id: '12', cursor: '0', size: '1' });
    expect(resultOf(reply)).toMatchObject({ has_more: 'true', next_cursor: '1' });
    expect(reply.body['errcode']).toBe(0);
  });

  it('leaves out fields that the app has no permission for', async () => {
    const reply = await oapi(await serve(organisation()), get, { userid: 'li' }, 'bare');
    expect(resultOf(reply)).toMatchObject({ userid: 'li', job_number: '00712' });
    expect(Object.keys(resultOf(reply))).not.toEqual(expect.arrayContaining(['email', 'mobile']));
  });

  it('fails as a fault says, in its own words', async () => {
    const faults = `faults:
  - { api: dingtalk.user.get, fault: rate-limit, code: 90006 }
  - { api: dingtalk.user.mobile, fault: error, status: 500, body: json }
`;
    const emulator = await serve(organisation(), { faults });
    expect(codeOf(await oapi(emulator, get, { userid: 'li' }))).toEqual([200, 90006]);
    const path = '/topapi/v2/user/getbymobile';
    expect(codeOf(await oapi(emulator, path, { mobile: '13800000001' }))).toEqual([500, -1]);
  });
});

describe('one person', () => {
  const byMobile = '/topapi/v2/user/getbymobile';
  const byUnionId = '/topapi/user/getbyunionid';

  it.each([
    [get, { userid: 'user_unionAnna' }, 0],
    [get, { userid: 'unionAnna' }, 60121],
    [get, { userid: 'user_unionLeft' }, 60121],
    [get, { userid: 'user_unionHidden' }, 50002],
    [get, {}, 33012],
    [get, { userid: 7 }, 400002],
    [byMobile, { mobile: '13800000001' }, 0],
    [byMobile, { mobile: '+8613800000001' }, 0],
    [byMobile, { mobile: '13800000002' }, 60121],
    [byMobile, { mobile: '13800000009' }, 50002],
    [byMobile, { mobile: 'no number' }, 40104],
    [byUnionId, { unionid: 'unionLi' }, 0],
    [byUnionId, { unionid: 'unionLeft' }, 0],
    [byUnionId, { unionid: 'unionHidden' }, 50002],
    [byUnionId, { unionid: 'unionBoard' }, 50002],
    [byUnionId, { unionid: 'unionGuest' }, 0],
    [byUnionId, { unionid: 'nobody' }, 60121],
    [byUnionId, {}, 400002],
  ])('is answered by %s %o with %i', async (path, body, code) => {
    expect(codeOf(await oapi(await serve(partlyHidden(), { now }), path, body))).toEqual([200, code]);
  });

  it('who may not be seen looks like nobody where it is told to', async () => {
    const emulator = await serve(partlyHidden('behaviour: { hiddenUser: absent }'), { now });
    expect(codeOf(await oapi(emulator, byUnionId, { unionid: 'unionHidden' }))).toEqual([200, 60121]);
  });

  it('who has left keeps a userid, unless it is told otherwise', async () => {
    const reply = await oapi(await serve(organisation(), { now }), byUnionId, { unionid: 'unionLeft' });
    expect(resultOf(reply)).toEqual({ contact_type: 0, userid: 'user_unionLeft' });
    const emulator = await serve(organisation('behaviour: { leftUnionId: absent }'), { now });
    expect(codeOf(await oapi(emulator, byUnionId, { unionid: 'unionLeft' }))).toEqual([200, 60121]);
  });
});

describe('what an app was given', () => {
  async function granted(tenant: string): Promise<unknown> {
    const emulator = await serve(tenant, { now });
    const path = `/auth/scopes?access_token=${await dingtalkToken(emulator)}`;
    return (await ask(emulator, 'GET', path)).body['auth_org_scopes'];
  }

  it('is the root where nothing is hidden from it', async () => {
    expect(await granted(organisation())).toEqual({ authed_dept: [1], authed_user: [] });
  });

  it('is else the departments that begin what it may see, and people outside of them', async () => {
    expect(await granted(partlyHidden())).toEqual({
      authed_dept: [12, 14, 22],
      authed_user: ['user_unionGuest'],
    });
  });
});

describe('the people of a department', () => {
  const limited =
    '\n  - { name: Limited, dingtalk: unionLimited, departments: [od-platform], accessLimited: true }';
  const names = (reply: Reply): readonly unknown[] =>
    (resultOf(reply)['list'] as readonly Readonly<Record<string, unknown>>[]).map((row) => row['name']);

  it('come page by page, those with limited access where they are asked for', async () => {
    const emulator = await serve(organisation('', limited), { now });
    const first = await oapi(emulator, list, { dept_id: 12, cursor: 0, size: 1 });
    expect([names(first), resultOf(first)['has_more'], resultOf(first)['next_cursor']]).toEqual([
      ['李四 Li Si'],
      true,
      1,
    ]);
    const second = await oapi(emulator, list, { dept_id: 12, cursor: 1, size: 1 });
    expect([names(second), resultOf(second)['has_more']]).toEqual([['Anna'], false]);
    expect(resultOf(second)).not.toHaveProperty('next_cursor');
    const all = await oapi(emulator, list, { dept_id: 12, cursor: 0, size: 100, contain_access_limit: true });
    expect(names(all)).toEqual(['李四 Li Si', 'Anna', 'Limited']);
  });

  it('and their number are told whole where the app may see only some', async () => {
    const emulator = await serve(partlyHidden(), { now });
    const ids = await oapi(emulator, '/topapi/user/listid', { dept_id: 1 });
    expect(resultOf(ids)['userid_list']).toEqual(['user_unionTop', 'user_unionHidden']);
    expect(codeOf(await oapi(emulator, list, { dept_id: 1, cursor: 0, size: 10 }))).toEqual([200, 50004]);
    expect(resultOf(await oapi(emulator, '/topapi/user/count', { only_active: false }))['count']).toBe(7);
  });

  it.each([
    [{ dept_id: 12, cursor: 0 }, 400002],
    [{ dept_id: 12, cursor: 0, size: 101 }, 400002],
    [{ cursor: 0, size: 10 }, 400002],
    [{ dept_id: 99, cursor: 0, size: 10 }, 60003],
    [{ dept_id: 20, cursor: 0, size: 10 }, 50004],
  ])('are refused for %o with %i', async (body, code) => {
    expect(codeOf(await oapi(await serve(partlyHidden()), list, body))).toEqual([200, code]);
  });
});

describe('departments of DingTalk', () => {
  const below = '/topapi/v2/department/listsub';
  const head = '/topapi/v2/department/get';

  it('are listed level by level', async () => {
    const emulator = await serve(organisation(), { now });
    const top = await oapi(emulator, below, {});
    expect(rowsOf(top, 'result')).toEqual([
      { dept_id: 12, name: '平台组 Platform', parent_id: 1 },
      { dept_id: 14, name: 'Empty', parent_id: 1 },
    ]);
    const platform = await oapi(emulator, below, { dept_id: 12 });
    expect(rowsOf(platform, 'result')).toEqual([{ dept_id: 13, name: 'Infra', parent_id: 12 }]);
  });

  it('outside what the app may see are in the list of ids alone', async () => {
    const emulator = await serve(partlyHidden(), { now });
    expect(rowsOf(await oapi(emulator, below, {}), 'result')).toHaveLength(2);
    const ids = await oapi(emulator, '/topapi/v2/department/listsubid', {});
    expect(resultOf(ids)['dept_id_list']).toEqual([12, 14, 20]);
    expect(codeOf(await oapi(emulator, below, { dept_id: 20 }))).toEqual([200, 50004]);
    expect(codeOf(await oapi(emulator, head, { dept_id: 21 }))).toEqual([200, 50004]);
    expect(codeOf(await oapi(emulator, head, { dept_id: 1 }))).toEqual([200, 50004]);
    expect(codeOf(await oapi(emulator, head, { dept_id: 22 }))).toEqual([200, 0]);
    expect(codeOf(await oapi(emulator, head, { dept_id: 23 }))).toEqual([200, 60003]);
    expect(codeOf(await oapi(emulator, head, {}))).toEqual([200, 400002]);
  });

  it('tell how many people they have, right in them and below', async () => {
    const emulator = await serve(organisation(), { now });
    expect(resultOf(await oapi(emulator, head, { dept_id: 12 }))).toMatchObject({
      dept_id: 12,
      name: '平台组 Platform',
      parent_id: 1,
      member_count: 3,
      owning_member_count: 2,
    });
  });

  it('count only whom the app may see where they are told to', async () => {
    const hidden = '\n  - { dingtalk: unionShy, departments: [od-empty], visible: false }';
    const counts = [];
    for (const owning of ['all', 'visible']) {
      const emulator = await serve(organisation(`behaviour: { owningCount: ${owning} }`, hidden));
      counts.push(resultOf(await oapi(emulator, head, { dept_id: 14 }))['owning_member_count']);
    }
    expect(counts).toEqual([1, 0]);
  });
});
