import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/emulator/intercept.ts';
import type { Membership, RosterSource, SourceKind } from '../../../src/model/organisation.ts';
import { platforms } from '../../../src/platforms/index.ts';
import type { Fixture, World } from './fixture.ts';
import { running } from './ground.ts';
import { objectIn, type Page, rewritten } from './page.ts';
import { openStage, type Script, type Wire } from './stage.ts';

/** More than a page of people on every platform. */
const crowd = 230;

interface Somebody {
  readonly name: string;
  readonly departments?: readonly string[];
  readonly more?: object;
}

/** A tree of three departments, a group, a role and a chat, of people that every platform knows. */
export function world(people: readonly Somebody[] = [], more: Partial<World> = {}): World {
  const staff: readonly Somebody[] = [
    { name: 'lead', departments: ['od-platform'] },
    { name: 'dev', departments: ['od-platform', 'od-infra'] },
    { name: 'ops', departments: ['od-infra'] },
    { name: 'gone', departments: ['od-infra'], more: { left: '2026-01-31' } },
    { name: 'boss' },
    ...Array.from({ length: crowd }, (_, at) => ({ name: `n${at}`, departments: ['od-large'] })),
    ...people,
  ];
  return {
    scenes: [{ id: 'a_0', seats: [] }],
    ...more,
    organisation: {
      people: staff.map(({ name, departments, more: own }) => ({
        name: `Name ${name}`,
        openId: `ou_${name}`,
        unionId: `on_${name}`,
        userId: `id${name}`,
        dingtalk: `union${name}`,
        dingtalkUserId: `staff${name}`,
        ...(departments === undefined ? {} : { departments }),
        ...own,
      })),
      departments: [
        { id: 'od-platform', dingtalk: 12, name: '平台组' },
        { id: 'od-infra', dingtalk: 13, name: 'Infra', parent: 'od-platform' },
        { id: 'od-large', dingtalk: 14, name: 'Large' },
        { id: 'od-empty', dingtalk: 15, name: 'Empty' },
      ],
      groups: [{ id: 'g1', name: 'oncall', members: ['ou_boss', 'ou_gone'], departments: ['od-infra'] }],
      roles: [
        { id: 7023, name: '值班', members: ['ou_lead', 'ou_boss'] },
        { id: 7024, name: '空', members: [] },
      ],
      chats: [
        { id: 'oc_platform', name: 'Platform chat', members: ['ou_lead', 'ou_dev'] },
        { id: 'oc_large', name: 'Large', members: staff.slice(5, 5 + crowd).map(({ name }) => `ou_${name}`) },
        { id: 'oc_closed', name: 'Closed', members: ['ou_lead'], bot: false },
      ],
    },
  };
}

const numbers: Readonly<Record<string, string>> = {
  'od-platform': '12',
  'od-infra': '13',
  'od-large': '14',
  'od-empty': '15',
  '0': '1',
};

function sourceOf(fixture: Fixture, kind: SourceKind, id: string, recursive = false): RosterSource {
  const oneKind = platforms[fixture.provider].event.userIds.length === 0;
  const own = kind === 'department' && oneKind ? (numbers[id] ?? id) : id;
  const userIdType = oneKind ? null : 'open_id';
  return { kind, provider: fixture.provider, id: own, recursive, userIdType };
}

interface Read {
  readonly membership: Membership;
  readonly calls: readonly Wire[];
}

async function read(
  fixture: Fixture,
  source: RosterSource,
  of: World = world(),
  script?: Script,
): Promise<Read> {
  await using stage = await openStage(fixture, of, script === undefined ? {} : { script });
  const membership = await stage.session.organisation().members(source, running);
  return { membership, calls: stage.wire.filter(({ operation }) => operation !== 'token') };
}

function idsIn(membership: Membership): readonly string[] {
  if (!membership.complete) throw new Error(membership.problem.message);
  return membership.members.map(({ id }) => id).sort();
}

function problemOf({ membership }: Read): {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
} {
  if (membership.complete) throw new Error('it is complete');
  return membership.problem;
}

/** The call that lists people page by page. */
const isPage = ({ api }: Wire): boolean => /users\.department|chat\.members/.test(api);

function has(fixture: Fixture, kind: SourceKind): boolean {
  return !('cannot' in platforms[fixture.provider].sources[kind]);
}

