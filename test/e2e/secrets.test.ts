import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault, InterceptedCall } from '../../src/emulator/intercept.ts';
import type { Answer } from '../../src/emulator/route.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { filesIn, formsOf, leaksIn } from '../support/canaries.ts';
import { type Ran, folderWith, rollcall, startRollcall } from '../support/cli.ts';
import { type Relay, keyFileOf, keyPair, relayTo, robot } from '../support/signed.ts';
import { appEnv, calendar, dingtalkManifest, feishuManifest, manifest, tenantOf } from '../support/served.ts';

const secret = 'CNRYsecret "q"/+\\ü&<é>';
const given = 'u-CNRYgiven"/+\\<token>=';
const password = 'CNRYproxy /+"%word';
const { publicKey, privateKey } = keyPair();
/** A line of it is enough to know it by. */
const lineOf = (pem: string): string => pem.split('\n')[3] ?? '';

/** Everything that may be seen nowhere; tokens that the server hands out are added as it does. */
const secrets: Record<string, string> = { secret, given, password, key: lineOf(privateKey) };

/** What somebody says who repeats all that was sent to them, in every form that it may have been put into. */
function echo({ api, path }: Pick<InterceptedCall, 'api' | 'path'>): string {
  const [platform = ''] = api.split('.');
  // Of a call about no event it cannot be seen whether it came with the token for Lark.
  const known = path.includes('lark_0')
    ? [given, secret]
    : [secret, path.includes('/events/') ? (secrets[`token of ${platform}.token`] ?? '') : ''];
  const jwt = secrets['JWT'] ?? '';
  const own = platform === 'google' ? [jwt, ...known.filter((one) => one !== secret)] : known;
  return [...own, platform === 'google' ? '' : (secrets['wrong'] ?? '')]
    .filter((one) => one !== '')
    .flatMap((one) => Object.entries(formsOf(one)))
    .flatMap(([form, text]) => (form === 'HTML' || form === 'hex' ? [] : [text]))
    .join(' ');
}

type Mood = 'honest' | 'losing' | 'hanging' | 'refusing lists' | 'refusing writes' | 'naming' | 'paging';
let mood: Mood = 'honest';
let reached = (): void => undefined;

function refusal(call: InterceptedCall): Fault {
  const said = echo(call);
  // What a header can hold.
  const header = encodeURIComponent(said);
  if (call.api.startsWith('google')) {
    const error = { reason: said, domain: said, message: said };
    const body = { error: { code: 400, status: said, message: said, errors: [error] } };
    return { kind: 'answer', status: 400, headers: { 'retry-after': header }, body };
  }
  const body = call.api.startsWith('dingtalk')
    ? { code: said, message: said, requestid: said, accessdenieddetail: { requiredScopes: [said] } }
    : {
        code: 123456,
        msg: said,
        error: {
          log_id: said,
          field_violations: [{ field: said, description: said }],
          permission_violations: [{ subject: said }],
        },
      };
  return {
    kind: 'answer',
    status: 400,
    headers: { 'x-tt-logid': header, 'x-acs-request-id': header, 'retry-after': header },
    body,
  };
}

function rewritten(change: (body: string) => string): Fault {
  const inJson = (answer: Answer): Answer => ({ ...answer, body: change(answer.body) });
  return { kind: 'rewrite', rewrite: inJson };
}

function faultOf(call: InterceptedCall): Fault | undefined {
  const { api, method, path } = call;
  // Who has left is asked with POST too.
  const write = method !== 'GET' && path.includes('/events/');
  const repeated = JSON.stringify(echo(call)).slice(1, -1);
  switch (mood) {
    case 'honest':
      return undefined;
    case 'losing':
      return write ? { kind: 'reset', when: 'after' } : undefined;
    case 'hanging':
      if (!write) return undefined;
      reached();
      return { kind: 'hang', when: 'before' };
    case 'refusing lists':
    case 'refusing writes':
      if (write !== (mood === 'refusing writes')) return undefined;
      return refusal(call);
    case 'naming':
      return rewritten((body) => body.replaceAll('Somebody', repeated).replaceAll('Title', repeated));
    case 'paging':
      return api.endsWith('.list')
        ? rewritten((body) =>
            body
              .replace(/"has_more":false/, `"has_more":true,"page_token":"${repeated}"`)
              .replace(/^\{"attendees"/, `{"nextToken":"${repeated}","attendees"`),
          )
        : undefined;
  }
}

/** What a service account signs buys a token for whoever has it. */
function keepSigned(assertion: string): void {
  secrets['JWT'] = assertion;
  // Messages are cut to a length, and this one with them.
  secrets['start of the JWT'] = assertion.slice(0, 80);
}

function intercept(call: InterceptedCall): Fault | undefined {
  if (!call.api.endsWith('.token')) return faultOf(call);
  return {
    kind: 'rewrite',
    rewrite: (answer) => {
      const token = /"(?:tenant_access_token|accessToken|access_token)":"([^"]+)"/.exec(answer.body)?.[1];
      if (token !== undefined) secrets[`token of ${call.api}`] = token;
      if (mood === 'honest' || token !== undefined) return answer;
      const said = echo(call);
      const body =
        call.api === 'google.token'
          ? { error: said, error_description: said }
          : { code: 10014, msg: said, message: said };
      return { ...answer, body: JSON.stringify(body) };
    },
  };
}

