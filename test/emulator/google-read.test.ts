import { describe, expect, it } from 'vitest';

import type { Emulator } from '../../src/emulator/server.ts';
import { ask, googleError, googleEvent, googleTenant, rowsOf, serve } from './client.ts';

const path = googleEvent('g1');
const events = '/calendar/v3/calendars/lead%40corp.com/events';
const guests = `attendees: [{ email: lead@corp.com, reply: accepted }, { email: a@corp.com, reply: accepted },
  { email: x@else.org }]`;

type Row = Readonly<Record<string, unknown>>;

async function listed(emulator: Emulator, query: string, at = events): Promise<readonly Row[]> {
  return rowsOf(await ask(emulator, 'GET', `${at}?${query}`));
}

const ids = (rows: readonly Row[]): readonly unknown[] => rows.map(({ id }) => id);

describe('an event of Google', () => {
  it('has its attendees, its organizer and its etag in one answer, and what is not so left out', async () => {
    const times = 'start: 2099-01-04T02:00:00Z, end: 2099-01-04T03:00:00Z, timeZone: Europe/Paris';
    const emulator = await serve(googleTenant(`{ id: g1, summary: Staff, ${times}, ${guests} }`));
    const { body } = await ask(emulator, 'GET', path);
    expect(body).toMatchObject({
      kind: 'calendar#event',
      etag: expect.stringMatching(/^"\d{16}"$/),
      id: 'g1',
      status: 'confirmed',
      summary: 'Staff',
      organizer: { email: 'lead@corp.com', self: true },
      start: { dateTime: '2099-01-04T02:00:00Z', timeZone: 'Europe/Paris' },
      end: { dateTime: '2099-01-04T03:00:00Z', timeZone: 'Europe/Paris' },
      iCalUID: 'g1@google.com',
      attendees: [
        { email: 'lead@corp.com', organizer: true, self: true, responseStatus: 'accepted' },
        { email: 'a@corp.com', responseStatus: 'accepted' },
        { email: 'x@else.org', responseStatus: 'needsAction' },
      ],
    });
    for (const absent of ['recurrence', 'attendeesOmitted', 'recurringEventId'])
      expect(body).not.toHaveProperty(absent);
    expect(rowsOf(await ask(emulator, 'GET', path), 'attendees')[2]).toEqual({
      email: 'x@else.org',
      responseStatus: 'needsAction',
    });
  });

  it('of a day ends on the day after', async () => {
    const emulator = await serve(googleTenant('{ id: g1, start: 2099-01-04 }'));
    expect((await ask(emulator, 'GET', path)).body).toMatchObject({
      start: { date: '2099-01-04' },
      end: { date: '2099-01-05' },
    });
  });

  it('omits the others under maxAttendees, and says so', async () => {
    const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`));
    expect((await ask(emulator, 'GET', `${path}?maxAttendees=2`)).body).toMatchObject({
      attendees: [{ email: 'lead@corp.com' }],
      attendeesOmitted: true,
    });
    expect((await ask(emulator, 'GET', `${path}?maxAttendees=3`)).body).not.toHaveProperty(
      'attendeesOmitted',
    );
    expect(await ask(emulator, 'GET', `${path}?maxAttendees=0`)).toMatchObject({ status: 400 });
  });

  it.each([
    ['id,etag', ['id', 'etag']],
    ['attendees(email),organizer/email', ['organizer', 'attendees']],
    ['*', null],
  ])('is answered in part by fields=%s', async (fields, keys) => {
    const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`));
    const { body } = await ask(emulator, 'GET', `${path}?fields=${encodeURIComponent(fields)}`);
    if (keys === null) expect(body).toEqual((await ask(emulator, 'GET', path)).body);
    else
      expect(Object.keys(body)).toEqual(
        keys.toSorted((one, other) => keysOfEvent.indexOf(one) - keysOfEvent.indexOf(other)),
      );
    if (keys?.includes('attendees') === true) {
      expect(body['attendees']).toContainEqual({ email: 'x@else.org' });
      expect(body['organizer']).toEqual({ email: 'lead@corp.com' });
    }
  });

  it.each(['attendees(', 'a,,b', '(a)', 'a/'])('refuses fields=%s', async (fields) => {
    const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`));
    const reply = await ask(emulator, 'GET', `${path}?fields=${encodeURIComponent(fields)}`);
    expect([reply.status, googleError(reply)['reason']]).toEqual([400, 'invalidParameter']);
  });

  it('that is not there, on a calendar that is not there: 404', async () => {
    const emulator = await serve(googleTenant(''));
    for (const at of [path, googleEvent('g1', 'who@else.org')]) {
      const reply = await ask(emulator, 'GET', at);
      expect([reply.status, googleError(reply)]).toEqual([
        404,
        { domain: 'global', reason: 'notFound', message: 'Not Found' },
      ]);
    }
  });
});

const keysOfEvent = ['etag', 'id', 'organizer', 'attendees'];

describe('the copy of a guest', () => {
  const own = googleEvent('g1', 'a@corp.com');

  it('is the same event, of somebody else', async () => {
    const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`));
    const { body } = await ask(emulator, 'GET', own);
    expect(body['organizer']).toEqual({ email: 'lead@corp.com' });
    expect(body['attendees']).toMatchObject([{ organizer: true }, { email: 'a@corp.com', self: true }, {}]);
    expect(await ask(emulator, 'GET', googleEvent('g1', 'other@corp.com'))).toMatchObject({ status: 404 });
  });

  it('takes the own answer, and its comment', async () => {
    const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`));
    const body = { attendees: [{ email: 'a@corp.com', responseStatus: 'declined', comment: 'away' }] };
    await ask(emulator, 'PATCH', own, { body });
    expect(rowsOf(await ask(emulator, 'GET', path), 'attendees')).toMatchObject([
      { responseStatus: 'accepted' },
      { email: 'a@corp.com', responseStatus: 'declined', comment: 'away' },
      { email: 'x@else.org' },
    ]);
  });

  it.each([true, false])('lets a guest invite others where guests may (%s)', async (may) => {
    const emulator = await serve(
      googleTenant(`{ id: g1, fields: { guestsCanInviteOthers: ${may} }, ${guests} }`),
    );
    const rows = rowsOf(await ask(emulator, 'GET', own), 'attendees');
    await ask(emulator, 'PATCH', own, { body: { attendees: [...rows, { email: 'friend@corp.com' }] } });
    const live = emulator.attendees('g1').map(({ id }) => id);
    expect(live.includes('friend@corp.com')).toBe(may);
    expect(live).toEqual(expect.arrayContaining(['lead@corp.com', 'a@corp.com', 'x@else.org']));
  });

  it.each([
    ['unchanged', 200],
    ['refused', 403],
  ])('takes nobody off, and says so or not (%s)', async (nonOrganizer, status) => {
    const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`, '', `nonOrganizer: ${nonOrganizer}`));
    const before = await ask(emulator, 'GET', path);
    for (const body of [
      { attendees: rowsOf(before, 'attendees').slice(0, 2) },
      { attendees: [] },
      { summary: 'Mine' },
    ]) {
      const reply = await ask(emulator, 'PATCH', own, { body });
      const reason = status === 200 ? undefined : 'forbiddenForNonOrganizer';
      expect([reply.status, googleError(reply)['reason']]).toEqual([status, reason]);
    }
    expect((await ask(emulator, 'GET', path)).body).toEqual(before.body);
  });

  it('changes all where guests may', async () => {
    const emulator = await serve(googleTenant(`{ id: g1, fields: { guestsCanModify: true }, ${guests} }`));
    await ask(emulator, 'PATCH', own, { body: { attendees: [{ email: 'a@corp.com' }] } });
    expect(emulator.attendees('g1').map(({ id }) => id)).toEqual(['a@corp.com']);
  });

  it.each(['unmarked', 'marked'])(
    'shows nobody else where guests do not see each other (%s)',
    async (hiddenGuests) => {
      const event = `{ id: g1, fields: { guestsCanSeeOtherGuests: false }, ${guests} }`;
      const emulator = await serve(googleTenant(event, '', `hiddenGuests: ${hiddenGuests}`));
      const { body } = await ask(emulator, 'GET', own);
      expect(body['attendees']).toMatchObject([{ email: 'a@corp.com' }]);
      expect(body['attendeesOmitted']).toBe(hiddenGuests === 'marked' ? true : undefined);
      expect((await ask(emulator, 'GET', path)).body['attendees']).toHaveLength(3);
    },
  );

  it('is declined where it is deleted', async () => {
    const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`));
    expect(await ask(emulator, 'DELETE', own)).toMatchObject({ status: 204 });
    expect(emulator.attendees('g1')[1]).toMatchObject({ id: 'a@corp.com', reply: 'declined' });
  });

  it.each(['hidden', 'listed'])(
    'is there through a group, whose members answer (%s)',
    async (groupReplies) => {
      const more =
        'groups: [{ email: all@corp.com, members: [sub@corp.com] }, { email: sub@corp.com, members: [a@corp.com] }],';
      const event = '{ id: g1, attendees: [{ email: all@corp.com }] }';
      const emulator = await serve(googleTenant(event, more, `groupReplies: ${groupReplies}`));
      const body = { attendees: [{ email: 'a@corp.com', responseStatus: 'accepted' }] };
      expect(await ask(emulator, 'PATCH', own, { body })).toMatchObject({ status: 200 });
      expect(emulator.attendees('g1')).toMatchObject([
        { type: 'group', id: 'all@corp.com' },
        ...(groupReplies === 'listed' ? [{ type: 'email', id: 'a@corp.com', reply: 'accepted' }] : []),
      ]);
    },
  );

  it('of an organizer who is nowhere here is no different', async () => {
    const emulator = await serve(
      googleTenant('{ id: g1, organizer: boss@else.org, attendees: [{ email: lead@corp.com }] }'),
    );
    const { body } = await ask(emulator, 'GET', path);
    expect(body['organizer']).toEqual({ email: 'boss@else.org' });
    await ask(emulator, 'PATCH', path, { body: { attendees: [] } });
    expect(emulator.attendees('g1')).toHaveLength(1);
  });
});

const series = `{ id: s1, start: 2099-01-05T02:00:00Z, recurrence: FREQ=DAILY;COUNT=4, ${guests}, exceptions: [
  { original: 2099-01-06T02:00:00Z, start: 2099-01-06T06:00:00Z, attendees: [{ email: a@corp.com }] },
  { original: 2099-01-07T02:00:00Z, status: cancelled } ] }`;
const dates = ['20990105T020000Z', '20990106T020000Z', '20990107T020000Z', '20990108T020000Z'].map(
  (at) => `s1_${at}`,
);

describe('a series of Google', () => {
  const instances = `${googleEvent('s1')}/instances`;

  it('is its occurrences, those that were changed as they are', async () => {
    const emulator = await serve(googleTenant(series));
    const rows = await listed(emulator, '', instances);
    expect(ids(rows)).toEqual([dates[0], dates[1], dates[3]]);
    expect(rows[1]).toMatchObject({
      recurringEventId: 's1',
      originalStartTime: { dateTime: '2099-01-06T02:00:00Z' },
      start: { dateTime: '2099-01-06T06:00:00Z' },
      attendees: [{ email: 'a@corp.com' }],
    });
    expect(rows[0]?.['attendees']).toHaveLength(3);
    for (const row of rows) expect(row).not.toHaveProperty('recurrence');
    expect(ids(await listed(emulator, 'showDeleted=true', instances))).toEqual(dates);
    const original = encodeURIComponent('2099-01-06T02:00:00Z');
    expect(ids(await listed(emulator, `originalStart=${original}`, instances))).toEqual([dates[1]]);
  });

  it('is listed with its changed occurrences, a cancelled one by its id alone', async () => {
    const emulator = await serve(googleTenant(series));
    const rows = await listed(emulator, '');
    expect(ids(rows)).toEqual(['s1', dates[1], dates[2]]);
    expect(rows[0]).toMatchObject({ recurrence: ['RRULE:FREQ=DAILY;COUNT=4'] });
    expect(Object.keys(rows[2] ?? {})).toEqual([
      'kind',
      'etag',
      'id',
      'status',
      'recurringEventId',
      'originalStartTime',
    ]);
    expect(ids(await listed(emulator, 'singleEvents=true&orderBy=startTime'))).toEqual([
      dates[0],
      dates[1],
      dates[3],
    ]);
  });

  it('has an occurrence of its own once that is changed, and the others follow the series', async () => {
    const emulator = await serve(googleTenant(series));
    const occurrence = googleEvent(dates[3] ?? '');
    const before = await ask(emulator, 'GET', occurrence);
    const headers = { 'if-match': String(before.body['etag']) };
    await ask(emulator, 'PATCH', occurrence, { body: { attendees: [{ email: 'new@corp.com' }] }, headers });
    expect(emulator.attendees(dates[3] ?? '').map(({ id }) => id)).toEqual(['new@corp.com']);
    expect(emulator.attendees('s1')).toHaveLength(3);
    await ask(emulator, 'PATCH', googleEvent('s1'), { body: { attendees: [] } });
    const rows = await listed(emulator, '', instances);
    expect(rows.map(({ attendees }) => (attendees as unknown[] | undefined)?.length)).toEqual([
      undefined,
      1,
      1,
    ]);
    const rule = await ask(emulator, 'PATCH', occurrence, { body: { recurrence: ['RRULE:FREQ=DAILY'] } });
    expect(rule.status).toBe(400);
  });

  it('takes its changed occurrences along where the switch says so', async () => {
    const emulator = await serve(googleTenant(series, '', 'seriesWrites: all'));
    const body = { attendees: [{ email: 'lead@corp.com' }, { email: 'new@corp.com' }] };
    await ask(emulator, 'PATCH', googleEvent('s1'), { body });
    expect(emulator.attendees(dates[1] ?? '').map(({ id }) => id)).toEqual(['new@corp.com']);
  });

  it('loses an occurrence that is deleted, and all of them with itself', async () => {
    const emulator = await serve(googleTenant(series));
    await ask(emulator, 'DELETE', googleEvent(dates[0] ?? ''));
    expect(ids(await listed(emulator, '', instances))).toEqual([dates[1], dates[3]]);
    await ask(emulator, 'DELETE', googleEvent('s1'));
    expect((await ask(emulator, 'GET', googleEvent(dates[1] ?? ''))).body).toMatchObject({
      status: 'cancelled',
    });
  });

  it('has no occurrence on another day', async () => {
    const emulator = await serve(googleTenant(series));
    for (const at of ['s1_20990105T030000Z', 's1_20990105', 's1_20990110T020000Z']) {
      expect(await ask(emulator, 'GET', googleEvent(at))).toMatchObject({ status: 404 });
    }
  });

  it('of days is called by its days', async () => {
    const emulator = await serve(
      googleTenant('{ id: s1, start: 2099-01-05, recurrence: FREQ=WEEKLY;COUNT=2 }'),
    );
    expect(ids(await listed(emulator, '', instances))).toEqual(['s1_20990105', 's1_20990112']);
    expect((await ask(emulator, 'GET', googleEvent('s1_20990112'))).body).toMatchObject({
      start: { date: '2099-01-12' },
      end: { date: '2099-01-13' },
      originalStartTime: { date: '2099-01-12' },
    });
  });
});

describe('the list of events', () => {
  const three = [1, 2, 3].map(
    (day) =>
      `{ id: e${day}, summary: Day ${day}, start: 2099-01-0${day}T02:00:00Z, attendees: [{ email: a${day}@corp.com, name: Ann }] }`,
  );

  it('comes page by page', async () => {
    const emulator = await serve(googleTenant(three.join(',')));
    const first = await ask(emulator, 'GET', `${events}?maxResults=2`);
    expect(ids(rowsOf(first))).toEqual(['e1', 'e2']);
    const token = String(first.body['nextPageToken']);
    const last = await ask(emulator, 'GET', `${events}?maxResults=2&pageToken=${token}`);
    expect([ids(rowsOf(last)), last.body['nextPageToken']]).toEqual([['e3'], undefined]);
    const foreign = await ask(emulator, 'GET', `${events}?maxResults=2&q=x&pageToken=${token}`);
    expect([foreign.status, googleError(foreign)['location']]).toEqual([400, 'pageToken']);
    const sync = await ask(emulator, 'GET', `${events}?syncToken=${String(last.body['nextSyncToken'])}`);
    expect([sync.status, googleError(sync)['reason']]).toEqual([410, 'fullSyncRequired']);
  });

  it.each([
    ['iCalUID=e2%40google.com', ['e2']],
    ['q=day+3', ['e3']],
    ['q=ANN+a1', ['e1']],
    ['timeMin=2099-01-01T03:00:00Z', ['e2', 'e3']],
    ['timeMax=2099-01-02T02:00:00Z', ['e1']],
    ['timeMin=2099-01-02T02:30:00%2B00:00&timeMax=2099-01-03T00:00:00Z', ['e2']],
  ])('finds by %s', async (query, found) => {
    const emulator = await serve(googleTenant(three.join(',')));
    expect(ids(await listed(emulator, query))).toEqual(found);
  });

  it.each([
    'timeMin=2099-01-01',
    'orderBy=startTime',
    'maxResults=0',
    'timeMin=2099-01-03T00:00:00Z&timeMax=2099-01-01T00:00:00Z',
  ])('refuses %s', async (query) => {
    const emulator = await serve(googleTenant(three.join(',')));
    expect(await ask(emulator, 'GET', `${events}?${query}`)).toMatchObject({ status: 400 });
  });

  it('has deleted events where they are asked for', async () => {
    const emulator = await serve(googleTenant(three.join(',')));
    await ask(emulator, 'DELETE', googleEvent('e2'));
    expect(ids(await listed(emulator, ''))).toEqual(['e1', 'e3']);
    expect(ids(await listed(emulator, 'showDeleted=true'))).toEqual(['e1', 'e2', 'e3']);
  });

  it('of a guest has what the guest is invited to', async () => {
    const emulator = await serve(googleTenant(three.join(',')));
    expect(ids(await listed(emulator, '', '/calendar/v3/calendars/a2%40corp.com/events'))).toEqual(['e2']);
  });
});
