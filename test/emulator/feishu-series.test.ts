import { describe, expect, it } from 'vitest';

import { ask, dataOf, feishuEvent, feishuTenant, rowsOf, serve } from './client.ts';

const seconds = (text: string): string => String(Date.parse(text) / 1000);
const second = seconds('2026-01-12T02:00:00Z');
const third = seconds('2026-01-19T02:00:00Z');
const tenant = feishuTenant(`{
  id: w_0, summary: Weekly, start: "2026-01-05T10:00:00+08:00", end: "2026-01-05T10:30:00+08:00",
  recurrence: FREQ=WEEKLY;COUNT=5, attendees: [{ user: ou_a, organizer: true }, { user: ou_b }],
  exceptions: [
    { original: "2026-01-12T02:00:00Z", start: "2026-01-12T06:00:00Z", summary: Moved, attendees: [{ user: ou_c }] },
    { original: "2026-01-19T02:00:00Z", status: cancelled } ] }, { id: one_0 }`);

describe('changed occurrences of the tenant file', () => {
  it('are events of their own, with what is given and the rest as in the series', async () => {
    const emulator = await serve(tenant);
    expect(dataOf(await ask(emulator, 'GET', feishuEvent(`w_${second}`)))['event']).toMatchObject({
      summary: 'Moved',
      is_exception: true,
      recurring_event_id: 'w_0',
      recurrence: '',
      start_time: { timestamp: seconds('2026-01-12T06:00:00Z') },
      end_time: { timestamp: seconds('2026-01-12T06:30:00Z') },
    });
    expect(emulator.attendees(`w_${second}`).map(({ id }) => id)).toEqual(['ou_c']);
    const gone = dataOf(await ask(emulator, 'GET', feishuEvent(`w_${third}`)))['event'];
    expect(gone).toMatchObject({ summary: 'Weekly', status: 'cancelled', is_exception: true });
  });

  it('stand in the list of instances in their place, without attendees and series', async () => {
    const query = `?start_time=${seconds('2026-01-01T00:00:00Z')}&end_time=${seconds('2026-06-01T00:00:00Z')}`;
    const reply = await ask(await serve(tenant), 'GET', `${feishuEvent('w_0')}/instances${query}`);
    expect(rowsOf(reply).map((row) => [row['event_id'], row['status'], row['is_exception']])).toEqual([
      [`w_${seconds('2026-01-05T02:00:00Z')}`, 'confirmed', false],
      [`w_${second}`, 'confirmed', true],
      [`w_${third}`, 'cancelled', true],
      [`w_${seconds('2026-01-26T02:00:00Z')}`, 'confirmed', false],
      [`w_${seconds('2026-02-02T02:00:00Z')}`, 'confirmed', false],
    ]);
    for (const key of ['attendees', 'recurring_event_id', 'at'])
      expect(rowsOf(reply)[0]).not.toHaveProperty(key);
    expect(dataOf(reply)['has_more']).toBe(false);
  });

  it.each([
    ['w_0', '', 190002],
    ['w_0', '?start_time=0&end_time=99999999', 190002],
    ['w_0', '?start_time=1&end_time=0', 190002],
    ['none_0', '?start_time=0&end_time=1', 193001],
    [`w_${third}`, '?start_time=0&end_time=1', 193003],
    ['one_0', '?start_time=0&end_time=1', 0],
  ])('are answered for %s%s with %i', async (id, query, code) => {
    const reply = await ask(await serve(tenant), 'GET', `${feishuEvent(id)}/instances${query}`);
    expect(reply.body['code']).toBe(code);
  });
});

describe('the instances of a long series', () => {
  it('come in pages of at least ten', async () => {
    const daily = '{ id: d_0, start: "2026-01-01T10:00:00Z", recurrence: FREQ=DAILY;COUNT=25 }';
    const emulator = await serve(feishuTenant(daily));
    const sizes: number[] = [];
    let token = '';
    do {
      const query = `?start_time=${seconds('2026-01-01T00:00:00Z')}&end_time=${seconds('2027-01-01T00:00:00Z')}&page_size=1`;
      const reply = await ask(emulator, 'GET', `${feishuEvent('d_0')}/instances${query}${token}`);
      sizes.push(rowsOf(reply).length);
      token = dataOf(reply)['has_more'] === true ? `&page_token=${String(dataOf(reply)['page_token'])}` : '';
    } while (token !== '');
    expect(sizes).toEqual([10, 10, 5]);
  });

  it.each([
    ['FREQ=DAILY;INTERVAL=2;COUNT=3', ['01-01', '01-03', '01-05']],
    ['FREQ=WEEKLY;BYDAY=TH,FR;UNTIL=20260109T235959Z', ['01-01', '01-02', '01-08', '01-09']],
    ['FREQ=MONTHLY;COUNT=3', ['01-01', '02-01', '03-01']],
    ['FREQ=YEARLY;COUNT=1', ['01-01']],
    ['FREQ=DAILY;BYDAY=MO,TU;COUNT=2', ['01-05', '01-06']],
  ])('follow %s', async (rule, days) => {
    const emulator = await serve(
      feishuTenant(`{ id: s_0, start: "2026-01-01T10:00:00Z", recurrence: "${rule}" }`),
    );
    const query = `?start_time=${seconds('2026-01-01T00:00:00Z')}&end_time=${seconds('2026-12-01T00:00:00Z')}`;
    const rows = rowsOf(await ask(emulator, 'GET', `${feishuEvent('s_0')}/instances${query}`));
    const starts = rows.map((row) => Number((row['start_time'] as Record<string, unknown>)['timestamp']));
    expect(starts.map((start) => new Date(start * 1000).toISOString().slice(5, 10))).toEqual(days);
  });
});
