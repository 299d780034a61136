import type { Platform } from '../model/platform.ts';

/** Feishu. Pages: calendar v4 of open.feishu.cn. */
export const feishu: Platform = {
  title: 'Feishu',
  env: {
    host: 'https://open.feishu.cn',
    baseUrl: 'FEISHU_BASE_URL',
    app: 'FEISHU_APP_ID',
    secret: 'FEISHU_APP_SECRET',
    token: 'FEISHU_ACCESS_TOKEN',
    appToken: 't-',
  },
  event: {
    attendees: ['user', 'chat', 'room', 'email'],
    calendarId: 'required',
    organizer: 'none',
    userIds: [
      { type: 'open_id', prefix: 'ou_' },
      { type: 'union_id', prefix: 'on_' },
      { type: 'user_id', prefix: null },
    ],
    prefixes: { chat: 'oc_', room: 'omm_' },
    keys: ['meetingChat', 'admin', 'roomContact'],
    exceptions: { cannotFollow: null, ids: 'uid-start' },
    most: 3000,
  },
  reads: { pageSize: 100, factsInList: false, showsRemoved: true, lagMs: 2000 },
  writes: { style: 'delta', remove: 500, add: 1000, addOf: { room: 100 }, flag: 'readd' },
  notice: { add: 'switch', remove: 'switch' },
  windows: [
    { calls: 50, perMs: 1000 },
    { calls: 1000, perMs: 60_000 },
  ],
  monthlyCalls: null,
  finds: {
    calendars: { permissions: ['calendar:calendar:read'] },
    events: { permissions: ['calendar:calendar.event:read'], needs: 'calendar' },
    people: {
      permissions: [
        'contact:user.id:readonly',
        'contact:contact.base:readonly',
        'contact:user.base:readonly',
        'contact:user.email:readonly',
        'contact:user.employee:readonly',
        'contact:user.employee_id:readonly (for user_id)',
        'directory:employee:list (by job number)',
      ],
    },
    chats: { permissions: ['im:chat:readonly'] },
    departments: { permissions: ['contact:contact.base:readonly', 'contact:department.organize:readonly'] },
  },
  sources: {
    department: {
      permissions: ['contact:contact.base:readonly', 'contact:department.organize:readonly'],
      ids: '^(?!o[cnu]_|omm_)',
      idWords: 'od-…, a custom department id, or "0" for the whole organisation',
    },
    group: {
      permissions: ['contact:group:readonly'],
      ids: '^(?!o[cnu]_|omm_|od-)',
      idWords: 'the id of a user group',
    },
    role: {
      permissions: ['contact:functional_role:readonly'],
      ids: '^(?!o[cnu]_|omm_|od-)',
      idWords: 'the id of a role',
    },
    chat: { permissions: ['im:chat:readonly'], ids: '^oc_', idWords: 'oc_…' },
  },
  peopleBy: ['email', 'mobile', 'employeeNo'],
  standing: {
    permissions: ['contact:contact.base:readonly', 'contact:user.employee:readonly'],
    batch: 50,
    singly: false,
    free: false,
  },
};
