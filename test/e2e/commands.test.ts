import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Intercept } from '../../src/emulator/intercept.ts';
import { type Ran, rollcall, root, spawnRollcall } from '../support/cli.ts';
import { type Scene, calendar, manifestOf, newScene, tenantOf } from '../support/scene.ts';

const weekly = manifestOf('weekly', '{ user: ou_a }');
const guarded = `${weekly}  guards: { maxRemovals: 0 }\n`;
const both = `${weekly}---\n${manifestOf('other', '{ user: ou_a }')}`;

/** The platform takes no removal from one event of two. */
const intercept: Intercept = ({ api, path }) =>
  api === 'feishu.attendees.delete' && path.includes('weekly_0')
    ? { kind: 'answer', status: 400, body: { code: 193002, msg: 'no permission' } }
    : undefined;

function sceneOf(text: string): Promise<Scene> {
  const rows = 'attendees: [{ user: ou_a }, { user: ou_b }]';
  return newScene({ tenant: tenantOf({ weekly_0: rows, other_0: rows }), intercept }, { weekly: text });
}

function spawnedIn({ folder, env }: Scene, ...args: readonly string[]): Promise<Ran> {
  return spawnRollcall(args, { cwd: folder, env });
}

describe('what changes nothing is the same as a process and in the process of its tests', () => {
  let at: Scene;
  beforeAll(async () => {
    at = await sceneOf(weekly);
    expect((await at.run('plan', '--out', 'plan.json')).code).toBe(0);
  });
  afterAll(() => at.close());

  it.each([
    [0, ['--help']],
    [1, ['plam']],
    [2, ['plan', '--detailed-exitcode', '--format', 'json']],
    [0, ['import', '--provider', 'feishu', '--calendar', calendar, '--event', 'weekly_0']],
    [0, ['show', 'plan.json']],
    [0, ['who', 'ou_a', '--live']],
    [0, ['find', 'calendars', '--provider', 'feishu']],
    [0, ['lock', '--check']],
    [0, ['doctor']],
    [0, ['schema', 'plan']],
    [0, ['explain', 'event.spec.guards']],
  ])('exits with %d: %j', async (code, args) => {
    const spawned = await spawnedIn(at, ...args);
    const run = await at.run(...args);
    const comparable = ({ stdout, ...rest }: Ran): Ran => ({
      ...rest,
      // A plan says when it was made, its digest is of that too, and how long ago that was changes.
      stdout: stdout.replaceAll(/"(createdAt|digest)": "[^"]+"/g, '"$1"').replace(/\d+s ago/, 'ago'),
    });
    expect(spawned.code).toBe(code);
    expect(comparable(spawned)).toEqual(comparable(run));
  });
});

describe('a process that writes', () => {
  let at: Scene;
  afterEach(() => at.close());

  it('exits with 0 where all is done, also of a saved plan and of what is undone', async () => {
    at = await sceneOf(manifestOf('other', '{ user: ou_a }'));
    expect((await at.run('plan', '--out', 'plan.json')).code).toBe(0);
    expect((await spawnedIn(at, 'apply', '--plan', 'plan.json')).code).toBe(0);
    expect(at.live('other_0')).toEqual(['ou_a']);
    expect((await spawnedIn(at, 'revert', at.journal(), '--auto-approve')).code).toBe(0);
    expect(at.live('other_0')).toEqual(['ou_a', 'ou_b']);
  });

  it.each([
    [3, 'a guard is in the way', guarded],
    [4, 'one of two changes is refused', both],
  ])('exits with %d where %s', async (code, _, text) => {
    at = await sceneOf(text);
    expect((await spawnedIn(at, 'apply', '--auto-approve')).code).toBe(code);
    expect(at.live('weekly_0')).toEqual(['ou_a', 'ou_b']);
    expect(at.live('other_0')).toEqual(code === 4 ? ['ou_a'] : ['ou_a', 'ou_b']);
  });
});

it('runs in the root of the repository where no folder is named', async () => {
  const ran = await rollcall(['validate', 'examples/manifests']);
  expect(ran).toEqual(await spawnRollcall(['validate', 'examples/manifests'], { cwd: root }));
  expect(ran.code).toBe(0);
});
