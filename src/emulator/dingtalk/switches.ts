import type { Says } from '../switches.ts';

/** What the pages of DingTalk leave open. */
export const dingtalkChoices = {
  attendees: {
    listedSeries: [
      ['both', 'master', 'occurrences'],
      'what the list of DingTalk events has of a series: the series and its occurrences that are over, or one of the two',
    ],
  },
  people: {
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
  },
  roomsAndSeries: {
    occurrenceWrites: [
      ['occurrence', 'series', 'refused'],
      'adding to one occurrence of DingTalk and removing from it: that one, the whole series, or refused (invalidParameter)',
    ],
  },
  others: {
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
  },
} as const;

export const dingtalkSays: Says = {
  appId: '; on DingTalk the app key',
  attendeeUser: ' On DingTalk a unionId.',
  emptyBatch: '; DingTalk invalidParameter',
  othersAdd: ', DingTalk takes users only',
  pageTokenLifetime: ' (DingTalk invalidParameter)',
  removeOrganizer: '; DingTalk invalidParameter',
  roles: ' and DingTalk',
  tooMany: '; on DingTalk HTTP 403 …QpsLimitForAppkeyAndApi, in its older API errcode 90006',
  unknownAttendee: '; DingTalk invalidParameter',
  unknownUser: '; DingTalk permissionDeny',
};
