import { describe, expect, it } from 'vitest';
import { platforms } from '../../../src/platforms/index.ts';
import type { StandingAnswer } from '../../../src/providers/provider.ts';
import type { Fixture, World } from './fixture.ts';
import { running } from './ground.ts';
import { objectIn, pageTokenOf, rewritten } from './page.ts';
import { crowd, staffed } from './staff.ts';
import { openStage, type Script, type Wire } from './stage.ts';
import { on } from './topics.ts';

const contact = /\.(?:users?|employees?|departments?|scopes|contact)\b/;

/** What all platforms find and tell of the organisation's people. */
export function organisation(fixture: Fixture): void {
  describe('people that are looked for', () => finds(fixture));
  on(fixture, 'leavers', 'people who have left', () => leavers(fixture));
}

async function findIn(
  fixture: Fixture,
  texts: readonly string[],
  script: Script = () => undefined,
  more: Partial<World> = {},
  people: Parameters<typeof staffed>[0] = [],
) {
  await using stage = await openStage(fixture, staffed(people, more), { script });
  const found = await stage.session.finder().find('people', { texts }, running);
  return { found, wire: stage.wire.filter(({ api }) => contact.test(api)) };
}

/** Changes the pages that list people. */
function pages({ listsPeople }: Fixture, change: (body: string, call: Wire) => string): Script {
  return (call) => (call.api === listsPeople ? rewritten((body) => change(body, call)) : undefined);
}

/** Whether it asks for a page after the first: DingTalk's cursor stands in the body. */
function isLater({ query, body }: Wire): boolean {
  const { cursor } = objectIn(body ?? {});
  return pageTokenOf(query) !== undefined || (typeof cursor === 'number' && cursor > 0);
}

function finds(fixture: Fixture): void {
  it('are found by name, and who is not there is told', async () => {
    const { found } = await findIn(fixture, ['Name lead', 'Nobody']);
    expect(found).toMatchObject({
      complete: true,
      items: [{ name: 'Name lead', asked: ['Name lead'] }],
      missing: [{ query: 'Nobody', reason: 'not-found' }],
    });
  });

  it('are read to the last page', async () => {
    const { found } = await findIn(fixture, []);
    expect(found.complete).toBe(true);
    expect(found.items.filter(({ name }) => /^Name n\d+$/.test(name ?? ''))).toHaveLength(crowd);
  });

  it.each<[string, Script]>([
    [
      'a page that names itself as the next one',
      pages(fixture, (body) =>
        body
          .replaceAll(/"has_more":(?:true|false)/g, '"has_more":true')
          .replaceAll(/,?"page_token":"[^"]*"|,?"next_cursor":\d+/g, '')
          .replace('"has_more":true', '"has_more":true,"page_token":"again","next_cursor":7')
          .replaceAll(/,?"nextPageToken":"[^"]*"/g, '')
          .replace('{"kind":', '{"nextPageToken":"again","kind":'),
      ),
    ],
    [
      'a row without an id',
      pages(fixture, (body) =>
        body.replaceAll(/"(?:open_id|union_id|user_id|userid|unionid|primaryEmail)":"[^"]*",?/g, ''),
      ),
    ],
    ['a page that is cut off', pages(fixture, (body) => body.slice(0, body.length / 2))],
    [
      'a second page that fails',
      (call) => (call.api === fixture.listsPeople && isLater(call) ? fixture.serverError : undefined),
    ],
  ])('are not all there with %s', async (_what, script) => {
    // Nowhere do so many fit a page.
    const crowds = Array.from({ length: 300 }, (_, at) => ({ name: `m${at}` }));
    const { found } = await findIn(fixture, [], script, {}, crowds);
    expect(found.complete).toBe(false);
  });

  it('are not found without the permission, which is named as the console names it', async () => {
    const { found } = await findIn(fixture, [], undefined, { scopes: ['none'] });
    const ability = platforms[fixture.provider].finds.people;
    if ('cannot' in ability || found.complete) throw new Error('they can be found');
    const [first] = ability.permissions;
    expect(found.problem.hint).toContain(first);
  });
}

function leavers(fixture: Fixture): void {
  const going = { name: 'going', more: { left: '2099-12-31' } };
  const hidden = { name: 'hidden', more: { left: '2026-01-31', visible: false } };

  async function ask(
    names: readonly string[],
    script: Script = () => undefined,
    more: Partial<World> = {},
    soon = false,
  ): Promise<StandingAnswer & { readonly wire: readonly Wire[] }> {
    await using stage = await openStage(fixture, staffed([going, hidden], more), { script });
    const idType = fixture.ref('a_0').userIdType;
    const ids = names.map(fixture.user);
    const told = await stage.session.organisation().standing({ ids, idType, soon }, running);
    return { ...told, wire: stage.wire.filter(({ api }) => contact.test(api)) };
  }

  it('are told from those who are at work, and from those of whom nothing is known', async () => {
    const { of, problem } = await ask(['gone', 'lead', 'going', 'hidden', 'bot']);
    expect(problem).toBeNull();
    expect(of.get(fixture.user('gone'))).toBe('left');
    expect(of.get(fixture.user('lead'))).toBe('active');
    expect(of.get(fixture.user('going'))).not.toBe('left');
    expect([of.has(fixture.user('hidden')), of.has(fixture.user('bot'))]).toEqual([false, false]);
  });

  it('are told from those who are about to leave', async () => {
    const { of } = await ask(['gone', 'lead', 'going'], undefined, {}, true);
    expect([...of].toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual(
      [
        [fixture.user('going'), 'leaving'],
        [fixture.user('gone'), 'left'],
        [fixture.user('lead'), 'active'],
      ].toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    );
  });

  it('are found in a crowd, in few calls', async () => {
    const crowd = Array.from({ length: 230 }, (_, at) => `n${at}`);
    const { of, wire } = await ask([...crowd, 'gone']);
    expect(of.size).toBe(231);
    expect([...of].filter(([, standing]) => standing === 'left')).toEqual([[fixture.user('gone'), 'left']]);
    expect(wire.length).toBeLessThan(20);
  });

  it('are nobody where that is refused: it is asked once, and the permission is named', async () => {
    await using stage = await openStage(fixture, staffed([], { scopes: ['none'] }));
    const query = { ids: [fixture.user('gone')], idType: fixture.ref('a_0').userIdType, soon: false };
    const first = await stage.session.organisation().standing(query, running);
    const [wanted] = platforms[fixture.provider].standing.permissions;
    expect(first.of.size).toBe(0);
    expect(first.problem?.hint).toContain(wanted);
    const before = stage.wire.length;
    expect((await stage.session.organisation().standing(query, running)).problem).toEqual(first.problem);
    expect(stage.wire.length).toBe(before);
  });

  it('are nobody where the platform fails, which ends no other call', async () => {
    await using stage = await openStage(fixture, staffed(), {
      script: ({ api }) =>
        contact.test(api) ? { kind: 'answer', status: 401, body: 'who are you' } : undefined,
    });
    const query = { ids: [fixture.user('gone')], idType: fixture.ref('a_0').userIdType, soon: false };
    const { of, problem } = await stage.session.organisation().standing(query, running);
    expect([of.size, problem === null]).toEqual([0, false]);
    const observed = await stage.session.reader().read(fixture.ref('a_0'), 'attendees', running);
    expect(observed.complete).toBe(true);
  });
}
