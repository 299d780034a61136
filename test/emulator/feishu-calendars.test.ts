import { describe, expect, it } from 'vitest';

import type { Emulator } from '../../src/emulator/server.ts';
import { ask, dataOf, rowsOf, serve } from './client.ts';

const calendars = '/open-apis/calendar/v4/calendars';

const tenant = (more = ''): string => `
apps:
  - { id: cli_all, secret: s }
  - { id: cli_reader, secret: s, scopes: [calendar:calendar:readonly] }
  - { id: cli_nothing, secret: s, scopes: [] }
  - { id: cli_mute, secret: s, bot: false }
tokens: [u-test]
${more}
feishu:
  calendars:
    - { id: own@x, type: primary, summary: App }
    - { id: team@x, summary: 平台组 Platform, role: writer }
    - { id: boss@x, summary: Boss, role: free_busy_reader }
    - { id: outside@x, type: google, role: reader }
    - { id: old@x, deleted: true }
    - { id: secret@x, role: none }
`;

/** A token that an app buys. */
async function tokenOf(emulator: Emulator, id: string): Promise<Readonly<Record<string, string>>> {
  const path = '/open-apis/auth/v3/tenant_access_token/internal';
  const reply = await ask(emulator, 'POST', path, { body: { app_id: id, app_secret: 's' } });
  return { authorization: `Bearer ${String(reply.body['tenant_access_token'])}` };
}

describe('the list of calendars', () => {
  it('has those that the caller has a role in, with title, type and role', async () => {
    const reply = await ask(await serve(tenant()), 'GET', calendars);
    expect(dataOf(reply)['has_more']).toBe(false);
    const rows = rowsOf(reply, 'calendar_list');
    expect(rows.map((row) => [row['calendar_id'], row['type'], row['role'], row['is_deleted']])).toEqual([
      ['own@x', 'primary', 'owner', false],
      ['team@x', 'shared', 'writer', false],
      ['boss@x', 'shared', 'free_busy_reader', false],
      ['outside@x', 'google', 'reader', false],
      ['old@x', 'shared', 'owner', true],
    ]);
    expect(rows[1]?.['summary']).toBe('平台组 Platform');
    expect(rows.map((row) => row['is_third_party'])).toEqual([false, false, false, true, false]);
  });

  it('leaves deleted ones out where it is told to', async () => {
    const emulator = await serve(tenant('behaviour: { deletedCalendars: left-out }'));
    expect(rowsOf(await ask(emulator, 'GET', calendars), 'calendar_list')).toHaveLength(4);
  });

  it('comes in pages of at least 50', async () => {
    const many = Array.from({ length: 60 }, (_, index) => `{ id: c${String(index)}@x }`).join(', ');
    const emulator = await serve(`tokens: [u-test]\nfeishu: { calendars: [${many}] }\n`);
    const first = await ask(emulator, 'GET', `${calendars}?page_size=1`);
    expect([rowsOf(first, 'calendar_list').length, dataOf(first)['has_more']]).toEqual([50, true]);
    const next = `${calendars}?page_size=1&page_token=${String(dataOf(first)['page_token'])}`;
    const second = await ask(emulator, 'GET', next);
    expect(rowsOf(second, 'calendar_list').map((row) => row['calendar_id'])[0]).toBe('c50@x');
    expect(dataOf(second)['page_token']).toBeUndefined();
  });

  it('knows no sync token', async () => {
    const emulator = await serve(tenant());
    const codes = [];
    for (const query of ['?sync_token=x', '?sync_token=x&page_token=y']) {
      codes.push((await ask(emulator, 'GET', calendars + query)).body['code']);
    }
    expect(codes).toEqual([190008, 190009]);
  });
});

describe('single calendars', () => {
  it.each([
    ['GET', `${calendars}/team@x`, undefined, 200, 0],
    ['GET', `${calendars}/primary`, undefined, 200, 0],
    ['GET', `${calendars}/boss@x`, undefined, 200, 0],
    ['GET', `${calendars}/secret@x`, undefined, 403, 191002],
    ['GET', `${calendars}/old@x`, undefined, 403, 191003],
    ['GET', `${calendars}/none@x`, undefined, 404, 191000],
    ['POST', `${calendars}/mget`, { calendar_ids: [] }, 400, 190002],
    ['POST', `${calendars}/mget`, { calendar_ids: Array.from({ length: 11 }, () => 'a') }, 400, 190002],
  ])('answer %s %s with %s', async (method, path, body, status, code) => {
    const reply = await ask(await serve(tenant()), method, path, body === undefined ? {} : { body });
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
  });

  it('are found together, without those that are not there or not the caller’s', async () => {
    const body = { calendar_ids: ['team@x', 'none@x', 'secret@x', 'own@x'] };
    const reply = await ask(await serve(tenant()), 'POST', `${calendars}/mget`, { body });
    expect(rowsOf(reply, 'calendars').map((row) => row['calendar_id'])).toEqual(['team@x', 'own@x']);
  });

  it('are the caller’s own under primary', async () => {
    const reply = await ask(await serve(tenant()), 'POST', `${calendars}/primary`, { body: {} });
    expect(rowsOf(reply, 'calendars')).toEqual([
      { calendar: expect.objectContaining({ calendar_id: 'own@x', type: 'primary', role: 'owner' }) },
    ]);
  });
});

describe('the permissions of an app', () => {
  it.each([
    ['cli_all', 'GET', calendars, 200, 0],
    ['cli_reader', 'GET', calendars, 200, 0],
    ['cli_reader', 'POST', `${calendars}/own@x/events/e_0/attendees`, 400, 99991672],
    ['cli_nothing', 'GET', calendars, 400, 99991672],
    ['cli_nothing', 'GET', `${calendars}/none@x/events?anchor_time=x`, 400, 99991672],
    ['cli_mute', 'GET', calendars, 404, 190007],
  ])('of %s have %s %s answered as its pages say', async (app, method, path, status, code) => {
    const emulator = await serve(tenant());
    const reply = await ask(emulator, method, path, { headers: await tokenOf(emulator, app) });
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
  });

  it('are named where one is missing', async () => {
    const emulator = await serve(tenant());
    const reply = await ask(emulator, 'GET', calendars, { headers: await tokenOf(emulator, 'cli_nothing') });
    expect(reply.body['msg']).toContain('calendar:calendar:read');
    expect(reply.body['error']).toMatchObject({
      permission_violations: [
        { scope: 'calendar:calendar', url: expect.any(String) },
        { scope: 'calendar:calendar:read', url: expect.any(String) },
        { scope: 'calendar:calendar:readonly', url: expect.any(String) },
      ],
    });
  });
});
