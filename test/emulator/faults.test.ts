import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import type { Emulator, EmulatorOptions } from '../../src/emulator/server.ts';
import { folderWith } from '../support/cli.ts';
import {
  ask,
  dataOf,
  dingtalkEvent,
  dingtalkTenant,
  feishuEvent,
  feishuTenant,
  rowsOf,
  serve,
  type Reply,
} from './client.ts';

const four = '{ user: ou_a }, { user: ou_b }, { user: ou_c }, { user: ou_d }';
const feishu = feishuTenant(`{ id: e_0, attendees: [${four}] }, { id: f_0, attendees: [${four}] }`);
const dingtalk = dingtalkTenant('{ id: d, attendees: [{ user: u1 }, { user: u2 }, { user: u3 }] }');

const withFaults = (
  rules: string,
  tenant = feishu,
  more: Omit<EmulatorOptions, 'tenant'> = {},
): Promise<Emulator> => serve(tenant, { faults: `faults: [${rules}]`, ...more });

const list = (emulator: Emulator, query = '', event = 'e_0'): Promise<Reply> =>
  ask(emulator, 'GET', `${feishuEvent(event)}/attendees${query}`);
const remove = (emulator: Emulator, ids: readonly string[], event = 'e_0'): Promise<Reply> =>
  ask(emulator, 'POST', `${feishuEvent(event)}/attendees/batch_delete`, {
    body: { delete_ids: ids.map((id) => ({ type: 'user', user_id: id })) },
  });
const idsOf = (emulator: Emulator, event = 'e_0'): string[] => emulator.attendees(event).map(({ id }) => id);
const statusOf = (reply: Promise<Reply>): Promise<number | 'cut'> =>
  reply.then(
    ({ status }) => status,
    () => 'cut' as const,
  );

describe('a cut connection', () => {
  it.each([
    ['before', ['ou_a', 'ou_b', 'ou_c', 'ou_d']],
    ['after', ['ou_b', 'ou_c', 'ou_d']],
  ])('%s the effect', async (when, left) => {
    const emulator = await withFaults(`{ fault: reset, when: ${when} }`);
    expect(await statusOf(remove(emulator, ['ou_a']))).toBe('cut');
    expect(idsOf(emulator)).toEqual(left);
  });
});

describe('an answer', () => {
  it('that never comes, after the effect', async () => {
    const emulator = await withFaults('{ fault: hang, when: after }');
    const reply = statusOf(remove(emulator, ['ou_a']));
    while (idsOf(emulator).length === 4) await new Promise((resolve) => setImmediate(resolve));
    expect(emulator.requests[0]?.status).toBeNull();
    await emulator.close();
    expect(await reply).toBe('cut');
  });

  it('that drips comes whole in the end', async () => {
    const emulator = await withFaults('{ fault: drip, bytes: 100, pause: 1ms }');
    expect(rowsOf(await list(emulator))).toHaveLength(4);
  });

  it('that drips comes in pieces', async () => {
    const emulator = await withFaults('{ fault: drip, pause: 1ms }');
    const { body } = await fetch(`${emulator.url}/nowhere`);
    let pieces = 0;
    for await (const _ of body ?? []) pieces += 1;
    expect(pieces).toBeGreaterThan(2);
  });

  it.each([
    ['', 502, 'text/html', /^<html>/],
    [', status: 503, body: html', 503, 'text/html', /^<html>/],
    [', status: 500, body: json', 500, 'application/json; charset=utf-8', /"code":190003/],
    [', status: 504, body: nothing', 504, null, /^$/],
    [', status: 429, body: nothing, retryAfter: 3', 429, null, /^$/],
  ])('of a gateway: error%s', async (keys, status, type, text) => {
    const emulator = await withFaults(`{ fault: error${keys} }`);
    const reply = await ask(emulator, 'POST', `${feishuEvent('e_0')}/attendees/batch_delete`, {
      body: { delete_ids: [{ type: 'user', user_id: 'ou_a' }] },
    });
    expect([reply.status, reply.headers.get('content-type')]).toEqual([status, type]);
    expect(reply.headers.get('retry-after')).toBe(keys.includes('retryAfter') ? '3' : null);
    expect(reply.text).toMatch(text);
    expect(idsOf(emulator)).toHaveLength(4);
  });

  it('of a gateway, after the effect', async () => {
    const emulator = await withFaults('{ fault: error, when: after }');
    expect((await remove(emulator, ['ou_a'])).status).toBe(502);
    expect(idsOf(emulator)).toHaveLength(3);
  });

  it('with an internal error of DingTalk', async () => {
    const emulator = await withFaults('{ fault: error, status: 500, body: json }', dingtalk);
    const reply = await ask(emulator, 'GET', dingtalkEvent('d'));
    expect([reply.status, reply.body['code']]).toEqual([500, 'unknownError']);
  });
});

