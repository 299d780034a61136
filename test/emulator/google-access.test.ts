import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import type { Emulator } from '../../src/emulator/server.ts';
import { ask, googleError, googleEvent, rowsOf, serve, type Reply } from './client.ts';

const scope = (name: string): string => `https://www.googleapis.com/auth/${name}`;
const robot = 'rollcall@demo.iam.gserviceaccount.com';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const { privateKey: otherKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = String(publicKey.export({ type: 'spki', format: 'pem' }));

const tenant = `
tokens: [u-test]
google:
  domains: [corp.com]
  accounts:
    - { clientEmail: ${robot}, delegated: true, scopes: [${scope('calendar.events.owned')}, ${scope('calendar.readonly')}],
        publicKey: ${JSON.stringify(pem)} }
    - { clientEmail: bare@demo.iam.gserviceaccount.com }
    - { clientEmail: free@demo.iam.gserviceaccount.com, delegated: true }
  aliases: { boss@corp.com: lead@corp.com }
  withoutCalendar: [mail@corp.com]
  calendars:
    - { id: lead@corp.com, events: [{ id: g1, attendees: [{ email: mail@corp.com }] }] }
    - { id: team@group.calendar.google.com, owner: lead@corp.com, events: [{ id: g2, summary: S, attendees: [{ email: x@corp.com }] }],
        shared: [{ email: w@corp.com, role: writer }, { email: r@corp.com, role: reader },
          { email: f@corp.com, role: freeBusyReader }, { email: bare@demo.iam.gserviceaccount.com, role: writer }] }
    - { id: w@corp.com }
    - { id: r@corp.com }
    - { id: f@corp.com }
`;

const clock = { now: Date.UTC(2026, 10, 20) };
const open = (): Promise<Emulator> => serve(tenant, { now: () => clock.now });

interface Claims {
  readonly sub?: string | undefined;
  readonly iss?: string;
  readonly scope?: string;
  readonly aud?: string;
  readonly iat?: number;
  readonly exp?: number;
}

function grant(
  { url }: Emulator,
  claims: Claims = {},
  { key = privateKey, alg = 'RS256' }: { key?: typeof privateKey; alg?: string } = {},
): string {
  const iat = Math.floor(clock.now / 1000);
  const all = {
    iss: robot,
    scope: scope('calendar.events.owned'),
    aud: `${url}/token`,
    iat,
    exp: iat + 3600,
    sub: 'lead@corp.com',
    ...claims,
  };
  const parts = [{ alg, typ: 'JWT' }, all].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signed = parts.join('.');
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

function fetchToken(
  emulator: Emulator,
  assertion: string,
  type = 'urn:ietf:params:oauth:grant-type:jwt-bearer',
): Promise<Reply> {
  const raw = new URLSearchParams({ grant_type: type, assertion }).toString();
  return ask(emulator, 'POST', '/token', {
    raw,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
}

async function as(
  emulator: Emulator,
  sub: string | undefined,
  iss = robot,
  scopes = 'calendar.events.owned',
): Promise<object> {
  const claims = { iss, scope: scopes.split(' ').map(scope).join(' '), sub };
  const { body } = await fetchToken(emulator, grant(emulator, claims));
  return { headers: { authorization: `Bearer ${String(body['access_token'])}` } };
}

describe('a token of Google', () => {
  it('is handed out for a signed grant, for less than an hour, and is good for as long', async () => {
    const emulator = await open();
    const { status, body } = await fetchToken(emulator, grant(emulator));
    expect([status, body]).toEqual([
      200,
      { access_token: expect.any(String), expires_in: 3599, token_type: 'Bearer' },
    ]);
    const headers = { authorization: `Bearer ${String(body['access_token'])}` };
    expect(await ask(emulator, 'GET', googleEvent('g1'), { headers })).toMatchObject({ status: 200 });
    clock.now += 3_600_000;
    const late = await ask(emulator, 'GET', googleEvent('g1'), { headers });
    expect([late.status, googleError(late)]).toEqual([
      401,
      {
        domain: 'global',
        reason: 'authError',
        message: 'Invalid Credentials',
        locationType: 'header',
        location: 'Authorization',
      },
    ]);
    expect(emulator.requests[0]).toMatchObject({ api: 'google.token', body: undefined });
  });

  const now = (): number => Math.floor(clock.now / 1000);
  it.each<[string, number, string, Claims, Parameters<typeof grant>[2]?]>([
    ['of an account that is not there', 400, 'invalid_grant', { iss: 'who@demo.iam.gserviceaccount.com' }],
    ['signed with another key', 400, 'invalid_grant', {}, { key: otherKey }],
    ['signed in another way', 400, 'invalid_grant', {}, { alg: 'HS256' }],
    ['for another audience', 400, 'invalid_grant', { aud: 'https://example.com/token' }],
    ['for nobody known', 400, 'invalid_grant', { sub: 'who@corp.com' }],
    ['without a scope', 400, 'invalid_scope', { scope: '' }],
    [
      'with a scope that was not delegated',
      401,
      'unauthorized_client',
      { scope: `${scope('calendar.events.owned')} ${scope('calendar')}` },
    ],
    [
      'for somebody, of an account without delegation',
      401,
      'unauthorized_client',
      { iss: 'bare@demo.iam.gserviceaccount.com' },
    ],
  ])('is refused for a grant %s', async (_, status, error, claims, how = {}) => {
    const emulator = await open();
    const reply = await fetchToken(emulator, grant(emulator, claims, how));
    expect([reply.status, reply.body]).toEqual([status, { error, error_description: expect.any(String) }]);
  });

  it.each([
    ['from the future', 600, 4200],
    ['that is over', -7200, -3600],
    ['for two hours', 0, 7200],
  ])('is refused for a grant %s', async (_, iat, exp) => {
    const emulator = await open();
    const reply = await fetchToken(emulator, grant(emulator, { iat: now() + iat, exp: now() + exp }));
    expect(reply.body).toMatchObject({
      error: 'invalid_grant',
      error_description: expect.stringContaining('short-lived'),
    });
  });

  it('is refused for what is no grant', async () => {
    const emulator = await open();
    expect((await fetchToken(emulator, 'x.y')).body).toMatchObject({ error: 'invalid_grant' });
    expect((await fetchToken(emulator, 'x', 'password')).body).toMatchObject({
      error: 'unsupported_grant_type',
    });
    expect((await ask(emulator, 'POST', '/token')).body).toMatchObject({ error: 'invalid_request' });
  });

  it('is for its scopes alone', async () => {
    const emulator = await open();
    const reader = await as(emulator, 'lead@corp.com', robot, 'calendar.readonly');
    expect(await ask(emulator, 'GET', googleEvent('g1'), reader)).toMatchObject({ status: 200 });
    const reply = await ask(emulator, 'PATCH', googleEvent('g1'), { ...reader, body: {} });
    expect([reply.status, googleError(reply)['reason']]).toEqual([403, 'insufficientPermissions']);
  });

  it('of the tenant file acts for every owner, or for the one whom it names', async () => {
    const every = await open();
    expect(await ask(every, 'GET', googleEvent('g2', 'team@group.calendar.google.com'))).toMatchObject({
      status: 200,
    });
    expect(await ask(every, 'GET', googleEvent('g1', 'primary'))).toMatchObject({ status: 200 });
    const one = await serve(tenant.replace('google:', 'google:\n  subject: r@corp.com'));
    expect(await ask(one, 'GET', googleEvent('g1'))).toMatchObject({ status: 404 });
    expect(await ask(one, 'GET', googleEvent('g2', 'team@group.calendar.google.com'))).toMatchObject({
      status: 200,
    });
  });
});

describe('a calendar of Google', () => {
  const team = googleEvent('g2', 'team@group.calendar.google.com');

  it('is its owner’s under every address, and primary', async () => {
    const emulator = await open();
    const lead = await as(emulator, 'boss@corp.com');
    for (const name of ['lead@corp.com', 'LEAD@corp.com', 'boss@corp.com', 'primary']) {
      expect(await ask(emulator, 'GET', googleEvent('g1', name), lead)).toMatchObject({ status: 200 });
    }
  });

  it.each([
    ['lead@corp.com', 200, 200],
    ['w@corp.com', 200, 200],
    ['r@corp.com', 200, 403],
    ['x@corp.com', 404, 404],
  ])('can be read and written as its sharing says: %s', async (who, read, write) => {
    const emulator = await open();
    const user = await as(emulator, who);
    expect((await ask(emulator, 'GET', team, user)).status).toBe(read);
    const reply = await ask(emulator, 'PATCH', team, { ...user, body: {} });
    expect(reply.status).toBe(write);
    if (write === 403) expect(googleError(reply)['reason']).toBe('requiredAccessLevel');
  });

  it('shows when its events are, and no more, to whom that alone is shared', async () => {
    const emulator = await open();
    const { body } = await ask(emulator, 'GET', team, await as(emulator, 'f@corp.com'));
    expect(body).toMatchObject({ id: 'g2', start: {}, end: {} });
    for (const hidden of ['summary', 'attendees', 'organizer']) expect(body).not.toHaveProperty(hidden);
  });

  it('is none of somebody who does not use it', async () => {
    const emulator = await open();
    const reply = await ask(
      emulator,
      'GET',
      googleEvent('g1', 'primary'),
      await as(emulator, 'mail@corp.com'),
    );
    expect([reply.status, googleError(reply)['reason']]).toEqual([403, 'notACalendarUser']);
  });

  it('takes no guests from a service account that acts for nobody', async () => {
    const emulator = await open();
    const bare = await as(emulator, undefined, 'bare@demo.iam.gserviceaccount.com', 'calendar');
    expect(await ask(emulator, 'GET', team, bare)).toMatchObject({ status: 200 });
    const reply = await ask(emulator, 'PATCH', team, {
      ...bare,
      body: { attendees: [{ email: 'y@corp.com' }] },
    });
    expect([reply.status, googleError(reply)['reason']]).toEqual([403, 'forbiddenForServiceAccounts']);
    expect(await ask(emulator, 'PATCH', team, { ...bare, body: { summary: 'T' } })).toMatchObject({
      status: 200,
    });
  });

  it('is in the list of who may see it', async () => {
    const emulator = await open();
    const list = '/calendar/v3/users/me/calendarList';
    const reader = await as(emulator, 'r@corp.com', robot, 'calendar.readonly');
    const rows = rowsOf(await ask(emulator, 'GET', list, reader));
    expect(rows).toMatchObject([
      { id: 'team@group.calendar.google.com', accessRole: 'reader' },
      { id: 'r@corp.com', accessRole: 'owner', primary: true },
    ]);
    expect(rowsOf(await ask(emulator, 'GET', `${list}?minAccessRole=writer`, reader))).toHaveLength(1);
    const first = await ask(emulator, 'GET', `${list}?maxResults=1`, reader);
    expect(
      rowsOf(
        await ask(
          emulator,
          'GET',
          `${list}?maxResults=1&pageToken=${String(first.body['nextPageToken'])}`,
          reader,
        ),
      ),
    ).toMatchObject([{ id: 'r@corp.com' }]);
    expect((await ask(emulator, 'GET', '/calendar/v3/calendars/primary', reader)).body).toMatchObject({
      id: 'r@corp.com',
    });
  });

  it('has its quota by units, for each user and whoever quotaUser names', async () => {
    const emulator = await serve(tenant, { now: () => clock.now, quota: 'documented' });
    const lead = await as(emulator, 'lead@corp.com');
    for (let n = 0; n < 199; n += 1) await ask(emulator, 'PATCH', googleEvent('g1'), { ...lead, body: {} });
    for (let n = 0; n < 3; n += 1)
      expect(await ask(emulator, 'GET', googleEvent('g1'), lead)).toMatchObject({ status: 200 });
    const reply = await ask(emulator, 'GET', googleEvent('g1'), lead);
    expect([reply.status, googleError(reply)]).toEqual([
      403,
      { domain: 'usageLimits', reason: 'userRateLimitExceeded', message: 'User Rate Limit Exceeded' },
    ]);
    const other = await as(emulator, 'w@corp.com');
    expect(
      await ask(emulator, 'GET', googleEvent('g2', 'team@group.calendar.google.com'), other),
    ).toMatchObject({ status: 200 });
    expect(await ask(emulator, 'GET', `${googleEvent('g1')}?quotaUser=me`, lead)).toMatchObject({
      status: 200,
    });
    clock.now += 60_000;
    expect(await ask(emulator, 'GET', googleEvent('g1'), lead)).toMatchObject({ status: 200 });
  });

  it('may count its quota for the service account, and answer 429', async () => {
    const behaviour = 'behaviour: { quotaOwner: account, rateStatus: http-429 }\n';
    const emulator = await serve(behaviour + tenant, { now: () => clock.now, quota: 'documented' });
    const [lead, other] = [await as(emulator, 'lead@corp.com'), await as(emulator, 'w@corp.com')];
    for (let n = 0; n < 200; n += 1) await ask(emulator, 'PATCH', googleEvent('g1'), { ...lead, body: {} });
    const reply = await ask(emulator, 'GET', googleEvent('g2', 'team@group.calendar.google.com'), other);
    expect([reply.status, googleError(reply)['reason']]).toEqual([429, 'rateLimitExceeded']);
  });
});

describe('a tenant file with a key that is none', () => {
  it('is refused', async () => {
    const wrong = 'google: { accounts: [{ clientEmail: a@b.c, publicKey: abc }] }';
    await expect(serve(wrong)).rejects.toThrow('tenant.yaml:1:55: publicKey is not a public key in PEM form');
  });
});
