import { describe, expect, it } from 'vitest';

import { ask, dataOf, feishuEvent, feishuTenant, serve } from './client.ts';

describe('asking for an event', () => {
  const tenant = feishuTenant(`
    { id: one_0, summary: 周会, start: "2027-01-04T10:00:00+08:00", end: "2027-01-04T11:30:00+08:00",
      recurring: "FREQ=WEEKLY", attendees: [{ user: ou_z, organizer: true, name: Zoe }, { generate: 11, user: "ou_{}" }] },
    { id: day_0, start: "2027-02-01", status: tentative, organizer: ou_boss },
    { id: seconds_0, start: "1800000000", timeZone: UTC },
    { id: gone_0, status: cancelled }`);

  it('answers the documented fields', async () => {
    const emulator = await serve(tenant);
    const { event } = dataOf(await ask(emulator, 'GET', `${feishuEvent('one_0')}?user_id_type=union_id`));
    expect(event).toMatchObject({
      event_id: 'one_0',
      organizer_calendar_id: 'cal@x',
      summary: '周会',
      start_time: { timestamp: '1799028000', timezone: 'Asia/Shanghai' },
      end_time: { timestamp: '1799033400', timezone: 'Asia/Shanghai' },
      recurrence: 'FREQ=WEEKLY',
      status: 'confirmed',
      is_exception: false,
      event_organizer: { user_id: 'on_z', display_name: 'Zoe' },
    });
    expect(event).not.toHaveProperty('attendees');
  });

  it('answers whole days, Unix seconds, and the organizer who is not on the list', async () => {
    const emulator = await serve(tenant);
    expect(dataOf(await ask(emulator, 'GET', feishuEvent('day_0')))['event']).toMatchObject({
      start_time: { date: '2027-02-01' },
      end_time: { date: '2027-02-01' },
      status: 'tentative',
      event_organizer: { user_id: 'ou_boss' },
    });
    expect(dataOf(await ask(emulator, 'GET', feishuEvent('seconds_0')))['event']).toMatchObject({
      start_time: { timestamp: '1800000000', timezone: 'UTC' },
      end_time: { timestamp: '1800003600', timezone: 'UTC' },
    });
  });

  it('still answers a deleted event, as cancelled', async () => {
    const emulator = await serve(tenant);
    expect(dataOf(await ask(emulator, 'GET', feishuEvent('gone_0')))['event']).toMatchObject({
      status: 'cancelled',
    });
  });

  it('adds some of the attendees when asked to', async () => {
    const emulator = await serve(tenant);
    const { event } = dataOf(await ask(emulator, 'GET', `${feishuEvent('one_0')}?need_attendee=true`));
    expect(event).toMatchObject({ has_more_attendee: true });
    expect((event as { attendees: unknown[] }).attendees).toHaveLength(10);
  });
});

describe('making an event', () => {
  const path = '/open-apis/calendar/v4/calendars/cal@x/events';
  const times = { start_time: { timestamp: '1800000000' }, end_time: { timestamp: '1800001800' } };

  it('answers it, with nobody on it and an id of its own', async () => {
    const emulator = await serve(feishuTenant('{ id: one_0 }'));
    const { event } = dataOf(await ask(emulator, 'POST', path, { body: { summary: 'New', ...times } }));
    expect(event).toMatchObject({
      event_id: expect.stringMatching(/_0$/),
      summary: 'New',
      status: 'confirmed',
    });
    const { event_id: id } = event as { event_id: string };
    expect(emulator.attendees(id)).toEqual([]);
    const added = await ask(emulator, 'POST', `${feishuEvent(id)}/attendees`, {
      body: { attendees: [{ type: 'user', user_id: 'ou_a' }] },
    });
    expect(added.body['code']).toBe(0);
    expect(emulator.attendees(id)).toMatchObject([{ id: 'ou_a' }]);
  });

  it('refuses one without times', async () => {
    const emulator = await serve(feishuTenant('{ id: one_0 }'));
    const refused = await ask(emulator, 'POST', path, {
      body: { summary: 'New', start_time: { date: 'soon' } },
    });
    expect(refused.body['code']).toBe(190002);
  });
});

