import { describe, expect, it } from 'vitest';

import type { Emulator } from '../../src/emulator/server.ts';
import { ask, dingtalkEvent, dingtalkTenant, rowsOf, serve, type Reply } from './client.ts';

const rows =
  '{ user: org, organizer: true, rsvp: accepted }, { user: a, name: Anna, optional: true }, { user: b }';
const tenantWith = (behaviour = '', attendees = rows): string =>
  dingtalkTenant(`{ id: e, summary: 例会, attendees: [${attendees}] }`, `behaviour: { ${behaviour} }`);
const event = dingtalkEvent('e');
const ids = (...names: string[]): object[] => names.map((id) => ({ id }));
const live = (emulator: Emulator): string[] => emulator.attendees('e').map((row) => row.id);
const remove = (emulator: Emulator, names: object[], token?: string): Promise<Reply> =>
  ask(emulator, 'POST', `${event}/attendees/batchRemove`, {
    body: { attendeesToRemove: names },
    headers: token === undefined ? {} : { 'x-client-token': token },
  });
const add = (emulator: Emulator, entries: object[]): Promise<Reply> =>
  ask(emulator, 'POST', `${event}/attendees`, { body: { attendeesToAdd: entries, pushNotification: false } });

describe('tokens', () => {
  const path = '/v1.0/oauth2/accessToken';

  it('gives a token for two hours, and the same one renewed while it is valid', async () => {
    let now = 0;
    const emulator = await serve(tenantWith(), { now: () => now });
    const body = { appKey: 'key', appSecret: 'test-secret' };
    const first = (await ask(emulator, 'POST', path, { body })).body;
    expect(first['expireIn']).toBe(7200);
    now = 7_199_000;
    expect((await ask(emulator, 'POST', path, { body })).body).toEqual(first);
    const headers = { 'x-acs-dingtalk-access-token': String(first['accessToken']) };
    now += 7_199_000;
    expect((await ask(emulator, 'GET', event, { headers })).status).toBe(200);
    now += 1000;
    const late = await ask(emulator, 'GET', event, { headers });
    expect([late.status, late.body['code']]).toEqual([400, 'InvalidAuthentication']);
  });

  it.each([
    [{ appKey: 'key', appSecret: 'wrong' }, 'invalidClientIdOrSecret'],
    [{ appKey: 'key' }, 'invalidParameter'],
  ])('refuses %j with %s', async (body, code) => {
    const reply = await ask(await serve(tenantWith()), 'POST', path, { body });
    expect([reply.status, reply.body['code']]).toEqual([400, code]);
  });

  it('takes no Feishu token', async () => {
    const emulator = await serve(tenantWith());
    const body = { app_id: 'key', app_secret: 'test-secret' };
    const reply = await ask(emulator, 'POST', '/open-apis/auth/v3/tenant_access_token/internal', { body });
    const headers = { 'x-acs-dingtalk-access-token': String(reply.body['tenant_access_token']) };
    expect((await ask(emulator, 'GET', event, { headers })).body['code']).toBe('InvalidAuthentication');
  });
});

