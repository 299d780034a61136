import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { behaviourHelp } from '../../emulator/behaviour.ts';
import { faultsHelp } from '../../emulator/faults/keys.ts';
import { FaultsError } from '../../emulator/faults/parse.ts';
import { type Emulator, startEmulator } from '../../emulator/server.ts';
import { StateFileError } from '../../emulator/state-file.ts';
import { TenantError } from '../../emulator/tenant.ts';
import { reasonOf } from '../../model/diagnostic.ts';
import { given } from '../../model/given.ts';
import { platforms } from '../../platforms/index.ts';
import type { Surroundings } from '../surroundings.ts';
import { UsageError, exitCodes } from '../../run/usage-error.ts';
import { packageFile } from '../../run/version.ts';

export interface EmulatorCommandOptions {
  /** The example that is included where there is none. */
  readonly tenant?: string;
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

/** The tenant file that comes with rollcall. */
export const exampleTenant: string = fileURLToPath(packageFile('examples/tenant.yaml'));

/**
 * The variables that have rollcall call a server that is listening: for each platform its base URL, and the tenant
 * file's first app, or its first access token where it has no app. A token that is set otherwise would go before the
 * app, and is emptied.
 */
export function emulatorEnv({
  url,
  credentials: { app, token },
}: Emulator): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const { env } of Object.values(platforms)) {
    variables[env.baseUrl] = url;
    for (const { variable } of Object.values(env.otherHosts ?? {})) variables[variable] = url;
    if ('keyFile' in env.credentials) {
      variables[env.token] = token ?? '';
      continue;
    }
    const names = env.credentials;
    if (app !== undefined) Object.assign(variables, { [names.app]: app.id, [names.secret]: app.secret });
    variables[env.token] = app === undefined ? (token ?? '') : '';
  }
  return variables;
}

/** `rollcall emulator`: serves the embedded platform until it is stopped. On stderr is what a shell needs to use it. */
export async function emulatorCommand(
  { stdout, stderr, signal }: Surroundings,
  options: EmulatorCommandOptions,
): Promise<number> {
  const emulator = await start(options);
  const lines = Object.entries(emulatorEnv(emulator)).map(
    ([name, value]) => `export ${name}=${quoted(value)}\n`,
  );
  // Before the line that says that it is ready: anyone who waits for that finds these.
  stderr.write(`# For the shell in which you run rollcall:\n${lines.join('')}`);
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

/** A text as one word of a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** @throws UsageError for a file or a port that cannot be used. */
async function start(options: EmulatorCommandOptions): Promise<Emulator> {
  const { tenant = exampleTenant, state, faults, port, quota, latency } = options;
  const files = {
    tenant: read(tenant, '--tenant'),
    ...(faults === undefined ? {} : { faults: read(faults, '--faults'), faultsFile: faults }),
  };
  try {
    return await startEmulator({
      ...files,
      file: tenant,
      port,
      ...given({ state }),
      quota,
      latencyMs: latency,
    });
  } catch (error) {
    if (error instanceof TenantError) {
      const hint = 'Fix the tenant file; examples/tenant.yaml is a working one.';
      throw new UsageError(`${tenant} is not a valid tenant file`, hint, exitCodes.error, error.problems);
    }
    if (error instanceof FaultsError) {
      const hint = 'Fix the faults file; rollcall emulator --help lists what it can contain.';
      throw new UsageError(
        `${faults ?? ''} is not a valid faults file`,
        hint,
        exitCodes.error,
        error.problems,
      );
    }
    if (error instanceof StateFileError) throw new UsageError(error.message);
    const code = reasonOf(error);
    if (code === 'EADDRINUSE')
      throw new UsageError(`port ${port} is already in use`, 'Choose another with --port.');
    if (code === 'EACCES' || code === 'ERR_SOCKET_BAD_PORT')
      throw new UsageError(`cannot listen on port ${port} (${code})`, 'Choose another with --port.');
    throw error;
  }
}

function read(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = reasonOf(error);
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new UsageError(
      missing ? `there is no file ${file}` : `${file} cannot be read (${code})`,
      `Pass a readable file with ${option}.`,
    );
  }
}
