import { parse } from 'yaml';
import { behaviourOf } from '../../src/emulator/behaviour.ts';
import type { Intercept } from '../../src/emulator/intercept.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { googleEnv, robot } from '../contract/google.ts';
import { type Ran, rollcall } from './cli.ts';

type Switches = Readonly<Record<string, string>>;

/** Whatever names somebody or opens something: no output may hold any of it. */
export const hidden: readonly string[] = ['Sesame', 'open-secret', 'Tess', 'Nora', '@corp', 'Org Anna'];

/** A platform as a user with a test tenant has it. */
export interface SmokeBed {
  readonly args: readonly string[];
  readonly env: (url: string) => Readonly<Record<string, string>>;
  /** The event that is there already. */
  readonly event: string;
  /** Where its events are listed. */
  readonly events: string;
}

const feishu = (provider: 'feishu' | 'lark'): SmokeBed => ({
  args: [
    '--provider',
    provider,
    '--calendar',
    'own@corp',
    '--attendee',
    'ou_tess',
    '--address',
    'nora@corp.com',
    '--external',
    'ou_ext',
  ],
  env: (url) => {
    const name = provider.toUpperCase();
    return {
      [`${name}_BASE_URL`]: url,
      [`${name}_APP_ID`]: 'cli_test',
      [`${name}_APP_SECRET`]: 'open-secret',
    };
  },
  event: 'weekly_0',
  events: '/open-apis/calendar/v4/calendars/own@corp/events',
});

export const beds: Readonly<Record<'feishu' | 'lark' | 'dingtalk' | 'google', SmokeBed>> = {
  feishu: feishu('feishu'),
  lark: feishu('lark'),
  dingtalk: {
    args: ['--provider', 'dingtalk', '--organizer', 'unionSesame', '--attendee', 'unionTess'],
    env: (url) => ({
      DINGTALK_BASE_URL: url,
      DINGTALK_APP_KEY: 'cli_test',
      DINGTALK_APP_SECRET: 'open-secret',
    }),
    event: 'weekly',
    events: '/v1.0/calendar/users/unionSesame/calendars/primary/events',
  },
  google: {
    args: [
      '--provider',
      'google',
      '--organizer',
      'sesame@corp.com',
      '--attendee',
      'tess@corp.com',
      '--alias',
      'nora@corp.com',
    ],
    env: (url) => googleEnv(url),
    event: 'weekly',
    events: '/calendar/v3/calendars/sesame@corp.com/events',
  },
};

const times = { summary: 'Sesame', start: '2099-01-04T02:00:00Z', end: '2099-01-04T03:00:00Z' };

export function smokeTenant(behaviour: Switches): string {
  const weekly = {
    ...times,
    id: 'weekly_0',
    attendees: [{ user: 'ou_org', name: 'Org Anna', organizer: true }],
  };
  return JSON.stringify({
    apps: [{ id: 'cli_test', secret: 'open-secret' }],
    tokens: ['u-looks-in'],
    behaviour,
    people: [
      { openId: 'ou_tess', dingtalk: 'unionTess', email: 'tess@corp.com', name: 'Tess' },
      { openId: 'ou_nora', dingtalk: 'unionNora', email: 'nora@corp.com', name: 'Nora' },
      { openId: 'ou_org', dingtalk: 'unionSesame', email: 'sesame@corp.com', name: 'Org Anna' },
    ].map(({ email, ...one }) =>
      email.startsWith('nora') ? { ...one, email, google: 'nora.n@corp.com' } : { ...one, email },
    ),
    feishu: {
      people: [{ user: 'ou_ext', external: true }],
      calendars: [
        { id: 'own@corp', type: 'primary', role: 'owner', events: [weekly] },
        { id: 'team@corp', type: 'shared', role: 'owner', events: [] },
      ],
    },
    dingtalk: {
      users: [
        {
          unionId: 'unionSesame',
          events: [{ ...times, id: 'weekly', attendees: [{ user: 'unionSesame' }] }],
        },
      ],
    },
    google: {
      domains: ['corp.com'],
      accounts: [{ clientEmail: robot, delegated: true }],
      aliases: { 'nora@corp.com': 'tess@corp.com' },
      calendars: [
        {
          id: 'sesame@corp.com',
          events: [{ ...times, id: 'weekly', attendees: [{ email: 'sesame@corp.com' }] }],
        },
      ],
    },
  });
}

const running: Emulator[] = [];

export async function serveSmoke(behaviour: Switches = {}, intercept?: Intercept): Promise<Emulator> {
  const server = await startEmulator({
    tenant: smokeTenant(behaviour),
    ...(intercept === undefined ? {} : { intercept }),
  });
  running.push(server);
  return server;
}

export async function closeSmoke(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.close()));
}

/** Runs it without a terminal. */
export function smoke(bed: SmokeBed, server: Emulator, ...more: readonly string[]): Promise<Ran> {
  return rollcall(['smoke', ...bed.args, ...more], {
    env: { ...bed.env(server.url), ROLLCALL_SETTLE: '0s' },
  });
}

/** The switches that were printed. */
export function switchesIn(stdout: string): Switches {
  // The test of the tenant file's schema holds it to this shape.
  return (parse(stdout) as { behaviour: Switches }).behaviour;
}

/** What the same switches are where nothing is set. */
export function usual(names: readonly string[]): Switches {
  const all: Readonly<Record<string, string | number>> = behaviourOf();
  return Object.fromEntries(names.map((name) => [name, String(all[name])]));
}

/** The titles of the events that are there, deleted ones left out. */
export async function eventsOn(server: Emulator, bed: SmokeBed): Promise<readonly string[]> {
  const headers = { authorization: 'Bearer u-looks-in', 'x-acs-dingtalk-access-token': 'u-looks-in' };
  const answer = await fetch(`${server.url}${bed.events}`, { headers });
  // The lists of three platforms: whatever holds a list of objects with a title.
  const body = (await answer.json()) as Readonly<Record<string, unknown>>;
  const { items = body['events'] ?? body['items'] } = (body['data'] ?? {}) as { items?: unknown };
  const events = items as readonly { readonly summary: string; readonly status?: string }[];
  return events.filter(({ status }) => status !== 'cancelled').map(({ summary }) => summary);
}

/** The deletions that were asked for: whether they were done. */
export function deletions(server: Emulator): readonly boolean[] {
  return server.requests
    .filter(({ api }) => api.endsWith('.event.delete'))
    .map(({ status }) => status !== null && status < 300);
}

/** The calls that change something. */
export function writes(server: Emulator): readonly string[] {
  return calls(server).filter((api) => /\.(create|insert|add|remove|delete|patch)$/.test(api));
}

/** The calls that came in but those for tokens. */
export function calls(server: Emulator): readonly string[] {
  return server.requests.map(({ api }) => api).filter((api) => !api.endsWith('.token'));
}
