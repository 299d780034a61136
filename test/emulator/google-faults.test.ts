import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { ask, googleError, googleEvent, googleTenant, rowsOf, serve } from './client.ts';

const path = googleEvent('g1');
const guests =
  'attendees: [{ email: lead@corp.com, reply: accepted }, { email: a@corp.com, reply: accepted }]';
const tenant = googleTenant(`{ id: g1, ${guests} }`);

describe('faults on Google', () => {
  it('are others who come, go and answer, between a reading and a write', async () => {
    const faults = `faults: [{ fault: others, api: google.event.patch, calls: 1,
      add: [{ email: new@corp.com }, { email: lead@corp.com, rsvp: tentative }, { room: c_1@resource.calendar.google.com }],
      remove: [A@corp.com] }]`;
    const emulator = await serve(tenant, { faults });
    const { body } = await ask(emulator, 'GET', path);
    const headers = { 'if-match': String(body['etag']) };
    expect(await ask(emulator, 'PATCH', path, { body: { attendees: [] }, headers })).toMatchObject({
      status: 412,
    });
    expect(emulator.attendees('g1')).toEqual([
      { type: 'email', id: 'lead@corp.com', optional: false, reply: 'tentative' },
      { type: 'email', id: 'new@corp.com', optional: false, reply: 'needsAction' },
      { type: 'room', id: 'c_1@resource.calendar.google.com', optional: false, reply: 'needsAction' },
    ]);
  });

  it('leave the etag of an event alone that others only answer, where the switch says so', async () => {
    const faults = 'faults: [{ fault: others, add: [{ email: a@corp.com, rsvp: decline }] }]';
    const emulator = await serve(googleTenant(`{ id: g1, ${guests} }`, '', 'replyEtag: stays'), { faults });
    const [one, other] = [await ask(emulator, 'GET', path), await ask(emulator, 'GET', path)];
    expect(other.body['etag']).toBe(one.body['etag']);
    expect(rowsOf(one, 'attendees')[1]).toMatchObject({ responseStatus: 'declined' });
  });

  it.each([
    ['{ fault: rate-limit }', 403, 'rateLimitExceeded'],
    ['{ fault: rate-limit, code: userRateLimitExceeded, reset: 3 }', 403, 'userRateLimitExceeded'],
    ['{ fault: rate-limit, code: quotaExceeded }', 403, 'quotaExceeded'],
    ['{ fault: expired-token }', 401, 'authError'],
    ['{ fault: error, body: json, status: 503 }', 503, 'backendError'],
  ])('answer as Google does: %s', async (fault, status, reason) => {
    const emulator = await serve(tenant, { faults: `faults: [${fault}]` });
    const reply = await ask(emulator, 'GET', path);
    expect([reply.status, googleError(reply)['reason']]).toEqual([status, reason]);
    if (fault.includes('reset')) expect(reply.headers.get('retry-after')).toBe('3');
  });

  it('have an event read as it was, and conflict with it', async () => {
    const emulator = await serve(tenant, {
      faults: 'faults: [{ fault: stale, for: 1h, api: google.event.get, calls: 1 }]',
    });
    await ask(emulator, 'GET', path);
    await ask(emulator, 'PATCH', path, { body: { attendees: [] } });
    const { body } = await ask(emulator, 'GET', path);
    expect(body['attendees']).toHaveLength(2);
    const headers = { 'if-match': String(body['etag']) };
    expect(await ask(emulator, 'PATCH', path, { body: { attendees: [] }, headers })).toMatchObject({
      status: 412,
    });
  });
});

describe('the state file', () => {
  const series = `{ id: s1, start: 2099-01-05T02:00:00Z, recurrence: FREQ=DAILY, ${guests} }`;

  it('keeps events of Google, those that were made, and their etags', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-state-'));
    try {
      const state = join(folder, 'state.json');
      const first = await serve(googleTenant(`{ id: g1, ${guests} }, ${series}`), { state });
      const occurrence = googleEvent('s1_20990105T020000Z');
      await ask(first, 'PATCH', path, { body: { attendees: [{ email: 'x@corp.com' }] } });
      await ask(first, 'PATCH', occurrence, { body: { attendees: [{ email: 'y@corp.com' }] } });
      const times = { start: { date: '2099-01-04' }, end: { date: '2099-01-05' } };
      const made = await ask(first, 'POST', '/calendar/v3/calendars/lead%40corp.com/events', { body: times });
      const paths = [path, occurrence, googleEvent(String(made.body['id']))];
      const before = await Promise.all(paths.map((at) => ask(first, 'GET', at)));
      await first.close();
      const second = await serve(googleTenant(`{ id: g1, ${guests} }, ${series}`), { state });
      const after = await Promise.all(paths.map((at) => ask(second, 'GET', at)));
      expect(after.map(({ body }) => body)).toEqual(before.map(({ body }) => body));
      expect(readFileSync(state, 'utf8')).not.toContain('u-test');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of a version without Google is taken', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-state-'));
    try {
      const state = join(folder, 'state.json');
      const written = await serve(tenant, { state });
      await ask(written, 'PATCH', path, { body: { attendees: [] } });
      const { google: _, ...rest } = JSON.parse(readFileSync(state, 'utf8')) as Record<string, unknown>;
      writeFileSync(state, JSON.stringify(rest));
      const emulator = await serve(tenant, { state });
      expect(emulator.attendees('g1')).toHaveLength(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
