import { calendar, auth as packageAuth, type calendar_v3 } from '@googleapis/calendar';
import { expect, it } from 'vitest';

import type { Emulator } from '../../src/emulator/server.ts';
import { googleTenant, serve } from './client.ts';

/** Google's own package for its calendar, as guests use it too. */
function eventsOf({ url }: Emulator): calendar_v3.Resource$Events {
  const client = new packageAuth.OAuth2();
  client.setCredentials({ access_token: 'u-test' });
  return calendar({ version: 'v3', auth: client, rootUrl: `${url}/` }).events;
}

const [lead, guest, eventId] = ['lead@corp.com', 'a@corp.com', 'g1'];
const tenant = googleTenant(`
  { id: g1, summary: Staff, attendees: [{ email: lead@corp.com, reply: accepted }, { email: a@corp.com },
    { email: b@corp.com, reply: tentative }] }`);

async function read(events: calendar_v3.Resource$Events): Promise<calendar_v3.Schema$Event> {
  return (await events.get({ calendarId: lead, eventId })).data;
}

it("a guest's answer is seen by the organizer, under another version", async () => {
  await using emulator = await opened();
  const { events } = emulator;
  const before = await read(events);
  const attendees = [{ email: guest, responseStatus: 'accepted', comment: 'Late' }];
  await events.patch({ calendarId: guest, eventId, requestBody: { attendees } });
  const after = await read(events);
  expect(after.etag).not.toBe(before.etag);
  expect(after.attendees?.find(({ email }) => email === guest)).toMatchObject({
    responseStatus: 'accepted',
    comment: 'Late',
  });
});

it('a guest may invite others; of a change beyond that nothing comes', async () => {
  await using emulator = await opened();
  const { events } = emulator;
  const { attendees = [] } = (await events.get({ calendarId: guest, eventId })).data;
  const requestBody = { attendees: [...attendees, { email: 'friend@corp.com' }] };
  await events.patch({ calendarId: guest, eventId, requestBody });
  await events.patch({ calendarId: guest, eventId, requestBody: { summary: 'Mine' } });
  const after = await read(events);
  expect(after.summary).toBe('Staff');
  expect(after.attendees?.map(({ email }) => email)).toContain('friend@corp.com');
});

it('a row that is written bare loses its reply, and with it nobody else', async () => {
  await using emulator = await opened();
  const { events } = emulator;
  const { attendees = [] } = await read(events);
  const rows = attendees.map((row) => (row.email === 'b@corp.com' ? { email: row.email } : row));
  const { data } = await events.patch({ calendarId: lead, eventId, requestBody: { attendees: rows } });
  const replies = new Map(data.attendees?.map((row) => [row.email, row.responseStatus]));
  expect(replies.get('b@corp.com')).toBe('needsAction');
  expect(replies.get(lead)).toBe('accepted');
});

it('a list that is longer than was asked for says that it is not whole', async () => {
  await using emulator = await opened();
  const { data } = await emulator.events.get({ calendarId: lead, eventId, maxAttendees: 1 });
  expect(data).toMatchObject({ attendeesOmitted: true, attendees: [{ email: lead, self: true }] });
});

async function opened(): Promise<{ readonly events: calendar_v3.Resource$Events } & AsyncDisposable> {
  const emulator = await serve(tenant);
  return { events: eventsOf(emulator), [Symbol.asyncDispose]: () => emulator.close() };
}