/** Who is in a part of the organisation, read to its end or not known. */
export function sources(fixture: Fixture): void {
  const { user } = fixture;
  const department = (id: string, recursive = false): RosterSource =>
    sourceOf(fixture, 'department', id, recursive);

  describe('departments', () => departments(fixture));

  it('a role has its people', async () => {
    const { membership } = await read(fixture, sourceOf(fixture, 'role', '7023'));
    expect(idsIn(membership)).toEqual([user('boss'), user('lead')].sort());
  });

  it('a role that lists nobody is not taken for empty', async () => {
    const problem = problemOf(await read(fixture, sourceOf(fixture, 'role', '7024')));
    expect(problem).toMatchObject({ code: 'source-incomplete', hint: expect.stringContaining('Roster') });
  });

  it('what is not there is a problem that says so', async () => {
    for (const source of [department('od-none'), sourceOf(fixture, 'role', '99')]) {
      const given =
        source.kind === 'department' ? { ...source, id: source.id.replace('od-none', '77') } : source;
      const problem = problemOf(await read(fixture, given));
      expect(problem.code).toMatch(/^source-/);
      expect(problem.message).toContain(`${source.kind} `);
    }
  });

  it('a missing permission is told by the name that the console has for it', async () => {
    const problem = problemOf(await read(fixture, department('od-infra'), world([], { scopes: [] })));
    const ability = platforms[fixture.provider].sources.department;
    if ('cannot' in ability) throw new Error('every platform has departments');
    for (const permission of ability.permissions) expect(problem.hint).toContain(permission);
  });

  it('what several readings have in common is asked for once', async () => {
    await using stage = await openStage(fixture, world());
    const organisation = stage.session.organisation();
    await organisation.members(department('od-platform', true), running);
    const before = stage.wire.length;
    await organisation.members(department('od-platform'), running);
    expect(stage.wire.slice(before).filter(isPage)).toEqual([]);
  });

  describe('groups', () => {
    if (!has(fixture, 'group')) {
      it('are refused with the reason', async () => {
        expect(problemOf(await read(fixture, sourceOf(fixture, 'group', 'g1'))).message).toContain(
          'cannot be read',
        );
      });
      return;
    }
    it('have their people and those of their departments', async () => {
      const { membership } = await read(fixture, sourceOf(fixture, 'group', 'g1'));
      expect(idsIn(membership)).toEqual([user('boss'), user('dev'), user('ops')].sort());
      expect(membership.name).toBe('oncall');
    });
    it('are not all there where one of their departments is not', async () => {
      const hides = world([{ name: 'shy', departments: ['od-infra'], more: { visible: false } }]);
      expect(problemOf(await read(fixture, sourceOf(fixture, 'group', 'g1'), hides)).code).toBe(
        'source-incomplete',
      );
    });
    it('are not all there where fewer are listed than counted', async () => {
      const script: Script = ({ api, query }) =>
        api.endsWith('group.members') && query['member_type'] === 'user'
          ? withoutFirst('memberlist')
          : undefined;
      const found = await read(fixture, sourceOf(fixture, 'group', 'g1'), world(), script);
      expect(problemOf(found).code).toBe('source-incomplete');
    });
  });

  describe('chats', () => {
    if (!has(fixture, 'chat')) {
      it('are refused with the reason', async () => {
        expect(problemOf(await read(fixture, sourceOf(fixture, 'chat', 'oc_platform'))).message).toContain(
          'cannot be read',
        );
      });
      return;
    }
    it('have the people who are in them', async () => {
      const { membership } = await read(fixture, sourceOf(fixture, 'chat', 'oc_platform'));
      expect(idsIn(membership)).toEqual([user('dev'), user('lead')].sort());
      expect(membership.name).toBe('Platform chat');
    });
    it.each(['never', 'shorter', 'longer', 'first-empty'])(
      'are read to their end with uneven pages: %s',
      async (unevenPages) => {
        const { membership } = await read(
          fixture,
          sourceOf(fixture, 'chat', 'oc_large'),
          world([], { behaviour: { unevenPages } }),
        );
        expect(idsIn(membership)).toHaveLength(crowd);
      },
    );
    it('that the app is not in are a problem', async () => {
      const problem = problemOf(await read(fixture, sourceOf(fixture, 'chat', 'oc_closed')));
      expect(problem.message).toContain('not in the chat');
      expect(problem.hint).toContain('Add the bot');
    });
    it('are not all there where fewer are listed than counted', async () => {
      const found = await read(fixture, sourceOf(fixture, 'chat', 'oc_platform'), world(), (call) =>
        isPage(call) ? withoutFirst('items') : undefined,
      );
      expect(problemOf(found).code).toBe('source-incomplete');
    });
  });
}

