import { describe, expect, it } from 'vitest';

import type { Emulator } from '../../src/emulator/server.ts';
import { ask, googleError, googleEvent, googleTenant, rowsOf, serve, type Reply } from './client.ts';

const me = '{ email: lead@corp.com, reply: accepted }';
const guests = `attendees: [${me}, { email: a@corp.com, name: A, reply: accepted, comment: late, additionalGuests: 1 },
  { email: b@corp.com, reply: declined, optional: true }, { email: c_1@resource.calendar.google.com, reply: accepted }]`;
const path = googleEvent('g1');

type Row = Readonly<Record<string, unknown>>;

async function rowsAt(emulator: Emulator, at = path): Promise<readonly Row[]> {
  return rowsOf(await ask(emulator, 'GET', at), 'attendees');
}

function patch(
  emulator: Emulator,
  attendees: readonly Row[],
  { match, query = '', at = path, ...body }: { match?: unknown; query?: string; at?: string } & Row = {},
): Promise<Reply> {
  const headers = typeof match === 'string' ? { 'if-match': match } : {};
  return ask(emulator, 'PATCH', `${at}${query}`, { body: { attendees, ...body }, headers });
}

const named = (rows: readonly Row[]): readonly unknown[] => rows.map(({ email }) => email);

describe('a list of Google that is written', () => {
  it('is as it was where every row goes back as it was read, and keeps its etag then', async () => {
    const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`));
    const before = await ask(emulator, 'GET', path);
    const after = await patch(emulator, rowsOf(before, 'attendees'), { match: before.body['etag'] });
    expect(after.body).toEqual(before.body);
  });

  it('loses the reply, the comment and the flag of whoever is sent by the address alone', async () => {
    const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`));
    await patch(emulator, [{ email: 'a@corp.com' }, { email: 'b@corp.com' }]);
    expect(await rowsAt(emulator)).toMatchObject([
      { email: 'a@corp.com', displayName: 'A', responseStatus: 'needsAction' },
      { email: 'b@corp.com', responseStatus: 'needsAction' },
    ]);
    for (const row of await rowsAt(emulator)) {
      expect(Object.keys(row)).not.toEqual(expect.arrayContaining(['comment', 'optional']));
    }
  });

  it('has who is in it and nobody else, and leaves the rest of the event alone', async () => {
    const fields =
      'fields: { conferenceData: { conferenceId: abc }, description: Text, guestsCanModify: false }';
    const emulator = await serve(googleTenant(`{ id: g1, summary: S, ${fields}, ${guests} }`));
    const before = await ask(emulator, 'GET', path);
    const rows = rowsOf(before, 'attendees');
    const after = await patch(emulator, [
      ...rows.filter(({ email }) => email !== 'b@corp.com'),
      { email: 'New@corp.com' },
    ]);
    expect(named(rowsOf(after, 'attendees'))).toEqual([
      'lead@corp.com',
      'a@corp.com',
      'c_1@resource.calendar.google.com',
      'New@corp.com',
    ]);
    const rest = (row: Row): Row => ({ ...row, attendees: null, etag: null, updated: null });
    expect(rest(after.body)).toEqual(rest(before.body));
    expect(after.body['etag']).not.toBe(before.body['etag']);
  });

  it('resets every reply where the start moves', async () => {
    const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`));
    const rows = await rowsAt(emulator);
    await patch(emulator, rows, {
      start: { dateTime: '2099-01-04T11:00:00+08:00' },
      end: { dateTime: '2099-01-04T12:00:00+08:00' },
    });
    expect((await rowsAt(emulator)).map(({ responseStatus }) => responseStatus)).toEqual([
      'accepted',
      'needsAction',
      'needsAction',
      'needsAction',
    ]);
  });

  it.each(['moves', 'stays'])(
    'conflicts with a change in between, and with an answer where its etag %s',
    async (replyEtag) => {
      const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`, '', `replyEtag: ${replyEtag}`));
      const first = await ask(emulator, 'GET', path);
      const rows = rowsOf(first, 'attendees');
      const { etag: match } = first.body;
      const own = googleEvent('g1', 'b@corp.com');
      await ask(emulator, 'PATCH', own, {
        body: { attendees: [{ email: 'b@corp.com', responseStatus: 'accepted' }] },
      });
      const answered = await patch(emulator, [...rows, { email: 'new@corp.com' }], { match });
      expect(answered.status).toBe(replyEtag === 'moves' ? 412 : 200);
      await patch(emulator, rows.slice(1));
      const stale = await patch(emulator, rows, { match });
      expect(stale.status).toBe(412);
      expect(googleError(stale)).toEqual({
        domain: 'global',
        reason: 'conditionNotMet',
        message: 'Precondition Failed',
        locationType: 'header',
        location: 'If-Match',
      });
      expect(await ask(emulator, 'DELETE', path, { headers: { 'if-match': String(match) } })).toMatchObject({
        status: 412,
      });
      expect(await patch(emulator, rows, { match: '*' })).toMatchObject({ status: 200 });
    },
  );

  it.each([
    [[{ email: 'nobody' }], 'invalid'],
    [[{ displayName: 'A' }], 'required'],
    [[{ email: 'a@corp.com', responseStatus: 'maybe' }], 'invalid'],
  ])('is refused as a whole for %j', async (rows, reason) => {
    const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`));
    const reply = await patch(emulator, rows);
    expect([reply.status, googleError(reply)['reason']]).toEqual([400, reason]);
    expect(await rowsAt(emulator)).toHaveLength(4);
  });

  it('takes the same user by an alias for the same row', async () => {
    const emulator = await serve(
      googleTenant(`{ id: g1, ${guests} }`, 'aliases: { a.long@corp.com: a@corp.com },'),
    );
    const rows = await rowsAt(emulator);
    const aliased = rows.map((row) =>
      row['email'] === 'a@corp.com' ? { ...row, email: 'a.long@corp.com' } : row,
    );
    await patch(emulator, aliased);
    expect(await rowsAt(emulator)).toEqual(rows);
  });

  it.each([
    ['kept', 'accepted', 'late'],
    ['reset', 'needsAction', undefined],
  ])(
    'neither removes nor adds whoever is sent by another address alone (%s)',
    async (aliasSwap, reply, comment) => {
      const more = 'aliases: { a.long@corp.com: a@corp.com },';
      const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`, more, `aliasSwap: ${aliasSwap}`));
      const rows = (await rowsAt(emulator)).filter(({ email }) => email !== 'a@corp.com');
      const answer = rowsOf(await patch(emulator, [...rows, { email: 'a.long@corp.com' }]), 'attendees');
      expect(named(answer)).toEqual([...named(rows), 'a@corp.com']);
      const { responseStatus, comment: said } = answer.at(-1) ?? {};
      expect([responseStatus, said]).toEqual([reply, comment]);
    },
  );

  it.each([
    ['typed', 'A.Long@corp.com'],
    ['primary', 'a@corp.com'],
  ])('lists an alias as it says (%s)', async (aliasListed, email) => {
    const more = 'aliases: { a.long@corp.com: a@corp.com },';
    const emulator = await serve(googleTenant('{ id: g1 }', more, `aliasListed: ${aliasListed}`));
    await patch(emulator, [{ email: 'A.Long@corp.com' }]);
    expect(await rowsAt(emulator)).toMatchObject([{ email }]);
  });

  it('shows a group that is looked into, and then a new etag', async () => {
    const clock = { now: Date.UTC(2026, 10, 20) };
    const more = 'groups: [{ email: all@corp.com, members: [a@corp.com] }],';
    const emulator = await serve(googleTenant('{ id: g1 }', more), { now: () => clock.now });
    const added = await patch(emulator, [{ email: 'all@corp.com' }]);
    expect(rowsOf(added, 'attendees')).toMatchObject([
      { email: 'all@corp.com', asyncOperation: 'inProgress' },
    ]);
    clock.now += 1000;
    const later = await ask(emulator, 'GET', path);
    expect(rowsOf(later, 'attendees')).toEqual([{ email: 'all@corp.com', responseStatus: 'needsAction' }]);
    expect(later.body['etag']).not.toBe(added.body['etag']);
    expect(emulator.attendees('g1')).toMatchObject([{ type: 'group', id: 'all@corp.com' }]);
  });

  it.each([
    ['accept', 'accepted'],
    ['decline', 'declined'],
    ['pending', 'needsAction'],
  ])(
    'has a room that answers after a while (%s), and only then moves the etag',
    async (roomBooking, reply) => {
      const clock = { now: Date.UTC(2026, 10, 20) };
      const emulator = await serve(googleTenant('{ id: g1 }', '', `roomBooking: ${roomBooking}`), {
        now: () => clock.now,
      });
      const added = await patch(emulator, [
        { email: 'c_2@resource.calendar.google.com', responseStatus: 'accepted' },
      ]);
      expect(rowsOf(added, 'attendees')).toMatchObject([{ resource: true, responseStatus: 'needsAction' }]);
      clock.now += 1000;
      const { etag: match } = added.body;
      expect(await patch(emulator, [], { match })).toMatchObject({ status: 412 });
      expect(await rowsAt(emulator)).toMatchObject([{ resource: true, responseStatus: reply }]);
    },
  );

  it.each([
    ['guestWords: kept', { comment: 'late', additionalGuests: 1 }],
    ['addressCase: lowered', { email: 'a@corp.com' }],
  ])('is read back as the switch says (%s)', async (behaviour, row) => {
    const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`, '', behaviour));
    await patch(emulator, [{ email: 'A@corp.com' }]);
    expect(await rowsAt(emulator)).toMatchObject([row]);
  });

  it.each([
    ['rowOrder: sorted', ['a@corp.com', 'z@corp.com']],
    ['rowOrder: sent', ['z@corp.com', 'a@corp.com']],
  ])('is in the order that the switch says (%s)', async (behaviour, emails) => {
    const emulator = await serve(googleTenant('{ id: g1 }', '', behaviour));
    await patch(emulator, [{ email: 'z@corp.com' }, { email: 'a@corp.com' }]);
    expect(named(await rowsAt(emulator))).toEqual(emails);
  });

  it.each([
    ['merged', 200, ['z@corp.com']],
    ['kept', 200, ['z@corp.com', 'Z@corp.com']],
    ['refused', 400, []],
  ])('takes one attendee twice as the switch says (%s)', async (duplicateRows, status, emails) => {
    const emulator = await serve(googleTenant('{ id: g1 }', '', `duplicateRows: ${duplicateRows}`));
    const reply = await patch(emulator, [{ email: 'z@corp.com' }, { email: 'Z@corp.com' }]);
    expect([reply.status, named(await rowsAt(emulator))]).toEqual([status, emails]);
  });

  it.each([
    ['removed', 200, ['a@corp.com']],
    ['kept', 200, ['lead@corp.com', 'a@corp.com']],
    ['refused', 400, ['lead@corp.com', 'b@corp.com']],
  ])('without the organizer is taken as the switch says (%s)', async (organizerRow, status, emails) => {
    const event = `{ id: g1, attendees: [${me}, { email: b@corp.com }] }`;
    const emulator = await serve(googleTenant(event, '', `organizerRow: ${organizerRow}`));
    const reply = await patch(emulator, [{ email: 'a@corp.com' }]);
    expect([reply.status, named(await rowsAt(emulator))]).toEqual([status, emails]);
  });

  it.each([
    ['invalid', 400, 0],
    ['quota', 403, 0],
    ['cut', 200, 200],
  ])('over the cap is taken as the switch says (%s)', async (attendeeCapError, status, count) => {
    const behaviour = `attendeeCap: at-200, attendeeCapError: ${attendeeCapError}`;
    const emulator = await serve(googleTenant('{ id: g1 }', '', behaviour));
    const many = (most: number): Row[] =>
      Array.from({ length: most }, (_, n) => ({ email: `p${n}@corp.com` }));
    const reply = await patch(emulator, many(201));
    expect([reply.status, await rowsAt(emulator)]).toEqual([
      status,
      expect.objectContaining({ length: count }),
    ]);
    expect(await patch(emulator, many(200))).toMatchObject({ status: 200 });
  });

  it('may use up how many guests from outside a user may invite', async () => {
    const emulator = await serve(googleTenant('{ id: g1 }', 'externalGuests: 2,'));
    await patch(emulator, [{ email: 'x@else.org' }, { email: 'y@else.org' }, { email: 'a@corp.com' }]);
    const reply = await patch(emulator, [{ email: 'x@else.org' }, { email: 'z@else.org' }]);
    expect([reply.status, googleError(reply)]).toEqual([
      403,
      { domain: 'usageLimits', reason: 'quotaExceeded', message: 'Calendar usage limits exceeded.' },
    ]);
    expect(await patch(emulator, [{ email: 'x@else.org' }])).toMatchObject({ status: 200 });
  });

  it('refuses strangers of its own domains where the switch says so', async () => {
    const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`, '', 'unknownUser: refused'));
    expect(await patch(emulator, [{ email: 'typo@corp.com' }])).toMatchObject({ status: 400 });
    expect(await patch(emulator, [{ email: 'any@else.org' }, { email: 'a@corp.com' }])).toMatchObject({
      status: 200,
    });
  });

  it.each(['focusTime', 'workingLocation', 'fromGmail'])(
    'is refused for the event type %s',
    async (eventType) => {
      const emulator = await serve(googleTenant(`{ id: g1, fields: { eventType: ${eventType} } }`));
      const reply = await patch(emulator, [{ email: 'a@corp.com' }]);
      expect([reply.status, googleError(reply)['reason']]).toEqual([400, 'eventTypeRestriction']);
    },
  );

  it('is refused for a locked event', async () => {
    const emulator = await serve(googleTenant('{ id: g1, fields: { locked: true } }'));
    expect(await patch(emulator, [{ email: 'a@corp.com' }])).toMatchObject({ status: 403 });
  });
});

