import { verify } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { accountOf } from '../../../src/providers/account.ts';
import { signal } from '../bench.ts';
import { answer, claimsOf, clientEmail, event, keyFile, onGoogle, publicKey, refusal } from './bench.ts';

const base = 'https://www.googleapis.com/auth/';
const read = () => answer([{ email: 'a@corp.com' }]);

describe('the token call', () => {
  it('signs a request for the organizer, whose audience is the address that it is sent to', async () => {
    await onGoogle(read, async ({ reader, tokenCalls, calls }) => {
      await reader.read(event, 'attendees', signal);
      const [call] = tokenCalls();
      const form = new URLSearchParams(call?.text);
      expect(call?.path).toBe('/token');
      expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
      const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
      const signed = Buffer.from(`${head}.${claims}`);
      expect(verify('RSA-SHA256', signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
      const { iat, exp, ...rest } = claimsOf(call);
      expect(Number(exp) - Number(iat)).toBe(3600);
      expect(rest).toEqual({
        iss: clientEmail,
        sub: 'lead@corp.com',
        scope: `${base}calendar.events.owned`,
        aud: `http://${String(call?.headers['host'])}/token`,
      });
      expect(calls()[0]?.headers['authorization']).toBe('Bearer ya29.CANARY-token-1');
    });
  });

  it('is made once for all events of an organizer, and once for each other one', async () => {
    await onGoogle(
      (request) => answer([], { id: request.path.split('/').at(-1) }),
      async ({ reader, tokenCalls }) => {
        for (const organizer of ['a@corp.com', 'b@corp.com', 'a@corp.com']) {
          await reader.read({ ...event, organizer }, 'attendees', signal);
        }
        expect(tokenCalls().map((call) => claimsOf(call)['sub'])).toEqual(['a@corp.com', 'b@corp.com']);
      },
    );
  });

  it('asks for a scope that may only read, where the one to write is not delegated', async () => {
    await onGoogle(
      read,
      async ({ reader, tokenCalls }) => {
        expect(await reader.read(event, 'attendees', signal)).toMatchObject({ complete: true });
        await reader.read({ ...event, organizer: 'b@corp.com' }, 'attendees', signal);
        expect(tokenCalls().map((call) => claimsOf(call)['scope'])).toEqual([
          `${base}calendar.events.owned`,
          `${base}calendar.events.owned.readonly`,
          `${base}calendar.events.owned.readonly`,
        ]);
      },
      {
        token: (request) =>
          String(claimsOf(request)['scope']).endsWith('.readonly')
            ? { body: { access_token: 'ya29.x', expires_in: 3599 } }
            : {
                status: 401,
                body: { error: 'unauthorized_client', error_description: 'not for this scope' },
              },
      },
    );
  });

  it.each(['Invalid email or User ID', 'Not a valid email or user ID.'])(
    'of an organizer who does not exist fails that event alone: %s',
    async (said) => {
      await onGoogle(
        read,
        async ({ reader }) => {
          const gone = await reader.read({ ...event, organizer: 'gone@corp.com' }, 'attendees', signal);
          expect(gone).toMatchObject({ complete: false, problem: { code: 'list-refused' } });
          expect(await reader.read(event, 'attendees', signal)).toMatchObject({ complete: true });
        },
        {
          token: (request) =>
            claimsOf(request)['sub'] === 'gone@corp.com'
              ? { status: 400, body: { error: 'invalid_grant', error_description: said } }
              : { body: { access_token: 'ya29.x', expires_in: 3599 } },
        },
      );
    },
  );

  it.each([
    ['a token that is none', { body: { access_token: '', expires_in: 3599 } }],
    ['no JSON', { body: '<html>' }],
  ])('names the host of tokens where it answers %s', async (_what, token) => {
    await onGoogle(
      read,
      async ({ reader }) => {
        const observed = await reader.read(event, 'attendees', signal);
        expect(observed).toMatchObject({
          complete: false,
          problem: { hint: expect.stringContaining('GOOGLE_TOKEN_URL') },
        });
        expect(JSON.stringify(observed)).not.toContain('GOOGLE_BASE_URL');
      },
      { token: () => token },
    );
  });

  it('names the variable of the host of tokens where nothing listens there', async () => {
    await onGoogle(
      read,
      async ({ reader }) => {
        expect(await reader.read(event, 'attendees', signal)).toMatchObject({
          complete: false,
          problem: { hint: 'GOOGLE_TOKEN_URL names this host. Check the network, and HTTPS_PROXY.' },
        });
      },
      { env: { GOOGLE_TOKEN_URL: 'http://127.0.0.1:1' } },
    );
  });

  it('that is refused for every scope names delegation, and ends the run', async () => {
    await onGoogle(
      read,
      async ({ reader, calls }) => {
        const observed = await reader.read(event, 'attendees', signal);
        expect(observed).toMatchObject({
          complete: false,
          problem: { code: 'credentials', hint: expect.stringContaining('Domain-wide delegation') },
        });
        expect(calls()).toEqual([]);
      },
      {
        token: () => ({ status: 401, body: { error: 'unauthorized_client', error_description: 'no' } }),
      },
    );
  });

  it('is tried as often as other calls while the platform has a fault', async () => {
    let tries = 0;
    await onGoogle(
      read,
      async ({ reader }) => {
        expect(await reader.read(event, 'attendees', signal)).toMatchObject({ complete: true });
      },
      {
        token: () => {
          tries += 1;
          return tries < 5
            ? { status: 503, body: { error: 'backend_error' } }
            : { body: { access_token: 'ya29.x', expires_in: 3599 } };
        },
      },
    );
    expect(tries).toBe(5);
  });

  it('needs somebody to act for', async () => {
    await onGoogle(read, async ({ reader, tokenCalls }) => {
      const { organizer: _, ...nobody } = event;
      expect(await reader.read(nobody, 'attendees', signal)).toMatchObject({
        complete: false,
        problem: { message: expect.stringContaining('acts for a person') },
      });
      expect(tokenCalls()).toEqual([]);
    });
  });
});

describe('a token that is given', () => {
  const given = { env: { GOOGLE_APPLICATION_CREDENTIALS: '', GOOGLE_ACCESS_TOKEN: 'ya29.given' } };

  it('makes all calls, also without an organizer', async () => {
    const script = (request: { readonly path: string }) =>
      answer([], { id: request.path.split('/').at(-1), organizer: { email: 'me@corp.com', self: true } });
    await onGoogle(
      script,
      async ({ reader, tokenCalls, calls }) => {
        const { organizer: _, ...mine } = event;
        expect(await reader.read(mine, 'attendees', signal)).toMatchObject({ complete: true });
        expect(calls()[0]?.path).toBe('/calendar/v3/calendars/primary/events/g1');
        expect(calls()[0]?.headers['authorization']).toBe('Bearer ya29.given');
        expect(tokenCalls()).toEqual([]);
      },
      given,
    );
  });

  it('is not renewed', async () => {
    await onGoogle(
      () => refusal(401, 'authError'),
      async ({ reader, calls }) => {
        const observed = await reader.read(event, 'attendees', signal);
        expect(observed).toMatchObject({ problem: { code: 'credentials' } });
        expect(calls()).toHaveLength(1);
      },
      given,
    );
  });
});

describe('the key file', () => {
  const of = (path: string, more: Record<string, string> = {}) =>
    accountOf('google', { GOOGLE_APPLICATION_CREDENTIALS: path, ...more });

  it('names the account, and says nothing of where tokens are bought', () => {
    expect(of(keyFile())).toMatchObject({
      appId: clientEmail,
      accessToken: null,
      hosts: { token: 'https://oauth2.googleapis.com', admin: 'https://admin.googleapis.com' },
    });
  });

  test.each([
    ['is not there', () => '/nowhere/key.json'],
    ['is a folder', () => '/tmp'],
    ['is of something else', () => keyFile({ type: 'authorized_user' })],
    ['has no key', () => keyFile({ private_key: 'CANARY-secret' })],
    ['has no address', () => keyFile({ client_email: 'x' })],
  ])('that %s is a problem that names the variable and no byte of it', (_what, make) => {
    const problem = of(make());
    expect(problem).toMatchObject({
      problem: 'bad-credentials',
      variables: ['GOOGLE_APPLICATION_CREDENTIALS'],
    });
    expect(JSON.stringify(problem)).not.toContain('CANARY');
  });

  it('of identity federation names its account beside a token, and is none without one', () => {
    const url = `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${clientEmail}:generateAccessToken`;
    const path = keyFile({ type: 'external_account', service_account_impersonation_url: url });
    expect(of(path, { GOOGLE_ACCESS_TOKEN: 'ya29.x' })).toMatchObject({
      appId: clientEmail,
      appSecret: null,
    });
    expect(of(path)).toMatchObject({
      problem: 'bad-credentials',
      hint: expect.stringContaining('GOOGLE_ACCESS_TOKEN'),
    });
  });

  it.each(['GOOGLE_BASE_URL', 'GOOGLE_TOKEN_URL', 'GOOGLE_ADMIN_BASE_URL'])(
    'is sent to no host that %s may not name',
    (name) => {
      expect(of(keyFile(), { [name]: 'http://evil.example' })).toMatchObject({
        problem: 'bad-base-url',
        variables: [name],
      });
    },
  );
});
