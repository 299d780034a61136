import type { Permission } from '../model/grants.ts';
import type { Platform } from '../model/platform.ts';

/** Each page names its permissions with their codes; the console finds them by either. */
const may = (code: string, title: string | null): Permission => ({ code, title });

const readEvents = may('Calendar.Event.Read', '日历应用中日程读权限');
const writeEvents = may('Calendar.Event.Write', '日历应用中日程写权限');
const departments = may('qyapi_get_department_list', '通讯录部门信息读权限');
const departmentMembers = may('qyapi_get_department_member', '通讯录部门成员读权限');
const members = may('qyapi_get_member', '成员信息读权限');
const byMobile = may('qyapi_get_member_by_mobile', null);
const staff = may('qyapi_hrm_read_user', null);

/** DingTalk. Pages: calendar v1.0 of open.dingtalk.com. Users are known by their unionId alone. */
export const dingtalk: Platform = {
  title: 'DingTalk',
  env: {
    host: 'https://api.dingtalk.com',
    baseUrl: 'DINGTALK_BASE_URL',
    credentials: { app: 'DINGTALK_APP_KEY', secret: 'DINGTALK_APP_SECRET' },
    token: 'DINGTALK_ACCESS_TOKEN',
    appToken: null,
  },
  event: {
    attendees: ['user'],
    people: 'user',
    calendarId: 'primary',
    organizer: 'required',
    userIds: [],
    onlyUserId: 'unionId',
    prefixes: {},
    keys: [],
    exceptions: {
      cannotFollow: 'its pages do not say whether a change of one occurrence reaches the whole series',
      ids: null,
    },
    most: 5000,
  },
  apis: {
    list: 'attendees.list',
    look: 'event.get',
    remove: 'attendees.remove',
    add: 'attendees.add',
    'delete-event': 'event.delete',
    'unbind-chat': 'meeting-chat.unbind',
  },
  reads: { pageSize: 500, factsInList: false, showsRemoved: false, lagMs: 0 },
  writes: { style: 'delta', remove: 500, add: 500, flag: 'readd' },
  notice: { add: 'switch', remove: 'platform' },
  windows: [{ calls: 20, perMs: 1000 }],
  monthlyCalls: 5000,
  permissions: {
    of: {
      'read-events': [[readEvents]],
      'change-attendees': [[writeEvents]],
      'delete-events': [[writeEvents]],
      'find-people': [[departments], [departmentMembers], [members], [byMobile]],
      'know-leavers': [[members], [staff]],
      'read-departments': [[departments], [departmentMembers], [members]],
      'read-roles': [[members]],
    },
    refusals: ['Forbidden.AccessDenied.AccessTokenPermissionDenied', '60011'],
    grant: 'ask for it in the developer console under permissions (权限管理)',
    range: 'the contact range of the app (通讯录接口权限范围)',
  },
  finds: {
    calendars: { permissions: [readEvents.code], needs: 'organizer' },
    events: { permissions: [readEvents.code], needs: 'organizer', primaryOnly: true },
    people: {
      permissions: [
        departments.code,
        departmentMembers.code,
        members.code,
        byMobile.code,
        'Contact.Common.Read (who has left)',
      ],
    },
    chats: {
      cannot: 'its events take no chats, and it lists members only of chats that an app created',
    },
    departments: { permissions: [departments.code] },
  },
  sources: {
    department: {
      permissions: [departments.code, departmentMembers.code, members.code],
      ids: '^[1-9]\\d{0,14}$',
      idWords: 'a number; 1 is the whole organisation',
    },
    group: { cannot: 'it has no user groups' },
    role: { permissions: [members.code], ids: '^[1-9]\\d{0,14}$', idWords: 'a number' },
    chat: { cannot: 'it lists members only of chats that an app created' },
  },
  // There is a call by number alone; for the others all departments are read.
  peopleBy: ['mobile', 'email', 'employeeNo'],
  standing: {
    permissions: [members.code, staff.code],
    batch: 50,
    singly: true,
    free: true,
  },
};
