import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startEmulator } from '../../emulator/server.ts';
import { loadManifests } from '../../manifest/load.ts';
import { runCommandLine } from '../command-line.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes } from '../../run/usage-error.ts';
import { emulatorEnv, exampleTenant } from './emulator.ts';

const examples = dirname(exampleTenant);

/** `rollcall demo`: the embedded platform, and what a user would type against it. */
export async function demoCommand(surroundings: Surroundings): Promise<number> {
  const { stdout, env } = surroundings;
  const emulator = await startEmulator({
    tenant: readFileSync(exampleTenant, 'utf8'),
    file: 'examples/tenant.yaml',
  });
  const written = mkdtempSync(join(tmpdir(), 'rollcall-demo-'));
  const commands: readonly (readonly string[])[] = [
    ...searches(written),
    ['validate', 'manifests'],
    ['doctor', 'manifests', '--quiet'],
    ['plan', 'manifests'],
    ['apply', 'manifests', '--auto-approve', '--quiet', '--journal-dir', written],
    ['plan', 'manifests', '--detailed-exitcode'],
    // The changed occurrences of its series lie far ahead.
    ['plan', 'manifests', '--target', 'standup', '--as-of', '2099-02-01'],
  ];
  const account = { ...emulatorEnv(emulator), ROLLCALL_SETTLE: '0s' };
  const before = process.cwd();
  process.chdir(examples);
  try {
    stdout.write(`The embedded platform is listening on ${emulator.url} with examples/tenant.yaml.\n`);
    stdout.write(`DIR is ${written}, which is removed at the end.\n`);
    for (const command of commands) {
      stdout.write(`\n$ rollcall ${command.join(' ').replaceAll(written, 'DIR')}\n`);
      const code = await runCommandLine(
        { ...surroundings, env: { ...env, ...account }, args: command },
        command,
      );
      if (code !== exitCodes.done) {
        stdout.write(`rollcall ${command[0] ?? ''} ended with exit code ${code}.\n`);
        return exitCodes.error;
      }
    }
    stdout.write('\nThe calendars match the manifests, except for two occurrences of a series in 2099.\n');
    return exitCodes.done;
  } finally {
    process.chdir(before);
    await emulator.close();
    rmSync(written, { recursive: true, force: true });
  }
}

/** From a calendar to manifests: what there is, who somebody is, and a manifest for what has none. */
function searches(folder: string): string[][] {
  const { events } = loadManifests([join(examples, 'manifests')], { asOf: '2000-01-01' }).desired;
  const ref = events.map((event) => event.ref).find(({ organizer }) => organizer === undefined);
  if (ref === undefined) return [];
  const platform = ['--provider', ref.provider];
  const calendar = [...platform, '--calendar', ref.calendarId];
  const imported = join(folder, 'imported');
  return [
    ['find', 'calendars', ...platform],
    ['find', 'events', ...calendar],
    ['find', 'people', ...platform, 'lisi@example.com', '--format', 'yaml'],
    // Has left.
    ['find', 'people', ...platform, 'frank@example.com'],
    [
      'import',
      ...calendar,
      '--all',
      '--quiet',
      '--out-dir',
      imported,
      '--directory',
      join(imported, 'people.yaml'),
    ],
    ['plan', imported, '--detailed-exitcode'],
  ];
}
