import { describe, expect, it } from 'vitest';

import type { Emulator } from '../../src/emulator/server.ts';
import { ask, feishuEvent, feishuTenant, serve } from './client.ts';

const feishu = feishuTenant('{ id: e_0, attendees: [{ user: ou_a }] }, { id: f_0 }');
const withFaults = (rules: string): Promise<Emulator> => serve(feishu, { faults: `faults: [${rules}]` });

async function statuses(emulator: Emulator, count: number): Promise<number[]> {
  const seen: number[] = [];
  while (seen.length < count)
    seen.push((await ask(emulator, 'GET', `${feishuEvent('e_0')}/attendees`)).status);
  return seen;
}

describe('a rule hits', () => {
  it.each([
    ['every call without more', '', [502, 502, 502, 502]],
    ['the nth call', ', calls: 2', [200, 502, 200, 200]],
    ['a range of calls', ', calls: 2-3', [200, 502, 502, 200]],
    ['all calls from one on', ', calls: 3-', [200, 200, 502, 502]],
    ['every nth call', ', every: 2', [200, 502, 200, 502]],
    ['calls by their API', ', api: feishu.attendees.list', [502, 502, 502, 502]],
    ['calls by one of several APIs', ', api: [dingtalk.*, "*.list"]', [502, 502, 502, 502]],
    ['no calls of another API', ', api: "*.delete"', [200, 200, 200, 200]],
    ['calls by method', ', method: POST', [200, 200, 200, 200]],
    ['calls by path', ', path: "*/events/e_0/attendees"', [502, 502, 502, 502]],
    ['no calls of another path', ', path: "*/events/f_0/*"', [200, 200, 200, 200]],
    ['calls of an event', ', event: e_0', [502, 502, 502, 502]],
    ['no calls of another event', ', event: f_0', [200, 200, 200, 200]],
  ])('%s', async (_, condition, expected) => {
    const emulator = await withFaults(`{ fault: error${condition} }`);
    expect(await statuses(emulator, 4)).toEqual(expected);
  });

  it('by chance, the same calls for the same seed', async () => {
    const runs = await Promise.all(
      [1, 1, 2].map(async (seed) =>
        statuses(
          await serve(feishu, { faults: `seed: ${seed}\nfaults: [{ fault: error, chance: 0.5 }]` }),
          30,
        ),
      ),
    );
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]).not.toEqual(runs[2]);
    expect(new Set(runs[0])).toEqual(new Set([200, 502]));
  });

  it('alone where several fit, and each counts for itself', async () => {
    const emulator = await withFaults(
      '{ fault: error, status: 503, calls: 1 }, { fault: error, status: 504, calls: 1-2 }',
    );
    expect(await statuses(emulator, 3)).toEqual([503, 504, 200]);
  });
});
