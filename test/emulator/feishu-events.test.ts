import { describe, expect, it } from 'vitest';

import { ask, dataOf, feishuTenant, rowsOf, serve, type Reply } from './client.ts';

const list = '/open-apis/calendar/v4/calendars/cal@x/events';
const seconds = (text: string): string => String(Date.parse(text) / 1000);

const mixed = (more = ''): string =>
  feishuTenant(
    `
    { id: past_0, summary: Past, start: "2026-01-05T10:00:00Z", end: "2026-01-05T11:00:00Z" },
    { id: weekly_0, summary: Weekly, start: "2025-01-06T10:00:00Z", recurrence: FREQ=WEEKLY;UNTIL=20250301T000000Z, attendees: [{ user: ou_a, name: Anna, organizer: true }] },
    { id: weekly_1736762400, summary: Weekly moved, start: "2026-06-02T09:00:00Z" },
    { id: weekly_1893456000, summary: Weekly later, start: "2030-06-02T09:00:00Z" },
    { id: next_0, summary: Next, start: "2026-06-01T10:00:00Z", organizerCalendar: boss@x, organizer: ou_boss },
    { id: day_0, summary: Whole day, start: "2026-06-03" },
    { id: gone_0, summary: Gone, start: "2026-06-04T10:00:00Z", status: cancelled }`,
    more,
  );

const ids = (reply: Reply): readonly unknown[] => rowsOf(reply).map((row) => row['event_id']);

describe('the events of a calendar', () => {
  const anchor = `${list}?anchor_time=${seconds('2026-06-01T00:00:00Z')}`;

  it('from a point in time on are every series and what ends later, deleted ones among them', async () => {
    const reply = await ask(await serve(mixed()), 'GET', anchor);
    expect(ids(reply)).toEqual(['weekly_0', 'weekly_1893456000', 'next_0', 'day_0', 'gone_0']);
    expect(dataOf(reply)['has_more']).toBe(false);
    expect(rowsOf(reply).at(-1)?.['status']).toBe('cancelled');
  });

  it('carry what a list has of them, and no attendees', async () => {
    const reply = await ask(await serve(mixed()), 'GET', anchor);
    const [series, exception, invitation, day] = rowsOf(reply);
    expect(series).toEqual({
      event_id: 'weekly_0',
      organizer_calendar_id: 'cal@x',
      summary: 'Weekly',
      description: '',
      start_time: { timestamp: seconds('2025-01-06T10:00:00Z'), timezone: 'Asia/Shanghai' },
      end_time: { timestamp: seconds('2025-01-06T11:00:00Z'), timezone: 'Asia/Shanghai' },
      vchat: { vc_type: 'no_meeting' },
      visibility: 'default',
      attendee_ability: 'can_see_others',
      free_busy_status: 'busy',
      color: -1,
      recurrence: 'FREQ=WEEKLY;UNTIL=20250301T000000Z',
      status: 'confirmed',
      is_exception: false,
      create_time: expect.stringMatching(/^\d+$/),
      app_link: expect.stringContaining('weekly_0'),
      event_organizer: { user_id: 'ou_a', display_name: 'Anna' },
    });
    expect(exception).toMatchObject({ is_exception: true, recurring_event_id: 'weekly_0', recurrence: '' });
    expect(invitation).toMatchObject({
      organizer_calendar_id: 'boss@x',
      event_organizer: { user_id: 'ou_boss' },
    });
    expect(day).toMatchObject({ start_time: { date: '2026-06-03' }, end_time: { date: '2026-06-03' } });
  });

  it('between two points in time are those that happen there, and series that began', async () => {
    const query = `?start_time=${seconds('2026-01-05T10:30:00Z')}&end_time=${seconds('2026-06-01T10:30:00Z')}`;
    const reply = await ask(await serve(mixed()), 'GET', list + query);
    expect(ids(reply)).toEqual(['past_0', 'weekly_0', 'next_0']);
  });

  it('leave deleted ones out where they are told to', async () => {
    const emulator = await serve(mixed('behaviour: { cancelledListed: left-out }'));
    expect(ids(await ask(emulator, 'GET', anchor))).not.toContain('gone_0');
  });

  it.each([
    ['?anchor_time=soon', 190002],
    ['?anchor_time=1&start_time=1', 190002],
    ['?page_token=x', 190002],
    ['?anchor_time=1&page_token=x', 190002],
    ['?sync_token=x', 190008],
    ['?sync_token=x&anchor_time=1', 190009],
  ])('are not told for %s', async (query, code) => {
    const reply = await ask(await serve(mixed()), 'GET', list + query);
    expect([reply.status, reply.body['code']]).toEqual([400, code]);
  });

  it.each([
    ['{ id: cal@x, role: free_busy_reader }', 403, 191002],
    ['{ id: cal@x, role: none }', 403, 191002],
    ['{ id: cal@x, type: google }', 403, 191004],
    ['{ id: cal@x, type: exchange, role: reader }', 403, 191004],
    ['{ id: cal@x, type: resource, role: reader }', 200, 0],
    ['{ id: cal@x, deleted: true }', 403, 191003],
  ])('of %s are answered as its role and type allow', async (calendar, status, code) => {
    const emulator = await serve(`tokens: [u-test]\nfeishu: { calendars: [${calendar}] }\n`);
    const reply = await ask(emulator, 'GET', `${list}?anchor_time=0`);
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
  });
});

