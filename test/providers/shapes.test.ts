import { describe, expect, test } from 'vitest';
import type { ScriptedAnswer } from '../support/scripted-server.ts';
import { dingtalkEvent, feishuEvent, inTurn, ok, onDingtalk, onFeishu, signal } from './bench.ts';

/** Answers of shapes that no page describes: each makes its own event unknown, and nothing is thrown. */

const feishuRow = (id: string, attendeeId: string): unknown => ({
  type: 'user',
  user_id: id,
  attendee_id: attendeeId,
  rsvp_status: 'accept',
});
const nested = (body: string): ScriptedAnswer => ({
  body: `${body.slice(0, -1)},"more":${'['.repeat(10_000)}"\\u0061"${']'.repeat(10_000)}}`,
});
const malformed = { complete: false, problem: { code: 'list-malformed' } };

describe('a listing', () => {
  test('whose page token is half a character is unknown', async () => {
    const page = ok({ items: [], has_more: true, page_token: '\uD800' });
    await onFeishu(inTurn(page), async ({ reader }) => {
      expect(await reader.read(feishuEvent, 'attendees', signal)).toMatchObject(malformed);
    });
    await onDingtalk(inTurn({ body: { attendees: [], nextToken: '\uD800' } }), async ({ reader }) => {
      expect(await reader.read(dingtalkEvent, 'attendees', signal)).toMatchObject(malformed);
    });
  });

  test('that has one attendee_id for two people is unknown', async () => {
    const items = [feishuRow('ou_a', 'user_1'), feishuRow('ou_b', 'user_1')];
    await onFeishu(inTurn(ok({ items, has_more: false })), async ({ reader }) => {
      expect(await reader.read(feishuEvent, 'attendees', signal)).toMatchObject(malformed);
    });
  });

  test('that is nested deeper than the stack is read as any other', async () => {
    const feishu = nested('{"code":0,"data":{"items":[],"has_more":false}}');
    await onFeishu(inTurn(feishu), async ({ reader }) => {
      expect(await reader.read(feishuEvent, 'attendees', signal)).toMatchObject({ complete: true });
    });
    await onDingtalk(inTurn(nested('{"attendees":[]}')), async ({ reader }) => {
      expect(await reader.read(dingtalkEvent, 'attendees', signal)).toMatchObject({ complete: true });
    });
  });

  test('without an end and with large pages is unknown before it fills the memory', async () => {
    let count = 0;
    const blank = ' '.repeat(8 * 1024 * 1024);
    await onFeishu(
      () => {
        count += 1;
        return {
          body: `{"code":0,"data":{"items":[],"has_more":true,"page_token":"t${count}"}}${blank}`,
        };
      },
      async ({ reader, calls }) => {
        expect(await reader.read(feishuEvent, 'attendees', signal)).toMatchObject({
          complete: false,
          problem: {
            code: 'list-malformed',
            message: expect.stringContaining('longer than any event can have'),
          },
        });
        expect(calls()).toHaveLength(4);
      },
    );
  });
});
