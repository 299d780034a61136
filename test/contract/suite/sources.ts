import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/emulator/intercept.ts';
import type { RosterSource } from '../../../src/model/organisation.ts';
import { platforms } from '../../../src/platforms/index.ts';
import type { Fixture } from './fixture.ts';
import { running } from './ground.ts';
import {
  has,
  idsIn,
  isPage,
  mainKind,
  problemOf,
  read,
  refusedWithReason,
  sourceOf,
  withoutFirst,
  withSame,
} from './source-reads.ts';
import { crowd, staffed, type Somebody } from './staff.ts';
import { openStage, type Script } from './stage.ts';
import { deviates } from './topics.ts';

/** Who is in a part of the organisation, read to its end or not known. */
export function sources(fixture: Fixture): void {
  const { user } = fixture;
  const department = (id: string, recursive = false): RosterSource =>
    sourceOf(fixture, mainKind(fixture), id, recursive);

  describe('departments', () => {
    if (has(fixture, 'department')) departments(fixture);
    else refusedWithReason(fixture, 'department', '12');
  });
  describe('whatever lists people in pages', () => pages(fixture));
  describe('roles', () => {
    if (has(fixture, 'role')) roles(fixture);
    else refusedWithReason(fixture, 'role', '7023');
  });

  it('what is not there is a problem that says so', async () => {
    const missing = [
      department('od-none'),
      ...(has(fixture, 'role') ? [sourceOf(fixture, 'role', '99')] : []),
    ];
    for (const source of missing) {
      const given =
        source.kind === 'department' ? { ...source, id: source.id.replace('od-none', '77') } : source;
      const problem = problemOf(await read(fixture, given));
      expect(problem.code).toMatch(/^source-/);
      expect(problem.message).toContain(`${source.kind} `);
    }
  });

  it('a missing permission is told by the name that the console has for it', async () => {
    const problem = problemOf(await read(fixture, department('od-infra'), staffed([], { scopes: [] })));
    const ability = platforms[fixture.provider].sources[mainKind(fixture)];
    if ('cannot' in ability) throw new Error('every platform has departments or groups');
    for (const permission of ability.permissions) expect(problem.hint).toContain(permission);
  });

  describe('groups', () => {
    if (!has(fixture, 'group')) {
      refusedWithReason(fixture, 'group', 'g1');
      return;
    }
    it('have their people and those of their departments', async () => {
      const { membership } = await read(fixture, sourceOf(fixture, 'group', 'g1'));
      // Where nobody is said to have left, they are members still.
      const left = deviates(fixture, 'leavers') ? [user('gone')] : [];
      expect(idsIn(membership)).toEqual([user('boss'), user('dev'), user('ops'), ...left].sort());
      expect(membership.name).toBe(fixture.sourceId?.('g1') ?? 'oncall');
    });
    if (deviates(fixture, 'contact-range')) return;
    it('are not all there where one of their departments is not', async () => {
      const hides = staffed([{ name: 'shy', departments: ['od-infra'], more: { visible: false } }]);
      expect(problemOf(await read(fixture, sourceOf(fixture, 'group', 'g1'), hides)).code).toBe(
        'source-incomplete',
      );
    });
    it('are not all there where fewer are listed than counted', async () => {
      const script: Script = ({ api, query }) =>
        api.endsWith('group.members') && query['member_type'] === 'user'
          ? withoutFirst('memberlist')
          : undefined;
      const found = await read(fixture, sourceOf(fixture, 'group', 'g1'), staffed(), script);
      expect(problemOf(found).code).toBe('source-incomplete');
    });
  });

  describe('chats', () => {
    if (!has(fixture, 'chat')) {
      refusedWithReason(fixture, 'chat', 'oc_platform');
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
          staffed([], { behaviour: { unevenPages } }),
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
      const found = await read(fixture, sourceOf(fixture, 'chat', 'oc_platform'), staffed(), (call) =>
        isPage(call) ? withoutFirst('items') : undefined,
      );
      expect(problemOf(found).code).toBe('source-incomplete');
    });
  });
}

function roles(fixture: Fixture): void {
  const { user } = fixture;

  it('have their people', async () => {
    const { membership } = await read(fixture, sourceOf(fixture, 'role', '7023'));
    expect(idsIn(membership)).toEqual([user('boss'), user('lead')].sort());
  });

  it('that list nobody are not taken for empty', async () => {
    const problem = problemOf(await read(fixture, sourceOf(fixture, 'role', '7024')));
    expect(problem).toMatchObject({ code: 'source-incomplete', hint: expect.stringContaining('Roster') });
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

  it('have what they have in common asked for once', async () => {
    await using stage = await openStage(fixture, staffed());
    const organisation = stage.session.organisation();
    await organisation.members(department('od-platform', true), running);
    const before = stage.wire.length;
    await organisation.members(department('od-platform'), running);
    expect(stage.wire.slice(before).filter(isPage)).toEqual([]);
  });

  it('may be empty', async () => {
    expect(idsIn((await read(fixture, department('od-empty', true))).membership)).toEqual([]);
  });

  it('may be the whole organisation', async () => {
    const { membership } = await read(fixture, department('0', true));
    expect(idsIn(membership)).toHaveLength(crowd + 5);
  });

  it('are never taken for whole where the platform may count somebody twice', async () => {
    const twice = staffed([], { behaviour: { memberCount: 'memberships' } });
    const { membership } = await read(fixture, department('od-platform', true), twice);
    if (membership.complete) expect(idsIn(membership)).toHaveLength(3);
    else expect(membership.problem.hint).toContain('several departments');
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
    const hides = staffed([{ ...hidden, more: { visible: false } }]);
    const problem = problemOf(await read(fixture, department('od-platform', recursive), hides));
    expect(problem.code).toBe('source-incomplete');
    expect(problem.hint).toContain('contact range');
  });

  it('are not known where one below them is out of sight', async () => {
    const hides = staffed();
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
}

/** The largest of them, which no single page holds. */
function pages(fixture: Fixture): void {
  const large = sourceOf(fixture, mainKind(fixture), 'od-large');

  it('are read page by page', async () => {
    const { membership, calls } = await read(fixture, large);
    expect(idsIn(membership)).toHaveLength(crowd);
    expect(calls.filter(isPage).length).toBeGreaterThan(1);
  });

  it.each<readonly [string, Fault]>([
    ['fails', fixture.serverError],
    ['makes no sense', { kind: 'answer', status: 200, body: '<html>' }],
  ])('are not known where a page %s', async (_what, fault) => {
    let pages = 0;
    const found = await read(fixture, large, staffed(), (call) => {
      if (!isPage(call)) return undefined;
      pages += 1;
      return pages > 1 ? fault : undefined;
    });
    expect(problemOf(found).code).toBe('source-unread');
  });

  it('are not known where one stands on two pages twice over', async () => {
    const found = await read(fixture, large, staffed(), (call) =>
      isPage(call) ? withSame(fixture) : undefined,
    );
    expect(problemOf(found).code).toBe('source-unread');
  });
}
