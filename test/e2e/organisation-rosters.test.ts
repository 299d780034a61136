import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault, InterceptedCall } from '../../src/emulator/intercept.ts';
import { rollcall } from '../support/cli.ts';
import { manifestOf, newScene, type Scene, tenantOf } from '../support/scene.ts';

const organisation = `
people:
  - { name: Li Si, openId: ou_li, departments: [od-team] }
  - { name: Anna, openId: ou_anna, departments: [od-team, od-below] }
  - { name: Bo, openId: ou_bo, departments: [od-below] }
  - { name: Cy, openId: ou_cy }
departments:
  - { id: od-team, name: 平台组 }
  - { id: od-below, name: Below, parent: od-team }
  - { id: od-empty, name: Empty }
chats: [{ id: oc_chat, name: Chat, members: [ou_cy] }]
`;

const tenant = tenantOf(
  {
    weekly_0: 'attendees: [{ user: ou_org, organizer: true }, { user: ou_li }, { user: ou_old }]',
    other_0: 'attendees: [{ user: ou_org, organizer: true }, { user: ou_old }]',
  },
  organisation,
);

function roster(members: string, more = ''): string {
  return `apiVersion: rollcall.dev/v1\nkind: Roster\nmetadata: { name: team }\nspec:\n  members: [${members}]\n${more}`;
}

const team = '{ department: od-team, recursive: true }';
const optionalTeam = '{ department: od-team, recursive: true, optional: true }';

/** An event of the team, one of somebody who is written down, and what goes wrong from `from` on. */
function opened(
  members: string,
  more = '',
  fails: (call: InterceptedCall) => Fault | undefined = () => undefined,
): Promise<Scene> {
  return newScene(
    { tenant, intercept: fails },
    {
      team: roster(members, more),
      weekly: manifestOf('weekly', '{ roster: team }'),
      other: manifestOf('other', '{ user: ou_li }'),
    },
  );
}

interface Told {
  readonly complete: boolean;
  readonly sources?: readonly {
    readonly kind: string;
    readonly name: string | null;
    readonly count: number;
  }[];
  readonly events: readonly {
    readonly name: string;
    readonly status: string;
    readonly problem?: { readonly code: string };
    readonly violations: readonly { readonly code: string }[];
    readonly changes: readonly { readonly action: string; readonly via?: readonly string[] }[];
  }[];
}

async function planned(
  scene: Scene,
  ...args: readonly string[]
): Promise<Told & { readonly exit: number | null }> {
  const ran = await scene.run('plan', '--format', 'json', ...args);
  // The shape is that of the plan's schema.
  return { ...(JSON.parse(ran.stdout) as Told), exit: ran.code };
}

/** The people of a department, one left out of the page, as a list that moved would have it. */
const loses: Fault = {
  kind: 'rewrite',
  rewrite: (answer) => {
    // A page of the server.
    const page = JSON.parse(answer.body) as { data: { items: unknown[] } };
    return {
      ...answer,
      body: JSON.stringify({ ...page, data: { ...page.data, items: page.data.items.slice(1) } }),
    };
  },
};

const isPeople = ({ api }: InterceptedCall): boolean => api === 'feishu.users.department';