function departments(fixture: Fixture): void {
  const { user } = fixture;
  const department = (id: string, recursive = false): RosterSource =>
    sourceOf(fixture, 'department', id, recursive);

  it('have those right in them, or those below them too, each once and nobody who has left', async () => {
    const direct = await read(fixture, department('od-platform'));
    expect(idsIn(direct.membership)).toEqual([user('dev'), user('lead')].sort());
    expect(direct.membership.name).toBe('平台组');
    const all = await read(fixture, department('od-platform', true));
    expect(idsIn(all.membership)).toEqual([user('dev'), user('lead'), user('ops')].sort());
  });

  it('may be empty', async () => {
    expect(idsIn((await read(fixture, department('od-empty', true))).membership)).toEqual([]);
  });

  it('may be the whole organisation', async () => {
    const { membership } = await read(fixture, department('0', true));
    expect(idsIn(membership)).toHaveLength(crowd + 5);
  });

  it('are never taken for whole where the platform may count somebody twice', async () => {
    const twice = world([], { behaviour: { memberCount: 'memberships' } });
    const { membership } = await read(fixture, department('od-platform', true), twice);
    if (membership.complete) expect(idsIn(membership)).toHaveLength(3);
    else expect(membership.problem.hint).toContain('several departments');
  });

  it('are read page by page', async () => {
    const { membership, calls } = await read(fixture, department('od-large'));
    expect(idsIn(membership)).toHaveLength(crowd);
    expect(calls.filter(isPage).length).toBeGreaterThan(2);
  });

  it.each<readonly [string, Somebody, boolean]>([
    ['somebody in it', { name: 'shy', departments: ['od-platform'] }, true],
    ['somebody below it', { name: 'shy', departments: ['od-infra'] }, true],
    [
      'somebody below it, also where those are not asked for',
      { name: 'shy', departments: ['od-platform'] },
      false,
    ],
  ])('are not all there where the app may not see %s', async (_what, hidden, recursive) => {
    const hides = world([{ ...hidden, more: { visible: false } }]);
    const problem = problemOf(await read(fixture, department('od-platform', recursive), hides));
    expect(problem.code).toBe('source-incomplete');
    expect(problem.hint).toContain('contact range');
  });

  it('are not known where one below them is out of sight', async () => {
    const hides = world();
    const { departments: all } = hides.organisation ?? {};
    // As it is written above.
    const list = (all as readonly { readonly id: string }[]).map((one) =>
      one.id === 'od-infra' ? { ...one, visible: false } : one,
    );
    const problem = problemOf(
      await read(fixture, department('od-platform', true), {
        ...hides,
        organisation: { ...hides.organisation, departments: list },
      }),
    );
    expect(problem.code).toMatch(/^source-/);
  });

  it.each<readonly [string, Fault]>([
    ['fails', fixture.serverError],
    ['makes no sense', { kind: 'answer', status: 200, body: '<html>' }],
  ])('are not known where a page %s', async (_what, fault) => {
    let pages = 0;
    const found = await read(fixture, department('od-large'), world(), (call) => {
      if (!isPage(call)) return undefined;
      pages += 1;
      return pages > 1 ? fault : undefined;
    });
    expect(problemOf(found).code).toBe('source-unread');
  });

  it('are not known where one stands on two pages twice over', async () => {
    const found = await read(fixture, department('od-large'), world(), (call) =>
      isPage(call) ? withSame(fixture) : undefined,
    );
    expect(problemOf(found).code).toBe('source-unread');
  });
}

/** Sends a page without its first row. */
function withoutFirst(list: string): Fault {
  return changed((page) => {
    const data = page['data'] as Record<string, unknown>;
    return { ...page, data: { ...data, [list]: (data[list] as unknown[]).slice(1) } };
  });
}

/** Sends a page that begins with the same person as all others. */
function withSame({ provider }: Fixture): Fault {
  return changed((page) => {
    const part = provider === 'dingtalk' ? 'result' : 'data';
    const list = provider === 'dingtalk' ? 'list' : 'items';
    const data = page[part] as Record<string, unknown>;
    const same = { userid: 'same', unionid: 'same', open_id: 'ou_same', name: 'Same' };
    return { ...page, [part]: { ...data, [list]: [same, ...(data[list] as unknown[])] } };
  });
}

function changed(change: (page: Page) => unknown): Fault {
  return rewritten((body) => JSON.stringify(change(objectIn(JSON.parse(body)))));
}
