import { manifest } from './served.ts';

/** The platforms that have a page of their own on what a missing permission gives; Lark is as Feishu. */
export type SetUp = 'feishu' | 'dingtalk';

/** A command that lacks permissions. */
export interface Trial {
  readonly without: readonly string[];
  readonly args: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Something else that is wrong, as the page calls it. */
export interface Situation extends Omit<Trial, 'without'> {
  readonly what: string;
  /** The tenant where it is so, made of the example. */
  readonly tenant: (example: string) => string;
}

const company = 'feishu.cn_demo_company@group.calendar.feishu.cn';

function feishu(spec: object, members?: readonly object[]): Record<string, string> {
  const place = {
    provider: 'feishu',
    calendarId: 'feishu.cn_demo@group.calendar.feishu.cn',
    eventId: 'standup_0',
  };
  return files({ ...place, ...spec }, members);
}

function files(spec: object, members?: readonly object[]): Record<string, string> {
  const event = manifest('Event', 'standup', spec);
  return members === undefined
    ? { 'a.yaml': event }
    : { 'a.yaml': event, 'b.yaml': manifest('Roster', 'r', { members }) };
}

function dingtalk(spec: object, members?: readonly object[]): Record<string, string> {
  return files({ provider: 'dingtalk', organizer: 'unionOrg', eventId: 'retro', ...spec }, members);
}

const few = { attendees: [{ user: 'ou_wangwu' }] };
const one = { attendees: [{ user: 'unionA' }] };
const both = { attendees: [...one.attendees, { user: 'unionGrace' }] };
const roster = { attendees: [{ roster: 'r' }] };
const apply = ['apply', '--auto-approve'];
const find = (what: string, ...query: readonly string[]): string[] => [
  'find',
  what,
  ...query,
  '--provider',
  'feishu',
];

/** What each missing permission gives. */
export const missing: Readonly<Record<SetUp, readonly Trial[]>> = {
  feishu: [
    { without: ['calendar:calendar.event:read'], args: ['plan'], files: feishu(few) },
    { without: ['calendar:calendar.event:update'], args: apply, files: feishu(few) },
    {
      without: ['calendar:calendar.event:delete'],
      args: apply,
      files: feishu({ state: 'absent', guards: { allowDelete: true } }),
    },
    { without: ['calendar:calendar:read'], args: find('calendars'), files: {} },
    {
      without: ['contact:contact.base:readonly'],
      args: ['plan'],
      files: feishu({ attendees: [...few.attendees, { user: 'ou_frank' }] }),
    },
    {
      without: ['contact:user.employee:readonly'],
      args: ['plan'],
      files: feishu({ attendees: [...few.attendees, { user: 'ou_frank' }] }),
    },
    {
      without: ['contact:user.id:readonly'],
      args: ['lock'],
      files: feishu({ attendees: [{ person: 'lisi@example.com' }] }),
    },
    {
      without: ['contact:user.employee_id:readonly'],
      args: ['plan'],
      files: feishu({ userIdType: 'user_id', attendees: [{ user: 'wangwu' }] }),
    },
    { without: ['directory:employee:list'], args: find('people', '00712'), files: {} },
    {
      without: ['contact:department.organize:readonly'],
      args: ['plan'],
      files: feishu(roster, [{ department: 'od-platform' }]),
    },
    { without: ['contact:group:readonly'], args: ['plan'], files: feishu(roster, [{ group: 'g1' }]) },
    {
      without: ['contact:functional_role:readonly'],
      args: ['plan'],
      files: feishu(roster, [{ role: '7023' }]),
    },
    {
      without: ['im:chat:readonly'],
      args: ['plan'],
      files: feishu(roster, [{ chatMembers: 'oc_platform' }]),
    },
  ],
  dingtalk: [
    { without: ['Calendar.Event.Read'], args: ['plan'], files: dingtalk(one) },
    { without: ['Calendar.Event.Write'], args: apply, files: dingtalk(one) },
    { without: ['qyapi_get_member'], args: ['plan'], files: dingtalk(both) },
    { without: ['qyapi_hrm_read_user'], args: ['plan'], files: dingtalk(both) },
    {
      without: ['qyapi_get_department_list'],
      args: ['plan'],
      files: dingtalk(roster, [{ department: 12 }]),
    },
    {
      without: ['qyapi_get_department_member'],
      args: ['lock'],
      files: dingtalk({ attendees: [{ person: 'lisi@example.com' }] }),
    },
    {
      without: ['qyapi_get_member_by_mobile'],
      args: ['lock'],
      files: {
        ...dingtalk({ attendees: [{ person: 'li' }] }),
        'c.yaml': manifest('Directory', 'people', { people: { li: { mobile: '+8613800000002' } } }),
      },
    },
  ],
};

/** Whose calendar shows an event that somebody else organizes. */
const invited = `    - unionId: unionB
      events:
        - { id: invited, start: 2099-01-05, organizer: unionOrg, attendees: [{ user: unionOrg, organizer: true }, { user: unionB }] }
`;

const asItIs = (example: string): string => example;

/** What else goes wrong at first. */
export const situations: Readonly<Record<SetUp, readonly Situation[]>> = {
  feishu: [
    {
      what: 'no credentials are set',
      args: ['plan'],
      files: feishu(few),
      env: { FEISHU_APP_ID: '', FEISHU_APP_SECRET: '' },
      tenant: asItIs,
    },
    {
      what: 'the secret is another one',
      args: ['plan'],
      files: feishu(few),
      env: { FEISHU_APP_SECRET: 'wrong' },
      tenant: asItIs,
    },
    {
      what: 'the app has no bot, or it is not published',
      args: ['plan'],
      files: feishu(few),
      tenant: (example) => example.replace('secret: demo-secret }', 'secret: demo-secret, bot: false }'),
    },
    {
      what: 'the calendar is not shared with the app',
      args: ['plan'],
      files: feishu({ ...few, calendarId: 'feishu.cn_demo_boss@group.calendar.feishu.cn' }),
      tenant: asItIs,
    },
    {
      what: 'the calendar id is not right',
      args: ['plan'],
      files: feishu({ ...few, calendarId: 'feishu.cn_other@group.calendar.feishu.cn' }),
      tenant: asItIs,
    },
    {
      what: 'the event id is not right, or of another calendar',
      args: ['plan'],
      files: feishu({ ...few, eventId: 'other_0' }),
      tenant: asItIs,
    },
    {
      what: 'the app is only a reader (seen by `doctor`)',
      args: ['doctor'],
      files: feishu({ ...few, calendarId: company, eventId: 'holiday_0' }),
      tenant: asItIs,
    },
    {
      what: 'the app is only a reader (seen by `apply`)',
      args: apply,
      files: feishu({ attendees: [{ user: 'ou_alice' }], calendarId: company, eventId: 'holiday_0' }),
      tenant: asItIs,
    },
  ],
  dingtalk: [
    {
      what: 'no credentials are set',
      args: ['plan'],
      files: dingtalk(one),
      env: { DINGTALK_APP_KEY: '', DINGTALK_APP_SECRET: '' },
      tenant: asItIs,
    },
    {
      what: 'the secret is another one',
      args: ['plan'],
      files: dingtalk(one),
      env: { DINGTALK_APP_SECRET: 'wrong' },
      tenant: asItIs,
    },
    {
      what: 'the event id or the organizer is not right',
      args: ['plan'],
      files: dingtalk({ ...one, eventId: 'other' }),
      tenant: asItIs,
    },
    {
      what: 'the event is organized by somebody else',
      args: ['doctor'],
      files: dingtalk({ ...one, organizer: 'unionB', eventId: 'invited' }),
      tenant: (example) => example.replace('    - unionId: unionOrg\n', (own) => `${invited}${own}`),
    },
  ],
};
