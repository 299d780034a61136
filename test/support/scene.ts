import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { InterceptedCall } from '../../src/emulator/intercept.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/server.ts';
import { type Ran, type Started, feishuEnv, folderWith, rollcall, startRollcall } from './cli.ts';

/** A Feishu calendar on a server of its own, manifests in a folder, and the command line between them. */
export interface Scene {
  readonly server: Emulator;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Starts it as a process of its own. */
  readonly start: (...args: readonly string[]) => Started;
  readonly run: (...args: readonly string[]) => Promise<Ran>;
  /** Who is on an event: the id, an optional one with a `?` behind it; sorted. */
  readonly live: (eventId: string) => string[];
  /** The calls that write, in short: `remove weekly_0 2`. */
  readonly writes: () => string[];
  /** The newest journal's path in the folder. */
  readonly journal: () => string;
  readonly journalLines: () => readonly string[];
  readonly close: () => Promise<void>;
}

export const calendar = 'feishu.cn_t@group.calendar.feishu.cn';

const times = 'start: 2099-01-04T10:00:00+08:00, end: 2099-01-04T11:00:00+08:00';

/** A tenant whose events are given by id, each with its rows in YAML and what else it has. */
export function tenantOf(events: Readonly<Record<string, string>>, more: string = ''): string {
  const lines = Object.entries(events).map(([id, rest]) => `        - { id: ${id}, ${times}, ${rest} }`);
  return `
apps: [{ id: cli_demo, secret: demo-secret }, { id: cli_other, secret: other-secret }]
${more}
feishu:
  people: [{ user: ou_out, external: true }]
  calendars:
    - id: ${calendar}
      type: primary
      role: owner
      events:
${lines.join('\n')}
`;
}

/** A manifest of the event whose id is its name with `_0`. `spec`: further lines, indented by two. */
export function manifestOf(name: string, attendees: string | null, spec: string = ''): string {
  return `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: ${name} }
spec:
  provider: feishu
  calendarId: ${calendar}
  eventId: ${name}_0
${attendees === null ? '' : `  attendees: [${attendees}]\n`}${spec}`;
}

export async function newScene(
  options: EmulatorOptions,
  manifests: Readonly<Record<string, string>>,
): Promise<Scene> {
  const server = await startEmulator(options);
  const folder = folderWith(
    Object.fromEntries(Object.entries(manifests).map(([name, text]) => [`${name}.yaml`, text])),
  );
  const env = feishuEnv(server.url);
  const journal = (): string => {
    const runs = '.rollcall/runs';
    const [newest] = readdirSync(join(folder, runs)).sort().reverse();
    if (newest === undefined) throw new RangeError('no run has left a journal');
    return `${runs}/${newest}`;
  };
  return {
    server,
    folder,
    env,
    start: (...args) => startRollcall(args, { cwd: folder, env }),
    run: (...args) => rollcall(args, { cwd: folder, env }),
    live: (eventId) =>
      server
        .attendees(eventId)
        .map(({ id, optional }) => `${id}${optional ? '?' : ''}`)
        .sort(),
    writes: () => server.requests.flatMap(writeOf),
    journal,
    journalLines: () => readFileSync(join(folder, journal()), 'utf8').split('\n').slice(0, -1),
    close: () => server.close(),
  };
}

/** A call that writes, in short: what, which event, how many; nothing for any other. */
export function writeOf({ api, path, body }: Pick<InterceptedCall, 'api' | 'path' | 'body'>): string[] {
  const [, event = ''] = /\/events\/([^/]+)/.exec(path) ?? [];
  // The server has checked the body before it was taken.
  const { attendees, attendee_ids: ids } = (body ?? {}) as {
    attendees?: unknown[];
    attendee_ids?: unknown[];
  };
  if (api === 'feishu.attendees.create') return [`add ${event} ${attendees?.length ?? 0}`];
  if (api === 'feishu.attendees.delete') return [`remove ${event} ${ids?.length ?? 0}`];
  if (api === 'feishu.meeting-chat.delete') return [`unbind ${event} 1`];
  if (api === 'feishu.event.delete') return [`delete ${event} 1`];
  return [];
}