const rows = [{ user: 'ou_a' }, { user: 'ou_b', name: 'Somebody' }, { user: 'ou_c' }];
const tenant = JSON.stringify({
  ...JSON.parse(
    tenantOf({
      feishu: { weekly_0: rows, lark_0: rows },
      dingtalk: { standup: [{ user: 'a' }, { user: 'b', name: 'Somebody' }] },
    }),
  ),
  apps: [{ id: 'cli_demo', secret }],
  tokens: [given],
  google: {
    accounts: [{ clientEmail: robot, delegated: true, publicKey }],
    calendars: [
      {
        id: 'lead@corp.com',
        events: [
          {
            id: 'staff',
            summary: 'Title of staff',
            start: '2099-01-04T10:00:00+08:00',
            end: '2099-01-04T11:00:00+08:00',
            attendees: [
              { email: 'a@corp.com' },
              { email: 'b@corp.com', name: 'Somebody', comment: 'Somebody' },
            ],
          },
        ],
      },
    ],
  },
});

const manifests = {
  'weekly.yaml': feishuManifest('weekly', 'weekly_0', { attendees: [{ user: 'ou_a' }, { user: 'ou_n' }] }),
  'lark.yaml': manifest('Event', 'lark', {
    provider: 'lark',
    calendarId: calendar,
    eventId: 'lark_0',
    attendees: [{ user: 'ou_a' }, { user: 'ou_b' }],
  }),
  'standup.yaml': dingtalkManifest('standup', 'standup', { attendees: [{ user: 'a' }] }),
  'staff.yaml': manifest('Event', 'staff', {
    provider: 'google',
    organizer: 'lead@corp.com',
    eventId: 'staff',
    attendees: [{ email: 'a@corp.com' }],
  }),
  // Throws out of any call of the program, where nothing can catch it.
  'fault.mjs': "process.on('SIGUSR2', () => { throw new Error('a fault of the program'); });\n",
};

let server: Emulator;
let relay: Relay;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startEmulator({ tenant, intercept });
  relay = await relayTo(server.url, keepSigned);
});
afterAll(() => {
  relay.close();
  return server.close();
});
beforeEach(() => {
  mood = 'honest';
  folder = folderWith(manifests);
  env = {
    ...appEnv(server.url),
    ...appUrls(server.url),
    GOOGLE_TOKEN_URL: relay.url,
    GOOGLE_APPLICATION_CREDENTIALS: keyFileOf(privateKey),
    FEISHU_APP_SECRET: secret,
    DINGTALK_APP_SECRET: secret,
    LARK_APP_SECRET: secret,
    LARK_ACCESS_TOKEN: given,
    HTTPS_PROXY: `http://user:${encodeURIComponent(password)}@127.0.0.1:9`,
  };
});

/** Starts the command line with every canary around, and every request told. */
function start(args: readonly string[], more: Record<string, string> = {}): ReturnType<typeof startRollcall> {
  return startRollcall(args, { cwd: folder, env: { ...env, ...more } });
}

function expectNone(where: string, text: string): void {
  expect([where, leaksIn(text, secrets)], text).toEqual([where, []]);
  // A part of one, or one that was changed on the way.
  expect(text.includes('CNRY'), text).toBe(false);
}

/** That nothing which was printed, and no file that was written, holds a secret. */
function expectClean(...all: readonly Ran[]): void {
  for (const { stdout, stderr } of all) {
    expectNone('stdout', stdout);
    expectNone('stderr', stderr);
  }
  for (const [path, text] of filesIn(folder)) expectNone(path, text);
}

