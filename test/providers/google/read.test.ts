import { describe, expect, it, test } from 'vitest';
import { signal } from '../bench.ts';
import { answer, event, onGoogle, path, refusal, type Row } from './bench.ts';

const rows: readonly Row[] = [
  { email: 'lead@corp.com', organizer: true, self: true, responseStatus: 'accepted' },
  { email: 'Zoe@Corp.com', displayName: 'Zoe', optional: true, responseStatus: 'tentative' },
  { email: 'c_1@resource.calendar.google.com', resource: true, responseStatus: 'declined' },
  { email: 'guest@other.org', responseStatus: 'needsAction' },
];

describe('one call', () => {
  it('answers attendees and facts', async () => {
    await onGoogle(
      () => answer(rows, { recurrence: ['RRULE:FREQ=WEEKLY'] }),
      async ({ reader, calls }) => {
        const observed = await reader.read(event, 'attendees', signal);
        expect(observed).toMatchObject({
          complete: true,
          facts: {
            state: 'present',
            summary: 'Staff',
            start: '2099-01-04T02:00:00Z',
            end: '2099-01-04T03:00:00Z',
            recurring: true,
            organizer: 'lead@corp.com',
          },
        });
        expect(observed.complete && observed.attendees).toEqual([
          {
            type: 'email',
            id: 'lead@corp.com',
            optional: false,
            organizer: true,
            external: false,
            reply: 'accepted',
          },
          {
            type: 'email',
            id: 'zoe@corp.com',
            name: 'Zoe',
            optional: true,
            organizer: false,
            external: false,
            reply: 'tentative',
          },
          {
            type: 'room',
            id: 'c_1@resource.calendar.google.com',
            optional: false,
            organizer: false,
            external: false,
            reply: 'declined',
          },
          {
            type: 'email',
            id: 'guest@other.org',
            optional: false,
            organizer: false,
            external: true,
            reply: 'none',
          },
        ]);
        expect(calls().map((call) => [call.method, call.path, call.query])).toEqual([['GET', path, {}]]);
      },
    );
  });

  it("takes the calendar's own row for the organizer's, whatever its address", async () => {
    await onGoogle(
      () => answer([{ email: 'boss@corp.com', self: true }]),
      async ({ reader }) => {
        const observed = await reader.read(event, 'attendees', signal);
        expect(observed).toMatchObject({ attendees: [{ id: 'boss@corp.com', organizer: true }] });
      },
    );
  });

  it('ends a whole day on its last one', async () => {
    const days = { start: { date: '2026-03-01' }, end: { date: '2026-03-03' } };
    await onGoogle(
      () => answer([], days),
      async ({ reader }) => {
        expect(await reader.read(event, 'facts', signal)).toMatchObject({
          start: '2026-03-01',
          end: '2026-03-02',
        });
      },
    );
  });
});

describe('nothing is known', () => {
  test.each([
    ['the platform omits attendees', { attendeesOmitted: true }, 'list-partial'],
    ['somebody else organizes it', { organizer: { email: 'boss@corp.com' } }, 'not-organizer'],
    ['nobody is named as its organizer', { organizer: undefined }, 'not-organizer'],
    ['it is a private copy', { privateCopy: true }, 'not-organizer'],
    [
      'a row holds a number that cannot be sent back as it was',
      { attendees: [{ email: 'p1@corp.com', profile: { serial: 2 ** 60 } }] },
      'list-partial',
    ],
    ['it has no version', { etag: undefined }, 'list-malformed'],
    ['its version is empty', { etag: '' }, 'list-malformed'],
    ['it is locked', { locked: true }, 'list-refused'],
    ['its type takes no attendees', { eventType: 'focusTime' }, 'list-refused'],
    ['it is cancelled', { status: 'cancelled' }, 'event-deleted'],
    ['it is another event', { id: 'g2' }, 'list-malformed'],
    ['its attendees are no list', { attendees: {} }, 'list-malformed'],
    ['an attendee has no address', { attendees: [{ displayName: 'x' }] }, 'list-malformed'],
  ])('where %s', async (_what, more, code) => {
    await onGoogle(
      () => answer(rows, more),
      async ({ reader }) => {
        expect(await reader.read(event, 'attendees', signal)).toMatchObject({
          complete: false,
          problem: { code },
        });
      },
    );
  });

  test.each([
    [404, 'notFound', 'event-not-found'],
    [410, 'deleted', 'event-deleted'],
    [403, 'quotaExceeded', 'quota'],
    [403, 'insufficientPermissions', 'list-refused'],
    [403, 'forbiddenForServiceAccounts', 'credentials'],
  ])('where the platform answers %i %s', async (status, reason, code) => {
    await onGoogle(
      () => refusal(status, reason),
      async ({ reader }) => {
        expect(await reader.read(event, 'attendees', signal)).toMatchObject({
          complete: false,
          problem: { code },
        });
      },
    );
  });
});

