// What one replica of a fleet run is held against: the calls that each of its tenants takes, with fetch and JSON.parse, one
// after the other where one has to follow from the other, so many tenants side by side; the journal's line before the write
// and after it, in a file. No tenant comes near a window of its app. Arguments: the server's URL, the first tenant, how many to
// skip to the next one, how many tenants there are, how many side by side.
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetch } from 'undici';

const [url, first, step, tenants, sideBySide] = process.argv.slice(2);

async function call(method, path, token, body) {
  const response = await fetch(`${url}/open-apis${path}`, {
    method,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return JSON.parse(await response.text());
}

const journal = join(tmpdir(), `rollcall-bench-bare-${process.pid}.ndjson`);

async function tenant(number) {
  const app = { app_id: `cli_${number}`, app_secret: 'bench-secret' };
  const { tenant_access_token: token } = await call(
    'POST',
    '/auth/v3/tenant_access_token/internal',
    undefined,
    app,
  );
  const event = `/calendar/v4/calendars/cal/events/e${number}_0`;
  const listing = `${event}/attendees?user_id_type=open_id&page_size=100`;
  await call('GET', '/contact/v3/users/batch?user_ids=ou_1&user_ids=ou_2&user_id_type=open_id', token);
  const { data } = await call('GET', listing, token);
  await call('GET', `${event}?user_id_type=open_id`, token);
  const gone = data.items.filter(({ user_id: id }) => id === 'ou_3').map(({ attendee_id: id }) => id);
  const file = openSync(journal, 'a');
  const line = (kind) => {
    writeSync(file, `${JSON.stringify({ kind, event, gone })}\n`);
    fdatasyncSync(file);
  };
  line('started');
  const body = { attendee_ids: gone, need_notification: false };
  await call('POST', `${event}/attendees/batch_delete?user_id_type=open_id`, token, body);
  line('done');
  closeSync(file);
  await call('GET', listing, token);
}

let next = Number(first);
async function worker() {
  while (next < Number(tenants)) {
    const number = next;
    next += Number(step);
    await tenant(number);
  }
}
await Promise.all(Array.from({ length: Number(sideBySide) }, worker));
rmSync(journal);
