import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Basis, EventRef } from '../../../src/model/event.ts';
import type { Reader } from '../../../src/providers/provider.ts';
import type { Script, ScriptedAnswer, SeenRequest } from '../../support/scripted-server.ts';
import { type Bench, type BenchOptions, onBench, signal } from '../bench.ts';

const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
export const publicKey: string = pair.publicKey;
export const privateKey: string = pair.privateKey;

export const clientEmail = 'rollcall@demo.iam.gserviceaccount.com';

/** A key file with these members beside the usual ones; its path. */
export function keyFile(more: Readonly<Record<string, unknown>> = {}): string {
  const path = join(mkdtempSync(join(tmpdir(), 'rollcall-key-')), 'key.json');
  const key = {
    type: 'service_account',
    client_email: clientEmail,
    private_key: privateKey,
    token_uri: 'https://elsewhere.example/token',
    ...more,
  };
  writeFileSync(path, JSON.stringify(key));
  return path;
}

const usual = keyFile();

export const event: EventRef = {
  provider: 'google',
  calendarId: 'primary',
  eventId: 'g1',
  organizer: 'lead@corp.com',
};

/** The path of {@link event}: `primary` is asked for by its organizer's address. */
export const path = '/calendar/v3/calendars/lead%40corp.com/events/g1';

export type Row = Readonly<Record<string, unknown>>;

/** An event as the API answers it. */
export function body(rows: readonly Row[], more: Readonly<Record<string, unknown>> = {}): Row {
  return {
    kind: 'calendar#event',
    id: 'g1',
    etag: '"1"',
    status: 'confirmed',
    summary: 'Staff',
    start: { dateTime: '2099-01-04T10:00:00+08:00' },
    end: { dateTime: '2099-01-04T11:00:00+08:00' },
    organizer: { email: 'lead@corp.com', self: true },
    attendees: rows,
    ...more,
  };
}

export function answer(rows: readonly Row[], more: Readonly<Record<string, unknown>> = {}): ScriptedAnswer {
  return { body: body(rows, more) };
}

export function refusal(status: number, reason: string, message = 'platform text'): ScriptedAnswer {
  return { status, body: { error: { code: status, message, errors: [{ domain: 'x', reason, message }] } } };
}

export function onGoogle<T>(
  script: Script,
  work: (bench: Bench) => Promise<T>,
  more: Partial<BenchOptions> = {},
): Promise<T> {
  const token = (_request: SeenRequest, count: number): ScriptedAnswer => ({
    body: { access_token: `ya29.CANARY-token-${count}`, expires_in: 3599, token_type: 'Bearer' },
  });
  const env = { GOOGLE_APPLICATION_CREDENTIALS: usual, ...more.env };
  return onBench({ provider: 'google', script, token, ...more, env }, work);
}

/** The claims of a request for a token. */
export function claimsOf(request: SeenRequest | undefined): Readonly<Record<string, unknown>> {
  const assertion = new URLSearchParams(request?.text).get('assertion') ?? '';
  // What this process signed itself.
  return JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString()) as Row;
}

export async function basisOf(reader: Reader): Promise<Basis | undefined> {
  const observed = await reader.read(event, 'attendees', signal);
  return observed.complete ? observed.basis : undefined;
}
