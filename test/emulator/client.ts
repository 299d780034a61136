import { afterEach } from 'vitest';

import { startEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/server.ts';

const open: Emulator[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((emulator) => emulator.close()));
});

/** A server for one test; it is closed after it. */
export async function serve(
  tenant: string,
  options: Omit<EmulatorOptions, 'tenant'> = {},
): Promise<Emulator> {
  const emulator = await startEmulator({ tenant, ...options });
  open.push(emulator);
  return emulator;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON body; an empty object where there is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Ask {
  readonly body?: unknown;
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One call with the token that the tenant files of these tests accept. */
export async function ask(emulator: Emulator, method: string, path: string, given: Ask = {}): Promise<Reply> {
  const payload = given.raw ?? (given.body === undefined ? null : JSON.stringify(given.body));
  const response = await fetch(`${emulator.url}${path}`, {
    method,
    headers: {
      authorization: 'Bearer u-test',
      'x-acs-dingtalk-access-token': 'u-test',
      ...(payload === null ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      ...given.headers,
    },
    body: payload,
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  // The tests below say what they expect in it.
  const body = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, text, body };
}

/** What `data` of a Feishu answer holds. */
export function dataOf(reply: Reply): Readonly<Record<string, unknown>> {
  return (reply.body['data'] ?? {}) as Record<string, unknown>;
}

/** The rows under this name in the body of an answer, or in its `data`. */
export function rowsOf(reply: Reply, name = 'items'): readonly Readonly<Record<string, unknown>>[] {
  const holder = reply.body['data'] === undefined ? reply.body : dataOf(reply);
  return (holder[name] ?? []) as Record<string, unknown>[];
}

/** The path of a Feishu event on the calendar `cal@x`, or on another. */
export function feishuEvent(id: string, calendar = 'cal@x'): string {
  return `/open-apis/calendar/v4/calendars/${encodeURIComponent(calendar)}/events/${encodeURIComponent(id)}`;
}

/** The path of a DingTalk event of the user `org`, or of another. */
export function dingtalkEvent(id: string, user = 'org'): string {
  return `/v1.0/calendar/users/${encodeURIComponent(user)}/calendars/primary/events/${encodeURIComponent(id)}`;
}

/** A tenant file with one Feishu calendar, `cal@x`, that holds these events (YAML, flow style). */
export function feishuTenant(events: string, more = ''): string {
  return `
apps: [{ id: cli_test, secret: test-secret }]
tokens: [u-test]
${more}
feishu: { calendars: [{ id: cal@x, type: primary, role: owner, events: [${events}] }] }
`;
}

/** A tenant file with one DingTalk user, `org`, who holds these events (YAML, flow style). */
export function dingtalkTenant(events: string, more = ''): string {
  return `
apps: [{ id: key, secret: test-secret }]
tokens: [u-test]
${more}
dingtalk: { users: [{ unionId: org, events: [${events}] }] }
`;
}

/** A tenant file with the Google calendar `lead@corp.com`, that holds these events (YAML, flow style). */
export function googleTenant(events: string, more = '', behaviour = ''): string {
  return `
tokens: [u-test]
behaviour: { ${behaviour} }
google: { ${more} calendars: [{ id: lead@corp.com, events: [${events}] }] }
`;
}

/** The path of a Google event on the calendar `lead@corp.com`, or on another. */
export function googleEvent(id: string, calendar = 'lead@corp.com'): string {
  return `/calendar/v3/calendars/${encodeURIComponent(calendar)}/events/${encodeURIComponent(id)}`;
}

/** What an error of Google says. */
export function googleError(reply: Reply): Readonly<Record<string, unknown>> {
  // Its envelope: the tests say what they expect in it.
  const { error } = reply.body as { error?: { errors?: readonly Record<string, unknown>[] } };
  return error?.errors?.[0] ?? {};
}
