import { describe, expect, it } from 'vitest';
import type { FindKind, FindQuery, Found, FoundItems } from '../../../src/model/found.ts';
import { canaries, onDingtalk, refuse, signal } from '../bench.ts';
import type { Script, ScriptedAnswer, SeenRequest } from '../../support/scripted-server.ts';

function result(value: unknown): ScriptedAnswer {
  return { body: { errcode: 0, errmsg: 'ok', result: value } };
}

function errcode(code: number, errmsg = 'platform text', more: object = {}): ScriptedAnswer {
  return { body: { errcode: code, errmsg, request_id: 'req-1', ...more } };
}

function byPath(
  answers: Readonly<Record<string, (json: never, request: SeenRequest) => ScriptedAnswer>>,
): Script {
  return (request) => {
    const answer = Object.entries(answers).find(([path]) => request.path.endsWith(path))?.[1];
    return answer?.(request.json as never, request) ?? refuse('InvalidAction.NotFound', 404);
  };
}

interface Looked<K extends FindKind> {
  readonly found: Found<FoundItems[K]>;
  readonly calls: readonly SeenRequest[];
  readonly metered: number;
  readonly shown: readonly string[];
}

function look<K extends FindKind>(kind: K, query: Partial<FindQuery>, script: Script): Promise<Looked<K>> {
  return onDingtalk(script, async ({ finder, calls, session, events }) => ({
    found: await finder.find(kind, { texts: [], ...query }, signal),
    calls: calls(),
    metered: session.metered,
    shown: events.map(({ url }) => url),
  }));
}

const lisi = {
  userid: 'u1',
  unionid: 'unionLi',
  name: '李四',
  org_email: 'lisi@corp.com',
  job_number: '00712',
  active: 'true',
};

/** Two departments, one person in both, and one who is hidden from the app. */
const company = byPath({
  'department/listsub': ({ dept_id: id }: { dept_id: number }) =>
    result(id === 1 ? [{ dept_id: 12, name: '平台组', parent_id: 1 }] : []),
  'department/get': ({ dept_id: id }: { dept_id: number }) =>
    result({ dept_id: id, name: id === 1 ? '公司' : '平台组', member_count: id === 1 ? 3 : 2 }),
  'v2/user/list': ({ dept_id: id, cursor }: { dept_id: number; cursor: number }) => {
    if (id === 1) return result({ has_more: false, list: [lisi] });
    return cursor === 0
      ? result({ has_more: 'true', next_cursor: '1', list: [lisi] })
      : result({ has_more: 'false', list: [{ userid: 'u2', unionid: 'unionWu', name: '王五' }] });
  },
  'user/listid': ({ dept_id: id }: { dept_id: number }) =>
    result({ userid_list: id === 1 ? ['u1'] : ['u1', 'u2', 'u3'] }),
  'user/getbymobile': ({ mobile }: { mobile: string }) =>
    mobile === '13800000000' ? result({ userid: 'u1' }) : errcode(60121),
  'v2/user/get': () => result(lisi),
  'user/getbyunionid': ({ unionid }: { unionid: string }) =>
    unionid === 'unionLi' ? result({ contact_type: 0, userid: 'u1' }) : errcode(60121),
});

