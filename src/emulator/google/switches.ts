import type { Says } from '../switches.ts';

/** What the pages of Google leave open. */
export const googleChoices = {
  others: {
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
    addressCase: [
      ['typed', 'lowered'],
      'the case of listed addresses: as they were typed, or lower (Google)',
    ],
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
  },
} as const;

export const googleDurations = {
  groupTime: ['1s', 'how long the members of an added group are being listed (Google)'],
} as const;

export const googleSays: Says = {
  bookingTime: ', Google',
  othersAdd: ', Google addresses and rooms',
  roomBooking: ', Google',
  tooMany: '; on Google HTTP 403 with the reason, and Retry-After where `reset` is given',
  unknownUser: '; Google 400, in its own domains',
};
