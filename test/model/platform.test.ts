import { expect, test } from 'vitest';
import { platforms } from '../../src/model/platform.ts';

test('has the numbers of the Feishu and Lark API pages', () => {
  const numbers = {
    attendeeTypes: ['user', 'chat', 'room', 'email'],
    pageSize: 100,
    removeBatch: 500,
    addBatch: 1000,
    roomsPerAddBatch: 100,
    attendeesPerEvent: 3000,
    settleMs: 2000,
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
    attendeeTypes: ['user'],
    pageSize: 500,
    removeBatch: 500,
    addBatch: 500,
    attendeesPerEvent: 5000,
    settleMs: 0,
    windows: [{ calls: 20, perMs: 1000 }],
    monthlyCalls: 5000,
  });
});

test('names every platform as its key does', () => {
  for (const [key, { id }] of Object.entries(platforms)) expect(id).toBe(key);
});
