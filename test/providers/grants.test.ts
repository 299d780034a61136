import { describe, expect, it } from 'vitest';
import type { Grants } from '../../src/model/grants.ts';
import type { ProviderId } from '../../src/platforms/index.ts';
import type { Script } from '../support/scripted-server.ts';
import { onBench, signal } from './bench.ts';

function granted(
  provider: ProviderId,
  answers: Readonly<Record<string, object>>,
  wanted: readonly string[] = [],
): Promise<Grants & { readonly paths: readonly string[]; readonly metered: number }> {
  const script: Script = ({ path }) => {
    const answer = answers[path];
    return answer === undefined ? { status: 404 } : { body: answer };
  };
  const token =
    provider === 'dingtalk'
      ? { body: { accessToken: 'x', expireIn: 7200 } }
      : { body: { code: 0, tenant_access_token: 't-x', expire: 7200 } };
  return onBench(
    { provider, script, token: () => token, timeoutMs: 1000 },
    async ({ finder, calls, session }) => ({
      ...(await finder.grants(new Set(wanted), signal)),
      paths: calls().map(({ path }) => path),
      metered: session.metered,
    }),
  );
}

const scopes = '/open-apis/application/v6/scopes';
const range = '/open-apis/contact/v3/scopes';

describe.each(['feishu', 'lark'] as const)('what %s tells of permissions', (provider) => {
  it('is a list of all, those of persons left out, and the contact range', async () => {
    const {
      told,
      listed,
      range: seen,
    } = await granted(provider, {
      [scopes]: {
        code: 0,
        data: {
          scopes: [
            { scope_name: 'a', grant_status: 1 },
            { scope_name: 'b', grant_status: 2, scope_type: 'tenant' },
            { scope_name: 'c', grant_status: 1, scope_type: 'user' },
          ],
        },
      },
      [range]: {
        code: 0,
        data: { department_ids: [], user_ids: ['ou_a'], group_ids: ['g'], has_more: false },
      },
    });
    expect([...told]).toEqual([
      ['a', true],
      ['b', false],
    ]);
    expect(listed).toBe(true);
    expect(seen).toEqual({ whole: false, departments: 0, users: 1, groups: 1 });
  });

  it('is told also where the contact range is refused, or not at all', async () => {
    const listed = await granted(provider, {
      [scopes]: { code: 0, data: { scopes: [] } },
      [range]: { code: 99991672, msg: 'no' },
    });
    expect(listed).toMatchObject({ listed: true, range: null, problem: { platformCode: '99991672' } });
    const refused = await granted(provider, { [scopes]: { code: 212100, msg: 'app not install' } });
    expect(refused).toMatchObject({ listed: false, problem: { platformCode: '212100' } });
  });
});

describe('what DingTalk tells of permissions', () => {
  const scope = { errcode: 0, auth_org_scopes: { authed_dept: [7], authed_user: ['u1', 'u2'] } };
  const fine = { errcode: 0, result: {} };

  it('is what free calls show, of permissions that are wanted, in a department that the app has', async () => {
    const {
      told,
      listed,
      range: seen,
      paths,
      metered,
    } = await granted(
      'dingtalk',
      {
        '/auth/scopes': scope,
        '/topapi/v2/department/get': fine,
        '/topapi/user/listid': { errcode: 88, errmsg: 'no', sub_code: '60011', sub_msg: 'no' },
      },
      ['qyapi_get_department_list', 'qyapi_get_member'],
    );
    expect([...told]).toEqual([
      ['qyapi_get_department_list', true],
      ['qyapi_get_member', false],
    ]);
    expect(listed).toBe(false);
    expect(seen).toEqual({ whole: false, departments: 1, users: 2, groups: 0 });
    expect(paths).toEqual(['/auth/scopes', '/topapi/v2/department/get', '/topapi/user/listid']);
    expect(metered).toBe(0);
  });

  it('is nothing where the app is not let in', async () => {
    const refused = await granted('dingtalk', { '/auth/scopes': { errcode: 88, errmsg: 'no' } });
    expect(refused).toMatchObject({ listed: false, range: null, problem: { code: 'credentials' } });
  });
});
