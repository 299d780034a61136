// A platform that plays as many tenants as are asked for and costs next to nothing: each has an app `cli_N` and an event
// `eN_0` of three attendees. It counts removals. Arguments: how many tenants, how long an answer takes at least and at most, in
// milliseconds. Says `ready URL`; `GET /removals` tells how many there were, and how many of those took off somebody who was off already.
import { createServer } from 'node:http';

const [, , tenants, least, most] = process.argv;
const people = ['ou_1', 'ou_2', 'ou_3'];
const live = Array.from({ length: Number(tenants) }, () => new Set(people));
let [removals, twice] = [0, 0];

const success = (data) => ({ code: 0, msg: 'success', data });

function row(event, id) {
  return {
    type: 'user',
    attendee_id: `user_${event}_${id}`,
    rsvp_status: 'needs_action',
    is_optional: false,
    is_organizer: false,
    is_external: false,
    display_name: id,
    user_id: id,
  };
}

function details(event) {
  return {
    event_id: `e${event}_0`,
    organizer_calendar_id: 'cal',
    start_time: { timestamp: '4071175200', timezone: 'Asia/Shanghai' },
    end_time: { timestamp: '4071178800', timezone: 'Asia/Shanghai' },
    vchat: { vc_type: 'no_meeting' },
    recurrence: '',
    status: 'confirmed',
    is_exception: false,
  };
}

function person(id) {
  const status = {
    is_frozen: false,
    is_resigned: false,
    is_activated: true,
    is_exited: false,
    is_unjoin: false,
  };
  return { open_id: id, name: id, status };
}

function answer({ method, url }, body) {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  if (pathname === '/removals') return { removals, twice };
  if (pathname.endsWith('/internal'))
    return { code: 0, msg: 'ok', tenant_access_token: `t-${body.app_id}`, expire: 7200 };
  if (pathname.endsWith('/users/batch'))
    return success({ items: searchParams.getAll('user_ids').map(person) });
  const event = Number(/\/events\/e(\d+)_0/.exec(pathname)?.[1]);
  const rows = live[event];
  if (rows === undefined) return { code: 193001, msg: 'event not found' };
  if (pathname.endsWith('/batch_delete')) {
    for (const attendee of body.attendee_ids) {
      removals += 1;
      if (!rows.delete(attendee.replace(`user_${event}_`, ''))) twice += 1;
    }
    return success({});
  }
  if (method !== 'GET') return { code: 190002, msg: 'invalid parameters' };
  if (!pathname.endsWith('/attendees')) return success({ event: details(event) });
  return success({ items: [...rows].map((id) => row(event, id)), has_more: false });
}

const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8').on('data', (part) => (text += part));
  request.on('end', () => {
    setTimeout(
      () => {
        const bytes = Buffer.from(JSON.stringify(answer(request, text === '' ? {} : JSON.parse(text))));
        response.writeHead(200, {
          'content-type': 'application/json; charset=utf-8',
          'content-length': bytes.length,
        });
        response.end(bytes);
      },
      Number(least) + Math.random() * (most - least),
    );
  });
});
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`ready http://127.0.0.1:${server.address().port}\n`),
);
