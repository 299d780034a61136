import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ask, dingtalkEvent, feishuEvent, serve } from './client.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emulator-state-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const tenant = `
tokens: [u-test]
feishu: { calendars: [{ id: cal@x, type: primary, events: [
  { id: e_0, meetingChat: { id: oc_1 }, attendees: [{ user: ou_a }, { user: ou_b }, { room: omm_1 }] },
  { id: s_0, recurring: true, attendees: [{ room: omm_1 }] }, { id: gone_0 } ] }] }
dingtalk: { users: [{ unionId: org, events: [{ id: d, attendees: [{ user: a }, { user: b }] }] }] }
`;
const named = (id: string): object => ({ delete_ids: [{ type: 'user', user_id: id }] });

describe('the state file', () => {
  it('carries every effect over a restart', async () => {
    const state = join(folder, 'state.json');
    const first = await serve(tenant, { state });
    await ask(first, 'POST', `${feishuEvent('e_0')}/attendees/batch_delete`, { body: named('ou_a') });
    const body = { attendees: [{ type: 'third_party', third_party_email: 'n@x.org' }] };
    await ask(first, 'POST', `${feishuEvent('e_0')}/attendees`, { body });
    await ask(first, 'DELETE', `${feishuEvent('e_0')}/meeting_chat?meeting_chat_id=oc_1`);
    await ask(first, 'DELETE', feishuEvent('gone_0'));
    await ask(first, 'POST', `${feishuEvent('s_0')}/attendees/batch_delete`, {
      body: {
        delete_ids: [{ type: 'resource', room_id: 'omm_1' }],
        is_enable_admin: true,
        instance_start_time_admin: '1799402400',
      },
    });
    const removal = { body: { attendeesToRemove: [{ id: 'a' }] }, headers: { 'x-client-token': 'tok' } };
    await ask(first, 'POST', `${dingtalkEvent('d')}/attendees/batchRemove`, removal);
    await first.close();

    const second = await serve(tenant, { state });
    expect(second.attendees('e_0').map((row) => row.id)).toEqual(['ou_b', 'omm_1', 'n@x.org']);
    expect(second.attendees('d').map((row) => row.id)).toEqual(['b']);
    expect(second.attendees('s_1799402400')).toEqual([]);
    expect(second.attendees('s_0')).toHaveLength(1);
    const unbound = await ask(second, 'DELETE', `${feishuEvent('e_0')}/meeting_chat?meeting_chat_id=oc_1`);
    expect(unbound.body['code']).toBe(195108);
    expect((await ask(second, 'DELETE', feishuEvent('gone_0'))).body['code']).toBe(193003);
    await ask(second, 'POST', `${dingtalkEvent('d')}/attendees`, { body: { attendeesToAdd: [{ id: 'a' }] } });
    await ask(second, 'POST', `${dingtalkEvent('d')}/attendees/batchRemove`, removal);
    expect(second.attendees('d').map((row) => row.id)).toEqual(['b', 'a']);
  });

  it('is written with each effect, whole, and holds no token', async () => {
    const state = join(folder, 'state.json');
    const emulator = await serve(tenant, { state });
    await ask(emulator, 'GET', feishuEvent('e_0'));
    expect(readdirSync(folder)).toEqual([]);
    await ask(emulator, 'POST', `${feishuEvent('e_0')}/attendees/batch_delete`, { body: named('ou_a') });
    const text = readFileSync(state, 'utf8');
    expect(JSON.parse(text)).toHaveProperty('formatVersion', '1');
    expect(readdirSync(folder)).toEqual(['state.json']);
    expect(text).not.toContain('u-test');
    await ask(emulator, 'POST', `${feishuEvent('e_0')}/attendees/batch_delete`, { body: named('ou_b') });
    expect(readFileSync(state, 'utf8')).not.toBe(text);
  });

  it('is on disk before the answer leaves', async () => {
    const state = join(folder, 'state.json');
    const emulator = await serve(tenant, { state, intercept: () => ({ kind: 'reset', when: 'after' }) });
    const call = ask(emulator, 'POST', `${feishuEvent('e_0')}/attendees/batch_delete`, {
      body: named('ou_a'),
    });
    await expect(call).rejects.toThrow('fetch failed');
    expect(readFileSync(state, 'utf8')).toContain('"rsvp":"removed"');
  });

  it.each(['{', '{}', '{"formatVersion":"2","feishu":{},"dingtalk":{},"finished":{}}'])(
    'is refused by name when it holds %s',
    async (text) => {
      const state = join(folder, 'state.json');
      writeFileSync(state, text);
      await expect(serve(tenant, { state })).rejects.toThrow(
        /state\.json .*delete it to start from the tenant file/,
      );
    },
  );

  it('leaves out events that the tenant file no longer has', async () => {
    const state = join(folder, 'state.json');
    const first = await serve(tenant, { state });
    await ask(first, 'DELETE', feishuEvent('gone_0'));
    const second = await serve('feishu: { calendars: [{ id: cal@x, events: [{ id: e_0 }] }] }', { state });
    expect(second.attendees('e_0')).toHaveLength(3);
  });
});
