import type { Says } from '../switches.ts';

/** What the pages of Feishu and Lark leave open, with what other platforms answer to as well. */
export const feishuChoices = {
  attendees: {
    unknownAttendee: [
      ['ignored', 'refused'],
      'a removal that names someone who is not on the event: left out, or the whole call refused (194000{unknownAttendee})',
    ],
    removeOrganizer: [
      ['refused', 'removed'],
      'a removal that names the organizer: the whole call refused (194003{removeOrganizer}), or done',
    ],
    removeExternal: [
      ['removed', 'refused'],
      'a removal that names a user or chat of another tenant: done, or the whole call refused (194003)',
    ],
    addExternal: [['refused', 'added'], 'adding a known user of another tenant: refused (195100), or done'],
    duplicateAdd: [
      ['ignored', 'updates', 'refused'],
      'adding somebody who is on the event: nothing, the optional flag is taken over, or the whole call refused',
    ],
    unknownUser: [
      ['accepted', 'refused'],
      'adding a user whom the tenant file does not name: done, or refused (99992351{unknownUser})',
    ],
    emptyBatch: [['accepted', 'refused'], 'adding or removing nobody: done, or refused (190002{emptyBatch})'],
    removedRows: [
      ['stay', 'vanish'],
      'removed attendees: stay listed with rsvp_status removed, or vanish (Feishu)',
    ],
    readdRemoved: [
      ['revives', 'appends'],
      'adding somebody removed before: the row is live again, or a second row with an id of its own (Feishu)',
    ],
    createAnswers: [['added', 'all'], 'what adding answers: the added attendees, or all live ones (Feishu)'],
    capCode: [['parameters', 'validation'], 'a call or an event over its cap: 190002, or 99992402 (Feishu)'],
    largePage: [
      ['clamped', 'refused'],
      'a page_size over its limit: taken as the limit, or refused (190002); contacts refuse it always (Feishu)',
    ],
    unevenPages: [
      ['never', 'shorter', 'longer', 'first-empty'],
      'pages of events and of chat members: as long as asked for, half as long, half as long again, or the first one empty with has_more (Feishu)',
    ],
    rangeMore: [
      ['silent', 'told'],
      'events asked for by start_time and end_time that do not fit one page: cut off with has_more false, or true (Feishu)',
    ],
    cancelledListed: [
      ['listed', 'left-out'],
      'deleted events in the list of a calendar: there with the status cancelled, or left out (Feishu)',
    ],
    deletedCalendars: [
      ['listed', 'left-out'],
      'deleted calendars in the list of calendars: there with is_deleted, or left out (Feishu)',
    ],
  },
  people: {
    unknownContact: [
      ['left-out', 'refused'],
      'open_ids that nobody has among those that contacts are asked for: left out, or the call refused (99992351)',
    ],
    leftContact: [
      ['answered', 'left-out'],
      'people who have left among those whom contacts are asked for by id: answered with is_resigned, or left out (Feishu)',
    ],
    leftAttendees: [
      ['listed', 'left-out'],
      "people who have left in an event's list of attendees: still there, or left out",
    ],
    leaverEvents: [
      ['kept', 'handed-over'],
      "events whose organizer has left: still the leaver's, or handed over to the superior whom people name, and deleted where they name none (Feishu)",
    ],
    unknownDepartment: [
      ['invalid', 'hidden'],
      'the departments below one that is not there: 43007, or 40004 as for one that the app may not see (Feishu)',
    ],
    memberCount: [
      ['people', 'memberships'],
      'member_count of a department: whoever is in several below it counts once, or once for each',
    ],
  },
  roomsAndSeries: {
    roomBooking: [
      ['accept', 'decline', 'pending'],
      'how the booking of an added room ends (Feishu{roomBooking})',
    ],
    roomContact: [
      ['optional', 'required'],
      'an app adds a room without operate_id: booked, or refused (190002)',
    ],
    tenantEmail: [
      ['kept', 'user'],
      'adding the address of somebody in people: stays an address, or becomes that user (Feishu)',
    ],
    externalIdType: [
      ['open_id', 'union_id'],
      'the kind of id answered for external users under user_id_type=user_id',
    ],
    unlistedOccurrence: [
      ['absent', 'answered'],
      'an occurrence of a series that the tenant file does not list: 193001, or answered like the series',
    ],
    seriesWrites: [
      ['plain', 'all'],
      'what adding to a series and removing from it reaches: occurrences that nobody changed, or changed ones as well',
    ],
  },
  others: {
    instancesBy: [
      ['start', 'original'],
      'which occurrences of a series are in a stretch of time: those that start there, or that were to (Feishu)',
    ],
    adminOccurrence: [
      ['occurrence', 'series'],
      'where a change with instance_start_time_admin shows: on <uid>_<start>, or on the event that was named',
    ],
    meetingChatCalendar: [
      ['primary', 'any'],
      'calendars whose meeting chats can be read and unbound: the primary one, or any',
    ],
    mgetMeetingChat: [
      ['answered', 'not-found', 'refused'],
      'the undocumented events/mget_meeting_chat: answered, HTTP 404, or 190002',
    ],
  },
} as const;

export const feishuDurations = {
  bookingTime: ['1s', 'how long an added room shows needs_action (Feishu{bookingTime})'],
} as const;

export const feishuSays: Says = {
  chats: 'Feishu',
  departmentId: 'The id on Feishu.',
  eventId: ' On Feishu `_0` ends the id of a single event or of a series.',
  groups: 'Feishu',
  pageTokenLifetime: '; an older one answers 190008, for contacts 40012',
  roles: 'Feishu',
  tooMany: 'on Feishu HTTP 429, with the headers x-ogw-ratelimit-* only where `reset` is given',
};
