import { isObject } from '../../http/json.ts';
import { conclude, type Probe, taken } from '../smoke.ts';
import { calendarPath, dataOf } from './dialect.ts';

// Questions that only read.

export const contacts: Probe = {
  switches: ['unknownContact', 'unknownDepartment'],
  run: async (desk) => {
    const read = { method: 'GET', operation: 'read', aside: true } as const;
    const path = '/open-apis/contact/v3';
    const query = { user_ids: `ou_${desk.draft.stamp.padEnd(32, '0')}`, user_id_type: 'open_id' };
    const user = await desk.read({ ...read, api: 'users.batch', path: `${path}/users/batch`, query });
    conclude(desk, 'unknownContact', user, { ok: 'left-out', 99992351: 'refused' });
    const below = `${path}/departments/od-${desk.draft.stamp}/children`;
    const department = await desk.read({ ...read, api: 'departments.children', path: below });
    conclude(desk, 'unknownDepartment', department, { 43007: 'invalid', 40004: 'hidden' });
  },
};

export const chat: Probe = {
  switches: ['mgetMeetingChat', 'meetingChatCalendar'],
  run: async (desk) => {
    const path = calendarPath(desk.event.calendarId);
    const calendar = await desk.read({ api: 'calendar.get', method: 'GET', path, operation: 'read' });
    const data = dataOf(taken(calendar, 'the calendar could not be read'));
    const primary = isObject(data) && data['type'] === 'primary';
    const said = await desk.read({
      api: 'meeting-chats.mget',
      method: 'POST',
      path: `${path}/events/mget_meeting_chat`,
      body: { json: { event_ids: [desk.event.eventId] } },
      operation: 'read',
      aside: true,
    });
    const refusal = primary ? { 190002: 'refused' } : {};
    conclude(desk, 'mgetMeetingChat', said, { ok: 'answered', 'http-404': 'not-found', ...refusal });
    const any = said.code === null && !primary;
    const because = primary ? 'this calendar is primary; name one that is shared' : said.told;
    desk.note('meetingChatCalendar', any ? 'any' : undefined, because);
  },
};
