import { expect, test } from 'vitest';
import {
  credentialNames,
  eachPlatform,
  isProviderId,
  platforms,
  providerIds,
} from '../../src/platforms/index.ts';

test('has the numbers of the Feishu and Lark API pages', () => {
  const numbers = {
    event: { attendees: ['user', 'chat', 'room', 'email'], most: 3000 },
    reads: { pageSize: 100, showsRemoved: true, lagMs: 2000 },
    writes: { style: 'delta', remove: 500, add: 1000, addOf: { room: 100 } },
    windows: [
      { calls: 50, perMs: 1000 },
      { calls: 1000, perMs: 60_000 },
    ],
  };
  expect(platforms.feishu).toMatchObject(numbers);
  expect(platforms.lark).toMatchObject(numbers);
});

test('has the numbers of the DingTalk API pages', () => {
  expect(platforms.dingtalk).toMatchObject({
    event: { attendees: ['user'], userIds: [], most: 5000 },
    reads: { pageSize: 500, showsRemoved: false, lagMs: 0 },
    writes: { style: 'delta', remove: 500, add: 500 },
    windows: [{ calls: 20, perMs: 1000 }],
    monthlyCalls: 5000,
  });
});

test('gives each platform variables of its own', () => {
  const names = providerIds.flatMap((id) => {
    const { env } = platforms[id];
    return [env.baseUrl, ...credentialNames(env), env.token];
  });
  expect(new Set(names).size).toBe(names.length);
  for (const id of providerIds) expect(platforms[id].env.baseUrl).toBe(`${id.toUpperCase()}_BASE_URL`);
});

test('knows platforms by name and nothing that every object has', () => {
  expect(providerIds.every(isProviderId)).toBe(true);
  expect(['toString', '__proto__', 'Feishu', ''].filter(isProviderId)).toEqual([]);
  expect(eachPlatform((id) => platforms[id].title)).toEqual({
    feishu: 'Feishu',
    lark: 'Lark',
    dingtalk: 'DingTalk',
    google: 'Google Calendar',
  });
});
