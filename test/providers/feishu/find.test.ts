import { describe, expect, it } from 'vitest';
import type { FindKind, FindQuery, Found, FoundItems } from '../../../src/model/found.ts';
import { type Bench, no, ok, onFeishu, signal } from '../bench.ts';
import type { Script, ScriptedAnswer, SeenRequest } from '../../support/scripted-server.ts';

/** Answers by path; what is not named is refused. */
function byPath(answers: Readonly<Record<string, (request: SeenRequest) => ScriptedAnswer>>): Script {
  return (request) => {
    const path = decodeURIComponent(request.path.replace('/open-apis/', ''));
    return answers[path]?.(request) ?? no(99991672, 400);
  };
}

interface Looked<K extends FindKind> {
  readonly found: Found<FoundItems[K]>;
  readonly calls: readonly SeenRequest[];
}

function look<K extends FindKind>(
  kind: K,
  query: Partial<FindQuery>,
  script: Script,
  more: Parameters<typeof onFeishu>[2] = {},
): Promise<Looked<K>> {
  return onFeishu(
    script,
    async ({ finder, calls }: Bench) => ({
      found: await finder.find(kind, { texts: [], ...query }, signal),
      calls: calls(),
    }),
    more,
  );
}

const calendarRows = [
  { calendar_id: 'c1@group.calendar.feishu.cn', summary: '平台团队', type: 'shared', role: 'writer' },
  { calendar_id: 'c2', summary: 'Google', type: 'google', role: 'owner', is_third_party: true },
  { calendar_id: 'c3', summary: 'Gone', type: 'shared', role: 'owner', is_deleted: true },
];

describe('calendars', () => {
  it('are read page by page, those that are deleted left out', async () => {
    const { found, calls } = await look(
      'calendars',
      {},
      byPath({
        'calendar/v4/calendars': ({ query }) =>
          query['page_token'] === undefined
            ? ok({ calendar_list: calendarRows.slice(0, 1), has_more: true, page_token: 'p2' })
            : ok({ calendar_list: calendarRows.slice(1), has_more: false, sync_token: 's' }),
      }),
    );
    expect(found).toEqual({
      complete: true,
      items: [
        { id: 'c1@group.calendar.feishu.cn', title: '平台团队', role: 'writer', writable: true },
        { id: 'c2', title: 'Google', role: 'owner', writable: false },
      ],
      missing: [],
      notes: [],
    });
    expect(calls.map(({ query }) => query)).toEqual([
      { page_size: '500' },
      { page_size: '500', page_token: 'p2' },
    ]);
  });

  it('keep what was read where a page fails, and are not complete', async () => {
    const { found } = await look(
      'calendars',
      {},
      byPath({
        'calendar/v4/calendars': ({ query }) =>
          query['page_token'] === undefined
            ? ok({ calendar_list: calendarRows.slice(0, 1), has_more: true, page_token: 'p2' })
            : no(191003, 403),
      }),
    );
    expect(found).toMatchObject({
      complete: false,
      problem: { code: 'list-refused', platformCode: '191003' },
    });
    expect(found.items).toHaveLength(1);
  });

  it('of people are their primary ones, ten a call', async () => {
    const open = Array.from({ length: 11 }, (_, at) => `ou_${at}`);
    const { found, calls } = await look(
      'calendars',
      { texts: open },
      byPath({
        'contact/v3/users/batch': () => ok({ items: open.map((id) => ({ open_id: id, name: id })) }),
        'calendar/v4/calendars/primarys': ({ json }) =>
          ok({
            calendars: (json as { user_ids: string[] }).user_ids.map((id) => ({
              user_id: id,
              calendar: { calendar_id: `c_${id}`, summary: id, type: 'primary', role: 'free_busy_reader' },
            })),
          }),
      }),
    );
    expect(found.items).toHaveLength(11);
    expect(found.items[0]).toMatchObject({ role: 'free_busy_reader', writable: false });
    expect(calls.filter(({ path }) => path.endsWith('primarys'))).toHaveLength(2);
  });

  it('name the permission that is missing', async () => {
    const { found } = await look('calendars', {}, byPath({}));
    expect(found).toMatchObject({
      complete: false,
      problem: { hint: expect.stringContaining('calendar:calendar:read') },
    });
  });
});

