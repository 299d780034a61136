import { afterEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { folderWith, rollcall } from '../support/cli.ts';
import { type Scene, manifestOf, newScene, tenantOf } from '../support/scene.ts';

const servers: Pick<Emulator | Scene, 'close'>[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((one) => one.close()));
});

const names = ['a', 'b', 'c', 'd'] as const;
const apply = ['apply', '--auto-approve', '--quiet', '--concurrency', '1', '--format', 'json'] as const;

describe('a quota that is used up', () => {
  it.each(['feishu.attendees.delete', 'feishu.attendees.list'])(
    'of a tenant, said to %s, stops all events cleanly and says which were done',
    async (api) => {
      let spent = false;
      const at = await newScene(
        {
          tenant: tenantOf(
            Object.fromEntries(
              names.map((name) => [`${name}_0`, 'attendees: [{ user: ou_a }, { user: ou_b }]']),
            ),
          ),
          intercept: (call) => {
            // The first event is through; in the second one the platform says no, and goes on saying so.
            spent ||= call.api === api && call.path.includes('b_0') && call.count > names.length;
            spent ||= call.api === api && api.endsWith('delete') && call.path.includes('b_0');
            return spent
              ? { kind: 'answer', status: 403, body: { code: 99991403, msg: 'monthly quota exceeded' } }
              : undefined;
          },
        },
        Object.fromEntries(names.map((name) => [name, manifestOf(name, '{ user: ou_a }')])),
      );
      servers.push(at);
      const ran = await at.run(...apply);
      expect(ran.code).toBe(4);
      const result = JSON.parse(ran.stdout);
      const [a, b, ...rest] = result.events;
      expect(a).toMatchObject({ name: 'a', outcome: 'converged', changes: [{ outcome: 'done' }] });
      expect(rest.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
        'not-attempted',
        'not-attempted',
      ]);
      if (api.endsWith('delete')) {
        expect(b).toMatchObject({
          outcome: 'failed',
          changes: [{ outcome: 'failed', error: { code: '99991403', hint: expect.any(String) } }],
        });
      } else {
        // Written and not seen: the reading that would tell was refused.
        expect(b).toMatchObject({ outcome: 'not-converged', problem: { code: 'quota' } });
      }
      expect(at.live('c_0')).toEqual(['ou_a', 'ou_b']);
      const after = at.server.requests.slice(
        at.server.requests.findIndex(({ status }) => status === 403) + 1,
      );
      expect(after, 'calls after the quota was used up').toEqual([]);
      const kinds = at.journalLines().map((line) => JSON.parse(line).kind);
      expect(kinds.slice(-5)).toEqual(['batch-done', 'event-done', 'event-done', 'event-done', 'run-done']);
    },
  );

  it('of an organisation on DingTalk stops all events cleanly', async () => {
    const event = (id: string): string =>
      `{ id: ${id}, attendees: [{ user: unionOrg, organizer: true }, { user: unionA }] }`;
    const server = await startEmulator({
      tenant: `
apps: [{ id: cli_demo, secret: demo-secret }]
dingtalk:
  users: [{ unionId: unionOrg, events: [${names.map(event).join(', ')}] }]
`,
      intercept: ({ api, path }) =>
        api === 'dingtalk.attendees.remove' && !path.includes('/a/')
          ? {
              kind: 'answer',
              status: 403,
              body: {
                code: 'Forbidden.AccessDenied.ApiCountLimitForOrg',
                message: 'quota',
                requestid: 'r-1',
              },
            }
          : undefined,
    });
    servers.push(server);
    const manifest = (name: string): string => `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: ${name} }
spec:
  provider: dingtalk
  eventId: ${name}
  organizer: unionOrg
  attendees: []
  guards: { allowEmpty: true }
`;
    const folder = folderWith(Object.fromEntries(names.map((name) => [`${name}.yaml`, manifest(name)])));
    const env = {
      DINGTALK_BASE_URL: server.url,
      DINGTALK_APP_KEY: 'cli_demo',
      DINGTALK_APP_SECRET: 'demo-secret',
    };
    const ran = await rollcall(apply, { cwd: folder, env });
    expect(ran.code).toBe(4);
    const { events, summary } = JSON.parse(ran.stdout);
    expect(events.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'converged',
      'failed',
      'not-attempted',
      'not-attempted',
    ]);
    expect(summary).toMatchObject({ removed: 1 });
    expect(events[1].changes[0].error).toMatchObject({
      code: expect.stringContaining('ApiCountLimitForOrg'),
      logId: 'r-1',
    });
  });
});
