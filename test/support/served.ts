import { type Emulator, startEmulator } from '../../src/emulator/server.ts';

/** The calendar of every Feishu event that {@link tenantOf} makes. */
export const calendar: string = 'feishu.cn_t@group.calendar.feishu.cn';

/** Whose DingTalk events {@link tenantOf} makes. */
export const dingtalkOrganizer: string = 'unionOrg';

/** The rows that a served event starts with, as tenant files have them. */
export type Rows = readonly Readonly<Record<string, unknown>>[];

export interface Served {
  /** Feishu (and Lark) events by id. */
  readonly feishu?: Readonly<Record<string, Rows>>;
  readonly feishuPeople?: Rows;
  /** DingTalk events by id. */
  readonly dingtalk?: Readonly<Record<string, Rows>>;
  readonly dingtalkPeople?: Rows;
  /** People of both kinds of platform. */
  readonly people?: Rows;
  readonly behaviour?: Readonly<Record<string, string>>;
}

/** A tenant file with these events, all of them in January 2099. */
export function tenantOf(served: Served): string {
  const { feishu, feishuPeople, dingtalk, dingtalkPeople, people, behaviour } = served;
  const events = (rows: Readonly<Record<string, Rows>> = {}): object[] =>
    Object.entries(rows).map(([id, attendees]) => ({
      id,
      summary: `Title of ${id}`,
      start: '2099-01-04T10:00:00+08:00',
      end: '2099-01-04T11:00:00+08:00',
      attendees,
    }));
  // JSON is YAML.
  return JSON.stringify({
    apps: [{ id: 'cli_demo', secret: 'demo-secret' }],
    tokens: ['u-demo', 't-demo'],
    behaviour: behaviour ?? {},
    people: people ?? [],
    feishu: {
      people: feishuPeople ?? [],
      calendars: [{ id: calendar, type: 'shared', role: 'owner', events: events(feishu) }],
    },
    dingtalk: {
      people: dingtalkPeople ?? [],
      users: [{ unionId: dingtalkOrganizer, events: events(dingtalk) }],
    },
  });
}

/** Starts a server with these events. */
export function serve(served: Served, more: { readonly now?: () => number } = {}): Promise<Emulator> {
  return startEmulator({ tenant: tenantOf(served), ...more });
}

/** The environment of an app on a server, for every platform, with reads that do not lag. */
export function appEnv(url: string): Record<string, string> {
  return {
    FEISHU_BASE_URL: url,
    FEISHU_APP_ID: 'cli_demo',
    FEISHU_APP_SECRET: 'demo-secret',
    LARK_BASE_URL: url,
    LARK_APP_ID: 'cli_demo',
    LARK_APP_SECRET: 'demo-secret',
    DINGTALK_BASE_URL: url,
    DINGTALK_APP_KEY: 'cli_demo',
    DINGTALK_APP_SECRET: 'demo-secret',
    ROLLCALL_SETTLE: '0s',
  };
}

/** An Event on Feishu, as a manifest on one line. */
export function feishuManifest(name: string, eventId: string, spec: object): string {
  return manifest('Event', name, { provider: 'feishu', calendarId: calendar, eventId, ...spec });
}

/** An Event on DingTalk, as a manifest on one line. */
export function dingtalkManifest(name: string, eventId: string, spec: object): string {
  return manifest('Event', name, { provider: 'dingtalk', organizer: dingtalkOrganizer, eventId, ...spec });
}

/** A manifest on one line. */
export function manifest(kind: 'Event' | 'Roster' | 'Directory', name: string, spec: object): string {
  return `${JSON.stringify({ apiVersion: 'rollcall.dev/v1', kind, metadata: { name }, spec })}\n`;
}

/** `user: <prefix>1` … `user: <prefix><count>`. */
export function users(count: number, prefix: string): { readonly user: string }[] {
  return Array.from({ length: count }, (_, index) => ({ user: `${prefix}${index + 1}` }));
}

/** A write as it went over the wire. */
export interface Write {
  readonly call: 'add' | 'remove';
  readonly body: Readonly<Record<string, unknown>>;
  /** The attendees that an addition names. */
  readonly added: readonly Readonly<Record<string, unknown>>[];
}

/** The writes to an event's attendees, in order. */
export function writesOf(server: Emulator, eventId: string): Write[] {
  return server.requests
    .filter(({ method, path }) => method === 'POST' && path.includes(`/${eventId}/attendees`))
    .map(({ path, body }) => {
      // The server has answered these: the body is an object with a list of objects.
      const sent = body as Record<string, unknown>;
      const added = (sent['attendees'] ?? sent['attendeesToAdd'] ?? []) as Write['added'];
      return { call: /batch/i.test(path) ? 'remove' : 'add', body: sent, added };
    });
}
