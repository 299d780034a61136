import { describe, expect, it, test } from 'vitest';
import type { EventRef } from '../../../src/model/event.ts';
import type { RemovedRow } from '../../../src/model/edit.ts';
import type { Writer } from '../../../src/providers/provider.ts';
import type { Script } from '../../support/scripted-server.ts';
import { feishuEvent, inTurn, no, ok, onFeishu, signal } from '../bench.ts';
import { addition, deletion, removal, unbinding } from '../../support/edits.ts';

const path =
  '/open-apis/calendar/v4/calendars/feishu.cn_x%40group.calendar.feishu.cn/events/a%2Fb%2Bc%3D%3D_0';
const quiet = { notify: false, key: 'k' };
const rows: readonly RemovedRow[] = [
  { type: 'user', id: 'ou_a', attendeeId: 'user_1' },
  { type: 'room', id: 'omm_1', attendeeId: 'resource_1' },
];
const room = rows.slice(1);

function sent(work: (writer: Writer) => Promise<unknown>): Promise<unknown> {
  return onFeishu(
    () => ok({}),
    async ({ writer, calls }) => {
      await work(writer);
      expect(calls()).toHaveLength(1);
      const [call] = calls();
      return { method: call?.method, path: call?.path, query: call?.query, json: call?.json };
    },
  );
}

describe('removing', () => {
  it('names rows by their attendee_id and always says whether to tell people', async () => {
    expect(await sent((writer) => writer.edit(feishuEvent, removal(rows), undefined, quiet, signal))).toEqual(
      {
        method: 'POST',
        path: `${path}/attendees/batch_delete`,
        query: { user_id_type: 'open_id' },
        json: { attendee_ids: ['user_1', 'resource_1'], need_notification: false },
      },
    );
    expect(
      await sent((writer) =>
        writer.edit(feishuEvent, removal(rows), undefined, { notify: true, key: 'k' }, signal),
      ),
    ).toMatchObject({
      json: { need_notification: true },
    });
  });

  it('names a row without attendee_id by its type', async () => {
    const row: RemovedRow = { type: 'email', id: 'a@example.com' };
    expect(
      await sent((writer) => writer.edit(feishuEvent, removal([row]), undefined, quiet, signal)),
    ).toMatchObject({
      json: { delete_ids: [{ type: 'third_party', third_party_email: 'a@example.com' }] },
    });
  });

  it('names rooms in admin mode, with the occurrence where there is one', async () => {
    const event: EventRef = { ...feishuEvent, admin: { instanceStartTime: '1647320400' } };
    expect(await sent((writer) => writer.edit(event, removal(room), undefined, quiet, signal))).toMatchObject(
      {
        path: `${path}/attendees/batch_delete`,
        json: {
          delete_ids: [{ type: 'resource', room_id: 'omm_1' }],
          need_notification: false,
          is_enable_admin: true,
          instance_start_time_admin: '1647320400',
        },
      },
    );
    expect(
      await sent((writer) =>
        writer.edit({ ...feishuEvent, admin: {} }, removal(room), undefined, quiet, signal),
      ),
    ).toMatchObject({
      json: expect.not.objectContaining({ instance_start_time_admin: expect.anything() }),
    });
  });

  it('refuses anybody but rooms in admin mode, where the platform would silently do nothing', async () => {
    await onFeishu(
      () => ok({}),
      async ({ writer, session }) => {
        const event: EventRef = { ...feishuEvent, admin: {} };
        await expect(writer.edit(event, removal(rows), undefined, quiet, signal)).rejects.toMatchObject({
          kind: 'event',
        });
        expect(session.requests).toBe(0);
      },
    );
  });

  it('makes no call for nobody', async () => {
    await onFeishu(
      () => ok({}),
      async ({ writer, session }) => {
        await writer.edit(feishuEvent, removal([]), undefined, quiet, signal);
        await writer.edit(feishuEvent, addition([]), undefined, quiet, signal);
        expect(session.requests).toBe(0);
      },
    );
  });
});

