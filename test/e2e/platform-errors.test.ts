import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/intercept.ts';
import { loadManifests, planEvents } from '../../src/index.ts';
import { feishuEnv, folderWith, rollcall } from '../support/cli.ts';
import {
  dingtalkEnds,
  dingtalkReads,
  dingtalkTokens,
  feishuEnds,
  feishuReads,
  feishuTokens,
  type Row,
} from './error-codes.ts';
import { apply, dingtalkEnv, documents, event, json, plan, serve, type Json } from './platforms.ts';

const times = 'start: 2099-01-04T10:00:00+08:00, end: 2099-01-04T11:00:00+08:00';
const generic = /not documented/;
/** Waits that the answers of these tests ask for: next to none. */
const soon = { 'x-ogw-ratelimit-reset': '0.001', 'retry-after': '0.001' };

function nameOf(code: string | number): string {
  return `e-${code}`;
}

function feishuAnswer(code: number, status: number, where: 'log_id' | 'logid' | 'header'): Fault {
  const id = `LOG-${code}`;
  return {
    kind: 'answer',
    status,
    headers: where === 'header' ? { ...soon, 'x-tt-logid': id } : soon,
    body: { code, msg: `RAW ${code}`, ...(where === 'header' ? {} : { error: { [where]: id } }) },
  };
}

function dingtalkAnswer(code: string, status: number): Fault {
  const denied = { accessdenieddetail: { requiredScopes: ['Calendar.Event.Read'] } };
  const body = { code, requestid: `REQ-${code}`, message: `RAW ${code}`, ...(status === 403 ? denied : {}) };
  return { kind: 'answer', status, headers: soon, body };
}

function envOf(url: string): Record<string, string> {
  return { ...feishuEnv(url), ...dingtalkEnv(url), ROLLCALL_QUOTA: 'none' };
}

const feishuEvent = (name: string): string =>
  event(name, 'feishu', `calendarId: cal@x\neventId: ${name}\nattendees: [{ user: ou_a }]`);
const dingtalkEvent = (name: string): string =>
  event(name, 'dingtalk', `organizer: org\neventId: ${name}\nattendees: [{ user: a }]`);
const oneOfEach = `
feishu: { calendars: [{ id: cal@x, role: owner, events: [{ id: fine, ${times}, attendees: [{ user: ou_a }, { user: ou_b }] }] }] }
dingtalk: { users: [{ unionId: org, events: [{ id: fine, ${times}, attendees: [{ user: a }, { user: b }] }] }] }
`;

