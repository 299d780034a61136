import { describe, expect, it } from 'vitest';

import { ask, dataOf, feishuTenant, rowsOf, serve } from './client.ts';
import { asApp, oapi, organisation } from './organisation.ts';

describe('faults of the calls for people and events', () => {
  it('move the rows of a list of events', async () => {
    const many = feishuTenant(Array.from({ length: 60 }, (_, n) => `{ id: e${n}_0 }`).join(', '));
    const emulator = await serve(many, {
      faults: 'faults: [{ fault: moving-rows, row: lost, api: feishu.events.list }]',
    });
    const events = '/open-apis/calendar/v4/calendars/cal@x/events?anchor_time=0&page_size=50';
    const first = await ask(emulator, 'GET', events);
    const second = await ask(emulator, 'GET', `${events}&page_token=${String(dataOf(first)['page_token'])}`);
    expect(rowsOf(second).map((row) => row['event_id'])[0]).toBe('e51_0');
  });

  it('move the rows of a department of DingTalk, whose cursor stands in the body', async () => {
    const emulator = await serve(organisation(), {
      faults: 'faults: [{ fault: moving-rows, api: dingtalk.users.department }]',
    });
    const names = async (cursor: number): Promise<unknown> => {
      const body = { dept_id: 12, cursor, size: 1 };
      const result = (await oapi(emulator, '/topapi/v2/user/list', body)).body['result'];
      return (result as { readonly list: readonly { readonly userid: string }[] }).list[0]?.userid;
    };
    expect([await names(0), await names(1)]).toEqual(['li', 'li']);
  });

  it('refuse a page token of contacts by its own code', async () => {
    const emulator = await serve(organisation(), { faults: 'faults: [{ fault: expired-page-token }]' });
    const children = '/open-apis/contact/v3/departments/0/children?page_size=1';
    const first = await asApp(emulator, 'GET', children);
    const next = `${children}&page_token=${String(dataOf(first)['page_token'])}`;
    expect((await asApp(emulator, 'GET', next)).body['code']).toBe(40012);
  });
});
