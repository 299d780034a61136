import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject, parseJson } from '../../src/http/json.ts';
import type { Observed } from '../../src/model/event.ts';
import { PlatformError } from '../../src/providers/provider.ts';
import {
  canaries,
  dingtalkEvent,
  feishuEvent,
  onBench,
  onDingtalk,
  onFeishu,
  signal,
  type Bench,
} from '../providers/bench.ts';
import type { ScriptedAnswer, SeenRequest } from '../support/scripted-server.ts';
import { anyText, fuzz, mutated, mutation } from './fuzz.ts';
import { removal } from '../support/edits.ts';

const file = 'fuzz-answers.test.ts';

const feishuRow = (type: string, field: string, id: string, more: object = {}): object => ({
  type,
  attendee_id: `${type}_${id}`,
  [field]: id,
  rsvp_status: 'accept',
  is_optional: false,
  is_organizer: false,
  is_external: false,
  display_name: `name of ${id}`,
  ...more,
});
const time = { timestamp: '1735956000', timezone: 'Asia/Shanghai' };
const data = (value: unknown): unknown => ({ code: 0, msg: 'success', data: value });
const feishuBodies = [
  data({
    items: [
      feishuRow('user', 'user_id', 'ou_a', { is_organizer: true }),
      feishuRow('user', 'user_id', 'ou_b', { is_external: true }),
      feishuRow('chat', 'chat_id', 'oc_c'),
      feishuRow('resource', 'room_id', 'omm_d', { rsvp_status: 'needs_action' }),
      feishuRow('third_party', 'third_party_email', 'E@x.org', { rsvp_status: 'removed' }),
    ],
    has_more: false,
  }),
  data({ items: [], has_more: false }),
  data({
    event: {
      summary: 's',
      status: 'confirmed',
      start_time: time,
      end_time: time,
      event_organizer: { user_id: 'ou_a' },
    },
  }),
  data({ meeting_chats: [{ event_id: 'e', meeting_chat_id: 'oc' }], failed_event_ids: [{ event_id: 'f' }] }),
  data({}),
  { code: 190002, msg: canaries.secret, error: { log_id: 'x', field_violations: [{ field: 'f' }] } },
  { code: 99991672, msg: 'm', error: { permission_violations: [{ subject: 's' }] } },
  { code: 99991400, msg: 'm' },
];
const dingtalkBodies = [
  {
    attendees: [
      { id: 'a', displayName: 'A', responseStatus: 'accepted', isOptional: false, self: false },
      { id: 'b', responseStatus: 'needsAction', isOptional: true },
    ],
  },
  { attendees: [] },
  {
    id: 'e',
    summary: 's',
    status: 'confirmed',
    start: { dateTime: '2027-01-04T10:00:00Z' },
    organizer: { id: 'a' },
  },
  {},
  { code: 'invalidParameter', message: canaries.secret, requestid: 'r' },
  { code: 'Forbidden.AccessDenied.QpsLimitForApi', message: 'm' },
  { status: 1111, wait: 5 },
];

/** A platform's answers as they are, changed, cut off, mislabelled and under any status. */
function answers(bodies: readonly unknown[]): fc.Arbitrary<ScriptedAnswer> {
  const body = fc
    .record({
      base: fc.constantFrom(...bodies),
      mutations: fc.array(mutation, { maxLength: 2 }),
      cut: fc.option(fc.nat({ max: 400 }), { freq: 8 }),
      other: fc.option(anyText({ maxLength: 30 }), { freq: 12 }),
    })
    .map(({ base, mutations, cut, other }) => {
      const text = JSON.stringify(mutations.reduce(mutated, base)) ?? '';
      return other ?? text.slice(0, cut ?? text.length);
    });
  return fc.record({
    status: fc.oneof(
      { weight: 3, arbitrary: fc.constant(200) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(201, 204, 301, 307, 400, 401, 403, 404, 418, 429, 500, 502, 599),
      },
    ),
    headers: fc.record(
      {
        'content-type': fc.constantFrom(
          'application/json',
          'text/html',
          'image/png',
          'application/json; charset=gbk',
        ),
        'content-encoding': fc.constantFrom('gzip', 'identity', 'br'),
        location: fc.constantFrom('/elsewhere', 'http://127.0.0.1:9/', 'file:///etc/passwd'),
        'retry-after': fc.constantFrom(
          '0',
          '-1',
          'soon',
          '1e9',
          '99999999999',
          'Thu, 01 Jan 1970 00:00:00 GMT',
        ),
        'x-ogw-ratelimit-reset': fc.constantFrom('0', '1', 'NaN', '-5', '999999999'),
        'x-tt-logid': fc.constantFrom('', 'log', 'x'.repeat(3000)),
      },
      { requiredKeys: [] },
    ),
    body,
  });
}

