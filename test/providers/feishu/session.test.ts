import { getEventListeners } from 'node:events';
import { describe, expect, it, test } from 'vitest';
import type { Script, ScriptedAnswer } from '../../support/scripted-server.ts';
import { canaries, feishuEvent, inTurn, no, ok, onFeishu, signal } from '../bench.ts';
import { deletion, removal } from '../../support/edits.ts';

const empty = ok({ items: [], has_more: false });
const given = { FEISHU_ACCESS_TOKEN: 'u-CANARY-given' };

describe('a session', () => {
  it('fetches one token for all its calls, and does not count it', async () => {
    await onFeishu(
      () => empty,
      async ({ reader, writer, session, tokenCalls, calls }) => {
        await Promise.all([
          reader.read(feishuEvent, 'attendees', signal),
          reader.read(feishuEvent, 'facts', signal),
          writer.edit(feishuEvent, deletion, undefined, { notify: false, key: 'k' }, signal),
        ]);
        expect(tokenCalls().map((call) => [call.path, call.json])).toEqual([
          [
            '/open-apis/auth/v3/tenant_access_token/internal',
            { app_id: 'cli_x', app_secret: canaries.secret },
          ],
        ]);
        expect(calls().map((call) => call.headers['authorization'])).toEqual(
          Array.from({ length: 3 }, () => `Bearer ${canaries.token}-1`),
        );
        expect(session.requests).toBe(3);
      },
    );
  });

  it('hands out a reader that has nothing to write with', async () => {
    await onFeishu(
      () => empty,
      ({ reader, writer }) => {
        expect(Object.keys(reader)).toEqual(['read', 'meetingChats', 'occurrences']);
        expect(Object.isFrozen(reader)).toBe(true);
        expect(Object.isFrozen(writer)).toBe(true);
        return Promise.resolve();
      },
    );
  });

  it('speaks the same language with Lark, under its own name', async () => {
    await onFeishu(
      () => no(194001, 403),
      async ({ reader, calls }) => {
        const observed = await reader.read({ ...feishuEvent, provider: 'lark' }, 'attendees', signal);
        expect(observed).toMatchObject({ problem: { message: expect.stringMatching(/^Lark: /) } });
        expect(calls()[0]?.path).toMatch(/^\/open-apis\/calendar\/v4\//);
      },
      { provider: 'lark' },
    );
  });

  it('leaves no listener behind on the signal of a run, which serves thousands of calls', async () => {
    await onFeishu(inTurn(no(190003, 500), no(99991400, 429), empty), async ({ reader }) => {
      const run = new AbortController();
      await Promise.all([
        reader.read(feishuEvent, 'attendees', run.signal),
        reader.read(feishuEvent, 'attendees', run.signal),
      ]);
      expect(getEventListeners(run.signal, 'abort')).toEqual([]);
    });
  });

  it('ends with the reason of an abort', async () => {
    await onFeishu(
      () => 'hang',
      async ({ reader }) => {
        const reason = new Error('enough');
        const controller = new AbortController();
        const listing = reader.read(feishuEvent, 'attendees', controller.signal);
        setImmediate(() => controller.abort(reason));
        await expect(listing).rejects.toBe(reason);
      },
    );
  });
});

describe('a token', () => {
  test.each([99991663, 99991664, 99991671])(
    'answered with %i is renewed once, and the call made again',
    async (code) => {
      await onFeishu(inTurn(no(code), empty), async ({ reader, tokenCalls, calls }) => {
        expect(await reader.read(feishuEvent, 'attendees', signal)).toMatchObject({ complete: true });
        expect(tokenCalls()).toHaveLength(2);
        expect(calls()[1]?.headers['authorization']).toBe(`Bearer ${canaries.token}-2`);
      });
    },
  );

  it('that is renewed for a write lets the write through', async () => {
    await onFeishu(inTurn(no(99991663), ok({})), async ({ writer, session }) => {
      await writer.edit(feishuEvent, deletion, undefined, { notify: false, key: 'k' }, signal);
      expect(session.requests).toBe(2);
    });
  });

  it('that stays refused ends the session', async () => {
    await onFeishu(
      () => no(99991663),
      async ({ reader, session, tokenCalls }) => {
        for (let turn = 0; turn < 2; turn += 1) {
          expect(await reader.read(feishuEvent, 'attendees', signal)).toMatchObject({
            problem: { code: 'credentials', hint: expect.stringContaining('FEISHU_APP_SECRET') },
          });
        }
        expect(session.requests).toBe(2);
        expect(tokenCalls()).toHaveLength(2);
      },
    );
  });

  it('that was given is used as it is, and ends the session when it is refused', async () => {
    await onFeishu(
      () => no(99991663),
      async ({ reader, session, tokenCalls, calls }) => {
        for (let turn = 0; turn < 2; turn += 1) {
          expect(await reader.read(feishuEvent, 'attendees', signal)).toMatchObject({
            problem: { code: 'credentials', hint: expect.stringContaining('FEISHU_ACCESS_TOKEN') },
          });
        }
        expect(tokenCalls()).toHaveLength(0);
        expect(session.requests).toBe(1);
        expect(calls()[0]?.headers['authorization']).toBe('Bearer u-CANARY-given');
      },
      { env: given },
    );
  });

  it('is renewed before its end', async () => {
    await onFeishu(
      () => empty,
      async ({ reader, clock, tokenCalls }) => {
        await reader.read(feishuEvent, 'attendees', signal);
        await clock.sleep(6 * 60_000);
        await reader.read(feishuEvent, 'attendees', signal);
        expect(tokenCalls()).toHaveLength(2);
      },
      { token: () => ({ body: { code: 0, tenant_access_token: 't-x', expire: 360 } }) },
    );
  });

  test.each<readonly [string, ScriptedAnswer, string]>([
    ['refused with HTTP 200', { body: { code: 10014, msg: `bad ${canaries.secret}` } }, 'credentials'],
    ['refused with an unknown code', { body: { code: 77, msg: `bad ${canaries.secret}` } }, 'credentials'],
    ['HTML', { body: '<html>' }, 'list-malformed'],
    ['without a token', { body: { code: 0, expire: 7200 } }, 'list-malformed'],
    ['without a life', { body: { code: 0, tenant_access_token: 't-x' } }, 'list-malformed'],
    [
      'with a line break',
      { body: { code: 0, tenant_access_token: 't-x\r\nx: y', expire: 7200 } },
      'list-malformed',
    ],
    ['a server error', { status: 503, body: '' }, 'list-failed'],
  ])('whose answer is %s makes no call', async (_what, answer, code) => {
    await onFeishu(
      () => empty,
      async ({ reader, session }) => {
        const observed = await reader.read(feishuEvent, 'attendees', signal);
        expect(observed).toMatchObject({ complete: false, problem: { code } });
        expect(session.requests).toBe(0);
        expect(JSON.stringify(observed)).not.toContain('CANARY');
      },
      { token: () => answer },
    );
  });

  it.each(['secret', 'wrong', 'the'])(
    'that is refused is told in whole sentences with the secret %j',
    async (word) => {
      await onFeishu(
        () => empty,
        async ({ reader }) => {
          const observed = await reader.read(feishuEvent, 'attendees', signal);
          const problem = {
            message: 'Feishu: the app id or the secret is wrong (code 10014)',
            hint: expect.stringMatching(/^Check the app id and the secret\. /),
          };
          expect(observed).toMatchObject({ complete: false, problem });
        },
        { token: () => ({ body: { code: 10014, msg: 'no' } }), env: { FEISHU_APP_SECRET: word } },
      );
    },
  );
});

describe('a read', () => {
  test.each<readonly [string, ReturnType<Script>]>([
    ['a reset', 'reset'],
    ['a 5xx with JSON', no(190003, 500)],
    ['a 5xx with HTML', { status: 502, body: '<html>' }],
    ['a 5xx with nothing', { status: 503 }],
    ['190004', no(190004, 429)],
    ['99991400 with HTTP 400', no(99991400, 400)],
    ['a 429 with HTML', { status: 429, body: '<html>' }],
  ])('is repeated after %s', async (_what, answer) => {
    await onFeishu(inTurn(answer, empty), async ({ reader, session, clock }) => {
      expect(await reader.read(feishuEvent, 'attendees', signal)).toMatchObject({ complete: true });
      expect(session.requests).toBe(2);
      expect(clock.slept).toHaveLength(1);
    });
  });

  it('is repeated after a hang, within its time', async () => {
    await onFeishu(
      inTurn('hang', empty),
      async ({ reader, session, clock }) => {
        // Real time passes here and the clock stands still, so the time limit does not count the hang.
        const start = clock.now();
        expect(await reader.read(feishuEvent, 'facts', signal)).toMatchObject({ state: 'unknown' });
        expect(session.requests).toBe(2);
        expect(clock.now()).toBeGreaterThan(start);
      },
      { timeoutMs: 600 },
    );
  });

  it('waits as the platform says, its own header first', async () => {
    const headers = { 'x-ogw-ratelimit-reset': '7', 'retry-after': '3' };
    await onFeishu(
      inTurn(no(99991400, 429, headers), no(190005, 429, { 'retry-after': '2' }), empty),
      async ({ reader, clock }) => {
        const start = clock.now();
        await reader.read(feishuEvent, 'attendees', signal);
        expect(clock.now() - start).toBe(9000);
      },
    );
  });

  it('is given up after six tries', async () => {
    await onFeishu(
      () => ({ status: 503 }),
      async ({ reader, session }) => {
        expect(await reader.read(feishuEvent, 'attendees', signal)).toMatchObject({
          problem: { code: 'list-failed', platformCode: 'http-503' },
        });
        expect(session.requests).toBe(6);
      },
    );
  });
});

describe('the end of a session', () => {
  it('comes with the quota: later calls fail without being made', async () => {
    await onFeishu(
      () => no(99991403, 429),
      async ({ reader, writer, session }) => {
        expect(await reader.read(feishuEvent, 'attendees', signal)).toMatchObject({
          problem: { code: 'quota' },
        });
        const deleting = writer.edit(feishuEvent, deletion, undefined, { notify: false, key: 'k' }, signal);
        await expect(deleting).rejects.toMatchObject({ kind: 'quota' });
        expect(session.requests).toBe(1);
      },
    );
  });

  it('does not come with a refusal of one event', async () => {
    await onFeishu(inTurn(no(99991672), empty), async ({ reader }) => {
      expect(await reader.read(feishuEvent, 'attendees', signal)).toMatchObject({ complete: false });
      expect(await reader.read(feishuEvent, 'attendees', signal)).toMatchObject({ complete: true });
    });
  });
});

describe('secrets', () => {
  it('appear in no event, problem or error, even where the platform repeats them', async () => {
    const leak = { code: 123456, msg: `token ${canaries.token}-1 of ${canaries.secret} is bad` };
    await onFeishu(
      inTurn({ status: 400, body: leak }, 'reset', { status: 400, body: leak }),
      async ({ reader, writer, events }) => {
        const problem = await reader.read(feishuEvent, 'attendees', signal);
        const remove = (): Promise<unknown> =>
          writer.edit(
            feishuEvent,
            removal([{ type: 'user', id: 'a' }]),
            undefined,
            { notify: false, key: 'k' },
            signal,
          );
        const errors = [
          await remove().catch((error: unknown) => error),
          await remove().catch((error: unknown) => error),
        ];
        const shown = errors.map((error) => [String(error), JSON.stringify(error), (error as Error).stack]);
        expect(JSON.stringify([problem, shown, events])).not.toContain('CANARY');
        expect(events.length).toBeGreaterThan(3);
      },
    );
  });
});