describe('who is external', () => {
  const external = async (more: object, env = {}): Promise<readonly string[]> =>
    onGoogle(
      () => answer(rows),
      async ({ reader }) => {
        const observed = await reader.read({ ...event, ...more }, 'attendees', signal);
        return observed.complete ? observed.attendees.filter((one) => one.external).map(({ id }) => id) : [];
      },
      { env },
    );

  it('is anybody outside of the domain of the organizer', async () => {
    expect(await external({})).toEqual(['guest@other.org']);
  });

  it('is anybody outside of the domains that the environment names', async () => {
    expect(await external({}, { ROLLCALL_GOOGLE_DOMAINS: 'corp.com, other.org' })).toEqual([]);
  });

  it('is anybody outside of the domains that the manifest names, whatever the environment says', async () => {
    const env = { ROLLCALL_GOOGLE_DOMAINS: 'corp.com' };
    expect(await external({ internalDomains: ['OTHER.org'] }, env)).toEqual([
      'lead@corp.com',
      'zoe@corp.com',
    ]);
  });

  it('is nobody of a domain below another one', async () => {
    expect(await external({ internalDomains: ['p.com'] })).toHaveLength(3);
  });
});

it('repeats a read that came too fast, by its reason and not its status', async () => {
  let count = 0;
  await onGoogle(
    () => {
      count += 1;
      return count < 3 ? refusal(403, 'rateLimitExceeded') : answer(rows);
    },
    async ({ reader, calls }) => {
      expect(await reader.read(event, 'attendees', signal)).toMatchObject({ complete: true });
      expect(calls()).toHaveLength(3);
    },
  );
});

describe('a look at an occurrence', () => {
  const occurrence = { ...event, eventId: 'g1_20990104T020000Z' };
  const start = { dateTime: '2099-01-04T10:00:00+08:00' };
  const series = { id: 'g1', recurrence: ['RRULE:FREQ=WEEKLY'] };
  const own = { id: occurrence.eventId, recurringEventId: 'g1', originalStartTime: start };

  it.each<readonly [string, readonly Row[], Row, boolean]>([
    ['like its series', rows, {}, false],
    ['with a title of its own', rows, { summary: 'Other' }, true],
    ['that was moved', rows, { start: { dateTime: '2099-01-04T12:00:00+08:00' } }, true],
    ['with attendees of its own', rows.slice(1), {}, true],
  ])('tells whether it was changed: one %s', async (_, listed, more, exception) => {
    await onGoogle(
      (request) => (request.path === path ? answer(rows, series) : answer(listed, { ...own, ...more })),
      async ({ reader, calls }) => {
        expect(await reader.read(occurrence, 'facts', signal)).toMatchObject({ state: 'present', exception });
        expect(calls()).toHaveLength(2);
      },
    );
  });

  it('is not known where its series is not', async () => {
    await onGoogle(
      (request) => (request.path === path ? refusal(503, 'backendError') : answer(rows, own)),
      async ({ reader }) => {
        expect(await reader.read(occurrence, 'facts', signal)).toMatchObject({ state: 'unknown' });
      },
    );
  });

  it('is a changed one where its series is gone', async () => {
    await onGoogle(
      (request) => (request.path === path ? refusal(404, 'notFound') : answer(rows, own)),
      async ({ reader }) => {
        expect(await reader.read(occurrence, 'facts', signal)).toMatchObject({
          state: 'present',
          exception: true,
        });
      },
    );
  });
});