describe('what a listing is refused with', () => {
  it('is told by each Feishu code, with its log id wherever that stands, and stops no other event', async () => {
    const places = ['log_id', 'logid', 'header'] as const;
    const rows: readonly Row[] = [...feishuReads, [123456, 418, /RAW 123456/]];
    const faults = new Map(
      rows.map(([code, status], index) => [
        nameOf(code),
        feishuAnswer(Number(code), status, places[index % places.length] ?? 'header'),
      ]),
    );
    const server = await serve(oneOfEach, {
      intercept: ({ api, path }) =>
        api === 'feishu.attendees.list' ? faults.get(path.split('/').at(-2) ?? '') : undefined,
    });
    const folder = folderWith({ 'all.yaml': documents(...[...faults.keys(), 'fine'].map(feishuEvent)) });
    const { code, out } = await json(plan, folder, envOf(server.url));
    expect(code).toBe(1);
    expect(out.summary).toMatchObject({ events: rows.length + 1, unknown: rows.length, changed: 1 });
    const text = (await rollcall(['plan'], { cwd: folder, env: envOf(server.url) })).stdout;
    expect(text).toContain('fine (Feishu): 1 of ');
    for (const [number, , word] of rows) {
      const { problem } = out.events.find(({ name }: Json) => name === nameOf(number));
      expect(problem).toMatchObject({ platformCode: String(number), logId: `LOG-${number}` });
      expect(problem.message).toMatch(word);
      expect(problem.message).toContain(`(code ${number})`);
      expect(text).toContain(`${problem.message} (log id LOG-${number})`);
      expect(text).toContain(problem.hint);
      expect(generic.test(problem.hint)).toBe(number === 123456);
      expect(problem.message.includes('RAW')).toBe(number === 123456);
    }
  });

  it('is told by each DingTalk code, with its request id, and by the status where there is no code', async () => {
    const rows: readonly Row[] = [...dingtalkReads, ['somethingNew', 400, /RAW somethingNew/]];
    const bare: Readonly<Record<string, Fault>> = {
      'http-403': {
        kind: 'answer',
        status: 403,
        headers: { 'x-acs-request-id': 'REQ-h' },
        body: '<html>no</html>',
      },
      'http-400': { kind: 'answer', status: 400, body: '' },
      'http-502': { kind: 'answer', status: 502, headers: soon, body: '<html>bad gateway</html>' },
      'http-200': { kind: 'answer', status: 200, body: 'illegal user' },
    };
    const faults = new Map([
      ...rows.map(([code, status]) => [nameOf(code), dingtalkAnswer(String(code), status)] as const),
      ...Object.entries(bare),
    ]);
    const server = await serve(oneOfEach, {
      intercept: ({ api, path }) =>
        api === 'dingtalk.attendees.list' ? faults.get(path.split('/').at(-2) ?? '') : undefined,
    });
    const folder = folderWith({ 'all.yaml': documents(...[...faults.keys(), 'fine'].map(dingtalkEvent)) });
    const { code, out } = await json(plan, folder, envOf(server.url));
    expect(code).toBe(1);
    expect(out.summary).toMatchObject({ unknown: faults.size, changed: 1 });
    const problemOf = (name: string): Json => out.events.find((one: Json) => one.name === name).problem;
    const text = (await rollcall(['plan'], { cwd: folder, env: envOf(server.url) })).stdout;
    for (const [codeText, , word] of rows) {
      const problem = problemOf(nameOf(codeText));
      expect(problem).toMatchObject({ platformCode: codeText, logId: `REQ-${codeText}` });
      expect(problem.message).toMatch(word);
      expect(text).toContain(`${problem.message} (log id REQ-${codeText})`);
      expect(text).toContain(problem.hint);
      expect(generic.test(problem.hint)).toBe(codeText === 'somethingNew');
    }
    expect(problemOf('e-Forbidden.AccessDenied.AccessTokenPermissionDenied').hint).toContain(
      'Missing: Calendar.Event.Read.',
    );
    for (const name of Object.keys(bare)) {
      expect(problemOf(name)).toMatchObject({ platformCode: name, hint: expect.any(String) });
      expect(problemOf(name).message).toContain(name.replace('http-', 'HTTP '));
    }
    expect(problemOf('http-403').logId).toBe('REQ-h');
  });
});

describe('what ends the run', () => {
  async function problemAfter(provider: 'feishu' | 'dingtalk', api: string, fault: Fault): Promise<Json> {
    const server = await serve(oneOfEach, { intercept: (call) => (call.api === api ? fault : undefined) });
    const make = provider === 'feishu' ? feishuEvent : dingtalkEvent;
    const folder = folderWith({ 'a.yaml': documents(make('fine'), make('other')) });
    const { desired } = loadManifests([folder]);
    const { events } = await planEvents(desired, { env: envOf(server.url) });
    expect(events.map(({ status }) => status)).toEqual(['unknown', 'unknown']);
    return events[0]?.problem;
  }

  it.each([
    ...feishuEnds.map((row) => ['feishu.attendees.list', ...row] as const),
    ...feishuTokens.map((row) => ['feishu.token', ...row] as const),
  ])('%s answered with %s', async (api, code, status, word) => {
    const problem = await problemAfter('feishu', api, feishuAnswer(Number(code), status, 'log_id'));
    expect(problem).toMatchObject({ platformCode: String(code), logId: `LOG-${code}` });
    expect(problem.code).toBe(code === 99991403 ? 'quota' : 'credentials');
    expect(problem.message).toMatch(word);
    expect(problem.message).not.toContain('RAW');
    expect(problem.hint).not.toMatch(generic);
    if (code !== 99991403) expect(problem.hint).toContain('FEISHU_APP_SECRET');
  });

  it.each([
    ...dingtalkEnds.map((row) => ['dingtalk.attendees.list', ...row] as const),
    ...dingtalkTokens.map((row) => ['dingtalk.token', ...row] as const),
  ])('%s answered with %s', async (api, code, status, word) => {
    const problem = await problemAfter('dingtalk', api, dingtalkAnswer(String(code), status));
    expect(problem).toMatchObject({ platformCode: code, logId: `REQ-${code}` });
    expect(problem.code).toBe(/Count/.test(String(code)) ? 'quota' : 'credentials');
    expect(problem.message).toMatch(word);
    expect(problem.hint).not.toMatch(generic);
  });

  it('a 401 without a code, and the bar on a network address', async () => {
    const denied: Fault = { kind: 'answer', status: 401, body: '' };
    expect(await problemAfter('dingtalk', 'dingtalk.attendees.list', denied)).toMatchObject({
      code: 'credentials',
      platformCode: 'http-401',
      hint: expect.stringContaining('DINGTALK_APP_KEY'),
    });
    const body = { status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: 'xxx' };
    expect(
      await problemAfter('dingtalk', 'dingtalk.attendees.list', { kind: 'answer', status: 200, body }),
    ).toMatchObject({ platformCode: 'ip-barred', message: expect.stringContaining('5 minutes') });
  });
});

