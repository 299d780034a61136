import { describe, expect, it } from 'vitest';

import { ask, feishuEvent, serve } from './client.ts';

const tenant = `
apps: [{ id: cli_plain, secret: s, bot: false }]
tokens: [u-test]
feishu:
  calendars:
    - { id: own@x, type: primary, role: owner, events: [
        { id: plain_0 }, { id: gone_0, status: cancelled },
        { id: hidden_0, organizerCalendar: other@x, attendeeAbility: none },
        { id: guest_0, organizerCalendar: other@x },
        { id: open_0, organizerCalendar: other@x, attendeeAbility: can_invite_others } ] }
    - { id: writer@x, type: shared, role: writer, events: [{ id: e_0 }] }
    - { id: reader@x, role: reader, events: [{ id: e_0 }] }
    - { id: busy@x, role: free_busy_reader, events: [{ id: e_0 }] }
    - { id: none@x, role: none, events: [{ id: e_0 }] }
    - { id: google@x, type: google, role: owner, events: [{ id: e_0 }] }
    - { id: deleted@x, deleted: true }
`;

const calls = {
  get: ['GET', '', undefined],
  list: ['GET', '/attendees', undefined],
  create: ['POST', '/attendees', { attendees: [{ type: 'user', user_id: 'ou_n' }] }],
  remove: ['POST', '/attendees/batch_delete', { delete_ids: [{ type: 'user', user_id: 'ou_n' }] }],
  delete: ['DELETE', '?need_notification=false', undefined],
  unbind: ['DELETE', '/meeting_chat?meeting_chat_id=oc_1', undefined],
} as const;

type Name = keyof typeof calls;

const cases: readonly (readonly [Name, string, string, number, number])[] = [
  ['get', 'no%20where', 'e_0', 400, 191001],
  ['get', 'nowhere', 'e_0', 404, 191000],
  ['get', 'nowhere@x', 'e_0', 404, 191000],
  ['list', 'deleted@x', 'e_0', 403, 191003],
  ['get', 'none@x', 'e_0', 403, 191002],
  ['list', 'busy@x', 'e_0', 403, 191002],
  ['list', 'reader@x', 'e_0', 200, 0],
  ['create', 'reader@x', 'e_0', 403, 193002],
  ['remove', 'reader@x', 'e_0', 403, 193002],
  ['delete', 'reader@x', 'e_0', 403, 193002],
  ['remove', 'none@x', 'e_0', 403, 191002],
  ['remove', 'writer@x', 'e_0', 200, 0],
  ['list', 'google@x', 'e_0', 200, 0],
  ['create', 'google@x', 'e_0', 403, 191004],
  ['remove', 'google@x', 'e_0', 403, 191004],
  ['delete', 'google@x', 'e_0', 403, 191004],
  ['unbind', 'writer@x', 'e_0', 403, 191004],
  ['get', 'own@x', 'no%20thing', 400, 193000],
  ['get', 'own@x', 'nothing', 404, 193001],
  ['get', 'own@x', 'nothing_0', 404, 193001],
  ['get', 'primary', 'plain_0', 200, 0],
  ['get', 'own@x', 'gone_0', 200, 0],
  ['list', 'own@x', 'gone_0', 403, 193003],
  ['create', 'own@x', 'gone_0', 403, 193003],
  ['remove', 'own@x', 'gone_0', 403, 193003],
  ['delete', 'own@x', 'gone_0', 403, 193003],
  ['unbind', 'own@x', 'gone_0', 403, 193003],
  ['list', 'own@x', 'hidden_0', 403, 194001],
  ['list', 'own@x', 'guest_0', 200, 0],
  ['create', 'own@x', 'guest_0', 403, 194002],
  ['create', 'own@x', 'open_0', 200, 0],
  ['remove', 'own@x', 'guest_0', 403, 194003],
  ['delete', 'own@x', 'guest_0', 403, 193002],
];

describe('who may do what', () => {
  it.each(cases)('%s on %s %s answers HTTP %i, code %i', async (name, calendar, event, status, code) => {
    const emulator = await serve(tenant);
    const [method, tail, body] = calls[name];
    const reply = await ask(
      emulator,
      method,
      feishuEvent(event, calendar) + tail,
      body === undefined ? {} : { body },
    );
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
  });

  it('wants the bot ability of an app', async () => {
    const emulator = await serve(tenant);
    const credentials = { app_id: 'cli_plain', app_secret: 's' };
    const path = '/open-apis/auth/v3/tenant_access_token/internal';
    const token = (await ask(emulator, 'POST', path, { body: credentials })).body['tenant_access_token'];
    const headers = { authorization: `Bearer ${String(token)}` };
    const listed = await ask(emulator, 'GET', `${feishuEvent('plain_0', 'own@x')}/attendees`, { headers });
    expect([listed.status, listed.body['code']]).toEqual([404, 190007]);
    const got = await ask(emulator, 'GET', feishuEvent('plain_0', 'own@x'), { headers });
    expect([got.status, got.body['code']]).toEqual([404, 190007]);
  });

  it('puts what support asks for into every error', async () => {
    const emulator = await serve(tenant);
    const reply = await ask(emulator, 'GET', feishuEvent('nothing_0', 'own@x'));
    const logId = reply.headers.get('x-tt-logid');
    expect(logId).toMatch(/^[0-9A-F]{34}$/);
    expect(reply.body['error']).toMatchObject({
      log_id: logId,
      troubleshooter: expect.stringContaining('193001'),
    });
  });
});
