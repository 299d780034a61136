import { describe, expect, it, test } from 'vitest';
import type { EventRef, Observed } from '../../../src/model/event.ts';
import type { Script } from '../../support/scripted-server.ts';
import { feishuEvent, inTurn, no, ok, onFeishu, signal, type Bench } from '../bench.ts';

function row(id: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { type: 'user', attendee_id: `user_${id}`, user_id: id, rsvp_status: 'accept', ...more };
}

function page(ids: readonly string[], next?: string): ReturnType<typeof ok> {
  return ok({ items: ids.map((id) => row(id)), has_more: next !== undefined, page_token: next });
}

function listed(
  script: Script,
  event: EventRef = feishuEvent,
): Promise<{ readonly observed: Observed; readonly bench: Bench }> {
  return onFeishu(script, async (bench) => ({
    observed: await bench.reader.read(event, 'attendees', signal),
    bench,
  }));
}

function ids(observed: Observed): readonly string[] | string {
  return observed.complete ? observed.attendees.map((attendee) => attendee.id) : observed.problem.code;
}

describe('listing', () => {
  it('reads full pages to the end, with every id encoded', async () => {
    await onFeishu(inTurn(page(['a', 'b'], 'p/2'), page(['c'])), async ({ reader, session, calls }) => {
      expect(ids(await reader.read({ ...feishuEvent, userIdType: 'union_id' }, 'attendees', signal))).toEqual(
        ['a', 'b', 'c'],
      );
      expect(calls().map((call) => call.query)).toEqual([
        { user_id_type: 'union_id', page_size: '100' },
        { user_id_type: 'union_id', page_size: '100', page_token: 'p/2' },
      ]);
      expect(calls()[0]?.path).toBe(
        '/open-apis/calendar/v4/calendars/feishu.cn_x%40group.calendar.feishu.cn/events/a%2Fb%2Bc%3D%3D_0/attendees',
      );
      expect(session.requests).toBe(2);
    });
  });

  it('decodes every type of attendee, keeps removed rows, and skips those without ids', async () => {
    const items = [
      row('ou_a', { is_organizer: true, is_optional: true, is_external: true, display_name: 'A' }),
      { type: 'chat', attendee_id: 'chat_1', chat_id: 'oc_1', rsvp_status: 'needs_action' },
      {
        type: 'resource',
        attendee_id: 'resource_1',
        room_id: 'omm_1',
        rsvp_status: 'decline',
        operate_id: 'ou_z',
      },
      { type: 'third_party', attendee_id: 'third_party_1', third_party_email: 'Wang@Example.COM' },
      row('ou_b', { rsvp_status: 'removed' }),
      { type: 'user', rsvp_status: 'removed' },
      row('ou_c', { is_optional: null, display_name: null, rsvp_status: 'tentative' }),
    ];
    const { observed } = await listed(() => ok({ items, has_more: false }));
    const plain = { optional: false, organizer: false, external: false };
    expect(observed).toEqual({
      complete: true,
      attendees: [
        {
          type: 'user',
          id: 'ou_a',
          attendeeId: 'user_ou_a',
          name: 'A',
          optional: true,
          organizer: true,
          external: true,
          reply: 'accepted',
        },
        { type: 'chat', id: 'oc_1', attendeeId: 'chat_1', ...plain, reply: 'none' },
        {
          type: 'room',
          id: 'omm_1',
          attendeeId: 'resource_1',
          ...plain,
          reply: 'declined',
          operateId: 'ou_z',
        },
        { type: 'email', id: 'wang@example.com', attendeeId: 'third_party_1', ...plain, reply: 'none' },
        { type: 'user', id: 'ou_b', attendeeId: 'user_ou_b', ...plain, reply: 'removed' },
        { type: 'user', id: 'ou_c', attendeeId: 'user_ou_c', ...plain, reply: 'tentative' },
      ],
    });
  });

  test.each<readonly [string, unknown]>([
    ['no data', undefined],
    ['data that is no object', 'x'],
    ['no items', { has_more: false }],
    ['items that are null', { items: null, has_more: false }],
    ['no has_more', { items: [] }],
    ['has_more as text', { items: [], has_more: 'false' }],
    ['has_more without a token', { items: [], has_more: true }],
    ['has_more with an empty token', { items: [], has_more: true, page_token: '' }],
    ['has_more with a number for a token', { items: [], has_more: true, page_token: 7 }],
    ['a row that is null', { items: [null], has_more: false }],
    ['a row of an unknown type', { items: [row('a', { type: 'robot' })], has_more: false }],
    ['a row of type constructor', { items: [row('a', { type: 'constructor' })], has_more: false }],
    ['a row without attendee_id', { items: [row('a', { attendee_id: undefined })], has_more: false }],
    ['a row without the id of its type', { items: [row('a', { user_id: '' })], has_more: false }],
    ['a row with an unknown reply', { items: [row('a', { rsvp_status: 'perhaps' })], has_more: false }],
    ['is_organizer as text', { items: [row('a', { is_organizer: 'true' })], has_more: false }],
    ['is_external as a number', { items: [row('a', { is_external: 1 })], has_more: false }],
  ])('takes %s for a malformed list', async (_what, data) => {
    const { observed, bench } = await listed(() => ok(data));
    expect(ids(observed)).toBe('list-malformed');
    expect(bench.session.requests).toBe(1);
  });

  it('takes a token that repeats for a malformed list', async () => {
    expect(ids((await listed(inTurn(page(['a'], 'p'), page(['b'], 'p')))).observed)).toBe('list-malformed');
  });

  test.each<readonly [string, ReturnType<Script>]>([
    ['HTML', { body: '<html>login</html>' }],
    ['a text', { status: 404, body: '404 page not found' }],
    ['nothing', { body: '' }],
    ['a list', { body: [] }],
    ['a code as text', { body: { code: '0', data: { items: [], has_more: false } } }],
    ['a redirect', { status: 302, headers: { location: 'https://example.com' } }],
    ['code 0 with a redirect', { status: 302, body: { code: 0, data: { items: [], has_more: false } } }],
  ])('takes %s instead of JSON for a malformed list, at once', async (_what, answer) => {
    const { observed, bench } = await listed(() => answer);
    expect(ids(observed)).toBe('list-malformed');
    expect(bench.session.requests).toBe(1);
  });

  it('never takes a failed page for an empty one', async () => {
    expect(ids((await listed(inTurn(page(['a'], 'p'), no(194001, 403)))).observed)).toBe('list-refused');
  });
});

