import { describe, expect, it } from 'vitest';
import { feishuEnv, folderWith, rollcall } from '../support/cli.ts';
import { apply, documents, event, json, plan, serve, type Json } from './platforms.ts';

const times = 'start: 2099-01-04T10:00:00+08:00, end: 2099-01-04T11:00:00+08:00';
const rows = [
  '{ user: ou_org, unionId: on_org, userId: org, organizer: true }',
  '{ user: ou_a, unionId: on_a, userId: a1 }',
  '{ user: ou_b, unionId: on_b, userId: b1 }',
].join(', ');
const tenant = (behaviour = '{}'): string => `
behaviour: ${behaviour}
feishu:
  people: [{ user: ou_n, unionId: on_n, userId: n1 }]
  calendars:
    - id: cal@x
      role: owner
      events:
        - { id: open_0, ${times}, attendees: [${rows}] }
        - { id: union_0, ${times}, attendees: [${rows}] }
        - { id: user_0, ${times}, attendees: [${rows}] }
        - { id: ext_0, ${times}, attendees: [
            { user: ou_a, userId: a1 }, { user: ou_ext, unionId: on_ext, userId: ext1, external: true },
            { user: ou_wanted, unionId: on_wanted, external: true } ] }
`;
function manifest(name: string, kind: string, attendees: string, more = ''): string {
  return event(
    name,
    'feishu',
    `calendarId: cal@x\neventId: ${name}_0\nuserIdType: ${kind}\nattendees: ${attendees}\n${more}`,
  );
}

describe('userIdType', () => {
  it('reaches every call that carries user ids', async () => {
    const server = await serve(tenant());
    const folder = folderWith({
      'all.yaml': documents(
        manifest('open', 'open_id', '[{ user: ou_a }, { user: ou_n }]'),
        manifest('union', 'union_id', '[{ user: on_a }, { user: on_n }]'),
        manifest('user', 'user_id', '[{ user: a1 }, { user: n1 }]'),
      ),
    });
    const env = feishuEnv(server.url);
    const planned = await json(plan, folder, env);
    expect(planned.out.diagnostics).toEqual([]);
    expect(
      planned.out.events.map(({ userIdType, changes, kept }: Json) => [
        userIdType,
        changes.map(({ action, attendee }: Json) => `${action} ${attendee.id}`).join(', '),
        kept.map(({ reason, attendee }: Json) => `${reason} ${attendee.id}`).join(', '),
      ]),
    ).toEqual([
      ['open_id', 'remove ou_b, add ou_n', 'organizer ou_org'],
      ['union_id', 'remove on_b, add on_n', 'organizer on_org'],
      ['user_id', 'remove b1, add n1', 'organizer org'],
    ]);
    const done = await json(apply, folder, env);
    expect(done.code).toBe(0);
    expect(done.out.summary).toMatchObject({ converged: 3, added: 3, removed: 3 });
    const kinds = (name: string): Set<string | undefined> =>
      new Set(
        server.requests
          .filter(({ path }) => path.includes(`/${name}_0`))
          .map(({ query }) => query['user_id_type']),
      );
    expect(kinds('open')).toEqual(new Set(['open_id']));
    expect(kinds('union')).toEqual(new Set(['union_id']));
    expect(kinds('user')).toEqual(new Set(['user_id']));
    for (const id of ['open_0', 'union_0', 'user_0']) {
      expect(server.attendees(id).map((row) => row.id)).toEqual(['ou_org', 'ou_a', 'ou_n']);
    }
  });

  it('holds ids to their prefix, each at its line, and warns under user_id', async () => {
    const folder = folderWith({
      'all.yaml': documents(
        manifest('open', 'open_id', '[{ user: on_a }]', 'ignore: [{ user: on_b }]\nroomContact: on_c'),
        manifest('union', 'union_id', '[{ user: ou_a }]'),
        manifest('user', 'user_id', '[{ user: ou_a }, { user: on_a }, { user: a1 }]'),
        `apiVersion: rollcall.dev/v1
kind: Directory
metadata: { name: people }
spec:
  people:
    zhang.san: { feishu: { open_id: on_a, union_id: ou_a } }
`,
      ),
    });
    const { code, out } = await json(['validate', '--format', 'json'], folder, {});
    expect(code).toBe(1);
    expect(
      out.diagnostics.map(({ severity, code: rule, source }: Json) => [
        severity,
        rule,
        `${source.line}:${source.column}`,
      ]),
    ).toEqual([
      ['error', 'foreign-id-type', '9:15'],
      ['error', 'foreign-id-type', '10:12'],
      ['error', 'foreign-id-type', '11:3'],
      ['error', 'foreign-id-type', '21:15'],
      ['warning', 'foreign-id-type', '31:15'],
      ['warning', 'foreign-id-type', '31:31'],
      ['error', 'foreign-id-type', '38:28'],
      ['error', 'foreign-id-type', '38:43'],
    ]);
  });
});

describe('users of another tenant under user_id', () => {
  it.each(['open_id', 'union_id'])('are compared by the %s that is answered for them', async (kind) => {
    const server = await serve(tenant(`{ externalIdType: ${kind} }`));
    const prefix = kind === 'open_id' ? 'ou_' : 'on_';
    const keeping = folderWith({
      'all.yaml': manifest('ext', 'user_id', `[{ user: a1 }, { user: ${prefix}wanted }]`),
    });
    const env = feishuEnv(server.url);
    const planned = await json(plan, keeping, env);
    expect(planned.code).toBe(0);
    expect(planned.out.events[0]).toMatchObject({
      status: 'in-sync',
      changes: [],
      kept: [{ reason: 'external', attendee: { id: `${prefix}ext` } }],
    });
    expect(planned.out.diagnostics).toMatchObject([{ severity: 'warning', code: 'foreign-id-type' }]);
    // Only where the manifest says so are they removed, by the row's own id.
    const removing = folderWith({
      'all.yaml': manifest('ext', 'user_id', `[{ user: a1 }, { user: ${prefix}wanted }]`, 'external: remove'),
    });
    const done = await json(apply, removing, env);
    expect(done.code).toBe(0);
    expect(done.out.summary).toMatchObject({ converged: 1, removed: 1 });
    expect(server.attendees('ext_0').map(({ id }) => id)).toEqual(['ou_a', 'ou_wanted']);
  });

  it('are never taken for absent because their user_id is not answered', async () => {
    const server = await serve(tenant());
    const folder = folderWith({ 'all.yaml': manifest('ext', 'user_id', '[{ user: a1 }]') });
    const ran = await rollcall(['plan', '--detailed-exitcode'], { cwd: folder, env: feishuEnv(server.url) });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('keeps 2 (another tenant): ou_ext; ou_wanted');
  });
});
