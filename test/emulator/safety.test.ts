import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { RequestLog } from '../../src/emulator/requests.ts';
import { serve } from './client.ts';

function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(new URL('/x', url), { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('a call to another host', () => {
  it.each(['rebound.example:8080', 'localhost.example', '127.0.0.1.example', '10.0.0.1', 'open.feishu.cn'])(
    'such as %s is refused, and not taken in',
    async (host) => {
      const emulator = await serve('');
      expect(await statusFor(emulator.url, host)).toBe(421);
      expect(emulator.requests).toEqual([]);
    },
  );

  it.each(['127.0.0.1', 'localhost:8080', 'LOCALHOST', '127.1.2.3:1', '[::1]:80'])(
    'is none where it is %s',
    async (host) => {
      const emulator = await serve('');
      expect(await statusFor(emulator.url, host)).toBe(404);
      expect(emulator.requests).toHaveLength(1);
    },
  );
});

describe('the log of calls', () => {
  const call = { api: 'a', method: 'POST', path: '/', query: {}, headers: {}, body: 'b' };
  const megabyte = 1024 * 1024;

  it('forgets the oldest bodies past 32 MiB, and keeps the newest', () => {
    const log = new RequestLog();
    for (let n = 0; n < 100; n += 1) log.add(call, megabyte);
    const kept = log.calls.map(({ body }) => body !== undefined);
    expect(kept).toEqual(Array.from({ length: 100 }, (_, n) => n >= 68));
    log.add(call, 100 * megabyte);
    expect(log.calls.filter(({ body }) => body !== undefined)).toHaveLength(1);
    log.add(call, 1);
    expect(log.calls.map(({ body }) => body).slice(-2)).toEqual([undefined, 'b']);
  });

  it('forgets the oldest of very many calls, and still notes answers at the right ones', () => {
    const log = new RequestLog();
    const numbers = Array.from({ length: 250_000 }, (_, n) => log.add({ ...call, path: `/${n}` }, 1));
    expect(log.calls.length).toBeLessThan(100_000);
    const last = numbers.at(-1) ?? -1;
    log.answered(0, 500);
    log.answered(last, 200);
    expect(log.calls.at(-1)).toMatchObject({ path: '/249999', status: 200 });
    expect(log.calls.filter(({ status }) => status !== null)).toHaveLength(1);
  });
});
