import { isObject, type JsonObject, textOf } from '../../http/json.ts';
import {
  conclude,
  type Desk,
  type Probe,
  type Probes,
  type SmokeAnswer,
  type SmokeCall,
  taken,
  Unsure,
} from '../smoke.ts';
import { calendarPath, dataOf, eventPath } from './dialect.ts';
import { chat, contacts } from './smoke-reads.ts';
import { addition, removal } from './write.ts';

type Entry = Readonly<{ type: 'user' | 'email'; id: string; attendeeId?: string }>;

const quiet = { notify: false, key: '' };
/** Addresses that belong to nobody, by RFC 2606. */
const nobody = (n: number): Entry => ({ type: 'email', id: `rollcall-smoke-${n}@example.com` });
const person = ({ people }: Desk): Entry => ({ type: 'user', id: people.person });

/** An id of the person's kind that nobody has. */
function strangerId({ event, draft }: Desk): string {
  const prefix = { open_id: 'ou_', union_id: 'on_', user_id: '' }[event.userIdType ?? 'open_id'];
  return `${prefix}${draft.stamp.padEnd(32, '0')}`;
}

function add(desk: Desk, what: string, entries: readonly Entry[], optional = false): Promise<SmokeAnswer> {
  const call = addition(
    desk.event,
    entries.map((entry) => ({ ...entry, optional })),
    quiet,
  );
  return desk.write(what, { api: 'attendees.add', ...call, operation: 'batch' });
}

function remove(desk: Desk, what: string, entries: readonly Entry[]): Promise<SmokeAnswer> {
  return desk.write(what, {
    api: 'attendees.remove',
    ...removal(desk.event, entries, quiet),
    operation: 'batch',
  });
}

const items = (said: SmokeAnswer, name: string, what: string): readonly JsonObject[] => {
  const data = dataOf(taken(said, what));
  const list = isObject(data) ? data[name] : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
};

function listing({ event }: Desk, size: number): SmokeCall {
  const query = { user_id_type: event.userIdType, page_size: String(size) };
  return {
    api: 'attendees.list',
    method: 'GET',
    path: `${eventPath(event)}/attendees`,
    query,
    operation: 'read',
  };
}

/** The person's rows, those that say `removed` among them. */
async function ownRows(desk: Desk): Promise<readonly JsonObject[]> {
  const said = await desk.read(listing(desk, 100));
  const rows = items(said, 'items', 'the attendees could not be listed');
  const data = dataOf(said.body);
  if (isObject(data) && data['has_more'] === true) throw new Unsure('the event has too many attendees');
  return rows.filter((row) => row['user_id'] === desk.people.person);
}

const live = (rows: readonly JsonObject[]): readonly JsonObject[] =>
  rows.filter((row) => row['rsvp_status'] !== 'removed');

/** The person's one row, who is added where that did not happen yet. @throws Unsure */
async function present(desk: Desk): Promise<Entry> {
  const own = live(await ownRows(desk));
  const rows =
    own.length > 0
      ? own
      : (taken(await add(desk, 'add the test person', [person(desk)]), 'adding'), live(await ownRows(desk)));
  const attendeeId = textOf(rows[0]?.['attendee_id']);
  if (attendeeId === undefined || rows.length > 1) throw new Unsure('the test person is not listed once');
  return { ...person(desk), attendeeId };
}

const absent: Probe = {
  switches: ['unknownAttendee', 'emptyBatch'],
  run: async (desk) => {
    const gone = await remove(desk, 'remove the test person, who is not on the event', [person(desk)]);
    conclude(desk, 'unknownAttendee', gone, { ok: 'ignored', 194000: 'refused' });
    const none = await add(desk, 'add nobody', []);
    conclude(desk, 'emptyBatch', none, { ok: 'accepted', 190002: 'refused' });
  },
};

const twice: Probe = {
  switches: ['duplicateAdd'],
  run: async (desk) => {
    taken(await add(desk, 'add the test person', [person(desk)]), 'adding');
    const again = await add(desk, 'add the test person again, as optional', [person(desk)], true);
    if (again.code !== null) return conclude(desk, 'duplicateAdd', again, { 190002: 'refused' });
    const rows = live(await ownRows(desk));
    if (rows.length !== 1) throw new Unsure('the test person is not listed once');
    return desk.note('duplicateAdd', rows[0]?.['is_optional'] === true ? 'updates' : 'ignored');
  },
};

const answered: Probe = {
  switches: ['createAnswers'],
  own: true,
  run: async (desk) => {
    await present(desk);
    const said = await add(desk, 'add an address of example.com, which nobody has', [nobody(0)]);
    const rows = items(said, 'attendees', 'adding an address');
    const all = rows.some((row) => row['user_id'] === desk.people.person);
    const known = rows.length > 0;
    desk.note('createAnswers', known ? (all ? 'all' : 'added') : undefined, 'the answer names nobody');
  },
};

const removed: Probe = {
  switches: ['removedRows', 'readdRemoved'],
  run: async (desk) => {
    const before = await present(desk);
    taken(await remove(desk, 'remove the test person', [before]), 'removing');
    const rows = await ownRows(desk);
    if (live(rows).length > 0) throw new Unsure('the test person was removed but is still listed');
    desk.note('removedRows', rows.length > 0 ? 'stay' : 'vanish');
    if (rows.length === 0) return desk.note('readdRemoved', undefined, 'removed rows vanish');
    taken(await add(desk, 'add the test person once more', [person(desk)]), 'adding');
    const after = await ownRows(desk);
    const [again, ...others] = live(after);
    if (again === undefined || others.length > 0) throw new Unsure('the test person is not listed once');
    const same = again['attendee_id'] === before.attendeeId && after.length === 1;
    return desk.note('readdRemoved', same ? 'revives' : 'appends');
  },
};