describe('a rate limit', () => {
  it.each([
    ['', 99991400, null],
    [', reset: 7', 99991400, '7'],
    [', code: 190010', 190010, null],
    [', code: 190004, reset: 1', 190004, '1'],
  ])('of Feishu%s', async (keys, code, reset) => {
    const emulator = await withFaults(`{ fault: rate-limit${keys} }`);
    const reply = await remove(emulator, ['ou_a']);
    expect([reply.status, reply.body['code'], reply.headers.get('x-ogw-ratelimit-reset')]).toEqual([
      429,
      code,
      reset,
    ]);
    expect(idsOf(emulator)).toHaveLength(4);
  });

  it('of DingTalk', async () => {
    const emulator = await withFaults('{ fault: rate-limit, code: QpsLimit }', dingtalk);
    const reply = await ask(emulator, 'GET', dingtalkEvent('d'));
    expect([reply.status, reply.body['code']]).toEqual([
      403,
      'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi',
    ]);
  });

  it('of one platform leaves the other alone', async () => {
    const emulator = await withFaults('{ fault: rate-limit, code: 190010 }', dingtalk);
    expect((await ask(emulator, 'GET', dingtalkEvent('d'))).status).toBe(200);
  });
});

describe('an expired', () => {
  it('token is refused once, and a new one is given', async () => {
    const emulator = await withFaults('{ fault: expired-token, calls: 1 }');
    const token = async (): Promise<string> => {
      const reply = await ask(emulator, 'POST', '/open-apis/auth/v3/tenant_access_token/internal', {
        body: { app_id: 'cli_test', app_secret: 'test-secret' },
      });
      return String(reply.body['tenant_access_token']);
    };
    const get = (bearer: string): Promise<Reply> =>
      ask(emulator, 'GET', feishuEvent('e_0'), { headers: { authorization: `Bearer ${bearer}` } });
    const first = await token();
    expect((await get(first)).body['code']).toBe(99991663);
    expect((await get(first)).body['code']).toBe(99991663);
    const second = await token();
    expect(second).not.toBe(first);
    expect((await get(second)).status).toBe(200);
  });

  it('token of a user, and of DingTalk, is refused by its own code', async () => {
    const rule = '{ fault: expired-token }';
    const user = await list(await withFaults(rule));
    expect(user.body['code']).toBe(99991668);
    const other = await ask(await withFaults(rule, dingtalk), 'GET', dingtalkEvent('d'));
    expect(other.body['code']).toBe('InvalidAuthentication');
  });

  it('page token is refused', async () => {
    const emulator = await withFaults(
      '{ fault: expired-page-token, calls: 1 }',
      feishuTenant('{ id: e_0, attendees: [{ generate: 25, user: "ou_{}" }] }'),
    );
    const token = String(dataOf(await list(emulator))['page_token']);
    expect((await list(emulator, `?page_token=${token}`)).body['code']).toBe(190008);
    expect(rowsOf(await list(emulator, `?page_token=${token}`))).toHaveLength(5);
  });
});

describe('a stale event', () => {
  it('is read as it was, for its time, while writes go on', async () => {
    let now = 1_000_000;
    const emulator = await withFaults('{ fault: stale, for: 3s, api: "*.delete", calls: 1 }', feishu, {
      now: () => now,
    });
    await remove(emulator, ['ou_a']);
    await remove(emulator, ['ou_b']);
    const live = async (): Promise<number> =>
      rowsOf(await list(emulator)).filter((row) => row['rsvp_status'] !== 'removed').length;
    now += 2999;
    expect(await live()).toBe(4);
    expect(idsOf(emulator)).toEqual(['ou_c', 'ou_d']);
    now += 1;
    expect(await live()).toBe(2);
  });

  it('leaves other events alone', async () => {
    const emulator = await withFaults('{ fault: stale, for: 1h, event: f_0 }');
    await remove(emulator, ['ou_a']);
    expect(rowsOf(await list(emulator)).filter((row) => row['rsvp_status'] === 'removed')).toHaveLength(1);
  });
});

