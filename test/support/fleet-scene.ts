import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/server.ts';
import { folderWith, type Ran, rollcall } from './cli.ts';
import { manifestOf, tenantOf, writeOf } from './scene.ts';

/** Tenants that are each on a server of its own, Tenants and manifests in a folder, and credentials in another. */
export interface FleetScene {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly servers: Readonly<Record<string, Emulator>>;
  readonly run: (...args: readonly string[]) => Promise<Ran>;
  /** Who is on an event of a tenant. */
  readonly live: (tenant: string, eventId?: string) => string[];
  /** Calls of a tenant that write. */
  readonly writes: (tenant: string) => string[];
  /** Writes a variable of a tenant. */
  readonly secret: (tenant: string, variable: string, value: string) => void;
}

/** Each tenant has one event, `standup`, with Ann and Bob on it; the manifests want Ann and Cy, unless they are given. */
export async function newFleet(
  tenants: Readonly<
    Record<
      string,
      { readonly manifests?: string; readonly events?: string | Readonly<Record<string, string>> } & Omit<
        EmulatorOptions,
        'tenant'
      >
    >
  >,
): Promise<FleetScene> {
  const names = Object.keys(tenants);
  const servers: Record<string, Emulator> = {};
  for (const [name, { manifests: _, events = usual, ...options }] of Object.entries(tenants)) {
    const server = await startEmulator({
      tenant: tenantOf(typeof events === 'string' ? { standup_0: events } : events),
      ...options,
    });
    onTestFinished(() => server.close());
    servers[name] = server;
  }
  const folder = folderWith({
    'fleet.yaml': names.map((name) => tenantManifest(name)).join('---\n'),
    ...Object.fromEntries(names.map((name) => [`${name}/a.yaml`, tenants[name]?.manifests ?? wanted])),
    ...Object.fromEntries(
      names.flatMap((name) => [
        [`secrets/${name}/FEISHU_APP_ID`, 'cli_demo\n'],
        [`secrets/${name}/FEISHU_APP_SECRET`, 'demo-secret\n'],
        [`secrets/${name}/FEISHU_BASE_URL`, `${servers[name]?.url ?? ''}\n`],
      ]),
    ),
  });
  const env = { ROLLCALL_TENANTS: join(folder, 'secrets'), ROLLCALL_SETTLE: '0s' };
  return {
    folder,
    env,
    servers,
    run: (...args) => rollcall(args, { cwd: folder, env }),
    live: (tenant, eventId = 'standup_0') =>
      servers[tenant]
        ?.attendees(eventId)
        .map(({ id }) => id)
        .sort() ?? [],
    writes: (tenant) => servers[tenant]?.requests.flatMap(writeOf) ?? [],
    secret: (tenant, variable, value) => writeFileSync(join(folder, 'secrets', tenant, variable), value),
  };
}

const usual = 'attendees: [{ user: ou_ann }, { user: ou_bob }]';
const wanted: string = manifestOf('standup', '{ user: ou_ann }, { user: ou_cy }');

/** A Tenant whose manifests are in the folder of its name. */
export function tenantManifest(name: string, labels = '{}'): string {
  return `apiVersion: rollcall.dev/v1
kind: Tenant
metadata: { name: ${name}, labels: ${labels} }
spec: { provider: feishu, manifests: ./${name} }
`;
}