describe('a list that moves', () => {
  it('is read once more', async () => {
    const { observed, bench } = await listed(
      inTurn(page(['a', 'b'], 'p'), page(['b', 'c']), page(['a', 'b', 'c'])),
    );
    expect(ids(observed)).toEqual(['a', 'b', 'c']);
    expect(bench.session.requests).toBe(3);
  });

  it('is given up when it moves again', async () => {
    const { observed, bench } = await listed(
      inTurn(page(['a'], 'p'), page(['a']), page(['a'], 'q'), page(['a'])),
    );
    expect(ids(observed)).toBe('list-moved');
    expect(bench.session.requests).toBe(4);
  });
});

describe('a page token that ran out', () => {
  it('restarts the list once', async () => {
    const { observed } = await listed(inTurn(page(['a'], 'p'), no(190008), page(['a'], 'q'), page(['b'])));
    expect(ids(observed)).toEqual(['a', 'b']);
  });

  it('fails the list the second time', async () => {
    const { observed } = await listed(inTurn(page(['a'], 'p'), no(190008)));
    expect(ids(observed)).toBe('list-failed');
  });
});

describe('a refused list', () => {
  test.each([
    [193001, 404, 'event-not-found'],
    [193003, 403, 'event-deleted'],
    [194001, 403, 'list-refused'],
    [191002, 403, 'list-refused'],
    [190002, 400, 'list-refused'],
    [99991672, 400, 'list-refused'],
    [99991403, 429, 'quota'],
    [99991668, 400, 'credentials'],
    [123456, 400, 'list-refused'],
    [194001, 200, 'list-refused'],
  ])('with code %i and HTTP %i is %s, with the log id', async (code, status, problem) => {
    const { observed, bench } = await listed(() => no(code, status));
    expect(observed).toMatchObject({
      complete: false,
      problem: { code: problem, platformCode: String(code), logId: 'log-1' },
    });
    expect(bench.session.requests).toBe(1);
  });

  it('shows the text of a code that is not known', async () => {
    const { observed } = await listed(() => no(123456));
    expect(observed).toMatchObject({ problem: { message: 'Feishu: platform text (code 123456)' } });
  });

  it('says so where a code that is not known comes without a text', async () => {
    const { observed } = await listed(() => ({ status: 400, body: { code: 123456, msg: '' } }));
    expect(observed).toMatchObject({
      problem: { message: 'Feishu: refused without a reason (code 123456)' },
    });
  });

  it('names the fields and permissions that the platform names', async () => {
    const error = {
      logid: 'log-2',
      permission_violations: [{ subject: 'calendar:calendar' }],
      field_violations: [{ field: 'page_size', description: 'too big' }],
    };
    const { observed } = await listed(() => ({ status: 400, body: { code: 99991672, msg: 'x', error } }));
    expect(observed).toMatchObject({ problem: { logId: 'log-2' } });
    expect(JSON.stringify(observed)).toMatch(/page_size: too big.*calendar:calendar/);
  });

  it('takes the log id from the header where the body has none', async () => {
    const answer = { status: 400, headers: { 'X-Tt-Logid': 'log-3' }, body: { code: 194001, msg: 'x' } };
    expect((await listed(() => answer)).observed).toMatchObject({ problem: { logId: 'log-3' } });
  });

  test.each(['.', '..', 'a\uD800'])('is what an eventId of %j becomes, without a call', async (eventId) => {
    const { observed, bench } = await listed(() => page([]), { ...feishuEvent, eventId });
    expect(ids(observed)).toBe('list-refused');
    expect(bench.session.requests).toBe(0);
  });
});

