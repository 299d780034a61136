import { calendar, auth as packageAuth, type calendar_v3 } from '@googleapis/calendar';
import { describe, expect, it } from 'vitest';

import type { Emulator } from '../../src/emulator/server.ts';
import { googleTenant, serve } from './client.ts';

/** Google's own package for its calendar, as a program of somebody else would use it. */
function clientOf({ url }: Emulator): calendar_v3.Calendar {
  const client = new packageAuth.OAuth2();
  client.setCredentials({ access_token: 'u-test' });
  return calendar({ version: 'v3', auth: client, rootUrl: `${url}/` });
}

const calendarId = 'lead@corp.com';
const tenant = googleTenant(`
  { id: g1, summary: Staff, attendees: [{ email: lead@corp.com, reply: accepted }, { email: a@corp.com, reply: declined, comment: away },
    { generate: 30, email: "p{}@corp.com" }] },
  { id: s1, start: 2099-01-05T02:00:00Z, recurrence: FREQ=WEEKLY;COUNT=3, attendees: [{ email: a@corp.com }] }`);

/** What the package throws where the server refuses: status and reason. */
async function refusalOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    // The package throws what it was answered.
    const { response } = error as {
      response?: { status: number; data: { error: { errors: { reason: string }[] } } };
    };
    return [response?.status, response?.data.error.errors[0]?.reason];
  }
  throw new Error('nothing was refused');
}

describe("Google's own package", () => {
  it('reads an event, and changes its attendees under If-Match', async () => {
    const emulator = await serve(tenant);
    const { events } = clientOf(emulator);
    const { data: read } = await events.get({ calendarId, eventId: 'g1' });
    expect(read.attendees).toHaveLength(32);
    const patch = {
      calendarId,
      eventId: 'g1',
      sendUpdates: 'all',
      requestBody: { attendees: [...(read.attendees ?? []).slice(0, 3), { email: 'new@corp.com' }] },
    };
    const headers = { 'If-Match': read.etag ?? '' };
    const { data: written } = await events.patch(patch, { headers });
    expect(written.attendees?.map(({ email, responseStatus }) => [email, responseStatus])).toEqual([
      ['lead@corp.com', 'accepted'],
      ['a@corp.com', 'declined'],
      ['p1@corp.com', 'needsAction'],
      ['new@corp.com', 'needsAction'],
    ]);
    expect(written.attendees?.[1]).toEqual(read.attendees?.[1]);
    expect(await refusalOf(events.patch(patch, { headers }))).toEqual([412, 'conditionNotMet']);
    expect(await refusalOf(events.delete({ calendarId, eventId: 'g1' }, { headers }))).toEqual([
      412,
      'conditionNotMet',
    ]);
    const now = { headers: { 'If-Match': written.etag ?? '' } };
    expect((await events.delete({ calendarId, eventId: 'g1' }, now)).status).toBe(204);
    expect(await refusalOf(events.delete({ calendarId, eventId: 'g1' }))).toEqual([410, 'deleted']);
    expect((await events.get({ calendarId, eventId: 'g1' })).data.status).toBe('cancelled');
  });

  it('lists events, the occurrences of a series, and calendars', async () => {
    const { events, calendarList } = clientOf(await serve(tenant));
    const page = await events.list({ calendarId, maxResults: 1 });
    const { nextPageToken = '' } = page.data;
    const next = await events.list({ calendarId, maxResults: 1, pageToken: nextPageToken ?? '' });
    expect([...(page.data.items ?? []), ...(next.data.items ?? [])].map(({ id }) => id)).toEqual([
      'g1',
      's1',
    ]);
    const { data } = await events.instances({ calendarId, eventId: 's1' });
    expect(data.items?.map(({ id, recurringEventId }) => [id, recurringEventId])).toEqual([
      ['s1_20990105T020000Z', 's1'],
      ['s1_20990112T020000Z', 's1'],
      ['s1_20990119T020000Z', 's1'],
    ]);
    const found = await events.list({
      calendarId,
      iCalUID: 's1@google.com',
      singleEvents: true,
      orderBy: 'startTime',
    });
    expect(found.data.items).toHaveLength(3);
    expect((await calendarList.list()).data.items).toMatchObject([{ id: calendarId, primary: true }]);
  });

  it('makes an event, updates it and a part of it is read', async () => {
    const { events } = clientOf(await serve(tenant));
    const times = { start: { dateTime: '2099-02-01T10:00:00Z' }, end: { dateTime: '2099-02-01T11:00:00Z' } };
    const { data } = await events.insert({ calendarId, requestBody: { summary: 'New', ...times } });
    const eventId = data.id ?? '';
    const requestBody = { ...times, attendees: [{ email: 'a@corp.com' }] };
    expect((await events.update({ calendarId, eventId, requestBody })).data.summary).toBeUndefined();
    const part = await events.get({ calendarId, eventId, fields: 'attendees/email' });
    expect(part.data).toEqual({ attendees: [{ email: 'a@corp.com' }] });
  });

  it.each([
    ['an event that is not there', { eventId: 'gone1' }, [404, 'notFound']],
    ['a calendar that is not there', { calendarId: 'who@else.org' }, [404, 'notFound']],
    ['an address that is none', { requestBody: { attendees: [{ email: 'nobody' }] } }, [400, 'invalid']],
  ])('is told of %s by its reason', async (_, more, refusal) => {
    const { events } = clientOf(await serve(tenant));
    expect(await refusalOf(events.patch({ calendarId, eventId: 'g1', requestBody: {}, ...more }))).toEqual(
      refusal,
    );
  });

  it('is told of a token that is none', async () => {
    const emulator = await serve(tenant.replace('u-test', 'another'));
    expect(await refusalOf(clientOf(emulator).events.get({ calendarId, eventId: 'g1' }))).toEqual([
      401,
      'authError',
    ]);
  });

  it('repeats a reading after 429, and no write', async () => {
    let refused = 0;
    const emulator = await serve(tenant, {
      intercept: ({ api }) =>
        (api === 'google.event.get' && (refused += 1) <= 1) || api === 'google.event.patch'
          ? {
              kind: 'answer',
              status: 429,
              body: {
                error: {
                  code: 429,
                  message: 'Rate Limit Exceeded',
                  errors: [{ domain: 'usageLimits', reason: 'rateLimitExceeded' }],
                },
              },
            }
          : undefined,
    });
    const { events } = clientOf(emulator);
    expect((await events.get({ calendarId, eventId: 'g1' })).status).toBe(200);
    expect(await refusalOf(events.patch({ calendarId, eventId: 'g1', requestBody: {} }))).toEqual([
      429,
      'rateLimitExceeded',
    ]);
    expect(emulator.requests.map(({ api, status }) => [api, status])).toEqual([
      ['google.event.get', 429],
      ['google.event.get', 200],
      ['google.event.patch', 429],
    ]);
  });
});