function sensible(text: string): void {
  expect(text).not.toMatch(/undefined|\[object |CANARY|\n\s+at /);
  expect(text.length).toBeGreaterThan(0);
  expect(text.length).toBeLessThan(5000);
}

const succeeded = ({ status = 200 }: ScriptedAnswer): boolean => status >= 200 && status < 300;

/** The rows that a Feishu page holds, as somebody would read them who does not know how rollcall does. */
function feishuIds(answer: ScriptedAnswer): readonly string[] | null {
  const body = parseJson(String(answer.body));
  if (!succeeded(answer) || !isObject(body) || body['code'] !== 0) return null;
  const page = body['data'];
  if (!isObject(page) || page['has_more'] !== false || !Array.isArray(page['items'])) return null;
  const fields: Readonly<Record<string, string>> = {
    user: 'user_id',
    chat: 'chat_id',
    resource: 'room_id',
    third_party: 'third_party_email',
  };
  return page['items'].flatMap((row: unknown) => {
    const id = isObject(row) ? row[fields[String(row['type'])] ?? ''] : undefined;
    const gone = isObject(row) && row['rsvp_status'] === 'removed' && (!id || !row['attendee_id']);
    return gone ? [] : [String(id).toLowerCase()];
  });
}

function dingtalkIds(answer: ScriptedAnswer): readonly string[] | null {
  const body = parseJson(String(answer.body));
  if (!succeeded(answer) || !isObject(body) || !Array.isArray(body['attendees'])) return null;
  return body['attendees'].map((row: unknown) => (isObject(row) ? String(row['id']).toLowerCase() : '?'));
}

function holdListing(observed: Observed, expected: readonly string[] | null): void {
  if (!observed.complete) {
    sensible(observed.problem.code);
    sensible(observed.problem.message);
    return;
  }
  // Complete means: every row of the answer, and nobody else.
  expect(observed.attendees.map(({ id }) => id.toLowerCase())).toEqual(expected);
}

async function holdWrite(work: Promise<unknown>, isDone: boolean, isRefusal: boolean): Promise<void> {
  const failure = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (failure === null) {
    expect(isDone).toBe(true);
    return;
  }
  expect(failure).toBeInstanceOf(PlatformError);
  // An answer that says nothing leaves open what became of the write.
  if (failure instanceof PlatformError) {
    sensible(failure.message);
    if (!isRefusal) expect(failure.kind).toBe('lost');
  }
}

type Served = (answer: ScriptedAnswer) => void;

/** One session for all answers: the server gives the one that was set last. */
function serving(on: typeof onFeishu, work: (bench: Bench, serve: Served) => Promise<void>): Promise<void> {
  let current: ScriptedAnswer = {};
  return on(
    () => current,
    (bench) => work(bench, (answer) => (current = answer)),
    { env: { FEISHU_ACCESS_TOKEN: canaries.token, DINGTALK_ACCESS_TOKEN: canaries.token } },
  );
}

const options = { notify: false, key: 'k' };

describe('answers of every kind are read, or refused with a reason', () => {
  it('from Feishu', async () => {
    await fuzz(file, answers(feishuBodies), (answer) =>
      serving(onFeishu, async ({ reader, calls }, serve) => {
        serve(answer);
        holdListing(await reader.read(feishuEvent, 'attendees', signal), feishuIds(answer));
        const facts = await reader.read(feishuEvent, 'facts', signal);
        if (facts.state === 'unknown') sensible(facts.problem.message);
        const chats = await reader.meetingChats('cal', ['e', 'f'], signal);
        expect([...chats.keys()]).toEqual(['e', 'f']);
        expect(calls().filter(({ method, path }) => method !== 'GET' && !path.includes('mget'))).toEqual([]);
      }),
    );
  });

  it('from DingTalk', async () => {
    await fuzz(file, answers(dingtalkBodies), (answer) =>
      serving(onDingtalk, async ({ reader, calls }, serve) => {
        serve(answer);
        holdListing(await reader.read(dingtalkEvent, 'attendees', signal), dingtalkIds(answer));
        const facts = await reader.read(dingtalkEvent, 'facts', signal);
        if (facts.state === 'unknown') sensible(facts.problem.message);
        expect(calls().filter(({ method }) => method !== 'GET')).toEqual([]);
      }),
    );
  });

  it('to writes: done only where the platform says so', async () => {
    await fuzz(file, answers(feishuBodies), (answer) =>
      serving(onFeishu, async ({ writer }, serve) => {
        serve(answer);
        const body = parseJson(String(answer.body));
        const code = isObject(body) ? body['code'] : undefined;
        const done = succeeded(answer) && code === 0;
        const row = { type: 'user' as const, id: 'ou_a', attendeeId: 'user_a' };
        const status = answer.status ?? 200;
        const refusal = (typeof code === 'number' && code !== 0) || (status >= 300 && status < 500);
        await holdWrite(writer.edit(feishuEvent, removal([row]), undefined, options, signal), done, refusal);
      }),
    );
  });

  it('to requests for a token', async () => {
    const tokens = [
      { code: 0, msg: 'ok', tenant_access_token: 't-a', expire: 7200 },
      { code: 10014, msg: 'app secret invalid' },
    ];
    await fuzz(
      file,
      answers(tokens),
      async (answer) => {
        const token = (_request: SeenRequest): ScriptedAnswer => answer;
        const script = (): ScriptedAnswer => ({ body: feishuBodies[1] });
        await onBench({ provider: 'feishu', script, token }, async ({ reader }) => {
          const observed = await reader.read(feishuEvent, 'attendees', signal);
          if (!observed.complete) sensible(observed.problem.message);
        });
      },
      30,
    );
  });
});
