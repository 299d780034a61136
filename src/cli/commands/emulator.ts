import { readFileSync } from 'node:fs';
import { behaviourHelp } from '../../emulator/behaviour.ts';
import { faultsHelp } from '../../emulator/faults/help.ts';
import { FaultsError } from '../../emulator/faults/parse.ts';
import { type Emulator, startEmulator } from '../../emulator/server.ts';
import { StateFileError } from '../../emulator/state-file.ts';
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
  readonly faults?: string;
}

/** What `rollcall emulator --help` says after the options. */
export function emulatorHelp(): string {
  return `\n${behaviourHelp()}\n\n${faultsHelp()}`;
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

/** @throws UsageError for a file or a port that cannot be used. */
async function start(options: EmulatorCommandOptions): Promise<Emulator> {
  const { tenant, state, faults, port, quota, latency } = options;
  const files = {
    tenant: read(tenant, '--tenant'),
    ...(faults === undefined ? {} : { faults: read(faults, '--faults'), faultsFile: faults }),
  };
  try {
    return await startEmulator({
      ...files,
      file: tenant,
      port,
      ...(state === undefined ? {} : { state }),
      quota,
      latencyMs: latency,
    });
  } catch (error) {
    if (error instanceof TenantError) {
      const hint = 'Correct the tenant file; examples/tenant.yaml is one that works.';
      throw new UsageError(`${tenant} is no tenant file`, hint, exitCodes.error, error.problems);
    }
    if (error instanceof FaultsError) {
      const hint = 'Correct the faults file; rollcall emulator --help shows what may stand in it.';
      throw new UsageError(`${faults ?? ''} is no faults file`, hint, exitCodes.error, error.problems);
    }
    if (error instanceof StateFileError) throw new UsageError(error.message);
    const code = codeOf(error);
    if (code === 'EADDRINUSE') throw new UsageError(`port ${port} is taken`, 'Name another with --port.');
    if (code === 'EACCES' || code === 'ERR_SOCKET_BAD_PORT')
      throw new UsageError(`port ${port} cannot be listened on (${code})`, 'Name another with --port.');
    throw error;
  }
}

function read(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new UsageError(
      missing ? `there is no file ${file}` : `${file} cannot be read (${code})`,
      `Name a file that can be read with ${option}.`,
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
