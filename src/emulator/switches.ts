/** What the API pages leave open: for each switch its values, the default first, and what it decides. */
export const choices = {
  unknownAttendee: [
    ['ignored', 'refused'],
    'a removal that names someone who is not on the event: left out, or the whole call refused (194000; DingTalk invalidParameter)',
  ],
  removeOrganizer: [
    ['refused', 'removed'],
    'a removal that names the organizer: the whole call refused (194003; DingTalk invalidParameter), or done',
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
    'adding a user whom the tenant file does not name: done, or refused (99992351; DingTalk permissionDeny; Google 400, in its own domains)',
  ],
  emptyBatch: [
    ['accepted', 'refused'],
    'adding or removing nobody: done, or refused (190002; DingTalk invalidParameter)',
  ],
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
  listedSeries: [
    ['both', 'master', 'occurrences'],
    'what the list of DingTalk events has of a series: the series and its occurrences that are over, or one of the two',
  ],
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
  hiddenUser: [
    ['refused', 'absent'],
    'somebody whom a DingTalk app may not see, asked for by userid, unionId or number: 50002, or 60121 as if never there',
  ],
  leftUnionId: [
    ['resolves', 'absent'],
    'the unionId of somebody who has left DingTalk: still its userid, or 60121',
  ],
  hrRecords: [
    ['known', 'absent'],
    'whether the HR calls of DingTalk know who has left: they do, or such people are not among them',
  ],
  owningCount: [
    ['all', 'visible'],
    'owning_member_count of a DingTalk department: everybody, or those whom the app may see',
  ],
  legacyPermission: [
    ['authentication', 'permission'],
    "a permission that an app lacks in DingTalk's older API: 88 with sub_code 60011, or 60011",
  ],
  legacyTypes: [
    ['typed', 'quoted'],
    "flags and counts in DingTalk's older API: as JSON has them, or in quotes as its samples show them",
  ],
  foreignCalendar: [
    ['refused', 'empty'],
    'the calendar of somebody whom the tenant file does not name: permissionDeny, or empty (DingTalk)',
  ],
  roomBooking: [['accept', 'decline', 'pending'], 'how the booking of an added room ends (Feishu, Google)'],
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
  occurrenceWrites: [
    ['occurrence', 'series', 'refused'],
    'adding to one occurrence of DingTalk and removing from it: that one, the whole series, or refused (invalidParameter)',
  ],
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
  organizerListed: [
    ['as-given', 'always', 'never'],
    'the organizer in DingTalk listings: where the tenant file lists it, always, or never',
  ],
  deletedEvent: [
    ['not-found', 'cancelled'],
    'what asking for a deleted DingTalk event answers: 404, or the event with status cancelled',
  ],
  clientTokenReplay: [
    ['swallowed', 'repeated'],
    'a finished x-client-token again: answered as before without an effect, or done again (DingTalk)',
  ],
  clientTokenReuse: [
    ['swallowed', 'mismatch'],
    'a finished x-client-token with another request: as a replay, or 400 IdempotentParameterMismatch (DingTalk)',
  ],
  nonOrganizer: [
    ['unchanged', 'refused'],
    'changing an event that somebody else organizes: 200 and nothing changes, or 403 forbiddenForNonOrganizer (Google)',
  ],
  hiddenGuests: [
    ['unmarked', 'marked'],
    "a guest's copy that does not show the other guests: as if there were none, or with attendeesOmitted (Google)",
  ],
  replyEtag: [
    ['moves', 'stays'],
    "a guest's answer: the event has a new etag, or keeps the one it had (Google)",
  ],
  groupReplies: [
    ['hidden', 'listed'],
    'somebody answers who is invited through a group alone: not seen, or a row of its own (Google)',
  ],
  aliasListed: [
    ['typed', 'primary'],
    'an alias that was invited: listed as it was typed, or as the primary address (Google)',
  ],
  aliasSwap: [
    ['kept', 'reset'],
    'somebody listed by one address who is sent by another alone: the row stays as it was, or it stays without its reply (Google)',
  ],
  addressCase: [['typed', 'lowered'], 'the case of listed addresses: as they were typed, or lower (Google)'],
  guestWords: [
    ['replaced', 'kept'],
    "comment and additionalGuests in a list that the organizer writes: taken over, and lost where they are left out, or still the guest's own (Google)",
  ],
  rowOrder: [['sent', 'sorted'], 'the order of attendees: as they were sent, or by address (Google)'],
  duplicateRows: [
    ['merged', 'kept', 'refused'],
    'one attendee twice in a list that is written: the first row stands, both do, or 400 (Google)',
  ],
  organizerRow: [
    ['removed', 'kept', 'refused'],
    "a list that is written without the organizer's own row: the row goes, it stays, or 400 (Google)",
  ],
  externalOnly: [
    ['without-google', 'all-outside'],
    'who is told with sendUpdates externalOnly: those outside who do not use Google, or all outside (Google)',
  ],
  attendeeCap: [['none', 'at-200', 'at-500', 'at-1000'], 'the most attendees that an event takes (Google)'],
  attendeeCapError: [
    ['invalid', 'quota', 'cut'],
    'a list that is longer: 400 invalid, 403 quotaExceeded, or 200 with its first rows alone (Google)',
  ],
  rateStatus: [['http-403', 'http-429'], 'what a call too many answers (Google)'],
  quotaOwner: [
    ['subject', 'account'],
    "whose minute a call counts in without quotaUser: the user's that it acts for, or the service account's (Google)",
  ],
  leftUser: [
    ['suspended', 'absent'],
    'somebody who has left, in the Directory API: there and suspended, or 404 (Google)',
  ],
} as const;

/** How long things take: the default, and what takes that long. */
export const durations = {
  readLag: ['0ms', 'how long reads lag behind writes'],
  bookingTime: ['1s', 'how long an added room shows needs_action (Feishu, Google)'],
  groupTime: ['1s', 'how long the members of an added group are being listed (Google)'],
  tokenLifetime: ['2h', 'how long an access token lives'],
  pageTokenLifetime: [
    '1h',
    'how long a page token lives; an older one answers 190008, for contacts 40012 (DingTalk invalidParameter)',
  ],
} as const;