describe('reading', () => {
  it('answers an event with its organizer and attendees', async () => {
    const reply = await ask(await serve(tenantWith()), 'GET', event);
    expect(reply.body).toMatchObject({
      id: 'e',
      summary: '例会',
      status: 'confirmed',
      isAllDay: false,
      start: { dateTime: '2099-01-04T10:00:00+08:00', timeZone: 'Asia/Shanghai' },
      organizer: { id: 'org', responseStatus: 'accepted', self: true },
      attendees: [{ id: 'org' }, { id: 'a' }, { id: 'b' }],
    });
  });

  it('lists attendees with the documented fields, and no name where there is none', async () => {
    const reply = await ask(await serve(tenantWith()), 'GET', `${event}/attendees`);
    expect(reply.body).toEqual({
      attendees: [
        { id: 'org', responseStatus: 'accepted', self: true, isOptional: false },
        { id: 'a', displayName: 'Anna', responseStatus: 'needsAction', self: false, isOptional: true },
        { id: 'b', responseStatus: 'needsAction', self: false, isOptional: false },
      ],
    });
  });

  it('pages by 100, or by up to 500', async () => {
    const emulator = await serve(tenantWith('', '{ generate: 620, user: "u{}" }'));
    const first = await ask(emulator, 'GET', `${event}/attendees?nextToken=0`);
    expect(rowsOf(first, 'attendees')).toHaveLength(100);
    const large = await ask(emulator, 'GET', `${event}/attendees?maxResults=500`);
    expect(rowsOf(large, 'attendees')).toHaveLength(500);
    const query = `maxResults=500&nextToken=${String(large.body['nextToken'])}`;
    const last = await ask(emulator, 'GET', `${event}/attendees?${query}`);
    expect(rowsOf(last, 'attendees').map((row) => row['id'])).toEqual(
      Array.from({ length: 120 }, (_, index) => `u${String(index + 501)}`),
    );
    expect(last.body).not.toHaveProperty('nextToken');
  });

  it('keeps ids whole that need encoding', async () => {
    const id = 'a/b+c==';
    const text = `tokens: [u-test]\ndingtalk: { users: [{ unionId: "o/r+g=", events: [{ id: "${id}", attendees: [{ user: "x/y+z=" }] }] }] }`;
    const emulator = await serve(text);
    const path = dingtalkEvent(id, 'o/r+g=');
    expect(path).toContain('a%2Fb%2Bc%3D%3D');
    expect((await ask(emulator, 'GET', path)).body['id']).toBe(id);
    const body = { attendeesToRemove: [{ id: 'x/y+z=' }] };
    expect((await ask(emulator, 'POST', `${path}/attendees/batchRemove`, { body })).status).toBe(200);
    expect(emulator.attendees(id)).toEqual([]);
  });

  it.each([
    [`${event}/attendees?maxResults=501`, 400, 'invalidParameter.maxResults'],
    [`${event}/attendees?maxResults=0`, 400, 'invalidParameter.maxResults'],
    [`${event}/attendees?nextToken=zzz`, 400, 'invalidParameter'],
    [`${event.replace('primary', 'other')}/attendees`, 400, 'invalidParameter.event.calendarId'],
    [event.replace('primary', 'other'), 400, 'invalidParameter'],
    [`${event}?maxAttendees=501`, 400, 'invalidParameter'],
    [dingtalkEvent('nothing'), 404, 'itemNotFound'],
    [dingtalkEvent('e', 'stranger'), 404, 'itemNotFound'],
    ['/v1.0/calendar/nothing', 404, 'InvalidAction.NotFound'],
  ])('answers %s with HTTP %i, %s', async (path, status, code) => {
    const reply = await ask(await serve(tenantWith()), 'GET', path);
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
    expect(reply.body['requestid']).toBe(reply.headers.get('x-acs-request-id'));
    expect(reply.body['message']).toBeTruthy();
  });

  it.each([
    ['always', '{ user: a }', ['org', 'a']],
    ['as-given', '{ user: a }', ['a']],
    ['never', rows, ['a', 'b']],
  ])('lists the organizer as it is told: %s', async (value, attendees, listed) => {
    const emulator = await serve(tenantWith(`organizerListed: ${value}`, attendees));
    const reply = await ask(emulator, 'GET', `${event}/attendees`);
    expect(rowsOf(reply, 'attendees').map((row) => row['id'])).toEqual(listed);
  });

  it('names the organizer that an event was handed to', async () => {
    const emulator = await serve(dingtalkTenant('{ id: e, organizer: heir, attendees: [{ user: org }] }'));
    expect((await ask(emulator, 'GET', event)).body).toMatchObject({
      organizer: { id: 'heir', self: false },
    });
  });
});

