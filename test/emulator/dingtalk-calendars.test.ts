import { describe, expect, it } from 'vitest';

import { ask, dingtalkTenant, rowsOf, serve, type Reply } from './client.ts';

const user = '/v1.0/calendar/users/org';
const list = `${user}/calendars/primary/events`;
const view = `${user}/calendars/primary/eventsview`;
const now = (): number => Date.parse('2026-06-15T00:00:00Z');

const mixed = (more = ''): string =>
  dingtalkTenant(
    `
    { id: one, summary: One, start: "2026-06-01T10:00:00Z", attendees: [{ generate: 120, user: "u{}" }] },
    { id: invited, summary: Invited, start: "2026-06-20T10:00:00Z", organizer: boss },
    { id: week, summary: Weekly, start: "2026-06-01T09:00:00+08:00", recurrence: "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,WE;COUNT=6" },
    { id: gone, start: "2026-06-02T10:00:00Z", status: cancelled },
    { id: day, summary: Day, start: "2026-06-03" }`,
    more,
  );

const ids = (reply: Reply): readonly unknown[] => rowsOf(reply, 'events').map((row) => row['id']);

describe('the calendars of a person', () => {
  it('are the primary one and those of the tenant file', async () => {
    const emulator = await serve(`
tokens: [u-test]
dingtalk: { users: [{ unionId: org, calendars: [{ id: c1, summary: 团队 Team, role: writer }, { id: c2, type: subscribed }] }] }
`);
    const reply = await ask(emulator, 'GET', `${user}/calendars`);
    expect(reply.body).toEqual({
      response: {
        calendars: [
          expect.objectContaining({ id: 'primary', type: 'primary', privilege: 'owner' }),
          expect.objectContaining({ id: 'c1', type: 'shared', privilege: 'writer', summary: '团队 Team' }),
          expect.objectContaining({ id: 'c2', type: 'subscribed', privilege: 'reader' }),
        ],
      },
    });
  });

  it('are refused of somebody whom the app cannot see, or empty where it is told to', async () => {
    const path = '/v1.0/calendar/users/nobody/calendars/primary/events';
    const refused = await ask(await serve(mixed()), 'GET', path);
    expect([refused.status, refused.body['code']]).toEqual([400, 'permissionDeny']);
    const empty = await ask(await serve(mixed('behaviour: { foreignCalendar: empty }')), 'GET', path);
    expect([empty.status, empty.body]).toEqual([200, { events: [] }]);
    const known = await ask(await serve(mixed()), 'GET', '/v1.0/calendar/users/u7/calendars/primary/events');
    expect(known.body).toEqual({ events: [] });
  });
});

