import { describe, expect, it } from 'vitest';

import type { Emulator } from '../../src/emulator/server.ts';
import { ask, serve, type Reply } from './client.ts';
import { dingtalkToken, june as now, organisation, partlyHidden } from './organisation.ts';

async function call(
  emulator: Emulator,
  method: string,
  path: string,
  body?: object,
  app = 'all',
): Promise<Reply> {
  const headers = { 'x-acs-dingtalk-access-token': await dingtalkToken(emulator, app) };
  return ask(emulator, method, path, body === undefined ? { headers } : { headers, body });
}

describe('the search of DingTalk', () => {
  const users = '/v1.0/contact/users/search';

  it('finds people whom the app may see by a part of their name, or by all of it', async () => {
    const emulator = await serve(partlyHidden(), { now });
    const some = await call(emulator, 'POST', users, { queryWord: 'a', offset: 0, size: 1 });
    expect(some.body).toEqual({ list: ['user_unionAnna'], hasMore: true, totalCount: 2 });
    const whole = await call(emulator, 'POST', users, {
      queryWord: 'anna',
      offset: 0,
      size: 10,
      fullMatchField: 1,
    });
    expect(whole.body['list']).toEqual(['user_unionAnna']);
    const hidden = await call(emulator, 'POST', users, { queryWord: 'hidden', offset: 0, size: 10 });
    expect(hidden.body).toEqual({ list: [], hasMore: false, totalCount: 0 });
  });

  it('finds departments', async () => {
    const body = { queryWord: 'infra', offset: 0, size: 10 };
    const reply = await call(await serve(organisation()), 'POST', '/v1.0/contact/departments/search', body);
    expect(reply.body).toEqual({ list: [13], hasMore: false, totalCount: 1 });
  });

  it.each([
    {},
    { queryWord: 'a' },
    { queryWord: 'a', offset: 0, size: 0 },
    { queryWord: 'a', offset: -1, size: 1 },
  ])('refuses %o', async (body) => {
    const reply = await call(await serve(organisation()), 'POST', users, body);
    expect([reply.status, reply.body['code']]).toEqual([400, 'parameter.error']);
  });
});

describe('people who have left DingTalk', () => {
  const records = '/v1.0/contact/empLeaveRecords';
  const infos = '/v1.0/hrm/employees/dimissionInfos';
  const all = '/v1.0/hrm/employees/dismissions';

  it('have a record with their last day', async () => {
    const emulator = await serve(organisation(), { now });
    const reply = await call(
      emulator,
      'GET',
      `${records}?startTime=2026-01-01T00:00:00Z&maxResults=50&nextToken=0`,
    );
    expect(reply.body).toEqual({
      records: [
        expect.objectContaining({
          userId: 'user_unionLeft',
          name: 'Left',
          leaveTime: '2026-05-31T16:00:00.000Z',
          leaveReason: 'leave',
        }),
      ],
    });
    const before = `${records}?startTime=2026-01-01T00:00:00Z&endTime=2026-05-01T00:00:00Z&maxResults=50`;
    expect((await call(emulator, 'GET', before)).body).toEqual({ records: [] });
  });

  it.each([
    `${records}?maxResults=50`,
    `${records}?startTime=2026-01-01T00:00:00Z`,
    `${records}?startTime=2026-01-01T00:00:00Z&maxResults=51`,
    `${records}?startTime=2025-01-01T00:00:00Z&maxResults=50`,
  ])('are not told for %s', async (path) => {
    const reply = await call(await serve(organisation(), { now }), 'GET', path);
    expect([reply.status, reply.body['code']]).toEqual([400, 'invalidParameter.param.invalid']);
  });

  it('are told from those who will leave and those who will not', async () => {
    const emulator = await serve(organisation(), { now });
    const query = '?userIdList=user_unionLeft&userIdList=user_unionLeaving&userIdList=li&userIdList=nobody';
    const reply = await call(emulator, 'GET', infos + query);
    expect(reply.body['result']).toEqual([
      { userId: 'user_unionLeft', status: 2, lastWorkDay: Date.parse('2026-05-31T16:00:00Z') },
      { userId: 'user_unionLeaving', status: 1, lastWorkDay: Date.parse('2026-07-31T16:00:00Z') },
      { userId: 'li', status: 3 },
    ]);
    const quoted = await call(
      emulator,
      'GET',
      `${infos}?userIdList=${encodeURIComponent('["li","user_unionLeft"]')}`,
    );
    expect(quoted.body['result']).toHaveLength(2);
  });

  it('are unknown to HR where it is told so', async () => {
    const emulator = await serve(organisation('behaviour: { hrRecords: absent }'), { now });
    expect((await call(emulator, 'GET', `${infos}?userIdList=user_unionLeft`)).body).toEqual({ result: [] });
    expect((await call(emulator, 'GET', all)).body['userIdList']).toEqual([]);
  });

  it('are listed', async () => {
    const emulator = await serve(organisation(), { now });
    expect((await call(emulator, 'GET', `${all}?nextToken=0&maxResults=50`)).body).toMatchObject({
      userIdList: ['user_unionLeft'],
      hasMore: false,
    });
    for (const path of [`${all}?maxResults=51`, infos]) {
      expect((await call(emulator, 'GET', path)).body['code']).toBe('invalidParameter');
    }
  });

  it('and the calendars of those whom the app cannot see are refused', async () => {
    const emulator = await serve(partlyHidden(), { now });
    for (const user of ['unionLeft', 'unionHidden']) {
      const reply = await call(emulator, 'GET', `/v1.0/calendar/users/${user}/calendars/primary/events`);
      expect([reply.status, reply.body['code']]).toEqual([400, 'permissionDeny']);
    }
    const seen = await call(emulator, 'GET', '/v1.0/calendar/users/unionAnna/calendars/primary/events');
    expect(seen.body).toEqual({ events: [] });
  });
});