describe('removing', () => {
  it('removes and answers nothing', async () => {
    const emulator = await serve(tenantWith());
    const reply = await remove(emulator, ids('a', 'ghost'));
    expect([reply.status, reply.text]).toEqual([200, '']);
    expect(live(emulator)).toEqual(['org', 'b']);
  });

  it.each([
    ['', ids('b', 'org')],
    ['unknownAttendee: refused', ids('b', 'ghost')],
    ['emptyBatch: refused', []],
    ['', [{ name: 'b' }]],
    ['', Array.from({ length: 501 }, () => ({ id: 'b' }))],
  ])('refuses with "%s" the removal of %j, and removes nobody', async (behaviour, names) => {
    const emulator = await serve(tenantWith(behaviour));
    const reply = await remove(emulator, names);
    expect([reply.status, reply.body['code']]).toEqual([400, 'invalidParameter']);
    expect(live(emulator)).toEqual(['org', 'a', 'b']);
  });

  it('removes the organizer where it is told to', async () => {
    const emulator = await serve(tenantWith('removeOrganizer: removed'));
    await remove(emulator, ids('org'));
    expect(live(emulator)).toEqual(['a', 'b']);
  });
});

describe('adding', () => {
  it('adds after those who are there', async () => {
    const emulator = await serve(tenantWith());
    const reply = await add(emulator, [{ id: 'c', isOptional: true }, { id: 'a' }]);
    expect([reply.status, reply.text]).toEqual([200, '']);
    expect(emulator.attendees('e').slice(1)).toEqual([
      { type: 'user', id: 'a', optional: true },
      { type: 'user', id: 'b', optional: false },
      { type: 'user', id: 'c', optional: true },
    ]);
  });

  it('takes over the optional flag where it is told to', async () => {
    const emulator = await serve(tenantWith('duplicateAdd: updates'));
    await add(emulator, [{ id: 'a', isOptional: false }]);
    expect(emulator.attendees('e')[1]).toEqual({ type: 'user', id: 'a', optional: false });
  });

  it('holds 500 a call and 5000 an event', async () => {
    const emulator = await serve(tenantWith('', '{ generate: 4999, user: "u{}" }'));
    const names = (count: number): object[] =>
      Array.from({ length: count }, (_, n) => ({ id: `n${String(n)}` }));
    expect((await add(emulator, names(501))).body['code']).toBe('invalidParameter');
    expect((await add(emulator, names(2))).body['code']).toBe('invalidParameter');
    expect((await add(emulator, names(1))).status).toBe(200);
    expect(live(emulator)).toHaveLength(5000);
  });

  it('knows whoever stands on an event, also once removed, where it refuses those it does not know', async () => {
    const emulator = await serve(tenantWith('unknownUser: refused'));
    await remove(emulator, ids('a'));
    expect((await add(emulator, ids('a'))).status).toBe(200);
    expect((await add(emulator, ids('stranger'))).body['code']).toBe('permissionDeny');
    const rows = rowsOf(await ask(emulator, 'GET', `${event}/attendees`), 'attendees');
    expect(rows.find(({ id }) => id === 'a')).toMatchObject({ displayName: 'Anna' });
  });

  it('refuses people who have left', async () => {
    const text = tenantWith().replace('dingtalk: {', 'dingtalk: { people: [{ user: left, gone: true }],');
    const reply = await add(await serve(text), ids('left'));
    expect([reply.status, reply.body['code']]).toEqual([400, 'permissionDeny']);
  });
});

describe('deleting', () => {
  it('deletes an event, which is not found from then on', async () => {
    const emulator = await serve(tenantWith());
    expect((await ask(emulator, 'DELETE', `${event}?pushNotification=false`)).status).toBe(200);
    const after = await Promise.all([
      ask(emulator, 'GET', event),
      ask(emulator, 'GET', `${event}/attendees`),
      ask(emulator, 'DELETE', event),
      remove(emulator, ids('a')),
    ]);
    expect(after.map((reply) => [reply.status, reply.body['code']])).toEqual([
      [404, 'instanceNotExist'],
      [404, 'itemNotFound'],
      [404, 'itemNotFound'],
      [404, 'itemNotFound'],
    ]);
  });

  it('answers it as cancelled where it is told to', async () => {
    const emulator = await serve(tenantWith('deletedEvent: cancelled'));
    await ask(emulator, 'DELETE', event);
    expect((await ask(emulator, 'GET', event)).body['status']).toBe('cancelled');
  });
});