describe('rows that move between pages', () => {
  const many = feishuTenant('{ id: e_0, attendees: [{ generate: 25, user: "ou_{}" }] }');
  const pages = async (emulator: Emulator): Promise<unknown[]> => {
    const first = await list(emulator);
    const second = await list(emulator, `?page_token=${String(dataOf(first)['page_token'])}`);
    return [...rowsOf(first), ...rowsOf(second)].map((row) => row['user_id']);
  };

  it.each([
    ['twice', 26, 2],
    ['lost', 24, 0],
  ])('come %s', async (row, length, times) => {
    const emulator = await withFaults(`{ fault: moving-rows, row: ${row} }`, many);
    const seen = await pages(emulator);
    expect(seen).toHaveLength(length);
    const moved = row === 'twice' ? 'ou_20' : 'ou_21';
    expect(seen.filter((id) => id === moved)).toHaveLength(times);
  });

  it('come twice on DingTalk as well', async () => {
    const emulator = await withFaults('{ fault: moving-rows }', dingtalk);
    const page = `${dingtalkEvent('d')}/attendees?maxResults=2`;
    const first = await ask(emulator, 'GET', page);
    const second = await ask(emulator, 'GET', `${page}&nextToken=${String(first.body['nextToken'])}`);
    expect([...rowsOf(first, 'attendees'), ...rowsOf(second, 'attendees')].map((row) => row['id'])).toEqual([
      'u1',
      'u2',
      'u2',
      'u3',
    ]);
  });
});

describe('somebody else', () => {
  it('adds and removes before a call takes effect', async () => {
    const rule = '{ fault: others, add: [{ user: ou_x }, { room: omm_1 }], remove: [ou_b], calls: 1 }';
    const emulator = await withFaults(rule);
    await remove(emulator, ['ou_a', 'ou_x']);
    expect(idsOf(emulator)).toEqual(['ou_c', 'ou_d', 'omm_1']);
    expect(emulator.requests).toHaveLength(1);
  });

  it('adds somebody back whom a call removed', async () => {
    const emulator = await withFaults('{ fault: others, add: [{ user: ou_a }], when: after }');
    expect((await remove(emulator, ['ou_a'])).status).toBe(200);
    expect(idsOf(emulator)).toContain('ou_a');
  });

  it('changes DingTalk events', async () => {
    const emulator = await withFaults('{ fault: others, add: [{ user: u9 }], remove: [u1, none] }', dingtalk);
    await ask(emulator, 'GET', dingtalkEvent('d'));
    expect(idsOf(emulator, 'd')).toEqual(['u2', 'u3', 'u9']);
  });

  it('leaves traces in the state file', async () => {
    const state = join(folderWith({}), 'state.json');
    const emulator = await withFaults('{ fault: others, add: [{ user: ou_x }] }', feishu, { state });
    await list(emulator);
    expect(readFileSync(state, 'utf8')).toContain('ou_x');
  });
});

describe('a batch half done', () => {
  it.each([
    ['', 'cut'],
    [', end: error, status: 500, body: json', 500],
  ])('%s', async (keys, status) => {
    const emulator = await withFaults(`{ fault: half-done${keys} }`);
    expect(await statusOf(remove(emulator, ['ou_a', 'ou_b', 'ou_c']))).toBe(status);
    expect(idsOf(emulator)).toEqual(['ou_b', 'ou_c', 'ou_d']);
  });

  it('counts both lists of a removal together', async () => {
    const emulator = await withFaults('{ fault: half-done }');
    const [row] = rowsOf(await list(emulator));
    const body = {
      attendee_ids: [row?.['attendee_id']],
      delete_ids: [{ type: 'user', user_id: 'ou_b' }],
    };
    const path = `${feishuEvent('e_0')}/attendees/batch_delete`;
    expect(await statusOf(ask(emulator, 'POST', path, { body }))).toBe('cut');
    expect(idsOf(emulator)).toEqual(['ou_b', 'ou_c', 'ou_d']);
  });

  it.each([
    ['attendees', 'attendeesToAdd', ['u1', 'u2', 'u3', 'u7']],
    ['attendees/batchRemove', 'attendeesToRemove', ['u1', 'u2', 'u3']],
  ])('on DingTalk: %s', async (end, field, left) => {
    const emulator = await withFaults('{ fault: half-done }', dingtalk);
    const body = { [field]: [{ id: 'u7' }, { id: 'u1' }] };
    expect(await statusOf(ask(emulator, 'POST', `${dingtalkEvent('d')}/${end}`, { body }))).toBe('cut');
    expect(idsOf(emulator, 'd')).toEqual(left);
  });

  it('does not befall a batch of one', async () => {
    const emulator = await withFaults('{ fault: half-done }');
    expect((await remove(emulator, ['ou_a'])).status).toBe(200);
  });
});