describe('who is told', () => {
  const event = `{ id: g1, attendees: [{ email: a@corp.com }, { email: x@else.org }] }`;
  const next = [{ email: 'b@corp.com' }, { email: 'y@else.org' }, { email: 'z@gmail.com' }];

  it.each([
    ['?sendUpdates=all', '', ['b@corp.com', 'y@else.org', 'z@gmail.com', 'a@corp.com', 'x@else.org']],
    ['?sendUpdates=none', '', []],
    ['', '', []],
    ['?sendUpdates=externalOnly', '', ['y@else.org', 'x@else.org']],
    ['?sendUpdates=externalOnly', 'externalOnly: all-outside', ['y@else.org', 'z@gmail.com', 'x@else.org']],
  ])('is written down: %s %s', async (query, behaviour, to) => {
    const emulator = await serve(googleTenant(event, '', behaviour));
    await patch(emulator, next, { query });
    expect(emulator.told('g1').map((one) => one.to)).toEqual(to);
    expect(emulator.requests.at(-1)).toMatchObject({
      api: 'google.event.patch',
      method: 'PATCH',
      body: { attendees: next },
    });
  });

  it('leaves out who was added as one who has accepted, and tells of a deletion', async () => {
    const emulator = await serve(googleTenant(event));
    await patch(emulator, [{ email: 'b@corp.com', responseStatus: 'accepted' }], {
      query: '?sendUpdates=all',
    });
    await ask(emulator, 'DELETE', `${path}?sendUpdates=all`);
    expect(emulator.told('g1')).toEqual([
      { to: 'a@corp.com', about: 'cancellation' },
      { to: 'x@else.org', about: 'cancellation' },
      { to: 'b@corp.com', about: 'cancellation' },
    ]);
  });

  it('is nobody for a word that sendUpdates does not have', async () => {
    const emulator = await serve(googleTenant(event));
    expect(await patch(emulator, next, { query: '?sendUpdates=some' })).toMatchObject({ status: 400 });
  });
});

