import { describe, expect, test } from 'vitest';
import { createLimiter } from '../../src/http/quota.ts';
import type { RequestEvent } from '../../src/http/transport.ts';
import { createTransport } from '../../src/http/undici-transport.ts';
import { type Ask, type Client, createClient } from '../../src/providers/client.ts';
import type { Dialect } from '../../src/providers/dialect.ts';
import type { Account } from '../../src/providers/provider.ts';
import { type Script, type SeenRequest, scriptedServer } from '../support/scripted-server.ts';
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts';

/** A dialect that does on the wire what none of the platforms does yet. */
const dialect: Dialect = {
  tokenCall: ({ appId, appSecret }) => ({
    method: 'POST',
    path: '/token',
    body: { form: { grant_type: 'client', id: appId ?? '', assertion: appSecret ?? '' } },
  }),
  tokenOf: () => ({ token: 'CANARY-token', lifetimeMs: 3_600_000 }),
  authorize: (call, token) => ({ ...call, query: { ...call.query, access_token: token } }),
  open: ({ status, text }) =>
    status < 300
      ? { state: 'ok', body: text }
      : { state: 'refused', code: String(status), said: [text], missing: [], logId: undefined },
  errors: () => undefined,
  lane: () => 'all',
  logIdName: 'request id',
};

interface Bench {
  readonly client: Client;
  readonly requests: readonly SeenRequest[];
  readonly events: readonly RequestEvent[];
  readonly clock: VirtualClock;
}

const call: Ask = {
  api: 'event.get',
  method: 'GET',
  path: '/events/1',
  operation: 'read',
  signal: new AbortController().signal,
};

async function onClient(script: Script, work: (bench: Bench) => Promise<void>): Promise<void> {
  await using server = await scriptedServer(script);
  const account: Account = {
    provider: 'feishu',
    baseUrl: server.url,
    appId: 'me',
    appSecret: 'a b&c',
    accessToken: null,
  };
  const events: RequestEvent[] = [];
  const transport = createTransport({ onRequest: (event) => events.push(event) });
  const clock = virtualClock();
  const limiter = createLimiter([{ calls: 1, perMs: 1000 }], clock);
  const client = createClient(account, { transport, clock, limiter, timeoutMs: 60_000 }, dialect);
  try {
    await work({ client, requests: server.requests, events, clock });
  } finally {
    await transport.close();
  }
}

const answer: Script = ({ path }) => ({ body: path === '/token' ? 'token' : 'yes' });

describe('a client', () => {
  test('buys its token with a form and carries it in the query, where no log shows it', async () => {
    await onClient(answer, async ({ client, requests, events }) => {
      expect(await client.ask({ ...call, query: { sendUpdates: 'none' } })).toEqual({ body: 'yes', size: 3 });
      const [bought, asked] = requests;
      expect(bought?.headers['content-type']).toBe('application/x-www-form-urlencoded');
      expect(bought?.text).toBe('grant_type=client&id=me&assertion=a+b%26c');
      expect(asked?.query).toEqual({ sendUpdates: 'none', access_token: 'CANARY-token' });
      expect(JSON.stringify(events)).not.toContain('CANARY');
    });
  });

  test.each(['PUT', 'PATCH'] as const)('sends a %s', async (method) => {
    await onClient(answer, async ({ client, requests }) => {
      await client.ask({ ...call, method, body: { json: { a: 1 } }, operation: 'batch' });
      expect(requests[1]).toMatchObject({ method, json: { a: 1 } });
    });
  });

  test('counts calls of one lane in one rate window, whatever their API', async () => {
    await onClient(answer, async ({ client, clock }) => {
      const began = clock.now();
      await client.ask(call);
      await client.ask({ ...call, api: 'event.patch' });
      expect(clock.now() - began).toBeGreaterThanOrEqual(1000);
    });
  });

  test('takes HTTP 412 for an event that is not what was read', async () => {
    await onClient(
      (request, response) =>
        request.path === '/token' ? answer(request, response) : { status: 412, body: 'no' },
      async ({ client }) => {
        await expect(client.ask({ ...call, operation: 'batch' })).rejects.toMatchObject({ kind: 'conflict' });
      },
    );
  });

  test('refuses a parameter that has no encoding, and sends nothing', async () => {
    await onClient(answer, async ({ client, requests }) => {
      await expect(client.ask({ ...call, query: { chat: '\uD800' } })).rejects.toMatchObject({
        kind: 'event',
        code: 'bad-id',
      });
      expect(requests.map(({ path }) => path)).toEqual(['/token']);
    });
  });
});