describe('the list of events', () => {
  it('has events by their start, and of a series itself and what is over of it', async () => {
    const emulator = await serve(mixed(), { now });
    const reply = await ask(
      emulator,
      'GET',
      `${list}?timeMin=2026-06-01T00:00:00Z&timeMax=2026-07-01T00:00:00Z`,
    );
    expect(ids(reply)).toEqual([
      'one',
      'invited',
      'week',
      'week_20260601T010000Z',
      'week_20260603T010000Z',
      'week_20260608T010000Z',
      'week_20260610T010000Z',
      'day',
    ]);
    const [one, invited, week, occurrence] = rowsOf(reply, 'events');
    expect(one?.['attendees']).toHaveLength(100);
    expect(one?.['organizer']).toMatchObject({ id: 'org', self: true });
    expect(invited?.['organizer']).toMatchObject({ id: 'boss', self: false });
    expect(week?.['recurrence']).toEqual({
      pattern: { type: 'weekly', interval: 1, daysOfWeek: 'monday,wednesday' },
      range: { type: 'numbered', numberOfOccurrences: 6 },
    });
    expect(occurrence).toMatchObject({
      seriesMasterId: 'week',
      originStart: { dateTime: '2026-06-01T01:00:00Z' },
      start: { dateTime: '2026-06-01T01:00:00Z' },
      end: { dateTime: '2026-06-01T02:00:00Z' },
    });
    expect(occurrence).not.toHaveProperty('recurrence');
  });

  it.each([
    ['master', ['week']],
    ['occurrences', ['week_20260601T010000Z', 'week_20260603T010000Z']],
  ])('has of a series what listedSeries: %s says', async (listed, expected) => {
    const emulator = await serve(mixed(`behaviour: { listedSeries: ${listed} }`), {
      now: () => Date.parse('2026-06-04T00:00:00Z'),
    });
    const found = ids(await ask(emulator, 'GET', list));
    expect(found.filter((id) => String(id).startsWith('week'))).toEqual(expected);
  });

  it('has the occurrences of one series, and deleted events, where they are asked for', async () => {
    const emulator = await serve(mixed(), { now });
    expect(ids(await ask(emulator, 'GET', `${list}?seriesMasterId=week`))).toHaveLength(4);
    expect(ids(await ask(emulator, 'GET', list))).not.toContain('gone');
    const deleted = rowsOf(await ask(emulator, 'GET', `${list}?showDeleted=true`), 'events');
    expect(deleted.find((row) => row['id'] === 'gone')?.['status']).toBe('cancelled');
  });

  it('goes on from page to page, each for its own query', async () => {
    const emulator = await serve(mixed(), { now });
    const seen: unknown[] = [];
    let token: unknown = '0';
    do {
      const reply = await ask(emulator, 'GET', `${list}?maxResults=3&nextToken=${String(token)}`);
      seen.push(...ids(reply));
      token = reply.body['nextToken'];
    } while (token !== undefined);
    expect([seen.length, new Set(seen).size]).toEqual([8, 8]);
    const first = await ask(emulator, 'GET', `${list}?maxResults=3`);
    const other = `${list}?maxResults=3&showDeleted=true&nextToken=${String(first.body['nextToken'])}`;
    expect((await ask(emulator, 'GET', other)).body['code']).toBe('invalidParameter');
  });

  it.each([
    `${list}?maxResults=101`,
    `${list}?maxResults=0`,
    `${list}?maxAttendees=101`,
    `${list}?timeMin=2026-06-01`,
    `${list}?timeMin=2026-06-02T00:00:00Z&timeMax=2026-06-01T00:00:00Z`,
    `${list}?timeMin=2026-06-02T00:00:00Z&timeMax=2028-06-01T00:00:00Z`,
    `${list}?syncToken=x`,
    `${user}/calendars/other/events`,
    view,
  ])('refuses %s', async (path) => {
    const reply = await ask(await serve(mixed()), 'GET', path);
    expect([reply.status, reply.body['code']]).toEqual([400, 'invalidParameter']);
  });
});

describe('the view of events', () => {
  it('has series as their occurrences, also those to come', async () => {
    const emulator = await serve(mixed(), { now });
    const reply = await ask(
      emulator,
      'GET',
      `${view}?timeMin=2026-06-03T00:00:00Z&timeMax=2026-06-30T00:00:00Z`,
    );
    expect(ids(reply)).toEqual([
      'invited',
      'week_20260603T010000Z',
      'week_20260608T010000Z',
      'week_20260610T010000Z',
      'week_20260615T010000Z',
      'week_20260617T010000Z',
      'day',
    ]);
  });
});

describe('the permissions of a DingTalk app', () => {
  it.each([
    ['GET', list, 'Calendar.Event.Read'],
    ['POST', `${list}/one/attendees/batchRemove`, 'Calendar.Event.Write'],
  ])('are named where %s %s lacks one', async (method, path, scope) => {
    const emulator = await serve(`
apps: [{ id: key, secret: s, scopes: [Contact.User.Read] }]
dingtalk: { users: [{ unionId: org }] }
`);
    const body = { appKey: 'key', appSecret: 's' };
    const token = (await ask(emulator, 'POST', '/v1.0/oauth2/accessToken', { body })).body['accessToken'];
    const headers = { 'x-acs-dingtalk-access-token': String(token) };
    const reply = await ask(emulator, method, path, method === 'GET' ? { headers } : { headers, body: {} });
    expect(reply.status).toBe(403);
    expect(reply.body).toMatchObject({
      code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
      accessdenieddetail: { requiredScopes: [scope] },
    });
  });
});