describe('people', () => {
  it('are found by address, job number and name in one walk, which costs nothing of the month', async () => {
    const { found, metered, calls } = await look(
      'people',
      { texts: ['LISI@corp.com', '00712', '王'] },
      company,
    );
    expect(found).toMatchObject({
      complete: true,
      items: [
        {
          name: '李四',
          ids: { unionId: 'unionLi', userId: 'u1' },
          email: 'lisi@corp.com',
          status: 'active',
          asked: ['LISI@corp.com', '00712'],
        },
        { name: '王五', ids: { unionId: 'unionWu' }, status: null },
      ],
      notes: ['Not visible to the app: 1 more.'],
    });
    expect(metered).toBe(0);
    expect(calls.every(({ query }) => query['access_token']?.startsWith(canaries.token))).toBe(true);
    expect(calls.find(({ path }) => path.endsWith('user/list'))?.json).toMatchObject({
      size: 100,
      contain_access_limit: true,
    });
  });

  it('show no token where requests are shown', async () => {
    const { shown } = await look('people', {}, company);
    expect(shown.join()).toContain('/topapi/v2/user/list?access_token=...');
    expect(shown.join()).not.toContain('CANARY');
  });

  it('are found by mobile number and by unionId without a walk', async () => {
    const byNumber = await look('people', { texts: ['+86 138 0000 0000', '+8613900000000'] }, company);
    expect(byNumber.found).toMatchObject({
      complete: true,
      items: [{ name: '李四', asked: ['+86 138 0000 0000'] }],
      missing: [{ query: '+8613900000000', reason: 'not-visible' }],
    });
    const byId = await look('people', { texts: ['unionLi', 'unionNo'], idType: null }, company);
    expect(byId.found.items).toMatchObject([{ email: 'lisi@corp.com', asked: ['unionLi'] }]);
    expect(byId.found.missing).toHaveLength(1);
  });

  it('are looked up beside one whom the app may not see', async () => {
    const hidden = byPath({
      'user/getbymobile': ({ mobile }: { mobile: string }) => result({ userid: `u${mobile}` }),
      'user/getbyunionid': ({ unionid }: { unionid: string }) =>
        unionid === 'unionHidden' ? errcode(50002) : result({ contact_type: 0, userid: 'u1' }),
      'v2/user/get': ({ userid }: { userid: string }) =>
        userid === 'u13900000000' ? errcode(50002) : result(lisi),
    });
    const byNumber = await look('people', { texts: ['13900000000', '13800000000'], by: 'mobile' }, hidden);
    expect(byNumber.found).toMatchObject({
      complete: true,
      items: [{ name: '李四', asked: ['13800000000'] }],
      missing: [{ query: '13900000000', reason: 'not-visible' }],
    });
    const byId = await look('people', { texts: ['unionHidden', 'unionLi'], idType: null }, hidden);
    expect(byId.found).toMatchObject({
      complete: true,
      items: [{ name: '李四', asked: ['unionLi'] }],
      missing: [{ query: 'unionHidden', reason: 'not-visible' }],
    });
  });

  it('name the permission that is missing, as the console does', async () => {
    const script = byPath({
      'department/listsub': () =>
        errcode(88, 'no', {
          sub_code: '60011',
          sub_msg: '没有调用该接口的权限，请申请[qyapi_get_department_list]',
        }),
    });
    const { found } = await look('people', {}, script);
    expect(found).toMatchObject({
      complete: false,
      problem: { platformCode: '60011', hint: expect.stringContaining('qyapi_get_department_list') },
    });
  });

  it('are asked for again where the platform is busy, and once with another token', async () => {
    let count = 0;
    const script: Script = (request, response) => {
      count += 1;
      if (count === 1) return errcode(-1);
      if (count === 2) return errcode(90002);
      if (count === 3) return errcode(40014);
      return company(request, response);
    };
    const { found } = await look('people', {}, script);
    expect(found.complete).toBe(true);
    expect(found.items).toHaveLength(2);
  });
});

describe('an app that was given some departments and people', () => {
  const scopes = {
    '/auth/scopes': () => ({
      body: { errcode: 0, auth_org_scopes: { authed_dept: [12], authed_user: ['u9'] } },
    }),
    'v2/user/get': ({ userid }: { userid: string }) =>
      userid === 'u9' ? result({ userid: 'u9', unionid: 'union9', name: '钱九' }) : errcode(60121),
  };
  const notTheRoot = ({ dept_id: id }: { dept_id: number }) => (id === 1 ? errcode(50004) : result([]));
  const partly: Script = (request, response) =>
    Object.keys(scopes).some((path) => request.path.endsWith(path))
      ? byPath(scopes)(request, response)
      : request.path.endsWith('department/listsub')
        ? notTheRoot(request.json as never)
        : company(request, response);

  it('begins there instead of at the root, which is refused', async () => {
    const { found, metered } = await look('people', { texts: ['王五', '钱九', '孙十'] }, partly);
    expect(found).toMatchObject({
      complete: true,
      items: [{ name: '钱九' }, { name: '王五' }],
      missing: [{ query: '孙十', reason: 'not-visible' }],
    });
    expect(found.notes).toContain('The app may see some departments only, not the whole organisation.');
    expect(metered).toBe(0);
    const { found: departments } = await look('departments', {}, partly);
    expect(departments).toMatchObject({ complete: true, items: [{ id: '12', members: 2 }] });
  });
});