describe('what a removal is refused with', () => {
  const feishuWrites = [
    190002, 190007, 190011, 190012, 191002, 191004, 193001, 193002, 193003, 194000, 194003, 194004, 195100,
    99991672, 99992361, 123456,
  ];
  const dingtalkWrites = [
    'invalidParameter',
    'permissionDeny',
    'itemNotFound',
    'Forbidden.AccessDenied.AccessTokenPermissionDenied',
    'somethingNew',
  ];

  it('is told with its code, what to do and the log id, and stops no other event', async () => {
    const events = (ids: readonly (string | number)[], rows: string): string =>
      ids.map((id) => `{ id: ${nameOf(id)}, ${times}, attendees: [${rows}] }`).join(', ');
    const statusOf = new Map([...feishuReads, ...dingtalkReads].map(([code, status]) => [code, status]));
    const server = await serve(
      `
feishu: { calendars: [{ id: cal@x, role: owner, events: [${events([...feishuWrites, 'fine'], '{ user: ou_a }, { user: ou_b, name: Bo }')}] }] }
dingtalk: { users: [{ unionId: org, events: [${events([...dingtalkWrites, 'good'], '{ user: a }, { user: b }')}] }] }
`,
      {
        intercept: ({ api, path }) => {
          const code = path.split('/').at(-3)?.slice(2) ?? '';
          if (api === 'feishu.attendees.delete' && code !== 'fine')
            return feishuAnswer(Number(code), statusOf.get(Number(code)) ?? 400, 'log_id');
          if (api === 'dingtalk.attendees.remove' && code !== 'good')
            return dingtalkAnswer(code, statusOf.get(code) ?? 400);
          return undefined;
        },
      },
    );
    const folder = folderWith({
      'all.yaml': documents(
        ...[...feishuWrites, 'fine'].map((id) => feishuEvent(nameOf(id))),
        ...[...dingtalkWrites, 'good'].map((id) => dingtalkEvent(nameOf(id))),
      ),
    });
    const env = envOf(server.url);
    const { code, out } = await json(apply, folder, env);
    const refused = [...feishuWrites, ...dingtalkWrites];
    expect(code).toBe(4);
    expect(out.summary).toMatchObject({
      converged: 2,
      failed: refused.length,
      failedChanges: refused.length,
    });
    const text = (await rollcall(apply.slice(0, -2), { cwd: folder, env })).stdout;
    for (const platformCode of refused) {
      const [change] = out.events.find(({ name }: Json) => name === nameOf(platformCode)).changes;
      const logId = `${typeof platformCode === 'number' ? 'LOG' : 'REQ'}-${platformCode}`;
      expect(change).toMatchObject({ outcome: 'failed', error: { code: String(platformCode), logId } });
      expect(generic.test(change.error.hint)).toBe([123456, 'somethingNew'].includes(platformCode));
      expect(text).toContain(`${change.error.message} (log id ${logId})\n    ${change.error.hint}`);
    }
    expect(text).toContain('RAW 123456');
    expect(server.attendees('e-fine').map(({ id }) => id)).toEqual(['ou_a']);
    expect(server.attendees('e-good').map(({ id }) => id)).toEqual(['a']);
  });
});
