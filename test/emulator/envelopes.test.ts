import { describe, expect, it } from 'vitest';

import { ask, dingtalkEvent, dingtalkTenant, feishuEvent, feishuTenant, serve } from './client.ts';

const feishu = feishuTenant(
  '{ id: e_0, meetingChat: { id: oc_1 }, attendees: [{ user: ou_a }, { user: ou_b }] }, { id: other_0 }',
);
const dingtalk = dingtalkTenant('{ id: e, attendees: [{ user: a, name: A }, { user: b }, { user: c }] }');

describe('Feishu answers', () => {
  const event = feishuEvent('e_0');
  const done = { code: 0, msg: 'success', data: {} };

  it.each([
    ['POST', '/attendees/batch_delete', { delete_ids: [{ type: 'user', user_id: 'ou_a' }] }],
    ['DELETE', '/meeting_chat?meeting_chat_id=oc_1', undefined],
    ['DELETE', '?need_notification=false', undefined],
  ])('%s …%s with an empty object as data', async (method, tail, body) => {
    const reply = await ask(await serve(feishu), method, event + tail, body === undefined ? {} : { body });
    expect([reply.status, reply.body]).toEqual([200, done]);
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(reply.headers.get('x-tt-logid')).toMatch(/^[0-9A-F]{34}$/);
  });

  it('a DELETE whatever its body holds', async () => {
    const given = { raw: 'no JSON', headers: { 'content-type': 'text/plain' } };
    const reply = await ask(await serve(feishu), 'DELETE', event, given);
    expect([reply.status, reply.body]).toEqual([200, done]);
  });

  it('the last page of a list without a page token', async () => {
    const reply = await ask(await serve(feishu), 'GET', `${event}/attendees?page_size=100`);
    expect(Object.keys(reply.body)).toEqual(['code', 'msg', 'data']);
    expect(reply.body['data']).toEqual({
      items: [expect.any(Object), expect.any(Object)],
      has_more: false,
    });
  });

  it.each([
    ['GET', '/open-apis/calendar/v4/calendars/no@x/events/e_0', 404, 191000],
    ['DELETE', `${event}/meeting_chat?meeting_chat_id=oc_foreign`, 400, 195108],
    ['GET', `${event}/attendees?page_size=many`, 400, 190002],
  ])('an error of %s %s with its log id in body and header', async (method, path, status, code) => {
    const reply = await ask(await serve(feishu), method, path);
    const logId = reply.headers.get('x-tt-logid');
    expect(reply.status).toBe(status);
    expect(reply.body).toEqual({
      code,
      msg: expect.any(String),
      error: { log_id: logId, troubleshooter: expect.stringContaining(String(logId)) },
    });
  });

  it('a bad token with HTTP 400 before it looks at anything else', async () => {
    const headers = { authorization: 'Bearer t-bad' };
    const path = '/open-apis/calendar/v4/calendars/nothing/events/nothing?user_id_type=bad';
    const reply = await ask(await serve(feishu), 'GET', path, { headers });
    expect([reply.status, reply.body['code']]).toEqual([400, 99991663]);
  });

  it('a failed token call with HTTP 200, an empty object as data and no error', async () => {
    const path = '/open-apis/auth/v3/tenant_access_token/internal';
    const reply = await ask(await serve(feishu), 'POST', path, { body: {} });
    expect([reply.status, reply.body]).toEqual([200, { code: 10003, data: {}, msg: 'invalid param' }]);
  });
});

describe('DingTalk answers', () => {
  const event = dingtalkEvent('e');

  it.each([
    ['POST', '/attendees/batchRemove', { attendeesToRemove: [{ id: 'a' }] }],
    ['POST', '/attendees', { attendeesToAdd: [{ id: 'n' }] }],
    ['DELETE', '?pushNotification=false', undefined],
  ])('%s …%s with an empty 200', async (method, tail, body) => {
    const reply = await ask(await serve(dingtalk), method, event + tail, body === undefined ? {} : { body });
    expect([reply.status, reply.text, reply.headers.get('content-type')]).toEqual([200, '', null]);
    expect(reply.headers.get('x-acs-request-id')).toBeTruthy();
  });

  it('the last page of a list without a token, and no envelope around either', async () => {
    const emulator = await serve(dingtalk);
    const first = await ask(emulator, 'GET', `${event}/attendees?maxResults=2&nextToken=0`);
    expect(Object.keys(first.body)).toEqual(['attendees', 'nextToken']);
    const next = `${event}/attendees?maxResults=2&nextToken=${encodeURIComponent(String(first.body['nextToken']))}`;
    expect((await ask(emulator, 'GET', next)).body).toEqual({
      attendees: [{ id: 'c', responseStatus: 'needsAction', self: false, isOptional: false }],
    });
  });

  it.each([
    ['GET', dingtalkEvent('nothing'), 404, 'itemNotFound'],
    ['POST', `${event}/attendees/batchRemove`, 400, 'invalidParameter'],
    ['GET', '/v1.0/calendar/nothing', 404, 'InvalidAction.NotFound'],
  ])('an error of %s %s as code, message and requestid', async (method, path, status, code) => {
    const raw = method === 'POST' ? { raw: '{' } : {};
    const reply = await ask(await serve(dingtalk), method, path, raw);
    expect(reply.status).toBe(status);
    expect(reply.body).toEqual({
      code,
      requestid: reply.headers.get('x-acs-request-id'),
      message: expect.any(String),
    });
    expect(reply.headers.get('content-type')).toBe('application/json;charset=utf-8');
  });

  it('a bad token with HTTP 400 before it looks at anything else', async () => {
    const headers = { 'x-acs-dingtalk-access-token': 'bad' };
    const reply = await ask(await serve(dingtalk), 'GET', `${dingtalkEvent('nothing')}?maxAttendees=x`, {
      headers,
    });
    expect([reply.status, reply.body['code']]).toEqual([400, 'InvalidAuthentication']);
  });
});