describe('people who have left', () => {
  const records = [
    { userId: 'u7', name: '周七', mobile: '13800000007', leaveReason: 'leave' },
    { userId: 'u8', name: '吴八', leaveReason: 'delete' },
  ];
  const gone: Script = (request, response) => {
    const { path, query } = request;
    if (path.endsWith('/empLeaveRecords')) {
      return query['nextToken'] === '0'
        ? { body: { records: records.slice(0, 1), nextToken: '1' } }
        : { body: { records: records.slice(1) } };
    }
    if (path.endsWith('/dimissionInfos')) return { body: { result: [{ userId: 'u1', status: 2 }] } };
    return path.endsWith('v2/user/get') ? errcode(60121) : company(request, response);
  };

  it('are found by name and number in the leave records of the year, which are free', async () => {
    const { found, metered } = await look('people', { texts: ['吴八', '+8613800000007', '郑九'] }, gone);
    expect(found).toMatchObject({
      complete: true,
      items: [
        { name: '周七', ids: { userId: 'u7' }, status: 'left', asked: ['+8613800000007'] },
        { name: '吴八', status: 'left', asked: ['吴八'] },
      ],
      missing: [{ query: '郑九' }],
    });
    expect(metered).toBe(0);
  });

  it('are told by unionId where the HR records say so', async () => {
    const { found } = await look('people', { texts: ['unionLi', 'unionNo'], idType: null }, gone);
    expect(found.items).toMatchObject([{ ids: { unionId: 'unionLi', userId: 'u1' }, status: 'left' }]);
    expect(found.missing).toEqual([{ query: 'unionNo', reason: 'not-visible' }]);
  });

  it('are asked of the HR records together', async () => {
    const { found, calls } = await look(
      'people',
      { texts: ['1', '2'], idType: null },
      (request, response) => {
        const { path } = request;
        if (path.endsWith('/dimissionInfos')) {
          return { body: { result: ['u1', 'u2'].map((userId) => ({ userId, status: 2 })) } };
        }
        if (!path.endsWith('user/getbyunionid')) return gone(request, response);
        const { unionid } = request.json as { readonly unionid: string };
        return result({ contact_type: 0, userid: `u${unionid}` });
      },
    );
    expect(found.items.map(({ asked, status }) => [asked, status])).toEqual([
      [['1'], 'left'],
      [['2'], 'left'],
    ]);
    expect(calls.filter(({ path }) => path.endsWith('/dimissionInfos'))).toHaveLength(1);
  });

  it('are not looked for by what the leave records do not have', async () => {
    const address = await look('people', { texts: ['wu@corp.com'] }, gone);
    const number = await look('people', { texts: ['0815'], by: 'employeeNo' }, gone);
    for (const { found, calls } of [address, number]) {
      expect(found.missing).toHaveLength(1);
      expect(calls.filter(({ path }) => path.endsWith('/empLeaveRecords'))).toEqual([]);
    }
  });

  it('are not known without the permission, and the search is whole all the same', async () => {
    const denied = 'Forbidden.AccessDenied.AccessTokenPermissionDenied';
    const { found } = await look('people', { texts: ['吴八'] }, (request, response) =>
      request.path.startsWith('/v1.0/contact') ? refuse(denied, 403) : company(request, response),
    );
    expect(found).toMatchObject({ complete: true, missing: [{ query: '吴八' }] });
    expect(found.notes).toContain(
      'Who has left could not be checked: that requires the permission Contact.Common.Read.',
    );
  });
});