describe('events', () => {
  const at = (timestamp: string) => ({ timestamp });
  const rows = [
    {
      event_id: 'weekly_0',
      summary: '周会',
      start_time: at('4071090000'),
      end_time: at('4071093600'),
      recurrence: 'FREQ=WEEKLY;UNTIL=20990301T000000Z',
      organizer_calendar_id: 'C',
      event_organizer: { user_id: 'ou_a', display_name: 'Olga' },
    },
    {
      event_id: 'weekly_4071700000',
      is_exception: true,
      recurring_event_id: 'weekly_0',
      start_time: at('4071700000'),
      organizer_calendar_id: 'C',
    },
    { event_id: 'in_0', start_time: { date: '2099-01-05' }, organizer_calendar_id: 'other' },
    { event_id: 'gone_0', status: 'cancelled' },
  ];

  it('are read from an anchor to the last page, empty pages among them', async () => {
    const { found, calls } = await look(
      'events',
      { calendarId: 'C', fromMs: 4_070_908_800_000 },
      byPath({
        'calendar/v4/calendars/C/events': ({ query }) => {
          const token = query['page_token'];
          if (token === undefined) return ok({ items: [], has_more: true, page_token: 'p2' });
          return token === 'p2'
            ? ok({ items: rows.slice(0, 2), has_more: true, page_token: 'p3' })
            : ok({ items: rows.slice(2), has_more: false, sync_token: 's' });
        },
      }),
    );
    expect(calls[0]?.query).toEqual({
      user_id_type: 'open_id',
      anchor_time: '4070908800',
      page_size: '1000',
    });
    expect(found).toMatchObject({ complete: true });
    expect(found.items).toMatchObject([
      {
        id: 'weekly_0',
        title: '周会',
        start: '2099-01-03T02:20:00Z',
        recurring: true,
        until: '2099-03-01T00:00:00Z',
        organizer: 'Olga',
        invitation: false,
      },
      { id: 'weekly_4071700000', recurring: false, seriesId: 'weekly_0' },
      { id: 'in_0', start: '2099-01-05', invitation: true },
    ]);
  });

  it('of the primary calendar stand under its own id', async () => {
    const { found } = await look(
      'events',
      { calendarId: 'primary' },
      byPath({
        'calendar/v4/calendars/primary': () => ok({ calendars: [{ calendar: { calendar_id: 'C' } }] }),
        'calendar/v4/calendars/C/events': () => ok({ items: rows.slice(0, 1), has_more: false }),
      }),
    );
    expect(found.items).toMatchObject([{ calendarId: 'C', invitation: false }]);
  });
});

const lisi = {
  open_id: 'ou_lisi',
  union_id: 'on_lisi',
  user_id: '3e3c',
  name: '李四',
  email: 'LiSi@Corp.com',
  employee_no: '00712',
  status: { is_activated: true, is_frozen: false, is_resigned: false },
};

/** A tenant of two departments, of which the app may see all or one. */
function tenant(granted: readonly string[] = ['0'], whole = granted.includes('0')): Script {
  const people = [lisi, { open_id: 'ou_wu', name: '王五', status: { is_resigned: true } }];
  return byPath({
    'contact/v3/scopes': () => ok({ department_ids: granted, user_ids: [], group_ids: [], has_more: false }),
    'contact/v3/users/batch_get_id': ({ json }) => {
      const { emails = [], mobiles = [] } = json as { emails?: string[]; mobiles?: string[] };
      return ok({
        user_list: [
          ...emails.map((email) => (email === 'lisi@corp.com' ? { email, user_id: 'ou_lisi' } : { email })),
          ...mobiles.map((mobile) =>
            mobile.endsWith('13800000000')
              ? { mobile: '+8613800000000', user_id: 'ou_wu', status: { is_resigned: true } }
              : { mobile },
          ),
        ],
      });
    },
    'contact/v3/users/batch': () => ok({ items: people }),
    'contact/v3/departments/0/children': () =>
      ok({ items: [{ open_department_id: 'od-1', name: '平台组', member_count: 2 }], has_more: false }),
    'contact/v3/departments/od-1/children': () => ok({ items: [], has_more: false }),
    'contact/v3/departments/batch': () =>
      ok({ items: [{ open_department_id: 'od-1', name: '平台组', member_count: 2 }] }),
    'contact/v3/users/find_by_department': ({ query }) => {
      // The root is refused to an app that may not see everybody.
      if (query['department_id'] === '0' && !whole) return no(40004, 403);
      return ok({ items: query['department_id'] === 'od-1' ? people : [lisi], has_more: false });
    },
    'directory/v1/employees/filter': ({ json }) => {
      const [first] = (json as { filter: { conditions: { value: string }[] } }).filter.conditions;
      const hit = first?.value === '"00712"';
      return ok({ employees: hit ? [{ base_info: { employee_id: 'ou_lisi' } }] : [], page_response: {} });
    },
  });
}