describe('a Roster from the organisation', () => {
  it('adds and removes by who is in it, and says through what', async () => {
    const scene = await opened(team);
    const plan = await planned(scene);
    expect(plan.sources).toMatchObject([{ kind: 'department', name: '平台组', count: 3 }]);
    const weekly = plan.events.find(({ name }) => name === 'weekly');
    expect(weekly?.changes.map(({ action, via }) => [action, via])).toEqual([
      ['remove', undefined],
      ['add', ['team', 'department 平台组']],
      ['add', ['team', 'department 平台组']],
    ]);
    expect((await scene.run('apply', '--auto-approve')).code).toBe(0);
    expect(scene.live('weekly_0')).toEqual(['ou_anna', 'ou_bo', 'ou_li', 'ou_org']);
    expect((await planned(scene)).events.map(({ status }) => status)).toEqual(['in-sync', 'in-sync']);
    await scene.close();
  });

  it.each<readonly [string, Fault, string]>([
    ['could not be read', { kind: 'answer', status: 400, body: { code: 40004, msg: 'no' } }, 'source-unread'],
    ['is not all there', loses, 'source-incomplete'],
  ])('that %s leaves its event alone, and no other', async (_what, fault, code) => {
    const scene = await opened(team, '', (call) => (isPeople(call) ? fault : undefined));
    const plan = await planned(scene);
    expect(plan.events.map(({ name, status, problem }) => [name, status, problem?.code])).toEqual([
      ['other', 'changed', undefined],
      ['weekly', 'unknown', code],
    ]);
    expect(plan.exit).toBe(1);
    await scene.run('apply', '--auto-approve');
    expect(scene.live('weekly_0')).toEqual(['ou_li', 'ou_old', 'ou_org']);
    expect(scene.live('other_0')).toEqual(['ou_li', 'ou_org']);
    await scene.close();
  });

  it('with more members than its max leaves its event alone', async () => {
    const scene = await opened(team, '  max: 2\n');
    const plan = await planned(scene);
    expect(plan.events.find(({ name }) => name === 'weekly')?.problem?.code).toBe('over-max');
    await scene.close();
  });

  it('that is empty is stopped by the guard', async () => {
    const scene = await opened('{ department: od-empty }');
    const weekly = (await planned(scene)).events.find(({ name }) => name === 'weekly');
    expect([weekly?.status, weekly?.violations.map(({ code }) => code)]).toEqual(['refused', ['empty']]);
    await scene.close();
  });

  it('strikes by exclude, and lets a day pass, as for those who are written down', async () => {
    const scene = await opened(
      `${team}, { chatMembers: oc_chat, until: 2020-01-01 }`,
      '  exclude: [{ user: ou_bo }]\n',
    );
    await scene.run('apply', '--auto-approve');
    expect(scene.live('weekly_0')).toEqual(['ou_anna', 'ou_li', 'ou_org']);
    await scene.close();
  });

  it('is read again beside manifests: others refuse a saved plan, one that fails leaves its event alone', async () => {
    let now: Fault | undefined;
    const scene = await opened(team, '', (call) => (isPeople(call) ? now : undefined));
    await scene.run('plan', '--out', 'plan.json');
    now = {
      kind: 'rewrite',
      rewrite: (answer) => ({
        ...answer,
        body: answer.body.replaceAll('ou_bo', 'ou_new').replaceAll('on_bo', 'on_new'),
      }),
    };
    const refused = await scene.run('apply', '--plan', 'plan.json', '.');
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringContaining('had 3 people, and has others now'),
    ]);
    expect(scene.writes()).toEqual([]);
    now = loses;
    const left = await scene.run('apply', '--plan', 'plan.json', '.');
    expect([left.code, left.stdout]).toEqual([4, expect.stringContaining('weekly: unknown')]);
    expect(scene.live('weekly_0')).toEqual(['ou_li', 'ou_old', 'ou_org']);
    now = undefined;
    expect((await scene.run('apply', '--plan', 'plan.json', '.')).code).toBe(0);
    expect(scene.live('weekly_0')).toEqual(['ou_anna', 'ou_bo', 'ou_li', 'ou_org']);
    await scene.close();
  });

  it('is counted by validate, and told by who --live', async () => {
    const scene = await opened(team);
    expect((await scene.run('validate')).stdout).toContain('people from 1 part of the organisation');
    expect((await scene.run('who', 'ou_bo', '.')).stdout).toContain('--live shows them');
    expect((await scene.run('who', 'ou_bo', '.', '--live')).stdout).toContain('via team, department 平台组');
    await scene.close();
  });

  it('is named by a label where nobody may be named', async () => {
    const scene = await opened(team);
    const ran = await scene.run('plan', '--redact');
    expect(ran.stdout).toContain('via team > department department-');
    expect(ran.stdout).not.toContain('平台组');
    await scene.close();
  });

  it('leaves alone whom the event ignores, and takes in what a nested roster is expanded from', async () => {
    const scene = await newScene(
      { tenant },
      {
        team: roster('{ roster: inner }'),
        inner: roster('{ department: od-below }, { chatMembers: oc_chat, optional: true }').replace(
          'name: team',
          'name: inner',
        ),
        weekly: manifestOf('weekly', '{ roster: team }', '  ignore: [{ user: ou_old }]\n'),
      },
    );
    const [weekly] = (await planned(scene)).events;
    expect(weekly?.changes.map(({ action, via }) => [action, via])).toEqual([
      ['remove', undefined],
      ['add', ['team', 'inner', 'department Below']],
      ['add', ['team', 'inner', 'department Below']],
      ['add', ['team', 'inner', 'chat Chat']],
    ]);
    await scene.run('apply', '--auto-approve');
    expect(scene.live('weekly_0')).toEqual(['ou_anna', 'ou_bo', 'ou_cy?', 'ou_old', 'ou_org']);
    await scene.close();
  });

  it.each([
    [
      'an optional member who is in a department is required',
      '{ user: ou_bo, optional: true }',
      team,
      'ou_bo',
    ],
    ['a required member of an optional department is required', '{ user: ou_bo }', optionalTeam, 'ou_bo'],
    ['the other members of an optional department are optional', '{ user: ou_bo }', optionalTeam, 'ou_anna?'],
  ])('weighs who is written down as well: %s', async (_what, written, source, expected) => {
    for (const members of [`${written}, ${source}`, `${source}, ${written}`]) {
      const scene = await opened(members);
      expect((await scene.run('apply', '--auto-approve')).code).toBe(0);
      expect(scene.live('weekly_0')).toContain(expected);
      await scene.close();
    }
  });

  it('is not named either where a saved plan is refused', async () => {
    let gone = false;
    const scene = await opened('{ chatMembers: oc_chat }, { department: od-below }', '', ({ api }) =>
      gone && api === 'feishu.chat.members'
        ? {
            kind: 'answer',
            status: 200,
            body: { code: 0, msg: 'success', data: { items: [], member_total: 0, has_more: false } },
          }
        : undefined,
    );
    await scene.run('plan', '--out', 'plan.json');
    gone = true;
    const refused = await scene.run('apply', '--plan', 'plan.json', '.');
    expect(refused.stderr).toContain('Feishu chat Chat had 1 person, and has 0 people now');
    const redacted = await scene.run('apply', '--plan', 'plan.json', '.', '--redact');
    expect([redacted.code, redacted.stderr]).toEqual([3, expect.stringContaining('have other members now')]);
    expect(redacted.stderr).not.toMatch(/chat Chat|oc_chat|Below/);
    await scene.close();
  });

  it('is in the Markdown of a plan, and in the summary of a job on GitHub', async () => {
    const scene = await opened(team);
    const row = '| department `平台组` (`od-team`), with all below it | Feishu | 3 people |';
    expect((await scene.run('plan', '--format', 'markdown')).stdout).toContain(row);
    const summary = join(scene.folder, 'summary.md');
    const env = { ...scene.env, GITHUB_STEP_SUMMARY: summary };
    await rollcall(['plan', '--format', 'github'], { cwd: scene.folder, env });
    expect(readFileSync(summary, 'utf8')).toContain(row);
    await scene.close();
  });
});