describe('events of Google that are made and deleted', () => {
  it('are there with what they were made with', async () => {
    const emulator = await serve(googleTenant(''));
    const times = { start: { dateTime: '2099-01-04T11:00:00Z' }, end: { dateTime: '2099-01-04T12:00:00Z' } };
    const events = '/calendar/v3/calendars/lead%40corp.com/events';
    const made = await ask(emulator, 'POST', events, {
      body: { summary: 'New', ...times, attendees: [{ email: 'a@corp.com' }] },
    });
    expect(made).toMatchObject({ status: 200, body: { summary: 'New', organizer: { self: true } } });
    const id = String(made.body['id']);
    expect((await ask(emulator, 'GET', googleEvent(id))).body).toEqual(made.body);
    const put = await ask(emulator, 'PUT', googleEvent(id), { body: times });
    expect(put.body).not.toHaveProperty('summary');
    expect(put.body).not.toHaveProperty('attendees');
    expect(await ask(emulator, 'POST', events, { body: { summary: 'New' } })).toMatchObject({ status: 400 });
    expect(await ask(emulator, 'POST', events, { body: { id, ...times } })).toMatchObject({ status: 409 });
  });

  it('are answered as cancelled once deleted, and deleted only once', async () => {
    const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`));
    const deleted = await ask(emulator, 'DELETE', path);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await ask(emulator, 'GET', path)).body).toMatchObject({ status: 'cancelled' });
    const again = await ask(emulator, 'DELETE', path);
    expect([again.status, googleError(again)]).toMatchObject([410, { reason: 'deleted' }]);
    expect(await patch(emulator, [])).toMatchObject({ status: 410 });
    expect(emulator.attendees('g1')).toEqual([]);
  });
});