describe('people', () => {
  it('are found by address and number, those who have left among them and marked', async () => {
    const { found, calls } = await look(
      'people',
      { texts: ['lisi@corp.com', '138 0000 0000', 'nobody@corp.com'] },
      tenant(),
    );
    expect(found.items).toEqual([
      {
        name: '李四',
        ids: { open_id: 'ou_lisi', union_id: 'on_lisi', user_id: '3e3c' },
        email: 'lisi@corp.com',
        mobile: null,
        employeeNo: '00712',
        status: 'active',
        asked: ['lisi@corp.com'],
      },
      expect.objectContaining({ name: '王五', status: 'left', asked: ['138 0000 0000'] }),
    ]);
    expect(found.missing).toEqual([{ query: 'nobody@corp.com', reason: 'not-found' }]);
    expect(calls.map(({ path }) => path.split('/').at(-1))).toEqual([
      'batch_get_id',
      'batch_get_id',
      'batch',
      'find_by_department',
    ]);
    expect(calls[0]?.json).toEqual({ emails: ['lisi@corp.com', 'nobody@corp.com'], include_resigned: true });
  });

  it('who are not found are not said not to exist where the app may not see everybody', async () => {
    const { found } = await look('people', { texts: ['nobody@corp.com'] }, tenant(['od-1']));
    expect(found).toMatchObject({
      complete: true,
      missing: [{ query: 'nobody@corp.com', reason: 'not-visible' }],
    });
  });

  it('are all that there are where the app may see whoever is right below the root', async () => {
    const { found, calls } = await look('people', { texts: ['nobody@corp.com'] }, tenant(['od-1'], true));
    expect(found.missing).toEqual([{ query: 'nobody@corp.com', reason: 'not-found' }]);
    expect(calls.at(-1)).toMatchObject({ query: { department_id: '0', page_size: '1' } });
  });

  it('are found through user groups that the app may see, with the departments in them', async () => {
    const members: Readonly<Record<string, object>> = {
      user: { memberlist: [{ member_id: 'ou_wu' }], has_more: false },
      department: { memberlist: [{ member_id: 'od-1' }], has_more: false },
    };
    const script = byPath({
      'contact/v3/scopes': () => ok({ group_ids: ['g1'], has_more: false }),
      'contact/v3/group/g1/member/simplelist': ({ query }) => ok(members[query['member_type'] ?? ''] ?? {}),
      'contact/v3/users/batch': () => ok({ items: [{ open_id: 'ou_wu', name: '王五' }] }),
      'contact/v3/departments/od-1/children': () => ok({ items: [], has_more: false }),
      'contact/v3/users/find_by_department': ({ query }) =>
        query['department_id'] === '0' ? no(40004, 403) : ok({ items: [lisi], has_more: false }),
    });
    const { found } = await look('people', {}, script);
    expect(found.complete).toBe(true);
    expect(new Set(found.items.map(({ name }) => name))).toEqual(new Set(['李四', '王五']));
    expect(found.notes).toEqual([]);
  });

  it('are not said to be missing where the contact range does not end', async () => {
    const script = byPath({
      'contact/v3/scopes': () => ok({ department_ids: ['od-1'], has_more: true, page_token: 'again' }),
      'contact/v3/departments/0/children': () => no(40004, 403),
      'contact/v3/departments/od-1/children': () => ok({ items: [], has_more: false }),
      'contact/v3/users/find_by_department': ({ query }) =>
        query['department_id'] === '0' ? no(40004, 403) : ok({ items: [lisi], has_more: false }),
    });
    const { found } = await look('people', { texts: ['无人'] }, script);
    expect(found.missing).toEqual([{ query: '无人', reason: 'not-visible' }]);
    expect(found.complete).toBe(false);
  });

  it('are found by job number and by a part of the name, once each', async () => {
    const { found } = await look('people', { texts: ['00712', '李'] }, tenant());
    expect(found.items).toMatchObject([{ name: '李四', asked: ['00712', '李'] }]);
    expect(found.missing).toEqual([]);
  });

  it('are everybody in view where nobody is asked for', async () => {
    const { found } = await look('people', {}, tenant());
    expect(found.items.map(({ name }) => name)).toEqual(['李四', '王五']);
  });

  it('of whom an answer has no row are not said not to exist', async () => {
    const script = byPath({
      'contact/v3/users/batch_get_id': () => ok({ user_list: [{ email: 'a@corp.com' }] }),
      'contact/v3/users/find_by_department': () => ok({ items: [], has_more: false }),
    });
    const { found } = await look('people', { texts: ['a@corp.com', 'b@corp.com'], by: 'email' }, script);
    expect(found).toMatchObject({
      complete: false,
      problem: { code: 'list-malformed' },
      missing: [{ reason: 'not-visible' }, { reason: 'not-visible' }],
    });
  });

  it('are asked for fifty a call', async () => {
    const texts = Array.from({ length: 51 }, (_, at) => `p${at}@corp.com`);
    const { calls } = await look('people', { texts }, tenant());
    const sizes = calls
      .filter(({ path }) => path.endsWith('batch_get_id'))
      .map(({ json }) => (json as { emails: string[] }).emails.length);
    expect(sizes).toEqual([50, 1]);
  });
});