describe('admin mode', () => {
  const event: EventRef = { ...feishuEvent, eventId: 'uid_x_0', admin: { instanceStartTime: '1647320400' } };
  const rooms = ok({
    items: [
      row('ou_a'),
      { type: 'resource', attendee_id: 'resource_1', room_id: 'omm_1', rsvp_status: 'accept' },
    ],
    has_more: false,
  });
  const paths = (bench: Bench): readonly (string | undefined)[] =>
    bench.events
      .filter((call) => call.api !== 'token')
      .map((call) => /events\/([^/]+)\//.exec(call.url)?.[1]);

  it('reads the rooms of the occurrence alone', async () => {
    const { observed, bench } = await listed(() => rooms, event);
    expect(ids(observed)).toEqual(['omm_1']);
    expect(paths(bench)).toEqual(['uid_x_1647320400']);
  });

  it('reads those of the series where the occurrence is no event of its own', async () => {
    const { observed, bench } = await listed(inTurn(no(193001, 404), rooms), event);
    expect(ids(observed)).toEqual(['omm_1']);
    expect(paths(bench)).toEqual(['uid_x_1647320400', 'uid_x_0']);
  });

  it('does not go on to the series after any other refusal', async () => {
    const { observed, bench } = await listed(() => no(193003, 403), event);
    expect(ids(observed)).toBe('event-deleted');
    expect(paths(bench)).toEqual(['uid_x_1647320400']);
  });

  it('reads the event itself where it does not repeat, and asks once', async () => {
    const { observed, bench } = await listed(() => no(193001, 404), { ...event, admin: {} });
    expect(ids(observed)).toBe('event-not-found');
    expect(paths(bench)).toEqual(['uid_x_0']);
  });
});
