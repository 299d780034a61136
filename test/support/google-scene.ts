import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { type Ran, folderWith, rollcall } from './cli.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** The service account of every scene. */
export const robot = 'rollcall@demo.iam.gserviceaccount.com';

/** A folder of manifests, and a server of Google Calendar that the command line works on. */
export interface GoogleScene {
  readonly emulator: Emulator;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  run(...args: readonly string[]): Promise<Ran>;
  /** The lines of the newest journal. */
  journal(): readonly Readonly<Record<string, unknown>>[];
  close(): Promise<void>;
}

/** `tenant`: what the tenant file holds under `google:` beside the service account. */
export async function googleScene(
  tenant: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>>,
  behaviour: Readonly<Record<string, string>> = {},
): Promise<GoogleScene> {
  const google = { domains: ['corp.com'], accounts: [{ clientEmail: robot, delegated: true }], ...tenant };
  const emulator = await startEmulator({
    tenant: JSON.stringify({ tokens: ['given-token'], behaviour, google }),
  });
  const key = { type: 'service_account', client_email: robot, private_key: privateKey };
  const folder = folderWith({ 'key.json': JSON.stringify(key), ...files });
  const env = {
    GOOGLE_BASE_URL: emulator.url,
    GOOGLE_TOKEN_URL: emulator.url,
    GOOGLE_ADMIN_BASE_URL: emulator.url,
    GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'key.json'),
  };
  return {
    emulator,
    folder,
    env,
    run: (...args) => rollcall(args, { cwd: folder, env }),
    journal: () => {
      const runs = join(folder, '.rollcall/runs');
      const text = readFileSync(join(runs, readdirSync(runs).sort().at(-1) ?? ''), 'utf8');
      return text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    },
    close: () => emulator.close(),
  };
}

/** An Event on Google whose organizer is `lead@corp.com`. */
export function googleManifest(name: string, attendees: readonly object[], spec: object = {}): string {
  return JSON.stringify({
    apiVersion: 'rollcall.dev/v1',
    kind: 'Event',
    metadata: { name },
    spec: { provider: 'google', organizer: 'lead@corp.com', eventId: name, attendees, ...spec },
  });
}