describe('departments and chats', () => {
  it('are walked level by level where the tree is too large for one listing', async () => {
    const { found } = await look(
      'departments',
      {},
      byPath({
        'contact/v3/scopes': () => ok({ department_ids: ['0'], has_more: false }),
        'contact/v3/departments/0/children': ({ query }) =>
          query['fetch_child'] === 'true'
            ? no(43010)
            : ok({ items: [{ open_department_id: 'od-1', name: 'A' }], has_more: false }),
        'contact/v3/departments/od-1/children': ({ query }) =>
          ok({
            items: query['fetch_child'] === 'true' ? [{ open_department_id: 'od-2', name: 'B' }] : [],
            has_more: false,
          }),
      }),
    );
    expect(found).toMatchObject({ complete: true, items: [{ id: 'od-1' }, { id: 'od-2', members: null }] });
  });

  it('of chats the number of people is read one by one', async () => {
    const { found } = await look(
      'chats',
      { texts: ['平台'] },
      byPath({
        'im/v1/chats': () =>
          ok({
            items: [
              { chat_id: 'oc_1', name: '平台组' },
              { chat_id: 'oc_2', name: 'Other' },
            ],
            has_more: false,
          }),
        'im/v1/chats/oc_1': () => ok({ name: '平台组', user_count: '3' }),
      }),
    );
    expect(found.items).toEqual([{ id: 'oc_1', name: '平台组', members: 3 }]);
  });
});

describe('calendars', () => {
  const row = (id: string, role: string): object => ({ calendar_id: id, summary: id, role, type: 'shared' });
  const script = byPath({
    'calendar/v4/calendars': () => ok({ calendar_list: [row('a@x.calendar.cn', 'owner')], has_more: false }),
    'calendar/v4/calendars/primary': () =>
      ok({ calendars: [{ calendar: row('own@x.calendar.cn', 'owner') }] }),
    'calendar/v4/calendars/mget': ({ json }) => {
      const { calendar_ids: ids } = json as { calendar_ids: string[] };
      return ok({ calendars: ids.filter((id) => id === 'b@x.calendar.cn').map((id) => row(id, 'reader')) });
    },
  });

  it('that the account has not subscribed to are found by their ids, and its own by that name', async () => {
    const { found } = await look(
      'calendars',
      { texts: ['a@x.calendar.cn', 'b@x.calendar.cn', 'no@x.calendar.cn', 'primary'] },
      script,
    );
    expect(found.items.map(({ id }) => id).sort()).toEqual([
      'a@x.calendar.cn',
      'b@x.calendar.cn',
      'own@x.calendar.cn',
    ]);
    expect(found.missing).toEqual([{ query: 'no@x.calendar.cn', reason: 'not-found' }]);
  });
});
