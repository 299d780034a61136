import { isObject, type JsonObject, textOf } from '../../http/json.ts';
import { addressOf } from '../../model/attendee.ts';
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
import { asOrganizer, eventPath, eventsPath } from './dialect.ts';
import { keyOf, rowsIn } from './event.ts';

type Row = JsonObject;

/** An event as it was answered. @throws Unsure where it was not */
function eventOf(said: SmokeAnswer, what: string): JsonObject {
  const body = taken(said, what);
  if (!isObject(body)) throw new Unsure(`${what}: there is no event in the answer`);
  return body;
}

/** Where a call goes, and whose token it has: the organizer's, or that of the test person, who may not have any. */
function seat({ event, people }: Desk, asPerson: boolean): Pick<SmokeCall, 'path' | 'as' | 'aside'> {
  if (!asPerson) return { path: eventPath(event), as: asOrganizer(event) };
  const { person } = people;
  const own = { ...event, calendarId: person, organizer: person };
  return { path: eventPath(own), as: asOrganizer(own), aside: true };
}

function get(desk: Desk, asPerson = false): Promise<SmokeAnswer> {
  return desk.read({ api: 'events.get', method: 'GET', ...seat(desk, asPerson), operation: 'read' });
}

function patch(
  desk: Desk,
  what: string,
  json: JsonObject,
  more: { readonly asPerson?: true; readonly etag?: string } = {},
): Promise<SmokeAnswer> {
  return desk.write(what, {
    api: 'events.patch',
    method: 'PATCH',
    ...seat(desk, more.asPerson === true),
    query: { sendUpdates: 'none' },
    ...(more.etag === undefined ? {} : { headers: { 'if-match': more.etag } }),
    body: { json },
    operation: 'batch',
  });
}

const of = (rows: readonly Row[], address: string): readonly Row[] =>
  rows.filter((row) => keyOf(row) === addressOf(address));

/** The person that the calls are made for: on their own calendar that is the organizer. */
const self = ({ event }: Desk): string => event.organizer ?? '';

const alias: Probe = {
  switches: ['aliasSwap', 'aliasListed'],
  own: true,
  run: async (desk) => {
    const email = desk.people.alias;
    if (email === undefined) throw new Unsure('name another address of the test person with --alias');
    const only = async (what: string, attendees: readonly Row[]): Promise<readonly Row[]> =>
      rowsIn(eventOf(await patch(desk, what, { attendees }), 'writing the list'));

    const accepted = { email: desk.people.person, responseStatus: 'accepted' };
    const before = await only('invite the test person, as somebody who has accepted', [accepted]);
    const [row, ...others] = await only('send another address of that person in its place', [{ email }]);
    const was = before[0]?.['responseStatus'] === 'accepted' && row !== undefined && others.length === 0;
    const replies: Readonly<Record<string, string>> = { accepted: 'kept', needsAction: 'reset' };
    const swapped = was ? replies[textOf(row['responseStatus']) ?? ''] : undefined;
    desk.note('aliasSwap', swapped, 'the person is not listed once, with the answer');

    await only('remove the test person', []);
    const listed = await only('invite the test person by the other address', [{ email }]);
    const other = listed.length === 1 ? 'primary' : undefined;
    desk.note('aliasListed', of(listed, email).length > 0 ? 'typed' : other, 'nobody was listed');
    await only('remove the test person again', []);
  },
};

/** Every row that is there goes back as it was read. */
const letters: Probe = {
  switches: ['addressCase'],
  run: async (desk) => {
    const { person } = desk.people;
    const first = person.charAt(0);
    const other = first === first.toUpperCase() ? first.toLowerCase() : first.toUpperCase();
    const email = `${other}${person.slice(1)}`.replace(/@./, (at) => at.toUpperCase());
    const before = eventOf(await get(desk), 'the event could not be read');
    const etag = textOf(before['etag']);
    if (etag === undefined) throw new Unsure('the event has no version');
    // A row that is there keeps the address that it has.
    if (of(rowsIn(before), person).length > 0) throw new Unsure('the test person is on the event already');
    const attendees = [...rowsIn(before), { email }];
    const said = await patch(
      desk,
      'invite the test person, in capital and small letters',
      { attendees },
      { etag },
    );
    const [row] = of(rowsIn(eventOf(said, 'inviting')), person);
    const listed = textOf(row?.['email']);
    const lowered = listed === email.toLowerCase() ? 'lowered' : undefined;
    desk.note('addressCase', listed === email ? 'typed' : lowered, 'the address is listed differently');
  },
};

const rows: Probe = {
  switches: ['rowOrder', 'duplicateRows'],
  own: true,
  run: async (desk) => {
    const { person } = desk.people;
    const pair = [person, self(desk)].sort((one, two) => (addressOf(one) < addressOf(two) ? 1 : -1));
    const attendees = pair.map((email) => ({ email, responseStatus: 'accepted' }));
    const sent = await patch(desk, 'invite the test person and the organizer, from Z to A', { attendees });
    const order = rowsIn(eventOf(sent, 'inviting')).map(keyOf).join(' ');
    const typed = pair.map(addressOf);
    const sorted = order === typed.toReversed().join(' ') ? 'sorted' : undefined;
    desk.note('rowOrder', order === typed.join(' ') ? 'sent' : sorted, 'they are in another order');
    const twice = [...attendees, { email: person, optional: true }];
    const again = await patch(desk, 'list the test person twice', { attendees: twice });
    if (again.code !== null) return conclude(desk, 'duplicateRows', again, { invalid: 'refused' });
    const count = of(rowsIn(eventOf(again, 'inviting')), person).length;
    const values: Readonly<Record<number, string>> = { 1: 'merged', 2: 'kept' };
    return desk.note('duplicateRows', values[count], 'the test person is not listed');
  },
};

