import { expect, it } from 'vitest';
import type { Fault } from '../../../src/emulator/intercept.ts';
import type { Grants } from '../../../src/model/grants.ts';
import { platforms } from '../../../src/platforms/index.ts';
import type { Fixture, World } from './fixture.ts';
import { running } from './ground.ts';
import { staffed } from './staff.ts';
import { openStage, type Script } from './stage.ts';
import { deviates, on } from './topics.ts';

/** What a platform says of the permissions of an app, and never more than that. */
export function grants(fixture: Fixture): void {
  const { of } = platforms[fixture.provider].permissions;
  const wanted = new Set(
    Object.values(of).flatMap((all) => all.flatMap((anyOf) => anyOf.map(({ code }) => code))),
  );

  async function read(more: Partial<World> = {}, script: Script = () => undefined): Promise<Grants> {
    await using stage = await openStage(fixture, staffed([], more), { script });
    return await stage.session.finder().grants(wanted, running, fixture.organizer);
  }

  it('are all there for an app that has them all, which sees everybody', async () => {
    const { told, range, problem } = await read();
    expect(problem).toBeNull();
    expect(told.size).toBeGreaterThan(0);
    expect([...told].filter(([, has]) => !has)).toEqual([]);
    expect(range).toEqual(deviates(fixture, 'contact-range') ? null : { whole: true });
  });

  it('are those that the app has: of none that it lacks is it said that it has it', async () => {
    const [only] = [...(await read()).told.keys()].filter((code) => wanted.has(code));
    if (only === undefined) throw new Error('nothing is told');
    const { told } = await read({ scopes: [only] });
    expect([...told].filter(([, has]) => has)).toEqual([[only, true]]);
    expect(told.size).toBeGreaterThan(1);
  });

  on(fixture, 'contact-range', 'the range', () => {
    it('tells how far the app may look, where that is not everywhere', async () => {
      const hides = staffed([{ name: 'shy', departments: ['od-infra'], more: { visible: false } }]);
      await using stage = await openStage(fixture, hides);
      const { range } = await stage.session.finder().grants(wanted, running);
      expect(range).toMatchObject({ whole: false, departments: 3 });
    });
  });

  it.each<readonly [string, Fault]>([
    ['fails', fixture.serverError],
    ['makes no sense', { kind: 'answer', status: 200, body: '<html>' }],
  ])('are unknown, and none of them missing, where the call %s', async (_what, fault) => {
    const found = await read({}, ({ api }) => (api === fixture.grants ? fault : undefined));
    expect([found.told.size, found.listed, found.range]).toEqual([0, false, null]);
    expect(found.problem?.message).toMatch(/\S/);
  });
}