describe('adding', () => {
  it('sends each type in its own field, and never makes the room contact an attendee', async () => {
    const event: EventRef = { ...feishuEvent, userIdType: 'union_id', roomContact: 'on_contact' };
    const batch = [
      { type: 'user', id: 'on_a', optional: true },
      { type: 'chat', id: 'oc_1', optional: false },
      { type: 'room', id: 'omm_1', optional: false },
      { type: 'room', id: 'omm_2', optional: false, operateId: 'on_other' },
      { type: 'email', id: 'a@example.com', optional: false },
    ] as const;
    expect(await sent((writer) => writer.edit(event, addition(batch), undefined, quiet, signal))).toEqual({
      method: 'POST',
      path: `${path}/attendees`,
      query: { user_id_type: 'union_id' },
      json: {
        attendees: [
          { type: 'user', user_id: 'on_a', is_optional: true },
          { type: 'chat', chat_id: 'oc_1', is_optional: false },
          { type: 'resource', room_id: 'omm_1', operate_id: 'on_contact' },
          { type: 'resource', room_id: 'omm_2', operate_id: 'on_other' },
          { type: 'third_party', third_party_email: 'a@example.com', is_optional: false },
        ],
        need_notification: false,
        add_operator_to_attendee: false,
      },
    });
  });

  it('sends rooms in admin mode', async () => {
    const batch = [{ type: 'room', id: 'omm_1', optional: false }] as const;
    const event: EventRef = { ...feishuEvent, admin: { instanceStartTime: '1' } };
    expect(
      await sent((writer) => writer.edit(event, addition(batch), undefined, quiet, signal)),
    ).toMatchObject({
      json: {
        is_enable_admin: true,
        instance_start_time_admin: '1',
        attendees: [{ type: 'resource', room_id: 'omm_1' }],
      },
    });
  });
});

describe('deleting and unbinding', () => {
  test.each([
    [true, 'true'],
    [false, 'false'],
  ])('a deletion with notify %s says so as text in the query', async (notify, text) => {
    expect(
      await sent((writer) => writer.edit(feishuEvent, deletion, undefined, { notify, key: 'k' }, signal)),
    ).toEqual({
      method: 'DELETE',
      path,
      query: { need_notification: text },
      json: undefined,
    });
  });

  it('an unbinding names the chat', async () => {
    expect(
      await sent((writer) => writer.edit(feishuEvent, unbinding('oc_1'), undefined, quiet, signal)),
    ).toEqual({
      method: 'DELETE',
      path: `${path}/meeting_chat`,
      query: { meeting_chat_id: 'oc_1' },
      json: undefined,
    });
  });

  it('what is so already is told apart', async () => {
    await onFeishu(inTurn(no(193003, 403), no(195108), no(195107, 403)), async ({ writer }) => {
      await expect(writer.edit(feishuEvent, deletion, undefined, quiet, signal)).rejects.toMatchObject({
        kind: 'done',
      });
      await expect(
        writer.edit(feishuEvent, unbinding('oc_1'), undefined, quiet, signal),
      ).rejects.toMatchObject({ kind: 'done' });
      await expect(
        writer.edit(feishuEvent, unbinding('oc_1'), undefined, quiet, signal),
      ).rejects.toMatchObject({
        kind: 'event',
        hint: expect.stringContaining('must own the chat'),
      });
    });
  });
});

describe('a write', () => {
  test.each<readonly [string, ReturnType<Script>, string, string]>([
    ['a reset', 'reset', 'lost', 'reset'],
    ['a 5xx with JSON', no(190003, 500), 'lost', '190003'],
    ['a 5xx with HTML', { status: 502, body: '<html>' }, 'lost', 'http-502'],
    ['a success that is no JSON', { body: '<html>' }, 'lost', 'http-200'],
    ['a 4xx that is no JSON', { status: 404, body: '404 page not found' }, 'malformed', 'http-404'],
    ['a bad entry', no(195100, 404), 'entry', '195100'],
    ['somebody who is gone', no(194000, 404), 'gone', '194000'],
    ['a refusal', no(194003, 403), 'event', '194003'],
  ])('is not repeated after %s', async (_what, answer, kind, code) => {
    await onFeishu(
      () => answer,
      async ({ writer, session }) => {
        await expect(writer.edit(feishuEvent, removal(rows), undefined, quiet, signal)).rejects.toMatchObject(
          { kind, code },
        );
        expect(session.requests).toBe(1);
      },
    );
  });

  it('is not repeated after a time-out', async () => {
    await onFeishu(
      () => 'hang',
      async ({ writer, session }) => {
        const removing = writer.edit(feishuEvent, removal(rows), undefined, quiet, signal);
        await expect(removing).rejects.toMatchObject({ kind: 'lost', code: 'timeout' });
        expect(session.requests).toBe(1);
      },
      { timeoutMs: 800 },
    );
  });

  test.each([190004, 190005, 190010, 99991400])('is repeated as it was after %i', async (code) => {
    await onFeishu(inTurn(no(code, 429), ok({})), async ({ writer, calls }) => {
      await writer.edit(feishuEvent, removal(rows), undefined, quiet, signal);
      expect(calls()).toHaveLength(2);
      expect(calls()[0]?.text).toBe(calls()[1]?.text);
    });
  });

  it('that is limited six times was certainly not taken', async () => {
    await onFeishu(
      () => no(99991400, 429, { 'x-ogw-ratelimit-reset': '1' }),
      async ({ writer, session }) => {
        await expect(writer.edit(feishuEvent, removal(rows), undefined, quiet, signal)).rejects.toMatchObject(
          { kind: 'rate' },
        );
        expect(session.requests).toBe(6);
      },
    );
  });
});
