import { describe, expect, it, test } from 'vitest';
import type { EventRef } from '../../../src/model/event.ts';
import type { Script, ScriptedAnswer } from '../../support/scripted-server.ts';
import { dingtalkEvent, inTurn, onDingtalk, refuse, signal } from '../bench.ts';

const path = '/v1.0/calendar/users/unionOrg/calendars/primary/events/a%2Fb%2Bc%3D%3D';

function page(ids: readonly string[], nextToken?: string | null): ScriptedAnswer {
  return { body: { attendees: ids.map((id) => ({ id, responseStatus: 'accepted' })), nextToken } };
}

/** The ids that were listed, or the problem's code; and how many calls that took. */
function listed(
  script: Script,
  event: EventRef = dingtalkEvent,
): Promise<readonly [readonly string[] | string, number]> {
  return onDingtalk(script, async ({ reader, session }) => {
    const observed = await reader.read(event, 'attendees', signal);
    const ids = observed.complete ? observed.attendees.map((attendee) => attendee.id) : observed.problem.code;
    return [ids, session.requests];
  });
}

describe('listing', () => {
  it('reads pages of 500 to the end, the first without a token, with every id encoded', async () => {
    await onDingtalk(inTurn(page(['a', 'b'], 'n=1'), page(['c'])), async ({ reader, calls }) => {
      const event = { ...dingtalkEvent, organizer: 'a/b+c==' };
      expect(await reader.read(event, 'attendees', signal)).toMatchObject({ complete: true });
      expect(calls().map((call) => call.query)).toEqual([
        { maxResults: '500' },
        { maxResults: '500', nextToken: 'n=1' },
      ]);
      expect(calls()[0]?.path).toBe(
        '/v1.0/calendar/users/a%2Fb%2Bc%3D%3D/calendars/primary/events/a%2Fb%2Bc%3D%3D/attendees',
      );
      expect(calls()[0]?.headers['x-acs-dingtalk-access-token']).toBe('t-CANARY-token-1');
    });
  });

  it('marks the organizer of the path, and takes rows that carry an id alone', async () => {
    const attendees = [
      { id: 'unionOrg', displayName: 'Org', responseStatus: 'accepted', self: true, isOptional: false },
      { id: 'unionA' },
      { id: 'unionB', displayName: '', responseStatus: 'tentative', isOptional: true },
      { id: 'unionC', responseStatus: 'declined' },
      { id: 'unionD', responseStatus: 'needsAction' },
    ];
    const plain = { type: 'user', optional: false, organizer: false, external: false };
    await onDingtalk(
      () => ({ body: { attendees } }),
      async ({ reader }) => {
        expect(await reader.read(dingtalkEvent, 'attendees', signal)).toEqual({
          complete: true,
          attendees: [
            { ...plain, id: 'unionOrg', name: 'Org', organizer: true, reply: 'accepted' },
            { ...plain, id: 'unionA', reply: 'none' },
            { ...plain, id: 'unionB', optional: true, reply: 'tentative' },
            { ...plain, id: 'unionC', reply: 'declined' },
            { ...plain, id: 'unionD', reply: 'none' },
          ],
        });
      },
    );
  });

  test.each([null, ''])('ends with a nextToken of %j', async (next) => {
    expect(await listed(() => page(['a'], next))).toEqual([['a'], 1]);
  });

  test.each<readonly [string, ScriptedAnswer]>([
    ['nothing', { body: '' }],
    ['HTML', { body: '<html>' }],
    ['a text', { body: '"x"' }],
    ['no attendees', { body: {} }],
    ['attendees that are null', { body: { attendees: null } }],
    ['a number for a token', { body: { attendees: [], nextToken: 1 } }],
    ['a row that is null', { body: { attendees: [null] } }],
    ['a row without id', { body: { attendees: [{ displayName: 'A' }] } }],
    ['a row with an id that is a number', { body: { attendees: [{ id: 7 }] } }],
    ['a row with an unknown reply', { body: { attendees: [{ id: 'a', responseStatus: 'removed' }] } }],
    ['a row with isOptional as text', { body: { attendees: [{ id: 'a', isOptional: 'true' }] } }],
    ['an error page', { status: 404, body: '<html>' }],
  ])('takes %s for a malformed list', async (_what, answer) => {
    expect(await listed(() => answer)).toEqual(['list-malformed', 1]);
  });

  it('takes a token that repeats for a malformed list', async () => {
    expect(await listed(inTurn(page(['a'], 'p'), page(['b'], 'p')))).toEqual(['list-malformed', 2]);
  });

  it('reads a list that moves once more, and then gives up', async () => {
    const moving = [page(['a'], 'p'), page(['a'])];
    expect(await listed(inTurn(...moving, page(['a', 'b'])))).toEqual([['a', 'b'], 3]);
    expect(await listed(inTurn(...moving, ...moving))).toEqual(['list-moved', 4]);
  });

  test.each<readonly [string, ScriptedAnswer, string]>([
    ['a failed page', refuse('invalidParameter.event.eventId'), 'list-refused'],
    ['an unknown event', refuse('itemNotFound', 404), 'event-not-found'],
    [
      'a missing permission',
      refuse('Forbidden.AccessDenied.AccessTokenPermissionDenied', 403),
      'list-refused',
    ],
    ['a used-up month', refuse('Forbidden.AccessDenied.ApiCountLimitForOrg', 403), 'quota'],
    ['a barred address', { status: 200, body: { status: 1111, wait: 5, source: 'x5' } }, 'list-failed'],
  ])('never takes %s for an empty page', async (_what, answer, code) => {
    expect(await listed(inTurn(page(['a'], 'p'), answer))).toEqual([code, 2]);
  });

  it('makes no call without an organizer', async () => {
    const { organizer: _left, ...event } = dingtalkEvent;
    expect(await listed(() => page([]), event)).toEqual(['list-refused', 0]);
  });

  it('shows the request id, the permissions that are missing, and the text of an unknown code', async () => {
    const scopes = { accessdenieddetail: { requiredScopes: ['Calendar.Event.Read'] } };
    await onDingtalk(
      inTurn(refuse('Forbidden.AccessDenied.AccessTokenPermissionDenied', 403, scopes), refuse('brandNew'), {
        status: 400,
        body: { code: 'brandNew' },
      }),
      async ({ reader }) => {
        expect(await reader.read(dingtalkEvent, 'attendees', signal)).toMatchObject({
          problem: { logId: 'req-1', hint: expect.stringContaining('Missing: Calendar.Event.Read.') },
        });
        expect(await reader.read(dingtalkEvent, 'attendees', signal)).toMatchObject({
          problem: { message: 'DingTalk: platform text (code brandNew)', platformCode: 'brandNew' },
        });
        expect(await reader.read(dingtalkEvent, 'attendees', signal)).toMatchObject({
          problem: { message: 'DingTalk: refused without a reason (code brandNew)' },
        });
      },
    );
  });
});