describe('an occurrence that nobody changed', () => {
  const tenant = feishuTenant(
    '{ id: s_0, recurrence: FREQ=DAILY, start: "2026-01-01T10:00:00Z", attendees: [{ user: ou_a }, { user: ou_b }] }',
    'behaviour: { unlistedOccurrence: answered }',
  );
  const occurrence = `${list}/s_${seconds('2026-01-02T10:00:00Z')}`;

  it('is answered as its series is, and joins the list of events only once it is written to', async () => {
    const emulator = await serve(tenant);
    const event = dataOf(await ask(emulator, 'GET', occurrence))['event'];
    expect(event).toMatchObject({ is_exception: false, recurring_event_id: 's_0' });
    expect(ids(await ask(emulator, 'GET', `${list}?anchor_time=0`))).toEqual(['s_0']);
    const body = { delete_ids: [{ type: 'user', user_id: 'ou_a' }] };
    await ask(emulator, 'POST', `${list}/s_0/attendees/batch_delete`, { body });
    await ask(emulator, 'POST', `${occurrence}/attendees/batch_delete`, {
      body: { delete_ids: [{ type: 'user', user_id: 'ou_b' }] },
    });
    const rows = rowsOf(await ask(emulator, 'GET', `${list}?anchor_time=0`));
    expect(rows.map((row) => row['is_exception'])).toEqual([false, true]);
    expect(emulator.attendees('s_0')).toHaveLength(1);
  });
});

describe('pages of events', () => {
  const many = (more = ''): string =>
    feishuTenant(Array.from({ length: 120 }, (_, index) => `{ id: e${String(index)}_0 }`).join(', '), more);

  async function sizesOf(tenant: string): Promise<readonly number[]> {
    const emulator = await serve(tenant);
    const sizes: number[] = [];
    let token = '';
    do {
      const reply = await ask(emulator, 'GET', `${list}?anchor_time=0&page_size=50${token}`);
      sizes.push(rowsOf(reply).length);
      token = dataOf(reply)['has_more'] === true ? `&page_token=${String(dataOf(reply)['page_token'])}` : '';
    } while (token !== '');
    return sizes;
  }

  it.each([
    ['never', [50, 50, 20]],
    ['shorter', [25, 25, 25, 25, 20]],
    ['longer', [75, 45]],
    ['first-empty', [0, 50, 50, 20]],
  ])('are as long as unevenPages: %s says, and miss nothing', async (uneven, sizes) => {
    expect(await sizesOf(many(`behaviour: { unevenPages: ${uneven} }`))).toEqual(sizes);
  });

  it('belong to the query that they began with', async () => {
    const emulator = await serve(many());
    const first = await ask(emulator, 'GET', `${list}?anchor_time=0&page_size=50`);
    const other = `${list}?anchor_time=1&page_size=50&page_token=${String(dataOf(first)['page_token'])}`;
    expect((await ask(emulator, 'GET', other)).body['code']).toBe(190002);
  });

  it('are one alone between two points in time, cut off in silence unless it is told', async () => {
    const query = `${list}?start_time=0&end_time=9999999999&page_size=50`;
    const silent = await ask(await serve(many()), 'GET', query);
    expect([rowsOf(silent).length, dataOf(silent)['has_more']]).toEqual([50, false]);
    const told = await ask(await serve(many('behaviour: { rangeMore: told }')), 'GET', query);
    expect([dataOf(told)['has_more'], dataOf(told)['page_token']]).toEqual([true, undefined]);
  });
});

describe('the view of instances', () => {
  const view = (from: string, to: string): string =>
    `${list}/instance_view?start_time=${seconds(from)}&end_time=${seconds(to)}`;
  const series = feishuTenant(`
    { id: w_0, summary: Weekly, start: "2026-01-05T10:00:00+08:00", recurrence: FREQ=WEEKLY;BYDAY=MO, attendees: [{ user: ou_a }, { room: omm_1, name: Room }] },
    { id: w_${seconds('2026-01-12T10:00:00+08:00')}, summary: Moved, start: "2026-01-13T10:00:00+08:00" },
    { id: one_0, start: "2026-01-06T10:00:00Z" }, { id: gone_0, start: "2026-01-06T10:00:00Z", status: cancelled }`);

  it('has series as occurrences, changed ones in their place, and rooms alone', async () => {
    const reply = await ask(await serve(series), 'GET', view('2026-01-05T00:00:00Z', '2026-01-20T00:00:00Z'));
    expect(ids(reply)).toEqual([
      `w_${seconds('2026-01-05T10:00:00+08:00')}`,
      `w_${seconds('2026-01-19T10:00:00+08:00')}`,
      `w_${seconds('2026-01-12T10:00:00+08:00')}`,
      'one_0',
    ]);
    const [first, , moved] = rowsOf(reply);
    expect(first).toMatchObject({ recurring_event_id: 'w_0', is_exception: false });
    expect(first?.['attendees']).toEqual([{ type: 'resource', room_id: 'omm_1', display_name: 'Room' }]);
    expect(moved).toMatchObject({ recurring_event_id: 'w_0', is_exception: true, summary: 'Moved' });
  });

  it.each([
    [view('2026-01-01T00:00:00Z', '2026-02-10T00:00:00Z'), 193103],
    [`${list}/instance_view`, 190002],
  ])('refuses %s', async (path, code) => {
    const reply = await ask(await serve(series), 'GET', path);
    expect([reply.status, reply.body['code']]).toEqual([400, code]);
  });

  it('refuses a thousand instances', async () => {
    const busy = Array.from({ length: 40 }, (_, index) => {
      return `{ id: d${String(index)}_0, start: "2026-01-01T10:00:00Z", recurrence: FREQ=DAILY }`;
    });
    const emulator = await serve(feishuTenant(busy.join(', ')));
    const path = view('2026-01-01T00:00:00Z', '2026-01-30T00:00:00Z');
    expect((await ask(emulator, 'GET', path)).body['code']).toBe(193104);
  });
});