it('counts the members of departments', async () => {
  const { found } = await look('departments', {}, company);
  expect(found.items).toEqual([
    { id: '1', name: '公司', members: 3 },
    { id: '12', name: '平台组', members: 2 },
  ]);
});

it.each([
  ['as the page has them', (calendars: object[]) => ({ calendars })],
  ['as the SDK has them', (calendars: object[]) => ({ response: { calendars } })],
])('lists calendars %s', async (_name, body) => {
  const rows = [
    { id: 'primary', summary: '日历', type: 'primary', privilege: 'owner' },
    { id: 's', summary: 'Sub', type: 'subscribed', privilege: 'reader' },
  ];
  const { found, metered } = await look(
    'calendars',
    { organizer: 'unionOrg' },
    byPath({ '/users/unionOrg/calendars': () => ({ body: body(rows) }) }),
  );
  expect(found.items).toEqual([
    { id: 'primary', title: '日历', role: 'owner', writable: true },
    { id: 's', title: 'Sub', role: 'reader', writable: false },
  ]);
  expect(metered).toBe(1);
});

it('says why it finds no chats', async () => {
  const { found, calls } = await look('chats', {}, company);
  expect(found).toMatchObject({
    complete: false,
    problem: { message: expect.stringMatching(/^chats cannot be found on DingTalk: /) },
  });
  expect(calls).toEqual([]);
});

describe('events', () => {
  const time = (dateTime: string) => ({ dateTime, timeZone: 'UTC' });
  const attendees = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `u${at}` }));
  const rows = [
    {
      id: 'one',
      summary: 'Once',
      start: time('2099-01-04T02:00:00Z'),
      end: time('2099-01-04T03:00:00Z'),
      organizer: { id: 'unionOrg' },
      attendees: attendees(3),
    },
    {
      id: 'many',
      start: time('2099-01-05T02:00:00Z'),
      organizer: { id: 'other' },
      attendees: attendees(100),
    },
    {
      id: 'w2',
      summary: 'Weekly, moved',
      seriesMasterId: 'w',
      start: time('2099-01-06T08:00:00Z'),
      originStart: time('2099-01-06T02:00:00Z'),
      organizer: { id: 'unionOrg' },
    },
    {
      id: 'w3',
      summary: 'Weekly',
      seriesMasterId: 'w',
      start: time('2099-01-13T02:00:00Z'),
      originStart: time('2099-01-13T02:00:00Z'),
      organizer: { id: 'unionOrg' },
    },
    { id: 'x', status: 'cancelled', start: time('2099-01-13T02:00:00Z') },
  ];

  it('stand for their series once, and are read in ranges of a year', async () => {
    const fromMs = Date.parse('2099-01-01T00:00:00Z');
    const { found, calls } = await look(
      'events',
      { organizer: 'unionOrg', fromMs, toMs: fromMs + 400 * 86_400_000 },
      byPath({
        '/users/unionOrg/calendars/primary/eventsview': (_json, { query }) => {
          if (query['timeMin'] !== '2099-01-01T00:00:00Z') return { body: { events: [] } };
          return query['nextToken'] === undefined
            ? { body: { events: rows.slice(0, 2), nextToken: 'n' } }
            : { body: { events: rows.slice(2), nextToken: '' } };
        },
      }),
    );
    expect(found.items).toMatchObject([
      { id: 'one', attendees: 3, invitation: false, recurring: false },
      { id: 'many', attendees: null, invitation: true },
      { id: 'w', title: 'Weekly', recurring: true, start: '2099-01-06T08:00:00Z', attendees: null },
    ]);
    expect(calls.map(({ query }) => [query['timeMin'], query['timeMax'], query['nextToken']])).toEqual([
      ['2099-01-01T00:00:00Z', '2100-01-01T00:00:00Z', undefined],
      ['2099-01-01T00:00:00Z', '2100-01-01T00:00:00Z', 'n'],
      ['2100-01-01T00:00:00Z', '2100-02-05T00:00:00Z', undefined],
    ]);
  });
});
