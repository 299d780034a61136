import { isObject, type JsonObject, textOf } from '../../http/json.ts';
import { conclude, type Desk, type Probe, type Probes, type SmokeAnswer, taken, Unsure } from '../smoke.ts';
import { eventPath, keyHeader } from './dialect.ts';
import { calendarsPath } from './find/calendars.ts';
import { legacyRoot } from './find/legacy.ts';
import { addition, removal } from './write.ts';

/** The client token of a request of this run. */
const keyOf = ({ draft }: Desk, request: string): string => `${draft.stamp}${request}`;
const stranger = ({ draft }: Desk): string => `rollcallSmoke${draft.stamp}`;
const entry = (id: string): { readonly type: 'user'; readonly id: string } => ({ type: 'user', id });

function add(
  desk: Desk,
  what: string,
  ids: readonly string[],
  key: string,
  optional = false,
): Promise<SmokeAnswer> {
  const call = addition(
    desk.event,
    ids.map((id) => ({ ...entry(id), optional })),
    { notify: false, key: keyOf(desk, key) },
  );
  return desk.write(what, { api: 'attendees.add', ...call, operation: 'batch' });
}

function remove(desk: Desk, what: string, ids: readonly string[], key: string): Promise<SmokeAnswer> {
  const call = removal(desk.event, ids.map(entry), { notify: false, key: keyOf(desk, key) });
  return desk.write(what, { api: 'attendees.remove', ...call, operation: 'batch' });
}

/** Everybody on the event, by id. @throws Unsure where they could not be listed to the end */
async function listed(desk: Desk): Promise<ReadonlyMap<string, JsonObject>> {
  const said = await desk.read({
    api: 'attendees.list',
    method: 'GET',
    path: `${eventPath(desk.event)}/attendees`,
    query: { maxResults: '500' },
    operation: 'read',
  });
  const body = taken(said, 'the attendees could not be listed');
  const rows = isObject(body) && Array.isArray(body['attendees']) ? body['attendees'].filter(isObject) : null;
  if (rows === null || !isObject(body) || textOf(body['nextToken']) !== undefined) {
    throw new Unsure('the attendees could not be listed on one page');
  }
  return new Map(rows.map((row) => [textOf(row['id']) ?? '', row]));
}

const absent: Probe = {
  switches: ['unknownAttendee', 'emptyBatch'],
  run: async (desk) => {
    const what = 'remove the test person, who is not on the event';
    const gone = await remove(desk, what, [desk.people.person], 'absent');
    conclude(desk, 'unknownAttendee', gone, { ok: 'ignored', invalidParameter: 'refused' });
    const none = await add(desk, 'add nobody', [], 'empty');
    conclude(desk, 'emptyBatch', none, { ok: 'accepted', invalidParameter: 'refused' });
  },
};

const organizer: Probe = {
  switches: ['organizerListed', 'removeOrganizer'],
  own: true,
  run: async (desk) => {
    const own = desk.event.organizer ?? '';
    const before = (await listed(desk)).has(own);
    const came = await add(desk, 'add the organizer as an attendee', [own], 'organizer');
    if (came.code !== null && !before) throw new Unsure(`adding the organizer: ${came.told}`);
    const there = (await listed(desk)).has(own);
    desk.note('organizerListed', before ? 'always' : there ? 'as-given' : 'never');
    if (!there) throw new Unsure('the organizer is never listed, so that it cannot be seen');
    const went = await remove(desk, 'remove the organizer from the list of attendees', [own], 'without');
    if (went.code !== null) return conclude(desk, 'removeOrganizer', went, { invalidParameter: 'refused' });
    const stays = (await listed(desk)).has(own);
    const because = 'it was accepted, and the organizer is still listed';
    return desk.note('removeOrganizer', stays ? undefined : 'removed', because);
  },
};

const twice: Probe = {
  switches: ['duplicateAdd'],
  run: async (desk) => {
    const { person } = desk.people;
    taken(await add(desk, 'add the test person', [person], 'first'), 'adding');
    const again = await add(desk, 'add the test person again, as optional', [person], 'again', true);
    if (again.code !== null) return conclude(desk, 'duplicateAdd', again, { invalidParameter: 'refused' });
    const row = (await listed(desk)).get(person);
    if (row === undefined) throw new Unsure('the test person is not listed');
    return desk.note('duplicateAdd', row['isOptional'] === true ? 'updates' : 'ignored');
  },
};