describe('a look', () => {
  it('tells what the event is, in one call with as few attendees as can be', async () => {
    const body = {
      id: 'x',
      summary: 'Standup',
      status: 'confirmed',
      start: { dateTime: '2026-01-01T10:00:00+08:00', timeZone: 'Asia/Shanghai' },
      end: { dateTime: '2026-01-01T03:00:00Z' },
      recurrence: { pattern: { type: 'daily' } },
      organizer: { id: 'unionNew' },
    };
    await onDingtalk(
      () => ({ body }),
      async ({ reader, calls }) => {
        expect(await reader.read(dingtalkEvent, 'facts', signal)).toEqual({
          state: 'present',
          summary: 'Standup',
          start: '2026-01-01T02:00:00Z',
          end: '2026-01-01T03:00:00Z',
          recurring: true,
          organizer: 'unionNew',
        });
        expect(calls().map((call) => [call.path, call.query])).toEqual([[path, { maxAttendees: '1' }]]);
      },
    );
  });

  test.each<readonly [string, ScriptedAnswer, object]>([
    [
      'days',
      { body: { start: { date: '2026-01-01' } } },
      { state: 'present', start: '2026-01-01', recurring: false },
    ],
    ['a cancelled event', { body: { status: 'cancelled' } }, { state: 'deleted' }],
    ['itemNotFound', refuse('itemNotFound', 404), { state: 'absent' }],
    ['instanceNotExist', refuse('instanceNotExist', 404), { state: 'absent' }],
    [
      'a time without an offset',
      { body: { end: { dateTime: '2026-01-01T10:00:00' } } },
      { state: 'unknown' },
    ],
    ['nothing', { body: '' }, { state: 'unknown', problem: { code: 'list-malformed' } }],
    ['a refusal', refuse('invalidParameter'), { state: 'unknown', problem: { code: 'list-refused' } }],
  ])('answered with %s tells so', async (_what, answer, facts) => {
    await onDingtalk(
      () => answer,
      async ({ reader }) => {
        expect(await reader.read(dingtalkEvent, 'facts', signal)).toMatchObject(facts);
      },
    );
  });
});

it('cannot tell of meeting chats, and makes no call', async () => {
  await onDingtalk(
    () => ({}),
    async ({ reader, session }) => {
      expect([...(await reader.meetingChats('primary', ['a'], signal))]).toEqual([
        ['a', { state: 'unknown' }],
      ]);
      expect(session.requests).toBe(0);
    },
  );
});
