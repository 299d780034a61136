import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmulator } from '../../emulator/server.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes } from '../../run/usage-error.ts';
import { packageFile } from '../../run/version.ts';
import { emulatorEnv, exampleTenant } from './emulator.ts';

const examples = dirname(exampleTenant);
const main = fileURLToPath(packageFile('dist/cli/main.js'));

/** `rollcall demo`: the embedded platform, and what a user would type against it. */
export async function demoCommand({ stdout, env }: Surroundings): Promise<number> {
  const emulator = await startEmulator({
    tenant: readFileSync(exampleTenant, 'utf8'),
    file: 'examples/tenant.yaml',
  });
  const journals = mkdtempSync(join(tmpdir(), 'rollcall-demo-'));
  const commands = [
    ['validate', 'manifests'],
    ['plan', 'manifests'],
    ['apply', 'manifests', '--auto-approve', '--quiet', '--journal-dir', journals],
    ['plan', 'manifests', '--detailed-exitcode'],
  ];
  const account = { ...emulatorEnv(emulator), ROLLCALL_SETTLE: '0s' };
  try {
    stdout.write(`The embedded platform is listening on ${emulator.url} with examples/tenant.yaml.\n`);
    for (const command of commands) {
      stdout.write(`\n$ rollcall ${command.join(' ').replace(journals, 'DIR')}\n`);
      const code = await run(command, { ...env, ...account });
      if (code !== exitCodes.done) {
        stdout.write(`rollcall ${command[0] ?? ''} ended with exit code ${code}.\n`);
        return exitCodes.error;
      }
    }
    stdout.write('\nThe second plan is empty: the calendars match the manifests.\n');
    return exitCodes.done;
  } finally {
    await emulator.close();
    rmSync(journals, { recursive: true, force: true });
  }
}

function run(command: readonly string[], env: Surroundings['env']): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...command], {
      cwd: examples,
      env: { ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', reject);
    child.on('close', (code) => {
      resolve(code ?? exitCodes.error);
    });
  });
}
