// Answers listings of attendees from bytes that were made before: a platform that costs next to nothing. Every event has
// the users `ou_1`, `ou_2` … in pages of 100, with an attendee id of its own each. Arguments: how many events, how many
// attendees each. Says `ready URL`.
import { createServer } from 'node:http';

const [, , events, attendees] = process.argv;
const pageSize = 100;

function row(event, number) {
  return {
    type: 'user',
    attendee_id: `user_${(event * Number(attendees) + number).toString(16).padStart(16, '0')}`,
    rsvp_status: 'needs_action',
    is_optional: false,
    is_organizer: false,
    is_external: false,
    display_name: `ou_${number}`,
    user_id: `ou_${number}`,
  };
}

/** The pages of an event, each by the path that asks for it. */
function pagesOf(event) {
  const count = Math.ceil(Number(attendees) / pageSize);
  return Array.from({ length: count }, (_, page) => {
    const first = page * pageSize + 1;
    const length = Math.min(pageSize, Number(attendees) - first + 1);
    const items = Array.from({ length }, (__, index) => row(event, first + index));
    const more = page + 1 < count;
    const data = { items, has_more: more, ...(more ? { page_token: `p${page + 1}` } : {}) };
    const path = `/open-apis/calendar/v4/calendars/cal/events/e${event}_0/attendees`;
    return [
      `${path} ${page === 0 ? '' : `p${page}`}`,
      Buffer.from(JSON.stringify({ code: 0, msg: 'success', data })),
    ];
  });
}

const pages = new Map(Array.from({ length: Number(events) }, (_, event) => pagesOf(event)).flat());
const token = Buffer.from(
  JSON.stringify({ code: 0, msg: 'ok', tenant_access_token: 't-bench', expire: 7200 }),
);

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const body =
    request.method === 'POST' ? token : pages.get(`${pathname} ${searchParams.get('page_token') ?? ''}`);
  response.writeHead(body === undefined ? 404 : 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body?.length ?? 0,
  });
  response.end(body);
});
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`ready http://127.0.0.1:${server.address().port}\n`),
);
