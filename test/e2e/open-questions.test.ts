import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/intercept.ts';
import { feishuEnv, folderWith } from '../support/cli.ts';
import { apply, dingtalkEnv, documents, event, json, serve } from './platforms.ts';

const times = 'start: 2099-01-04T10:00:00+08:00, end: 2099-01-04T11:00:00+08:00';
const manifests = documents(
  event(
    'feishu',
    'feishu',
    'calendarId: cal@x\neventId: e_0\nguards: { maxRemovals: 3 }\nattendees: [{ user: ou_stay }]',
  ),
  event(
    'dingtalk',
    'dingtalk',
    'organizer: org\neventId: e\nguards: { maxRemovals: 3 }\nattendees: [{ user: stay }]',
  ),
);

/** Somebody else removes an attendee at the very moment of our removal. */
function leaving(
  url: () => string,
): (call: { readonly api: string; readonly path: string }) => Fault | undefined {
  const bodies = new Map<string, object>([
    ['feishu.attendees.delete', { delete_ids: [{ type: 'user', user_id: 'ou_b' }] }],
    ['dingtalk.attendees.remove', { attendeesToRemove: [{ id: 'b' }] }],
  ]);
  return ({ api, path }) => {
    const body = bodies.get(api);
    if (!bodies.delete(api)) return undefined;
    const headers = {
      authorization: 'Bearer u-demo',
      'x-acs-dingtalk-access-token': 'u-demo',
      'content-type': 'application/json',
    };
    const run = async (): Promise<void> => {
      await fetch(url() + path, { method: 'POST', headers, body: JSON.stringify(body) });
    };
    return { kind: 'run', run };
  };
}

describe('where the pages are silent', () => {
  it.each([
    ['unknownAttendee: ignored', 'removeOrganizer: removed', 'removedRows: stay'],
    ['unknownAttendee: refused', 'removeOrganizer: refused', 'removedRows: vanish'],
  ])('either answer is good: %s, %s, %s', async (...behaviour) => {
    const server = await serve(
      `
behaviour: { ${behaviour.join(', ')} }
feishu: { calendars: [{ id: cal@x, role: owner, events: [{ id: e_0, ${times}, attendees: [
  { user: ou_org, organizer: true }, { user: ou_stay }, { user: ou_a }, { user: ou_b }, { user: ou_c } ] }] }] }
dingtalk: { users: [{ unionId: org, events: [{ id: e, ${times}, organizer: other, attendees: [
  { user: org }, { user: other }, { user: stay }, { user: a }, { user: b }, { user: c } ] }] }] }
`,
      { intercept: leaving(() => server.url) },
    );
    const env = { ...feishuEnv(server.url), ...dingtalkEnv(server.url) };
    const { code, out } = await json(apply, folderWith({ 'all.yaml': manifests }), env);
    expect(code).toBe(0);
    expect(out.summary).toMatchObject({ converged: 2, failedChanges: 0 });
    expect(server.attendees('e_0').map(({ id }) => id)).toEqual(['ou_org', 'ou_stay']);
    expect(server.attendees('e').map(({ id }) => id)).toEqual(['org', 'other', 'stay']);
  });

  it('a removal that is refused for every member ends with each of them named', async () => {
    const server = await serve(
      `
behaviour: { removeExternal: refused }
feishu: { calendars: [{ id: cal@x, role: owner, events: [{ id: e_0, ${times}, attendees: [
  { user: ou_stay }, { user: ou_a, external: true }, { user: ou_b } ] }] }] }
`,
    );
    const spec = 'calendarId: cal@x\neventId: e_0\nexternal: remove\nattendees: [{ user: ou_stay }]';
    const folder = folderWith({ 'all.yaml': event('feishu', 'feishu', spec) });
    const { code, out } = await json(apply, folder, feishuEnv(server.url));
    // 194003 is an answer to the event, not to an entry: nothing is halved, nothing is written.
    expect(out.events[0].changes).toMatchObject([
      { attendee: { id: 'ou_a' }, outcome: 'failed', error: { code: '194003', logId: expect.any(String) } },
      { attendee: { id: 'ou_b' }, outcome: 'failed', error: { code: '194003' } },
    ]);
    expect(code).toBe(1);
    expect(server.attendees('e_0')).toHaveLength(3);
  });
});