describe('client tokens', () => {
  const day = 24 * 3_600_000;

  it('stand for one request for a day', async () => {
    let now = 0;
    const emulator = await serve(tenantWith(), { now: () => now });
    await remove(emulator, ids('a'), 'tok');
    await add(emulator, ids('a'));
    now = day - 1;
    expect((await remove(emulator, ids('a'), 'tok')).status).toBe(200);
    expect(live(emulator)).toContain('a');
    now = day;
    await remove(emulator, ids('a'), 'tok');
    expect(live(emulator)).not.toContain('a');
  });

  it('are free again after a refusal', async () => {
    const emulator = await serve(tenantWith('removeOrganizer: refused'));
    expect((await remove(emulator, ids('org'), 'tok')).status).toBe(400);
    await remove(emulator, ids('a'), 'tok');
    expect(live(emulator)).not.toContain('a');
  });

  it('run again where it is told to', async () => {
    const emulator = await serve(tenantWith('clientTokenReplay: repeated'));
    await remove(emulator, ids('a'), 'tok');
    await add(emulator, ids('a'));
    await remove(emulator, ids('a'), 'tok');
    expect(live(emulator)).not.toContain('a');
  });

  it('swallow another request, or say so where it is told to', async () => {
    const [silent, strict] = [
      await serve(tenantWith()),
      await serve(tenantWith('clientTokenReuse: mismatch')),
    ];
    for (const emulator of [silent, strict]) await remove(emulator, ids('a'), 'tok');
    expect((await remove(silent, ids('b'), 'tok')).status).toBe(200);
    expect((await remove(strict, ids('b'), 'tok')).body['code']).toBe('IdempotentParameterMismatch');
    expect([live(silent), live(strict)]).toEqual([
      ['org', 'b'],
      ['org', 'b'],
    ]);
  });

  it('answer idempotencyProcessing while the first request runs', async () => {
    let finish = (): void => undefined;
    const running = new Promise<void>((resolve) => (finish = resolve));
    const emulator = await serve(tenantWith(), {
      intercept: ({ count }) => (count === 1 ? { kind: 'run', run: () => running } : undefined),
    });
    const first = remove(emulator, ids('a'), 'tok');
    while (emulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await remove(emulator, ids('a'), 'tok')).body['code']).toBe('idempotencyProcessing');
    finish();
    expect((await first).status).toBe(200);
    expect(live(emulator)).not.toContain('a');
  });
});

describe('making an event', () => {
  const path = '/v1.0/calendar/users/org/calendars/primary/events';
  const times = {
    start: { dateTime: '2099-01-04T10:00:00+08:00', timeZone: 'Asia/Shanghai' },
    end: { dateTime: '2099-01-04T10:30:00+08:00', timeZone: 'Asia/Shanghai' },
  };

  it('answers it, organized by the user of the path', async () => {
    const emulator = await serve(dingtalkTenant('{ id: e }'));
    const body = { summary: 'New', ...times, attendees: [{ id: 'a', isOptional: true }] };
    const made = await ask(emulator, 'POST', path, { body });
    expect(made.body).toMatchObject({ summary: 'New', organizer: { id: 'org' }, status: 'confirmed' });
    const { id } = made.body as { id: string };
    expect(emulator.attendees(id)).toEqual([{ type: 'user', id: 'a', optional: true }]);
  });

  it.each([
    ['without a title', path, times, 'invalidParameter'],
    ['without times', path, { summary: 'New' }, 'invalidParameter'],
    [
      'of somebody who is not known',
      path.replace('org', 'else'),
      { summary: 'New', ...times },
      'permissionDeny',
    ],
    [
      'on another calendar',
      path.replace('primary', 'other'),
      { summary: 'New', ...times },
      'invalidParameter',
    ],
  ])('refuses one %s', async (_what, to, body, code) => {
    const emulator = await serve(dingtalkTenant('{ id: e }'));
    expect((await ask(emulator, 'POST', to, { body })).body['code']).toBe(code);
  });
});
