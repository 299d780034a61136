import { describe, expect, it, test } from 'vitest';
import type { EventFacts } from '../../../src/model/event.ts';
import type { Script } from '../../support/scripted-server.ts';
import { feishuEvent, no, ok, onFeishu, signal } from '../bench.ts';

function looked(script: Script): Promise<EventFacts> {
  return onFeishu(script, ({ reader }) => reader.read(feishuEvent, 'facts', signal));
}

describe('a look', () => {
  it('tells what the event is, in one call', async () => {
    const event = {
      summary: 'Weekly',
      status: 'confirmed',
      start_time: { timestamp: '1767225600', timezone: 'Asia/Shanghai' },
      end_time: { timestamp: '1767229200' },
      recurrence: 'FREQ=WEEKLY',
      organizer_calendar_id: 'cal_1',
      event_organizer: { user_id: 'ou_org', display_name: 'Org' },
    };
    await onFeishu(
      () => ok({ event }),
      async ({ reader, session, calls }) => {
        expect(await reader.read({ ...feishuEvent, userIdType: 'user_id' }, 'facts', signal)).toEqual({
          state: 'present',
          summary: 'Weekly',
          start: '2026-01-01T00:00:00Z',
          end: '2026-01-01T01:00:00Z',
          recurring: true,
          organizer: 'ou_org',
          organizerCalendar: 'cal_1',
        });
        expect(calls()[0]).toMatchObject({ method: 'GET', query: { user_id_type: 'user_id' } });
        expect(session.requests).toBe(1);
      },
    );
  });

  it('takes days as they are, and an empty recurrence for none', async () => {
    const event = { start_time: { date: '2026-01-01' }, end_time: { date: '2026-01-02' }, recurrence: '' };
    expect(await looked(() => ok({ event }))).toEqual({
      state: 'present',
      start: '2026-01-01',
      end: '2026-01-02',
      recurring: false,
    });
  });

  test.each<readonly [string, ReturnType<Script>, object]>([
    ['a cancelled event', ok({ event: { status: 'cancelled' } }), { state: 'deleted' }],
    ['193003', no(193003, 403), { state: 'deleted' }],
    ['193001', no(193001, 404), { state: 'absent' }],
    [
      'a refusal',
      no(193002, 403),
      { state: 'unknown', problem: { code: 'list-refused', platformCode: '193002' } },
    ],
    ['no event', ok({}), { state: 'unknown', problem: { code: 'list-malformed' } }],
    ['HTML', { body: '<html>' }, { state: 'unknown', problem: { code: 'list-malformed' } }],
    [
      'a time that is none',
      ok({ event: { end_time: { timestamp: 'soon' } } }),
      { state: 'unknown', problem: { code: 'list-malformed' } },
    ],
    [
      'a time beyond all dates',
      ok({ event: { end_time: { timestamp: '99999999999999999' } } }),
      { state: 'unknown', problem: { code: 'list-malformed' } },
    ],
  ])('answered with %s tells so', async (_what, answer, facts) => {
    expect(await looked(() => answer)).toMatchObject(facts);
  });
});

describe('asking for meeting chats', () => {
  it('asks for all events of a calendar at once', async () => {
    const data = {
      meeting_chats: [{ event_id: 'a_0', meeting_chat_id: 'oc_1' }],
      failed_event_ids: [{ event_id: 'b_0', fail_msg: 'no chat' }],
    };
    await onFeishu(
      () => ok(data),
      async ({ reader, calls }) => {
        const chats = await reader.meetingChats('cal/1', ['a_0', 'b_0', 'c_0'], signal);
        expect([...chats]).toEqual([
          ['a_0', { state: 'bound', chatId: 'oc_1' }],
          ['b_0', { state: 'unbound' }],
          ['c_0', { state: 'unknown' }],
        ]);
        expect(calls()).toHaveLength(1);
        expect(calls()[0]).toMatchObject({
          method: 'POST',
          path: '/open-apis/calendar/v4/calendars/cal%2F1/events/mget_meeting_chat',
          json: { event_ids: ['a_0', 'b_0', 'c_0'] },
        });
      },
    );
  });

  test.each<readonly [string, ReturnType<Script>]>([
    ['refused', no(190002)],
    ['not known to the host', { status: 404, body: '404 page not found' }],
    ['answered with another shape', ok({ meeting_chats: 'x' })],
  ])('tells nothing where it is %s', async (_what, answer) => {
    await onFeishu(
      () => answer,
      async ({ reader }) => {
        const chats = await reader.meetingChats('cal', ['a_0'], signal);
        expect([...chats]).toEqual([['a_0', { state: 'unknown' }]]);
      },
    );
  });

  it('makes no call for no events', async () => {
    await onFeishu(
      () => ok({}),
      async ({ reader, session }) => {
        expect((await reader.meetingChats('cal', [], signal)).size).toBe(0);
        expect(session.requests).toBe(0);
      },
    );
  });
});
