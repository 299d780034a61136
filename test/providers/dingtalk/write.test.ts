import { describe, expect, it, test } from 'vitest';
import type { Writer } from '../../../src/providers/provider.ts';
import type { Script, ScriptedAnswer } from '../../support/scripted-server.ts';
import { canaries, dingtalkEvent, inTurn, onDingtalk, refuse, signal } from '../bench.ts';
import { addition, deletion, removal, unbinding } from '../../support/edits.ts';

const path = '/v1.0/calendar/users/unionOrg/calendars/primary/events/a%2Fb%2Bc%3D%3D';
const options = { notify: false, key: 'run1-batch2' };
const rows = [
  { type: 'user', id: 'unionA' },
  { type: 'user', id: 'a/b+c==' },
] as const;

const remove = (writer: Writer): Promise<unknown> =>
  writer.edit(dingtalkEvent, removal(rows), undefined, options, signal);

function sent(work: (writer: Writer) => Promise<unknown>): Promise<unknown> {
  return onDingtalk(
    () => ({}),
    async ({ writer, calls }) => {
      await work(writer);
      expect(calls()).toHaveLength(1);
      const [call] = calls();
      return {
        method: call?.method,
        path: call?.path,
        query: call?.query,
        key: call?.headers['x-client-token'],
        json: call?.json,
      };
    },
  );
}

describe('a write', () => {
  it('removes by id, with the key of the request, and takes an empty answer for success', async () => {
    expect(await sent(remove)).toEqual({
      method: 'POST',
      path: `${path}/attendees/batchRemove`,
      query: {},
      key: 'run1-batch2',
      json: { attendeesToRemove: [{ id: 'unionA' }, { id: 'a/b+c==' }] },
    });
  });

  test.each([true, false])('adds with both kinds of message as notify says: %s', async (notify) => {
    const batch = [{ type: 'user', id: 'unionA', optional: true }] as const;
    expect(
      await sent((writer) =>
        writer.edit(dingtalkEvent, addition(batch), undefined, { ...options, notify }, signal),
      ),
    ).toEqual({
      method: 'POST',
      path: `${path}/attendees`,
      query: {},
      key: 'run1-batch2',
      json: {
        attendeesToAdd: [{ id: 'unionA', isOptional: true }],
        pushNotification: notify,
        chatNotification: notify,
      },
    });
  });

  test.each([true, false])('deletes with a message as notify says: %s', async (notify) => {
    expect(
      await sent((writer) => writer.edit(dingtalkEvent, deletion, undefined, { ...options, notify }, signal)),
    ).toEqual({
      method: 'DELETE',
      path,
      query: { pushNotification: String(notify) },
      key: 'run1-batch2',
      json: undefined,
    });
  });

  it('refuses what DingTalk has no room for, without a call', async () => {
    await onDingtalk(
      () => ({}),
      async ({ writer, session }) => {
        const room = { type: 'room', id: 'r' } as const;
        await expect(
          writer.edit(dingtalkEvent, removal([room]), undefined, options, signal),
        ).rejects.toMatchObject({
          kind: 'event',
        });
        const adding = writer.edit(
          dingtalkEvent,
          addition([{ ...room, optional: false }]),
          undefined,
          options,
          signal,
        );
        await expect(adding).rejects.toMatchObject({ kind: 'event' });
        await expect(
          writer.edit(dingtalkEvent, unbinding('c'), undefined, options, signal),
        ).rejects.toMatchObject({ kind: 'event' });
        await writer.edit(dingtalkEvent, removal([]), undefined, options, signal);
        await writer.edit(dingtalkEvent, addition([]), undefined, options, signal);
        expect(session.requests).toBe(0);
      },
    );
  });

  test.each<readonly [string, ReturnType<Script>, string]>([
    ['invalidParameter', refuse('invalidParameter'), 'entry'],
    ['permissionDeny', refuse('permissionDeny'), 'entry'],
    ['itemNotFound', refuse('itemNotFound', 404), 'absent'],
    ['an error in a 200', refuse('invalidParameter', 200), 'entry'],
    ['a 5xx with JSON', refuse('unknownError', 500), 'lost'],
    ['a 5xx with nothing', { status: 502 }, 'lost'],
    ['HTML in a 200', { body: '<html>' }, 'lost'],
    ['a 400 with nothing', { status: 400 }, 'malformed'],
    ['a reset', 'reset', 'lost'],
    ['a barred address', { status: 403, body: { status: 1111, wait: 5 } }, 'rate'],
  ])('is not repeated after %s', async (_what, answer, kind) => {
    await onDingtalk(
      () => answer,
      async ({ writer, session }) => {
        await expect(remove(writer)).rejects.toMatchObject({ kind });
        expect(session.requests).toBe(1);
      },
    );
  });

  test.each(['itemNotFound', 'instanceNotExist'])('that deletes is done already after %s', async (code) => {
    await onDingtalk(
      () => refuse(code, 404),
      async ({ writer }) => {
        await expect(writer.edit(dingtalkEvent, deletion, undefined, options, signal)).rejects.toMatchObject({
          kind: 'done',
        });
      },
    );
  });

  test.each<readonly [string, ScriptedAnswer, number]>([
    ['a rate limit', refuse('Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', 403), 1000],
    ['a busy system', refuse('systemBusy', 429), 1000],
    ['a request still at work', refuse('idempotencyProcessing'), 400],
  ])('is repeated with the same key after %s', async (_what, answer, atLeastMs) => {
    await onDingtalk(inTurn(answer, answer, {}), async ({ writer, calls, clock }) => {
      const start = clock.now();
      await remove(writer);
      expect(calls().map((call) => call.headers['x-client-token'])).toEqual(
        Array.from({ length: 3 }, () => 'run1-batch2'),
      );
      expect(calls()[2]?.text).toBe(calls()[0]?.text);
      expect(clock.now() - start).toBeGreaterThanOrEqual(2 * atLeastMs);
    });
  });

  it('that stays at work is one whose fate is not known', async () => {
    await onDingtalk(
      () => refuse('idempotencyProcessing'),
      async ({ writer, session }) => {
        await expect(remove(writer)).rejects.toMatchObject({ kind: 'lost', code: 'idempotencyProcessing' });
        expect(session.requests).toBe(6);
      },
    );
  });
});

