import { readFileSync } from 'node:fs';

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';

import { diagnosticsJson, planJson, resultJsonParts } from '../../src/report/json.ts';
import * as fixtures from '../support/plan-fixtures.ts';
import { plans, results } from '../support/plan-fixtures.ts';
import { eventPlan, removal, user } from '../support/plans.ts';

function schema(name: string): ValidateFunction {
  const file = new URL(`../../schemas/${name}.schema.json`, import.meta.url);
  // JSON.parse answers any; ajv checks it as a schema at once.
  return new Ajv2020({ strict: true, allErrors: true }).compile(
    JSON.parse(readFileSync(file, 'utf8')) as object,
  );
}

const { digest: _, ...undigested } = fixtures.inSync;

describe('plans as JSON', () => {
  const valid = schema('plan');

  test.each(plans)('%s is as its golden file has it', async (name, plan) => {
    await expect(planJson(plan)).toMatchFileSnapshot(`golden/plan-${name}.json`);
  });

  test.each(plans)('%s fits the schema', (_, plan) => {
    valid(JSON.parse(planJson(plan)));
    expect(valid.errors).toBeNull();
  });

  test.each(plans)('%s loses nothing', (_, plan) => {
    // What messages are made of is in no file.
    expect(JSON.parse(planJson(plan))).toEqual(structuredClone(plan));
  });

  test('hold no character that a terminal would obey', () => {
    expect(planJson(fixtures.hostile).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test.each([
    ['an unknown key', { ...fixtures.inSync, extra: 1 }],
    ['another format version', { ...fixtures.inSync, formatVersion: '2' }],
    ['no digest', undigested],
    ['no digest of manifests', { ...fixtures.inSync, manifestDigest: undefined }],
    ['a digest though it is redacted', { ...fixtures.inSync, redacted: true }],
    ['a day that is none', { ...fixtures.inSync, asOf: 'today' }],
    ['a change without a reason', withChange({ action: 'remove', attendee: user('ou_a'), certain: true })],
    ['a removal with a reason of additions', withChange(removal(user('ou_a'), wrongReason()))],
    ['an unbinding with an attendee', withChange({ action: 'unbind-chat', chatId: 'oc', attendee: {} })],
  ])('are refused by the schema with %s', (_, value) => {
    expect(valid(value)).toBe(false);
  });

  test('may lack the digest where they are redacted', () => {
    const { manifestDigest: __, ...bare } = undigested;
    valid({ ...bare, events: [], redacted: true });
    expect(valid.errors).toBeNull();
  });
});

function withChange(change: unknown): unknown {
  return { ...fixtures.inSync, events: [{ ...eventPlan('a'), changes: [change] }] };
}

function wrongReason(): object {
  return { reason: 'in-manifest' };
}

describe('results as JSON', () => {
  const valid = schema('result');

  test.each(results)('%s is as its golden file has it', async (name, result) => {
    await expect([...resultJsonParts(result)].join('')).toMatchFileSnapshot(`golden/result-${name}.json`);
  });

  test.each(results)('%s fits the schema and loses nothing', (_, result) => {
    const printed: unknown = JSON.parse([...resultJsonParts(result)].join(''));
    valid(printed);
    expect(valid.errors).toBeNull();
    expect(printed).toEqual(result);
  });

  test.each([
    ['an unknown outcome', { ...fixtures.done, events: [{ ...fixtures.done.events[0], outcome: 'fine' }] }],
    ['an unknown key', { ...fixtures.done, extra: 1 }],
  ])('are refused by the schema with %s', (_, value) => {
    expect(valid(value)).toBe(false);
  });
});

test('diagnostics are printed beside a format version', () => {
  expect(JSON.parse(diagnosticsJson(fixtures.diagnostics))).toEqual({
    formatVersion: '1',
    diagnostics: fixtures.diagnostics,
  });
});

describe('the schema of journal lines', () => {
  const valid = schema('journal');
  const line = { formatVersion: '1', runId: 'r', seq: 1, at: '2026-11-20T08:00:00.123Z' } as const;
  const { digest, accounts, tool, asOf } = fixtures.inSync;
  const event = {
    name: 'a',
    provider: 'feishu',
    calendarId: 'c',
    eventId: 'e',
    userIdType: 'open_id',
  } as const;
  const batch = { ...line, kind: 'batch-started', event, action: 'add', batch: 1, notify: false } as const;
  const attendees = [
    { type: 'room', id: 'omm_1', attendeeId: 'x', optional: false, operateId: 'ou_z' },
  ] as const;
  const eventDone = {
    ...line,
    kind: 'event-done',
    ...fixtures.partial.events[0],
    settled: [],
    changes: undefined,
  };

  test.each([
    [
      'run-started',
      { ...line, kind: 'run-started', tool, accounts, planDigest: digest, asOf, events: ['a'] },
    ],
    ['batch-started', { ...batch, attendees }],
    ['batch-started', { ...batch, action: 'unbind-chat', attendees: [], chatId: 'oc_meet' }],
    ['batch-done', { ...line, kind: 'batch-done', name: 'a', batch: 1, outcome: 'done' }],
    [
      'batch-done',
      {
        ...line,
        kind: 'batch-done',
        name: 'a',
        batch: 2,
        outcome: 'failed',
        error: { code: '1', message: 'm' },
      },
    ],
    ['event-done', eventDone],
    ['run-done', { ...line, kind: 'run-done', exitCode: 4, requests: 7 }],
  ])('takes %s', (_, value) => {
    valid(JSON.parse(JSON.stringify(value)));
    expect(valid.errors).toBeNull();
  });

  test.each([
    ['a token', { ...batch, attendees, token: 't-secret' }],
    ['no sequence number', { ...batch, attendees, seq: undefined }],
    ['an unknown kind', { ...line, kind: 'batch-lost' }],
    ['an attendee without a type', { ...batch, attendees: [{ id: 'ou_a', optional: false }] }],
  ])('refuses a line with %s', (_, value) => {
    expect(valid(JSON.parse(JSON.stringify(value)))).toBe(false);
  });
});
