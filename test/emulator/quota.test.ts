import { describe, expect, it } from 'vitest';

import { Quota } from '../../src/emulator/quota.ts';
import { ask, dingtalkEvent, dingtalkTenant, feishuEvent, feishuTenant, serve } from './client.ts';

describe('the documented windows', () => {
  it('let 50 Feishu calls a second through, each API for itself, and name the wait', async () => {
    let now = 0;
    const emulator = await serve(feishuTenant('{ id: e_0 }'), { quota: 'documented', now: () => now });
    const get = feishuEvent('e_0');
    for (let n = 0; n < 50; n += 1) expect((await ask(emulator, 'GET', get)).status).toBe(200);
    now = 999;
    const over = await ask(emulator, 'GET', get);
    expect([over.status, over.body['code']]).toEqual([429, 99991400]);
    expect(over.headers.get('x-ogw-ratelimit-limit')).toBe('50');
    expect(over.headers.get('x-ogw-ratelimit-reset')).toBe('1');
    expect((await ask(emulator, 'GET', `${get}/attendees`)).status).toBe(200);
    now = 1000;
    expect((await ask(emulator, 'GET', get)).status).toBe(200);
  });

  it('let 20 DingTalk calls a second through', async () => {
    const emulator = await serve(dingtalkTenant('{ id: e }'), { quota: 'documented', now: () => 0 });
    for (let n = 0; n < 20; n += 1) expect((await ask(emulator, 'GET', dingtalkEvent('e'))).status).toBe(200);
    const over = await ask(emulator, 'GET', dingtalkEvent('e'));
    expect([over.status, over.body['code']]).toEqual([403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi']);
  });

  it('are left open unless they are asked for', async () => {
    const emulator = await serve(feishuTenant('{ id: e_0 }'), { now: () => 0 });
    for (let n = 0; n < 51; n += 1) expect((await ask(emulator, 'GET', feishuEvent('e_0'))).status).toBe(200);
  });
});

describe('sliding windows', () => {
  const windows = [
    { calls: 2, perMs: 10 },
    { calls: 3, perMs: 100 },
  ];

  it('hold in any stretch, the short one and the long one', () => {
    const quota = new Quota();
    const taken = [0, 5, 9, 10, 20, 99, 100, 104, 105].map(
      (now) => quota.take('a', windows, now)?.waitMs ?? 'taken',
    );
    expect(taken).toEqual(['taken', 'taken', 1, 'taken', 80, 1, 'taken', 1, 'taken']);
  });

  it('count each key for itself', () => {
    const quota = new Quota();
    quota.take('a', [{ calls: 1, perMs: 10 }], 0);
    expect(quota.take('b', [{ calls: 1, perMs: 10 }], 0)).toBeUndefined();
    expect(quota.take('a', [{ calls: 1, perMs: 10 }], 0)).toMatchObject({ waitMs: 10 });
  });
});
