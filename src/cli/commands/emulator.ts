import { readFileSync } from 'node:fs';
import { startEmulator } from '../../emulator/server.ts';
import { TenantError } from '../../emulator/tenant.ts';
import type { Surroundings } from '../surroundings.ts';
import { UsageError, exitCodes } from '../usage-error.ts';

export interface EmulatorCommandOptions {
  readonly tenant: string;
  readonly port: number;
  readonly state?: string;
  readonly quota: 'documented' | 'none';
  /** Milliseconds */
  readonly latency: number;
}

/** `rollcall emulator`: serves the embedded platform until it is stopped. */
export async function emulatorCommand(
  { stdout, signal }: Surroundings,
  options: EmulatorCommandOptions,
): Promise<number> {
  const emulator = await start(options);
  stdout.write(`ready ${emulator.url}\n`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
  await emulator.close();
  return exitCodes.done;
}

async function start(options: EmulatorCommandOptions): ReturnType<typeof startEmulator> {
  try {
    return await startEmulator({
      tenant: readFileSync(options.tenant, 'utf8'),
      file: options.tenant,
      port: options.port,
      ...(options.state === undefined ? {} : { state: options.state }),
      quota: options.quota,
      latencyMs: options.latency,
    });
  } catch (error) {
    if (error instanceof TenantError) {
      const hint = 'Correct the tenant file; examples/tenant.yaml is one that works.';
      throw new UsageError(`${options.tenant} is no tenant file`, hint, exitCodes.error, error.problems);
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT')
      throw new UsageError(`there is no file ${options.tenant}`, 'Name a tenant file with --tenant.');
    if (code === 'EADDRINUSE')
      throw new UsageError(`port ${options.port} is taken`, 'Name another with --port.');
    throw error;
  }
}
