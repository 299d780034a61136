import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Ran } from './cli.ts';
import { type GoogleScene, googleManifest, googleScene } from './google-scene.ts';

/** An event whose list has people by other addresses than its manifest, where nobody can be asked. */

export const lead = { email: 'lead@corp.com', reply: 'accepted' };
export const ann = { email: 'ann@corp.com', name: 'Ann', reply: 'accepted' };
export const bob = { email: 'bob@corp.com', reply: 'accepted' };
export const alias = { email: 'ann.lee@corp.com' };

export function tenantOf(attendees: readonly object[], more: object = {}): Readonly<Record<string, unknown>> {
  return {
    admins: ['boss@corp.com'],
    aliases: { 'ann.lee@corp.com': 'ann@corp.com' },
    calendars: [{ id: 'lead@corp.com', events: [{ id: 'staff', summary: 'Staff', attendees }] }],
    ...more,
  };
}

export function manifestOf(
  attendees: readonly object[],
  spec: object = {},
): Readonly<Record<string, string>> {
  return { 'm/staff.yaml': JSON.stringify(JSON.parse(googleManifest('staff', attendees, spec)), null, 2) };
}

export const patches = ({ emulator }: GoogleScene): number =>
  emulator.requests.filter(({ api }) => api === 'google.event.patch').length;

export const listed = ({ emulator }: GoogleScene): string[] =>
  emulator.attendees('staff').map(({ id }) => id);

export const apply = (scene: GoogleScene, ...args: readonly string[]): Promise<Ran> =>
  scene.run('apply', '--auto-approve', '--verify-timeout', '1s', ...args);

export const journals = ({ folder }: GoogleScene): string[] =>
  readdirSync(join(folder, '.rollcall/runs'))
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => join(folder, '.rollcall/runs', name));

/** A scene after the run that came upon the alias. */
export async function afterFirst(
  spec: object = {},
  attendees: readonly object[] = [alias],
): Promise<GoogleScene> {
  const scene = await googleScene(tenantOf([lead, ann]), manifestOf(attendees, spec));
  // Where nothing else is written the run has failed.
  const first = await apply(scene, 'm');
  expect(first.code, first.stderr + first.stdout).toBe(attendees.length > 1 ? 4 : 1);
  return scene;
}
