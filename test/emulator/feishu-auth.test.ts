import { describe, expect, it } from 'vitest';

import { ask, feishuEvent, feishuTenant, serve, type Reply } from './client.ts';

const tenant = feishuTenant('{ id: e_0 }');
const tokenPath = '/open-apis/auth/v3/tenant_access_token/internal';
const credentials = { app_id: 'cli_test', app_secret: 'test-secret' };

describe('the token call', () => {
  it('answers at the top level with a token for two hours', async () => {
    const emulator = await serve(tenant);
    const reply = await ask(emulator, 'POST', tokenPath, { body: credentials });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ code: 0, msg: 'ok', expire: 7200 });
    expect(reply.body['tenant_access_token']).toMatch(/^t-/);
  });

  it.each([
    [{ body: { app_id: 'cli_test' } }, 10003],
    [{ body: { app_id: 7, app_secret: 'x' } }, 10003],
    [{ body: [] }, 10003],
    [{ raw: '{' }, 10003],
    [{ body: { ...credentials, app_secret: 'other' } }, 10014],
    [{ body: { app_id: 'cli_other', app_secret: 'test-secret' } }, 10014],
  ])('answers %j with HTTP 200 and code %i', async (given, code) => {
    const emulator = await serve(tenant);
    const reply = await ask(emulator, 'POST', tokenPath, given);
    expect([reply.status, reply.body['code']]).toEqual([200, code]);
    expect(reply.headers.get('x-tt-logid')).toBeTruthy();
  });

  it('hands out the same token while half an hour is left, then another beside it', async () => {
    let now = 0;
    const emulator = await serve(tenant, { now: () => now });
    const fetchToken = async (): Promise<Reply> => ask(emulator, 'POST', tokenPath, { body: credentials });
    const first = (await fetchToken()).body;
    now = 90 * 60_000;
    expect((await fetchToken()).body).toMatchObject({
      tenant_access_token: first['tenant_access_token'],
      expire: 1800,
    });
    now += 1000;
    expect((await fetchToken()).body['tenant_access_token']).not.toBe(first['tenant_access_token']);
    const headers = { authorization: `Bearer ${String(first['tenant_access_token'])}` };
    expect((await ask(emulator, 'GET', feishuEvent('e_0'), { headers })).body['code']).toBe(0);
    now = 120 * 60_000;
    expect((await ask(emulator, 'GET', feishuEvent('e_0'), { headers })).body['code']).toBe(99991663);
  });

  it('gives tokens the life that the tenant file says', async () => {
    const emulator = await serve(feishuTenant('{ id: e_0 }', 'behaviour: { tokenLifetime: 5s }'));
    expect((await ask(emulator, 'POST', tokenPath, { body: credentials })).body['expire']).toBe(5);
  });
});

describe('authorization', () => {
  it.each([
    ['', 99991661],
    ['u-test', 99991661],
    ['Basic abc', 99991661],
    ['Bearer t-unknown', 99991663],
    ['Bearer u-unknown', 99991668],
    ['Bearer eyJhbGciOi', 99991668],
    ['Bearer nonsense', 99991671],
  ])('answers "%s" with HTTP 400 and code %i before it looks at parameters', async (authorization, code) => {
    const emulator = await serve(tenant);
    const reply = await ask(emulator, 'GET', `${feishuEvent('e_0', 'nowhere')}?user_id_type=x`, {
      headers: { authorization },
    });
    expect([reply.status, reply.body['code']]).toEqual([400, code]);
  });

  it('refuses every token it gave once they are revoked', async () => {
    const emulator = await serve(tenant);
    const token = (await ask(emulator, 'POST', tokenPath, { body: credentials })).body['tenant_access_token'];
    const headers = { authorization: `Bearer ${String(token)}` };
    emulator.revokeTokens();
    expect((await ask(emulator, 'GET', feishuEvent('e_0'), { headers })).body['code']).toBe(99991663);
  });

  it('keeps tokens and secrets out of the log of calls', async () => {
    const emulator = await serve(tenant);
    const token = (await ask(emulator, 'POST', tokenPath, { body: credentials })).body['tenant_access_token'];
    await ask(emulator, 'GET', feishuEvent('e_0'), { headers: { authorization: `Bearer ${String(token)}` } });
    const log = JSON.stringify(emulator.requests);
    expect(emulator.requests.map((request) => [request.api, request.status])).toEqual([
      ['feishu.token', 200],
      ['feishu.event.get', 200],
    ]);
    expect(log).not.toContain('test-secret');
    expect(log).not.toContain(String(token));
  });
});

describe('unknown paths', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/open-apis/calendar/v4/nothing'],
    ['PUT', feishuEvent('e_0')],
    ['POST', `${feishuEvent('e_0')}/meeting_chat`],
    ['GET', '/open-apis/calendar/v4/calendars/%zz/events/e_0'],
  ])('answers %s %s with text', async (method, path) => {
    const emulator = await serve(tenant);
    const reply = await ask(emulator, method, path);
    expect([reply.status, reply.text]).toEqual([404, '404 page not found']);
    expect(reply.headers.get('content-type')).toBe('text/plain');
    expect(reply.headers.get('x-tt-logid')).toBeTruthy();
  });
});
