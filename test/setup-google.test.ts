import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startEmulator } from '../src/emulator/server.ts';
import { errorTable } from '../src/providers/google/errors.ts';
import { folderWith, rollcall, root } from './support/cli.ts';
import { rowsOf } from './support/pages.ts';
import { manifest } from './support/served.ts';

const page = readFileSync(join(root, 'docs/setup-google.md'), 'utf8');
const example = readFileSync(join(root, 'examples/tenant.yaml'), 'utf8');
const robot = 'rollcall@demo.iam.gserviceaccount.com';
const account = `{ clientEmail: ${robot}, delegated: true }`;
const readOnly = 'https://www.googleapis.com/auth/calendar.events.owned.readonly';

const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});

/** What doctor says where the service account is this, and the meeting this person's. */
async function doctorSays(delegated: string, organizer = 'alice@example.com'): Promise<string> {
  expect(example).toContain(account);
  await using server = await opened(example.replace(account, delegated));
  const cwd = folderWith({
    'key.json': JSON.stringify({ type: 'service_account', client_email: robot, private_key: privateKey }),
    'staff.yaml': manifest('Event', 'staff', {
      provider: 'google',
      organizer,
      eventId: 'staff0',
      attendees: [],
    }),
  });
  const env = {
    GOOGLE_APPLICATION_CREDENTIALS: join(cwd, 'key.json'),
    GOOGLE_BASE_URL: server.url,
    GOOGLE_TOKEN_URL: server.url,
    GOOGLE_ADMIN_BASE_URL: server.url,
  };
  const { stdout } = await rollcall(['doctor', 'staff.yaml'], { cwd, env });
  return stdout;
}

async function opened(tenant: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = await startEmulator({ tenant });
  return { url: server.url, [Symbol.asyncDispose]: () => server.close() };
}

/** What the page says that rollcall says where this is wrong. */
function told(wrong: string): string {
  const [, cell = ''] = rowsOf(page).find(([what]) => what === wrong) ?? [];
  expect(cell).not.toBe('');
  return cell;
}

it.each([
  ['nothing is delegated', account.replace('true', 'false'), undefined],
  ['the organizer is nobody', account, 'nobody@example.com'],
  ['the key was deleted, the clock is off', account.replace('rollcall@', 'other@'), undefined],
])('docs/setup-google.md says what doctor does where %s', async (wrong, delegated, organizer) => {
  expect(await doctorSays(account)).not.toContain(told(wrong));
  expect(await doctorSays(delegated, organizer)).toContain(told(wrong));
});

it('docs/setup-google.md is right that a scope that is missing is named, and the others are ok', async () => {
  const said = await doctorSays(account.replace('true', `true, scopes: ["${readOnly}"]`));
  expect(said).toMatch(/^ {2}ok .*calendar\.events\.owned\.readonly/m);
  expect(said).toMatch(/^ {2}missing .*calendar\.events\.owned\b(?!\.)/m);
});

it('docs/setup-google.md says of an API that is not enabled what rollcall does', () => {
  expect(errorTable['accessNotConfigured']?.meaning).toBe(told('the API is not enabled'));
});