const words = 'rollcall smoke test';

/** What a guest sees, may change and says. */
const guest: Probe = {
  switches: ['hiddenGuests', 'nonOrganizer', 'replyEtag', 'guestWords'],
  own: true,
  run: async (desk) => {
    const { person } = desk.people;
    const copy = eventOf(await get(desk, true), "the test person's calendar could not be read");
    const own = rowsIn(copy).every((row) => keyOf(row) === addressOf(person));
    const unmarked = own ? 'unmarked' : undefined;
    desk.note('hiddenGuests', copy['attendeesOmitted'] === true ? 'marked' : unmarked, 'others are shown');

    const json = { summary: `${desk.draft.title}, renamed by a guest` };
    const change = await patch(desk, "rename the event on the test person's calendar", json, {
      asPerson: true,
    });
    const before = eventOf(await get(desk), 'the event could not be read');
    const same = before['summary'] === desk.draft.title ? 'unchanged' : undefined;
    if (change.code === null) desk.note('nonOrganizer', same, 'the guest could rename the event');
    else conclude(desk, 'nonOrganizer', change, { forbiddenForNonOrganizer: 'refused' });

    const reply = { attendees: [{ email: person, responseStatus: 'tentative', comment: words }] };
    taken(await patch(desk, 'answer for the test person', reply, { asPerson: true }), 'answering');
    const after = eventOf(await get(desk), 'the event could not be read');
    const [row] = of(rowsIn(after), person);
    if (row?.['responseStatus'] !== 'tentative') throw new Unsure("the guest's answer is not visible");
    desk.note('replyEtag', before['etag'] === after['etag'] ? 'stays' : 'moves');

    if (row['comment'] !== words) throw new Unsure("the guest's words are not visible");
    const { comment: _, ...silent } = row;
    const kept = rowsIn(after).filter((one) => keyOf(one) !== addressOf(person));
    const said = await patch(desk, "send the list without the guest's words", {
      attendees: [...kept, silent],
    });
    const [now] = of(rowsIn(eventOf(said, 'writing the list')), person);
    const lost = now?.['comment'] === undefined ? 'replaced' : undefined;
    desk.note('guestWords', now?.['comment'] === words ? 'kept' : lost, 'other words are there');
  },
};

const organizer: Probe = {
  switches: ['organizerRow'],
  own: true,
  run: async (desk) => {
    const event = eventOf(await get(desk), 'the event could not be read');
    const isOwn = (row: Row): boolean => row['organizer'] === true;
    const others = rowsIn(event).filter((row) => !isOwn(row));
    if (!rowsIn(event).some(isOwn)) throw new Unsure('the organizer of the event is not a person');
    const said = await patch(desk, "send the list without the organizer's own row", { attendees: others });
    if (said.code !== null) return conclude(desk, 'organizerRow', said, { invalid: 'refused' });
    return desk.note('organizerRow', rowsIn(eventOf(said, 'writing')).some(isOwn) ? 'kept' : 'removed');
  },
};

const stranger: Probe = {
  switches: ['unknownUser'],
  own: true,
  run: async (desk) => {
    const own = self(desk);
    const email = `rollcall-smoke-${desk.draft.stamp}${own.slice(own.lastIndexOf('@'))}`;
    const attendees = [{ email: own, responseStatus: 'accepted' }, { email }];
    const said = await patch(desk, 'invite an address of your domain that nobody has', { attendees });
    if (said.code !== null) return conclude(desk, 'unknownUser', said, { invalid: 'refused' });
    const there = of(rowsIn(eventOf(said, 'inviting')), email).length > 0;
    return desk.note(
      'unknownUser',
      there ? 'accepted' : undefined,
      'it was accepted, but the address is not listed',
    );
  },
};

const crowd = 'it needs hundreds of guests';
const many = 'it needs more calls than a smoke test makes';

/** Google Calendar. Pages: Calendar API v3. */
export const smoke: Probes = {
  make: ({ event, draft }) => ({
    api: 'events.insert',
    method: 'POST',
    path: eventsPath(event),
    query: { sendUpdates: 'none' },
    body: {
      json: {
        id: draft.stamp,
        summary: draft.title,
        start: { dateTime: new Date(draft.start * 1000).toISOString() },
        end: { dateTime: new Date(draft.end * 1000).toISOString() },
        visibility: 'private',
        transparency: 'transparent',
        guestsCanSeeOtherGuests: false,
        guestsCanInviteOthers: false,
        reminders: { useDefault: false },
      },
    },
    as: asOrganizer(event),
    operation: 'batch',
  }),
  madeId: (body) => (isObject(body) ? textOf(body['id']) : undefined),
  chosenId: ({ stamp }) => stamp,
  probes: [alias, letters, rows, guest, organizer, stranger],
  afterwards: [],
  open: {
    groupReplies: 'it needs a group, whose members would all be invited',
    externalOnly: 'mails cannot be seen through the API',
    attendeeCap: crowd,
    attendeeCapError: crowd,
    rateStatus: many,
    quotaOwner: many,
    leftUser: 'it needs somebody who has left',
    roomBooking: 'it needs a meeting room',
    seriesWrites: 'it needs a series of events',
  },
};