/** Stands on the addition of `duplicateAdd`, whose client token comes again. */
const replay: Probe = {
  switches: ['clientTokenReuse', 'clientTokenReplay'],
  run: async (desk) => {
    const { person } = desk.people;
    if (!(await listed(desk)).has(person)) throw new Unsure('the test person is not on the event');
    const other = 'remove the test person under the client token of another request';
    const reuse = await remove(desk, other, [person], 'first');
    const stays = (await listed(desk)).has(person);
    if (stays) taken(await remove(desk, 'remove the test person', [person], 'gone'), 'removing');
    const what = 'send the addition of the test person again under its own client token';
    const same = await add(desk, what, [person], 'first');
    const back = (await listed(desk)).has(person);
    const replayed = same.code === null ? (back ? 'repeated' : 'swallowed') : undefined;
    desk.note('clientTokenReplay', replayed, same.told);
    if (reuse.code !== null) {
      return conclude(desk, 'clientTokenReuse', reuse, { IdempotentParameterMismatch: 'mismatch' });
    }
    const alike = stays === (replayed === 'swallowed') && replayed !== undefined;
    return desk.note('clientTokenReuse', alike ? 'swallowed' : undefined, 'it was accepted, unlike a replay');
  },
};

const unknown: Probe = {
  switches: ['unknownUser'],
  own: true,
  run: async (desk) => {
    const said = await add(desk, 'add a user id that nobody has', [stranger(desk)], 'stranger');
    conclude(desk, 'unknownUser', said, { ok: 'accepted', permissionDeny: 'refused' });
  },
};

const others: Probe = {
  switches: ['foreignCalendar', 'legacyTypes'],
  run: async (desk) => {
    const path = `${calendarsPath(stranger(desk))}/primary/events`;
    const calendar = await desk.read({
      api: 'events.list',
      method: 'GET',
      path,
      query: { maxResults: '1' },
      operation: 'read',
    });
    const events = isObject(calendar.body) ? calendar.body['events'] : undefined;
    const empty = Array.isArray(events) && events.length === 0;
    if (calendar.code === null && !empty) desk.note('foreignCalendar', undefined, 'it is not empty');
    else conclude(desk, 'foreignCalendar', calendar, { ok: 'empty', permissionDeny: 'refused' });
    const head = await desk.read({
      api: 'departments.get',
      method: 'POST',
      path: `${legacyRoot}v2/department/get`,
      body: { json: { dept_id: 1 } },
      operation: 'read',
      aside: true,
    });
    const result = isObject(head.body) ? head.body['result'] : undefined;
    const type = isObject(result) ? typeof result['member_count'] : '';
    const types: Readonly<Record<string, string>> = { number: 'typed', string: 'quoted' };
    desk.note('legacyTypes', types[type], head.code === null ? 'the answer has no count' : head.told);
  },
};

const deleted: Probe = {
  switches: ['deletedEvent'],
  own: true,
  run: async (desk) => {
    const said = await desk.read({
      api: 'event.get',
      method: 'GET',
      path: eventPath(desk.event),
      query: { maxAttendees: '1' },
      operation: 'read',
    });
    const cancelled = isObject(said.body) && said.body['status'] === 'cancelled';
    if (said.code === null && !cancelled) throw new Unsure('the answer shows it as if it were not deleted');
    conclude(desk, 'deletedEvent', said, {
      ok: 'cancelled',
      instanceNotExist: 'not-found',
      itemNotFound: 'not-found',
    });
  },
};

const series = 'it needs a series of events';
const leaver = 'it needs somebody who has left';
const hidden = 'it needs somebody whom the app may not see';

/** DingTalk. Pages: calendar v1.0. */
export const smoke: Probes = {
  make: (desk) => ({
    api: 'event.create',
    method: 'POST',
    path: `${calendarsPath(desk.event.organizer)}/primary/events`,
    headers: keyHeader(keyOf(desk, 'make')),
    body: {
      json: {
        summary: desk.draft.title,
        start: timeOf(desk.draft.start),
        end: timeOf(desk.draft.end),
        extra: { noPushNotification: 'true', noChatNotification: 'true' },
      },
    },
    operation: 'batch',
  }),
  madeId: (body) => (isObject(body) ? textOf(body['id']) : undefined),
  probes: [absent, organizer, twice, replay, unknown, others],
  afterwards: [deleted],
  open: {
    listedSeries: series,
    seriesWrites: series,
    occurrenceWrites: series,
    leftAttendees: leaver,
    leftUnionId: leaver,
    hrRecords: leaver,
    hiddenUser: hidden,
    owningCount: hidden,
    memberCount: 'it needs somebody who is in several departments',
    legacyPermission: 'it needs an app without a permission',
  },
};

function timeOf(seconds: number): object {
  // As the samples of the page have them.
  const dateTime = new Date((seconds + 8 * 3600) * 1000).toISOString().replace('.000Z', '+08:00');
  return { dateTime, timeZone: 'Asia/Shanghai' };
}