describe('a session', () => {
  it('fetches one token by key and secret', async () => {
    await onDingtalk(
      () => ({ body: { attendees: [] } }),
      async ({ reader, tokenCalls, session }) => {
        await Promise.all([
          reader.read(dingtalkEvent, 'attendees', signal),
          reader.read(dingtalkEvent, 'attendees', signal),
        ]);
        expect(tokenCalls().map((call) => [call.path, call.json])).toEqual([
          ['/v1.0/oauth2/accessToken', { appKey: 'cli_x', appSecret: canaries.secret }],
        ]);
        expect(session.requests).toBe(2);
      },
    );
  });

  test.each<readonly [string, ScriptedAnswer]>([
    ['InvalidAuthentication', refuse('InvalidAuthentication')],
    ['a 401 without a body', { status: 401 }],
    ['a 401 with an unknown code', refuse('whatever', 401)],
  ])('renews the token once after %s, also for a write', async (_what, answer) => {
    await onDingtalk(inTurn(answer, {}), async ({ writer, calls }) => {
      await remove(writer);
      expect(calls()[1]?.headers['x-acs-dingtalk-access-token']).toBe(`${canaries.token}-2`);
      expect(calls()[1]?.headers['x-client-token']).toBe('run1-batch2');
    });
  });

  it('ends where the token stays refused', async () => {
    await onDingtalk(
      () => refuse('InvalidAuthentication'),
      async ({ writer, session }) => {
        await expect(remove(writer)).rejects.toMatchObject({
          kind: 'auth',
          hint: expect.stringContaining('DINGTALK_APP_SECRET'),
        });
        await expect(remove(writer)).rejects.toMatchObject({ kind: 'auth' });
        expect(session.requests).toBe(2);
      },
    );
  });

  it('ends where a given token is refused', async () => {
    await onDingtalk(
      () => refuse('InvalidAuthentication'),
      async ({ writer, session, tokenCalls }) => {
        await expect(remove(writer)).rejects.toMatchObject({
          hint: expect.stringContaining('DINGTALK_ACCESS_TOKEN'),
        });
        expect([session.requests, tokenCalls().length]).toEqual([1, 0]);
      },
      { env: { DINGTALK_ACCESS_TOKEN: 'CANARY-given' } },
    );
  });

  test.each<readonly [string, ScriptedAnswer]>([
    ['the secret is wrong', refuse('invalidClientIdOrSecret', 400, { message: `bad ${canaries.secret}` })],
    ['the month is used up', refuse('Forbidden.AccessDenied.ApiCountLimitForOrg', 403)],
    ['the address is barred', { status: 403, body: { status: 1111, wait: 5 } }],
  ])('ends where %s, and makes no further call', async (_what, answer) => {
    await onDingtalk(
      () => ({}),
      async ({ writer, tokenCalls, session }) => {
        const errors = [await remove(writer).catch(String), await remove(writer).catch(String)];
        expect(errors[0]).toMatch(/^PlatformError: DingTalk/);
        expect(errors[1]).toBe(errors[0]);
        expect(errors[0]).not.toContain('CANARY');
        expect([tokenCalls().length, session.requests]).toEqual([1, 0]);
      },
      { token: () => answer },
    );
  });

  test.each<readonly [string, ScriptedAnswer]>([
    ['without a token', { body: { expireIn: 7200 } }],
    ['without a life', { body: { accessToken: 'x' } }],
    ['HTML', { body: '<html>' }],
  ])('makes no call with a token answer that is %s', async (_what, answer) => {
    await onDingtalk(
      () => ({}),
      async ({ writer, session }) => {
        await expect(remove(writer)).rejects.toMatchObject({ kind: 'malformed' });
        expect(session.requests).toBe(0);
      },
      { token: () => answer },
    );
  });

  it('shows no secret, even where the platform repeats it', async () => {
    const message = `token ${canaries.token}-1 of ${canaries.secret}`;
    await onDingtalk(
      () => refuse('brandNew', 400, { message }),
      async ({ reader, writer, events }) => {
        const error = await remove(writer).catch((caught: unknown) => caught);
        const shown = [
          String(error),
          JSON.stringify(error),
          await reader.read(dingtalkEvent, 'attendees', signal),
          events,
        ];
        expect(JSON.stringify(shown)).not.toContain('CANARY');
        expect(String(error)).toContain('token *** of ***');
      },
    );
  });

  it('hands out a reader that has nothing to write with', async () => {
    await onDingtalk(
      () => ({}),
      ({ reader }) => {
        expect(Object.keys(reader)).toEqual(['read', 'meetingChats', 'occurrences']);
        expect(Object.isFrozen(reader)).toBe(true);
        return Promise.resolve();
      },
    );
  });
});
