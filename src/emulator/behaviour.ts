import { durationMs } from '../model/duration.ts';

/** How durations are written: `500ms`, `2s`, `10m`, `2h`. */
export const durationPattern = '^[0-9]+(ms|s|m|h)$';

/** Milliseconds of a duration; a number is milliseconds already. */
export function msOf(given: string | number): number {
  return typeof given === 'number' ? given : (durationMs(given) ?? 0);
}

/** What the API pages leave open: for each switch its values, the default first, and what it decides. */
const choices = {
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
    'adding a user whom the tenant file does not name: done, or refused (99992351; DingTalk permissionDeny)',
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
  roomBooking: [['accept', 'decline', 'pending'], 'how the booking of an added room ends (Feishu)'],
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
} as const;

const durations = {
  readLag: ['0ms', 'how long reads lag behind writes'],
  bookingTime: ['1s', 'how long an added room shows needs_action (Feishu)'],
  tokenLifetime: ['2h', 'how long an access token lives'],
  pageTokenLifetime: [
    '1h',
    'how long a page token lives; an older one answers 190008, for contacts 40012 (DingTalk invalidParameter)',
  ],
} as const;

type Choices = { readonly [Name in keyof typeof choices]: (typeof choices)[Name][0][number] };
type Durations = { readonly [Name in keyof typeof durations]: number };

/** How this server answers where the API pages do not say; durations in milliseconds. */
export type Behaviour = Choices & Durations;

/** What the tenant file holds under `behaviour:` once it passed {@link behaviourSchema}. */
export type BehaviourInput = { readonly [name: string]: string | number };

/** The JSON Schema of `behaviour:`. */
export const behaviourSchema: object = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...Object.fromEntries(Object.entries(choices).map(([name, [values]]) => [name, { enum: values }])),
    ...Object.fromEntries(
      Object.keys(durations).map((name) => [
        name,
        { type: ['string', 'integer'], pattern: durationPattern, minimum: 0 },
      ]),
    ),
  },
};

/** The defaults with what the tenant file sets in their place. */
export function behaviourOf(given: BehaviourInput = {}): Behaviour {
  const chosen = Object.entries(choices).map(([name, [values]]) => [name, given[name] ?? values[0]]);
  const timed = Object.entries(durations).map(([name, [text]]) => [name, msOf(given[name] ?? text)]);
  // The schema has checked every given value against the same two tables.
  return Object.fromEntries([...chosen, ...timed]) as Behaviour;
}

/** The switches for `rollcall emulator --help`: name, values with the default first, and what each decides. */
export function behaviourHelp(): string {
  const lines = [
    ...Object.entries(choices).map(
      ([name, [values, help]]) => [`${name}: ${values.join(' | ')}`, help] as const,
    ),
    ...Object.entries(durations).map(([name, [text, help]]) => [`${name}: ${text}`, help] as const),
  ];
  const head = 'Switches under `behaviour:` in the tenant file (the first value is the default):';
  return [head, ...lines.flatMap(([usage, help]) => helpEntry(usage, help))].join('\n');
}

/** An entry of a help page: how something is written, and below it what it does, in lines of at most 100 columns. */
export function helpEntry(usage: string, help: string): readonly string[] {
  return [`  ${usage}`, ...wrapped(help)];
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line.length + word.length > 88) {
      lines.push(`      ${line.trimEnd()}`);
      line = '';
    }
    line += `${word} `;
  }
  return [...lines, `      ${line.trimEnd()}`];
}
