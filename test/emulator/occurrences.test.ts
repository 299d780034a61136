import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/server.ts';
import { TenantError } from '../../src/emulator/tenant.ts';
import { ask, dingtalkTenant, feishuTenant, rowsOf, serve, type Reply } from './client.ts';

const first = '2026-12-07T02:00:00Z';
const second = '2026-12-14T02:00:00Z';
const start = (text: string): number => Date.parse(text) / 1000;

const live = (emulator: Emulator, id: string): string[] =>
  emulator
    .attendees(id)
    .map((one) => one.id)
    .sort();

describe('changed occurrences on Feishu', () => {
  const moved = `w_${start(first)}`;
  const events = '/open-apis/calendar/v4/calendars/cal@x/events';
  const tenant = (more = ''): string =>
    feishuTenant(
      `{ id: w_0, start: "2026-11-02T02:00:00Z", recurrence: FREQ=WEEKLY, attendees: [{ user: ou_a }],
         exceptions: [{ original: "${first}", start: "2027-03-01T02:00:00Z", attendees: [{ user: ou_a }, { user: ou_x }] }] }`,
      more,
    );
  const instances = (emulator: Emulator): Promise<Reply> =>
    ask(
      emulator,
      'GET',
      `${events}/w_0/instances?start_time=${start('2026-12-01T00:00:00Z')}&end_time=${start('2026-12-10T00:00:00Z')}`,
    );
  const ids = async (emulator: Emulator): Promise<unknown[]> =>
    rowsOf(await instances(emulator)).map((row) => row['event_id']);

  it.each([
    ['start', []],
    ['original', [moved]],
  ])('are in a stretch of time by their %s', async (by, expected) => {
    const emulator = await serve(tenant(`behaviour: { instancesBy: ${by} }`));
    expect(await ids(emulator)).toEqual(expected);
  });

  it.each([
    ['plain', ['ou_a', 'ou_x'], ['ou_a', 'ou_x']],
    ['all', ['ou_a', 'ou_b', 'ou_x'], ['ou_b', 'ou_x']],
  ])('are reached by writes to the series or not: %s', async (reach, added, removed) => {
    const emulator = await serve(tenant(`behaviour: { seriesWrites: ${reach} }`));
    await ask(emulator, 'POST', `${events}/w_0/attendees`, {
      body: { attendees: [{ type: 'user', user_id: 'ou_b' }] },
    });
    expect([live(emulator, 'w_0'), live(emulator, moved)]).toEqual([['ou_a', 'ou_b'], added]);
    await ask(emulator, 'POST', `${events}/w_0/attendees/batch_delete`, {
      body: { delete_ids: [{ type: 'user', user_id: 'ou_a' }] },
    });
    expect([live(emulator, 'w_0'), live(emulator, moved)]).toEqual([['ou_b'], removed]);
  });

  it('are moved, cancelled and given back by others', async () => {
    const emulator = await serve(tenant());
    emulator.reschedule(moved, { start: '2026-12-08T06:00:00Z' });
    const [row] = rowsOf(await instances(emulator));
    expect(row).toMatchObject({
      event_id: moved,
      is_exception: true,
      start_time: { timestamp: String(start('2026-12-08T06:00:00Z')) },
      end_time: { timestamp: String(start('2026-12-08T07:00:00Z')) },
    });
    emulator.reschedule(moved, 'cancelled');
    expect(rowsOf(await instances(emulator))).toMatchObject([{ event_id: moved, status: 'cancelled' }]);
    emulator.reschedule(moved, 'restored');
    expect(rowsOf(await instances(emulator))).toMatchObject([{ event_id: moved, is_exception: false }]);
    emulator.reschedule('w_0', 'cancelled');
    expect(live(emulator, 'w_0')).toEqual(['ou_a']);
  });
});

describe('changed occurrences on DingTalk', () => {
  const primary = '/v1.0/calendar/users/org/calendars/primary';
  const moved = 'w_20261207T020000Z';
  const tenant = (more = ''): string =>
    dingtalkTenant(
      `{ id: w, summary: W, start: "2026-11-02T02:00:00Z", recurrence: FREQ=WEEKLY, attendees: [{ user: a }],
         exceptions: [
           { original: "${first}", start: "2026-12-08T06:00:00Z", attendees: [{ user: a }, { user: x }] },
           { original: "${second}", status: cancelled },
         ] }`,
      more,
    );
  const view = async (emulator: Emulator): Promise<readonly Readonly<Record<string, unknown>>[]> =>
    rowsOf(
      await ask(
        emulator,
        'GET',
        `${primary}/eventsview?timeMin=2026-12-01T00:00:00Z&timeMax=2026-12-25T00:00:00Z`,
      ),
      'events',
    );

  it('stand in the view in place of what they were, with their original start', async () => {
    const rows = await view(await serve(tenant()));
    expect(rows.map((row) => [row['id'], row['originStart'], row['seriesMasterId']])).toEqual(
      expect.arrayContaining([
        [moved, { dateTime: first }, 'w'],
        ['w_20261221T020000Z', { dateTime: '2026-12-21T02:00:00Z' }, 'w'],
      ]),
    );
    expect(rows).toHaveLength(2);
  });

  const add = (emulator: Emulator, id: string): Promise<Reply> =>
    ask(emulator, 'POST', `${primary}/events/${id}/attendees`, { body: { attendeesToAdd: [{ id: 'b' }] } });

  it.each([
    ['occurrence', 200, ['a'], ['a', 'b', 'x']],
    ['series', 200, ['a', 'b'], ['a', 'x']],
    ['refused', 400, ['a'], ['a', 'x']],
  ])('take a write to one of them as told: %s', async (writes, status, series, occurrence) => {
    const emulator = await serve(tenant(`behaviour: { occurrenceWrites: ${writes} }`));
    expect((await add(emulator, moved)).status).toBe(status);
    expect([live(emulator, 'w'), live(emulator, moved)]).toEqual([series, occurrence]);
  });

  it('are reached by writes to the series where that is told', async () => {
    const emulator = await serve(tenant('behaviour: { seriesWrites: all }'));
    await add(emulator, 'w');
    expect([live(emulator, 'w'), live(emulator, moved)]).toEqual([
      ['a', 'b'],
      ['a', 'b', 'x'],
    ]);
  });

  it('are moved and given back by others', async () => {
    const emulator = await serve(tenant());
    emulator.reschedule(moved, { start: '2026-12-09T06:00:00Z' });
    expect(await view(emulator)).toContainEqual(
      expect.objectContaining({
        id: moved,
        start: expect.objectContaining({ dateTime: '2026-12-09T06:00:00Z' }),
      }),
    );
    emulator.reschedule(moved, 'restored');
    expect(await view(emulator)).toContainEqual(
      expect.objectContaining({ id: moved, start: expect.objectContaining({ dateTime: first }) }),
    );
  });

  it.each([
    ['of an event that does not repeat', `{ id: w, exceptions: [{ original: "${first}" }] }`],
    ['of no real time', '{ id: w, recurrence: FREQ=WEEKLY, exceptions: [{ original: "2026-13-40" }] }'],
    [
      'twice',
      `{ id: w, recurrence: FREQ=WEEKLY, exceptions: [{ original: "${first}" }, { original: "${first}" }] }`,
    ],
  ])('are refused in a tenant file: %s', async (_what, event) => {
    await expect(serve(dingtalkTenant(event))).rejects.toThrow(TenantError);
  });
});