const stranger: Probe = {
  switches: ['unknownUser'],
  own: true,
  run: async (desk) => {
    const said = await add(desk, 'add a user id that nobody has', [{ type: 'user', id: strangerId(desk) }]);
    const code = desk.event.userIdType === 'open_id' ? '99992351' : '190002';
    conclude(desk, 'unknownUser', said, { ok: 'accepted', [code]: 'refused' });
  },
};

const outsider: Probe = {
  switches: ['addExternal', 'removeExternal'],
  own: true,
  run: async (desk) => {
    const { external } = desk.people;
    if (external === undefined) throw new Unsure('name a test user of another tenant with --external');
    const entry = { type: 'user', id: external } as const;
    const came = await add(desk, 'add the test user of another tenant', [entry]);
    conclude(desk, 'addExternal', came, { ok: 'added', 195100: 'refused' });
    if (came.code !== null) throw new Unsure('nobody of another tenant could be added');
    const went = await remove(desk, 'remove the test user of another tenant', [entry]);
    conclude(desk, 'removeExternal', went, { ok: 'removed', 194003: 'refused' });
  },
};

const address: Probe = {
  switches: ['tenantEmail'],
  own: true,
  run: async (desk) => {
    const id = desk.people.address;
    if (id === undefined) throw new Unsure('name the address of another test person with --address');
    const said = await add(desk, 'add the address of another test person', [{ type: 'email', id }]);
    const rows = items(said, 'attendees', 'adding an address');
    const own = rows.some((row) => textOf(row['third_party_email'])?.toLowerCase() === id.toLowerCase());
    // Where all are answered, those who were added before are among them.
    const known = [desk.people.person, desk.people.external, strangerId(desk)];
    const user = rows.some((row) => row['type'] === 'user' && !known.includes(textOf(row['user_id'])));
    desk.note('tenantEmail', own ? 'kept' : user ? 'user' : undefined, 'the address is not in the answer');
  },
};

const limits: Probe = {
  switches: ['capCode', 'largePage'],
  run: async (desk) => {
    const many = Array.from({ length: 501 }, (_, n) => nobody(n + 1));
    const said = await remove(desk, 'remove 501 addresses of example.com, which nobody has', many);
    conclude(desk, 'capCode', said, { 190002: 'parameters', 99992402: 'validation' });
    const page = await desk.read(listing(desk, 101));
    conclude(desk, 'largePage', page, { ok: 'clamped', 190002: 'refused' });
  },
};

/** The test event among those of its time. */
async function inCalendar(desk: Desk): Promise<JsonObject | undefined> {
  const { start, end } = desk.draft;
  const said = await desk.read({
    api: 'events.list',
    method: 'GET',
    path: `${calendarPath(desk.event.calendarId)}/events`,
    query: { start_time: String(start - 60), end_time: String(end + 60) },
    operation: 'read',
  });
  const rows = items(said, 'items', 'the events could not be listed');
  return rows.find((one) => one['event_id'] === desk.event.eventId);
}

/** Of a list that did not have it before nothing follows. */
const undeleted: Probe = {
  switches: [],
  own: true,
  run: async (desk) => {
    if ((await inCalendar(desk)) !== undefined) return;
    desk.note('cancelledListed', undefined, 'the event was not listed before it was deleted');
  },
};

const deleted: Probe = {
  switches: ['cancelledListed'],
  own: true,
  run: async (desk) => {
    const row = await inCalendar(desk);
    const there = row === undefined ? 'left-out' : row['status'] === 'cancelled' ? 'listed' : undefined;
    desk.note('cancelledListed', there, 'the deleted event is listed as if it were not deleted');
  },
};

const series = 'it needs a series of events';
const leaver = 'it needs somebody who has left';
const room = 'it needs a meeting room';
const crowd = 'it needs a calendar with more than 50 events';

/** Feishu and Lark. Pages: calendar v4, contact v3. */
export const smoke: Probes = {
  make: ({ event, draft }) => ({
    api: 'event.create',
    method: 'POST',
    path: `${calendarPath(event.calendarId)}/events`,
    query: { user_id_type: event.userIdType, idempotency_key: draft.stamp.padEnd(32, '0') },
    body: {
      json: {
        summary: draft.title,
        start_time: { timestamp: String(draft.start), timezone: 'UTC' },
        end_time: { timestamp: String(draft.end), timezone: 'UTC' },
        need_notification: false,
        visibility: 'private',
        attendee_ability: 'none',
        free_busy_status: 'free',
        vchat: { vc_type: 'no_meeting' },
      },
    },
    operation: 'batch',
  }),
  madeId: (body) => {
    const data = dataOf(body);
    const event = isObject(data) ? data['event'] : undefined;
    return isObject(event) ? textOf(event['event_id']) : undefined;
  },
  probes: [absent, twice, answered, removed, stranger, outsider, address, limits, contacts, chat, undeleted],
  afterwards: [deleted],
  open: {
    removeOrganizer: 'an event that an app makes has no organizer among its attendees',
    deletedCalendars: 'it needs a calendar that is deleted',
    unevenPages: crowd,
    rangeMore: crowd,
    leftContact: leaver,
    leftAttendees: leaver,
    leaverEvents: leaver,
    memberCount: 'it needs somebody who is in several departments',
    externalIdType: 'it needs a user of another tenant, and an app that may see user_ids',
    roomBooking: room,
    roomContact: room,
    adminOccurrence: room,
    unlistedOccurrence: series,
    seriesWrites: series,
    instancesBy: series,
  },
};
