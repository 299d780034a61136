import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { loadManifests, planEvents } from '../../src/index.ts';
import type { Plan } from '../../src/model/plan.ts';
import { planView } from '../../src/report/view/plan.ts';
import { planExitCode } from '../../src/run/usage-error.ts';
import { folderWith } from '../support/cli.ts';
import { type Scene, manifestOf, newScene, tenantOf } from '../support/scene.ts';

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

const texts = {
  weekly: manifestOf('weekly', '{ user: ou_a }'),
  other: manifestOf('other', '{ user: ou_a }'),
};

async function scene(): Promise<{ readonly at: Scene; readonly base: string }> {
  const at = await newScene(
    {
      tenant: tenantOf({
        weekly_0: 'attendees: [{ user: ou_a }, { user: ou_b }]',
        other_0: 'attendees: [{ user: ou_a }]',
      }),
    },
    texts,
  );
  scenes.push(at);
  const base = folderWith({ 'weekly.yaml': texts.weekly, 'other.yaml': texts.other });
  return { at, base };
}

function planned({ at, base }: Awaited<ReturnType<typeof scene>>, env: Scene['env'] = at.env): Promise<Plan> {
  return planEvents(loadManifests([at.folder]), { env, changedFrom: base });
}

it('tells of an event that the manifests no longer name, with those who stay, and counts it as pending', async () => {
  const { at, base } = await scene();
  rmSync(join(at.folder, 'weekly.yaml'));
  const plan = await planned({ at, base });
  expect(plan.events).toEqual([]);
  expect(plan.unmanaged).toMatchObject([
    { name: 'weekly', eventId: 'weekly_0', observed: { count: 2 }, renamedTo: null, source: { line: 1 } },
  ]);
  expect(plan.requests.used).toBe(1);
  expect([planExitCode(plan, true), planExitCode(plan, false)]).toEqual([2, 0]);
});

it('needs no credentials for it, also where nothing is left in the manifests', async () => {
  const { at, base } = await scene();
  rmSync(join(at.folder, 'weekly.yaml'));
  rmSync(join(at.folder, 'other.yaml'));
  const plan = await planned({ at, base }, {});
  expect(plan.unmanaged?.map(({ name, observed }) => [name, observed])).toEqual([
    ['other', null],
    ['weekly', null],
  ]);
  expect(plan.complete).toBe(true);
});

it('tells a new name of the same platform event as a rename', async () => {
  const { at, base } = await scene();
  rmSync(join(at.folder, 'weekly.yaml'));
  writeFileSync(join(at.folder, 'renamed.yaml'), texts.weekly.replace('name: weekly', 'name: renamed'));
  const plan = await planned({ at, base });
  expect(plan.events.map(({ name }) => name)).toEqual(['renamed']);
  expect(plan.unmanaged).toMatchObject([{ name: 'weekly', renamedTo: 'renamed' }]);
});

it('says that nobody is concerned where all events are as in the base', async () => {
  const plan = await planned(await scene());
  expect([plan.events, plan.unmanaged]).toEqual([[], []]);
  expect(planView(plan).headline).toBe('No changes. This change does not affect any meeting.');
  expect(planExitCode(plan, true)).toBe(0);
});

it('tells of an event whose name was given to another one', async () => {
  const { at, base } = await scene();
  rmSync(join(at.folder, 'other.yaml'));
  writeFileSync(join(at.folder, 'weekly.yaml'), texts.other.replace('name: other', 'name: weekly'));
  const plan = await planned({ at, base });
  expect(plan.unmanaged?.map(({ name, eventId, renamedTo }) => [name, eventId, renamedTo])).toEqual([
    ['other', 'other_0', 'weekly'],
    ['weekly', 'weekly_0', null],
  ]);
});

it('says nothing of what is no longer named where the base has mistakes', async () => {
  const { at, base } = await scene();
  writeFileSync(join(base, 'other.yaml'), texts.other.replace('kind: Event', 'kind: Evnt'));
  const plan = await planned({ at, base });
  expect(plan.events.map(({ name }) => name)).toEqual(['other', 'weekly']);
  expect(plan).not.toHaveProperty('unmanaged');
});