/** Runs a command line with every canary around. */
async function run(args: readonly string[], more: Record<string, string> = {}): Promise<Ran> {
  const ran = await rollcall(args, { cwd: folder, env: { ...env, ...more } });
  expectClean(ran);
  return ran;
}

const journals = '.rollcall/runs';

function journal(): [string, string] {
  const [found] = [...filesIn(join(folder, journals))].filter(([path]) => path.endsWith('.ndjson'));
  if (found === undefined) throw new RangeError('no run has left a journal');
  return [`${journals}/${found[0]}`, found[1]];
}

describe('the search', () => {
  it.each(Object.keys(formsOf(secret)))('finds a canary as %s', (form) => {
    const text = `before${formsOf(secret)[form]}after`;
    expect(leaksIn(text, { secret })).toContain(`secret as ${form}`);
    expect(leaksIn('before after', { secret })).toEqual([]);
  });
});

describe('no secret and no token is in', () => {
  it('a plan in any format, a plan file, or what is told of requests', async () => {
    const formats = ['text', 'json', 'markdown', 'html', 'github', 'gitlab'];
    for (const format of formats) {
      const ran = await run(['plan', '--verbose', '--format', format, '--out', `${format}.json`]);
      expect(ran.code, ran.stderr).toBe(0);
      expect(ran.stderr).toContain('GET http://127.0.0.1');
    }
    // Both kinds of token were handed out, so they were looked for.
    expect(Object.keys(secrets)).toEqual(
      expect.arrayContaining([
        'token of feishu.token',
        'token of dingtalk.token',
        'token of google.token',
        'JWT',
      ]),
    );
    for (const format of formats) await run(['show', join(folder, 'text.json'), '--format', format]);
  });

  it('an apply that loses every answer, its journal, its undoing, an import and a shown plan', async () => {
    expect((await run(['plan', '--out', 'plan.json'])).code).toBe(0);
    mood = 'losing';
    const applied = await run(['apply', '--plan', 'plan.json', '.', '--verbose', '--format', 'json']);
    expect(applied.code, applied.stderr).toBe(0);
    mood = 'honest';
    const reverted = await run(['revert', journal()[0], '--auto-approve', '--verbose', '--quiet']);
    expect(reverted.code, reverted.stderr).toBe(0);
    expect((await run(['show', 'plan.json'])).code).toBe(0);
    const live = ['--calendar', calendar, '--event', 'lark_0'];
    const imported = await run(['import', '--verbose', '--provider', 'lark', ...live]);
    expect(imported.code, imported.stderr).toBe(0);
  });

  it.each<[Mood, string]>([
    ['refusing lists', '***'],
    ['naming', 'it holds a secret'],
    ['paging', 'it holds a secret'],
  ])('a plan of a server that repeats what it knows by %s', async (how, said) => {
    mood = how;
    const { code, stdout } = await run(['plan', '--verbose', '--format', 'json', '--out', 'plan.json']);
    expect(code).toBe(1);
    expect(stdout.split(said).length, 'each event is unknown').toBeGreaterThan(3);
  });

  it('an apply that fails on a server that repeats what it knows', async () => {
    mood = 'refusing writes';
    const ran = await run(['apply', '--auto-approve', '--verbose']);
    expect(ran.code).not.toBe(0);
    expect(ran.stdout).toContain('***');
    expect(journal()[1]).toContain('***');
  });

  it('what is said of wrong credentials', async () => {
    mood = 'naming';
    secrets['wrong'] = `CNRYwrong${secret}`;
    const strange = keyPair().privateKey;
    secrets['strange key'] = lineOf(strange);
    env = {
      ...env,
      FEISHU_APP_SECRET: secrets['wrong'],
      DINGTALK_APP_SECRET: secrets['wrong'],
      GOOGLE_APPLICATION_CREDENTIALS: keyFileOf(strange),
    };
    const ran = await run(['apply', '--auto-approve', '--verbose']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('FEISHU_APP_SECRET');
    expect(ran.stdout).toContain('GOOGLE_APPLICATION_CREDENTIALS');
    for (const bad of [
      { LARK_ACCESS_TOKEN: `${given} with a space` },
      { FEISHU_BASE_URL: `https://user:${encodeURIComponent(password)}@open.feishu.cn` },
      { HTTPS_PROXY: `http://user:%${encodeURIComponent(password)}%@127.0.0.1:9` },
      { HTTPS_PROXY: `socks5://user:${encodeURIComponent(password)}@127.0.0.1:9` },
    ]) {
      expect((await run(['plan', folder], bad)).code).toBe(1);
    }
  });

  it.each<[string, NodeJS.Signals]>([
    ['is interrupted', 'SIGINT'],
    ['is killed', 'SIGKILL'],
    ['dies of an uncaught error', 'SIGUSR2'],
  ])('what is left of a run that %s', async (how, signal) => {
    mood = 'hanging';
    const hangs = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const fault = pathToFileURL(join(folder, 'fault.mjs')).href;
    const child = start(['apply', '--auto-approve', '--verbose'], { NODE_OPTIONS: `--import=${fault}` });
    await hangs;
    child.kill(signal);
    if (signal === 'SIGINT') {
      await child.says('Stopping');
      child.kill(signal);
    }
    const ran = await child.ran;
    expect(ran.code, how).not.toBe(0);
    expect(ran.stderr.includes('a fault of the program')).toBe(signal === 'SIGUSR2');
    expect(journal()[1]).toContain('batch-started');
    expectClean(ran);
  });

  it('what is said of a proxy that refuses and repeats what it was sent', async () => {
    let asked = '';
    const proxy = createServer().on('connect', ({ headers }, socket) => {
      asked = String(headers['proxy-authorization']);
      const repeated = encodeURIComponent(asked);
      // The client resets the connection once it has given up.
      socket.on('error', () => undefined);
      socket.end(`HTTP/1.1 407 ${repeated}\r\nproxy-authenticate: ${repeated}\r\ncontent-length: 0\r\n\r\n`);
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    // A TCP server has an address of this shape while it listens.
    const { port } = proxy.address() as AddressInfo;
    env = {
      ...env,
      FEISHU_BASE_URL: 'https://open.example',
      HTTPS_PROXY: `http://user:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    };
    const ran = await run(['plan', '--target', 'weekly', '--verbose', '--timeout', '1s']);
    proxy.close();
    expect(ran.code).toBe(1);
    expect(Buffer.from(asked.replace('Basic ', ''), 'base64').toString()).toBe(`user:${password}`);
    expect(ran.stdout).toContain('open.example cannot be reached');
  });

  it('the embedded server: what it prints and the state that it keeps', async () => {
    // Not in the folder that is searched: this file is meant to hold secrets.
    const tenantFile = join(folderWith({ 'tenant.yaml': tenant }), 'tenant.yaml');
    const child = start(['emulator', '--tenant', tenantFile, '--state', 'state.json', '--port', '0']);
    const url = await child.prints(/ready (http:\S+)/);
    const planned = await run(
      ['apply', folder, '--auto-approve', '--journal-dir', join(folder, journals)],
      appUrls(url),
    );
    expect(planned.code, planned.stderr).toBe(0);
    child.kill('SIGTERM');
    const ran = await child.ran;
    expect(filesIn(folder).get('state.json')).toContain('standup');
    // The lines for the next shell are there to hand over the credentials of the tenant file, and nothing else is.
    const handedOver = /^export (?:\w+_SECRET|GOOGLE_ACCESS_TOKEN)=.*$/gm;
    expect(ran.stderr.match(handedOver)).toHaveLength(4);
    expectClean({ ...ran, stderr: ran.stderr.replaceAll(handedOver, '') });
  });

  it('what is printed without any call: validate, schema, help and mistakes', async () => {
    for (const format of ['text', 'json', 'github']) {
      expect((await run(['validate', folder, '--format', format])).code).toBe(0);
    }
    expect((await run(['schema', 'plan'])).code).toBe(0);
    for (const command of [
      'validate',
      'plan',
      'apply',
      'show',
      'import',
      'revert',
      'schema',
      'emulator',
      'demo',
    ]) {
      expect((await run([command, '--help'])).stdout).toContain(`rollcall ${command}`);
    }
    expect((await run(['plan', '--no-such-option'])).code).toBe(1);
  });
});

/** The base URLs of every platform at a server. */
function appUrls(url: string): Record<string, string> {
  return {
    FEISHU_BASE_URL: url,
    LARK_BASE_URL: url,
    DINGTALK_BASE_URL: url,
    GOOGLE_BASE_URL: url,
    GOOGLE_TOKEN_URL: url,
    GOOGLE_ADMIN_BASE_URL: url,
  };
}