describe('deleting an event', () => {
  it('deletes once; the second time it is gone', async () => {
    const emulator = await serve(feishuTenant('{ id: e_0, attendees: [{ user: ou_a }] }'));
    const first = await ask(emulator, 'DELETE', `${feishuEvent('e_0')}?need_notification=false`, {
      body: {},
    });
    expect([first.status, first.body]).toEqual([200, { code: 0, msg: 'success', data: {} }]);
    const second = await ask(emulator, 'DELETE', `${feishuEvent('e_0')}?need_notification=false`);
    expect([second.status, second.body['code']]).toEqual([403, 193003]);
    expect(emulator.attendees('e_0')).toEqual([]);
    expect(dataOf(await ask(emulator, 'GET', feishuEvent('e_0')))['event']).toMatchObject({
      status: 'cancelled',
    });
  });

  it('takes need_notification as true or false only', async () => {
    const emulator = await serve(feishuTenant('{ id: e_0 }'));
    expect((await ask(emulator, 'DELETE', `${feishuEvent('e_0')}?need_notification=no`)).body['code']).toBe(
      190002,
    );
    expect((await ask(emulator, 'DELETE', feishuEvent('e_0'))).body['code']).toBe(0);
  });
});

describe('meeting chats', () => {
  const tenant = (more = ''): string =>
    feishuTenant(
      '{ id: own_0, meetingChat: { id: oc_1 } }, { id: other_0, meetingChat: { id: oc_2, owner: false } }',
      more,
    );
  const unbind = (id: string, chat: string): string =>
    `${feishuEvent(id)}/meeting_chat?meeting_chat_id=${chat}`;
  const mget = '/open-apis/calendar/v4/calendars/primary/events/mget_meeting_chat';
  const asked = { body: { event_ids: ['own_0', 'other_0', 'none_0'] } };

  it('unbinds the chat once', async () => {
    const emulator = await serve(tenant());
    expect((await ask(emulator, 'DELETE', unbind('own_0', 'oc_1'))).body).toEqual({
      code: 0,
      msg: 'success',
      data: {},
    });
    const again = await ask(emulator, 'DELETE', unbind('own_0', 'oc_1'));
    expect([again.status, again.body['code']]).toEqual([400, 195108]);
  });

  it.each([
    ['own_0', 'oc_2', 400, 195108],
    ['other_0', 'oc_2', 403, 195107],
    ['own_0', '', 400, 190002],
  ])('refuses to unbind from %s the chat "%s": HTTP %i, code %i', async (id, chat, status, code) => {
    const emulator = await serve(tenant());
    const reply = await ask(emulator, 'DELETE', unbind(id, chat));
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
  });

  it('says which events have one', async () => {
    const emulator = await serve(tenant());
    const data = dataOf(await ask(emulator, 'POST', mget, asked));
    expect(data['meeting_chats']).toEqual([
      { event_id: 'own_0', meeting_chat_id: 'oc_1' },
      { event_id: 'other_0', meeting_chat_id: 'oc_2' },
    ]);
    expect(data['failed_event_ids']).toMatchObject([{ event_id: 'none_0' }]);
  });

  it.each([
    ['not-found', 404, undefined],
    ['refused', 400, 190002],
  ])('does not say so where it is told not to: %s', async (value, status, code) => {
    const emulator = await serve(tenant(`behaviour: { mgetMeetingChat: ${value} }`));
    const reply = await ask(emulator, 'POST', mget, asked);
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
  });

  it('serves them on shared calendars only where it is told to', async () => {
    const shared = (more: string): string => tenant(more).replace('type: primary', 'type: shared');
    const path = mget.replace('primary', encodeURIComponent('cal@x'));
    const [strict, lenient] = [
      await serve(shared('')),
      await serve(shared('behaviour: { meetingChatCalendar: any }')),
    ];
    expect((await ask(strict, 'DELETE', unbind('own_0', 'oc_1'))).body['code']).toBe(191004);
    expect((await ask(strict, 'POST', path, asked)).body['code']).toBe(190002);
    expect((await ask(lenient, 'POST', path, asked)).body['code']).toBe(0);
    expect((await ask(lenient, 'DELETE', unbind('own_0', 'oc_1'))).body['code']).toBe(0);
  });
});
