import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/emulator/intercept.ts';
import type { Found } from '../../../src/model/found.ts';
import { platforms } from '../../../src/platforms/index.ts';
import type { FindCall, Fixture, World } from './fixture.ts';
import { running } from './ground.ts';
import { objectIn, pageTokenOf, rewritten } from './page.ts';
import { openStage, type Script, type Wire } from './stage.ts';

/** The events of the tenant begin on this day. */
const day = '2026-12-07T02:00:00Z';

/** People are found in ways of their own. */
const kinds = ['calendars', 'events', 'chats', 'departments'] as const;
type Kind = (typeof kinds)[number];

const word = 'Numbered';

interface Thing {
  readonly id: string;
}

/** Calendars, events, chats and departments, as far as a platform lists them. */
export function finds(fixture: Fixture): void {
  describe.each(kinds)('%s that are looked for', (kind) => {
    const call = fixture.finds[kind];
    if (call === undefined) cannotBeFound(fixture, kind);
    else areFound(fixture, kind, call);
  });
}

/** So many things of a kind, whose titles tell them from all else. */
function worldOf(kind: Kind, count: number, more: Partial<World> = {}): World {
  const titles = Array.from({ length: count }, (_, at) => `${word} ${at}`);
  const scenes = kind === 'events' ? titles.map((_, at) => scene(`${word.toLowerCase()}${at}_0`)) : [];
  return {
    scenes: [scene('a_0'), ...scenes],
    ...(kind === 'calendars' ? { calendars: titles } : {}),
    organisation: {
      chats: kind === 'chats' ? titles.map((name, at) => ({ id: `oc_${at}`, name })) : [],
      departments:
        kind === 'departments' ? titles.map((name, at) => ({ id: `od-${at}`, dingtalk: at + 2, name })) : [],
    },
    ...more,
  };
}

const scene = (id: string): World['scenes'][number] => ({
  id,
  seats: [],
  series: { rule: 'FREQ=YEARLY;COUNT=1', start: day },
});

async function findIn(
  fixture: Fixture,
  kind: Kind,
  world: World,
  script: Script = () => undefined,
  texts: readonly string[] = [word],
): Promise<{ readonly found: Found<Thing>; readonly calls: readonly Wire[] }> {
  await using stage = await openStage(fixture, world, { script });
  const { calendarId, organizer } = fixture.ref('a_0');
  const fromMs = Date.parse(day) - 86_400_000;
  const query = {
    texts,
    calendarId,
    ...(organizer === undefined ? {} : { organizer }),
    fromMs,
    toMs: fromMs + 2 * 86_400_000,
  };
  const found = await stage.session.finder().find(kind, query, running);
  return { found, calls: stage.wire.filter(({ api }) => api === fixture.finds[kind]?.api) };
}

function cannotBeFound(fixture: Fixture, kind: Kind): void {
  it('are refused with the reason, without a call', async () => {
    const { found, calls } = await findIn(fixture, kind, worldOf(kind, 1));
    expect(calls).toEqual([]);
    const { title } = platforms[fixture.provider];
    expect(found).toMatchObject({
      items: [],
      complete: false,
      problem: { message: expect.stringContaining(`${kind} cannot be found on ${title}: `) },
    });
  });
}

function areFound(fixture: Fixture, kind: Kind, { api, page, ids }: FindCall): void {
  /** More than a page, where there are pages. */
  const many = page === null ? 60 : page + 20;
  const [text, nowhere] = kind === 'events' ? [word.toLowerCase(), 'nowhere'] : [word, 'Nowhere'];
  const listed = (fault: (call: Wire) => Fault | undefined): Script => {
    return (call) => (call.api === api ? fault(call) : undefined);
  };
  const find = (count: number, script?: Script, more?: Partial<World>): ReturnType<typeof findIn> =>
    findIn(fixture, kind, worldOf(kind, count, more), script, [text, nowhere]);

  it('are read to the last page, each once', async () => {
    const { found, calls } = await find(many);
    expect(found.complete ? '' : found.problem.message).toBe('');
    expect(new Set(found.items.map(({ id }) => id)).size).toBe(many);
    expect(found.items).toHaveLength(many);
    if (page !== null) expect(calls.length).toBeGreaterThan(1);
  });

  it('are told of as not found only where all there is was read', async () => {
    const whole = await find(1);
    expect(whole.found.missing).toEqual([{ query: nowhere, reason: 'not-found' }]);
    const part = await find(
      1,
      listed(() => fixture.serverError),
    );
    expect(part.found.complete).toBe(false);
    expect(part.found.missing.map(({ reason }) => reason)).not.toContain('not-found');
  });

  it.each<[string, Script]>([
    [
      'a row without an id',
      listed(() => rewritten((body) => ids.reduce((text, id) => text.replaceAll(`"${id}":`, '"x":'), body))),
    ],
    ['a page that is cut off', listed(() => rewritten((body) => body.slice(0, body.length / 2)))],
    ['a page that makes no sense', listed(() => ({ kind: 'answer', status: 200, body: '<html>' }))],
    ['a page that fails', listed(() => fixture.serverError)],
  ])('are not all there with %s', async (_what, script) => {
    expect((await find(3, script)).found).toMatchObject({ complete: false });
  });

  it('are not found without the permission, which is named as the console names it', async () => {
    const { found } = await find(1, undefined, { scopes: ['none'] });
    expect(found).toMatchObject({ items: [], complete: false });
    const ability = platforms[fixture.provider].finds[kind];
    if ('cannot' in ability || found.complete) throw new Error('they can be found');
    for (const permission of ability.permissions) expect(found.problem.hint).toContain(permission);
  });

  if (page === null) return;
  /** Whether it is a page after the first. */
  const later = ({ query }: Wire): string | undefined => pageTokenOf(query);

  it('are not all there with a page that names itself as the next one', async () => {
    const again = listed((call) => {
      const token = later(call);
      return token === undefined
        ? undefined
        : rewritten((body) => JSON.stringify(fixture.withToken(objectIn(JSON.parse(body)), token)));
    });
    expect((await find(many, again)).found).toMatchObject({ complete: false });
  });

  it('are those of the first page, and not all of them, where the second one fails', async () => {
    const script = listed((call) => (later(call) === undefined ? undefined : fixture.serverError));
    const { found } = await find(many, script);
    expect(found.complete).toBe(false);
    expect(found.items.length).toBeGreaterThan(0);
    expect(found.items.length).toBeLessThan(many);
  });
}
