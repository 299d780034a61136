import { describe, expect, it } from 'vitest';
import type { Membership } from '../../../src/model/organisation.ts';
import { onDingtalk, refuse, signal } from '../bench.ts';

/** What each call of a department answers, by the end of its path. */
function department(answers: Readonly<Record<string, unknown>>, recursive = true): Promise<Membership> {
  return onDingtalk(
    ({ path }) => {
      const result = Object.entries(answers).find(([end]) => path.endsWith(end))?.[1];
      return result === undefined
        ? refuse('InvalidAction.NotFound', 404)
        : { body: { errcode: 0, errmsg: 'ok', result } };
    },
    ({ session }) =>
      session
        .organisation()
        .members({ kind: 'department', provider: 'dingtalk', id: '12', recursive, userIdType: null }, signal),
  );
}

const nobody = {
  'department/get': { dept_id: 12, name: 'X', member_count: 3, owning_member_count: 2 },
  'department/listsubid': { dept_id_list: [] },
  'user/list': { has_more: false },
  'user/listid': { userid_list: [] },
};

const two = {
  has_more: false,
  list: [
    { userid: 'u1', unionid: 'n1' },
    { userid: 'u2', unionid: 'n2' },
  ],
};

describe('a department', () => {
  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['has fewer people than its own number says', nobody],
    ['is empty, and who is in it is left out', { ...nobody, 'user/listid': {} }],
    ['has others below it that are left out', { ...nobody, 'user/list': two, 'department/listsubid': {} }],
    [
      'tells neither who is in it nor how many there are',
      { ...nobody, 'department/get': { name: 'X' }, 'user/listid': {} },
    ],
  ])('is not known to its end where it %s', async (_what, answers) => {
    expect(await department(answers)).toMatchObject({
      complete: false,
      problem: { code: 'source-incomplete' },
    });
  });

  it('is known where a list that is left out is proved empty by its number', async () => {
    const answers = {
      'department/get': { dept_id: 12, name: 'X', member_count: 2, owning_member_count: 2 },
      'department/listsubid': {},
      'user/list': two,
      'user/listid': { userid_list: ['u1', 'u2'] },
    };
    expect(await department(answers)).toMatchObject({
      complete: true,
      members: [{ id: 'n1' }, { id: 'n2' }],
    });
  });
});

describe('a role', () => {
  /** `staff`: who has it when a page is asked for, by the number of pages before. */
  const role = (staff: (page: number) => readonly string[]): Promise<Membership> => {
    let pages = 0;
    return onDingtalk(
      ({ path, json }) => {
        // Bodies are what the calls of this test send.
        const { offset, size, userid } = json as { offset: number; size: number; userid?: string };
        if (path.endsWith('v2/user/get')) {
          return { body: { errcode: 0, result: { userid, unionid: `n-${userid}` } } };
        }
        if (!path.endsWith('role/simplelist')) return { body: { errcode: 0, result: { hasMore: false } } };
        const list = staff(pages).map((id) => ({ userid: id }));
        pages += 1;
        return {
          body: {
            errcode: 0,
            result: { hasMore: offset + size < list.length, list: list.slice(offset, offset + size) },
          },
        };
      },
      ({ session }) =>
        session
          .organisation()
          .members(
            { kind: 'role', provider: 'dingtalk', id: '7', recursive: false, userIdType: null },
            signal,
          ),
    );
  };
  const everybody = Array.from({ length: 250 }, (_, at) => `u${at}`);

  it('of several pages has each of its people once', async () => {
    const found = await role(() => everybody);
    expect(found.complete && found.members.map(({ id }) => id)).toEqual(everybody.map((id) => `n-${id}`));
  });

  it('that somebody loses between two pages is not known to its end: another would be on neither', async () => {
    const found = await role((page) => (page === 0 ? everybody : everybody.slice(1)));
    expect(found).toMatchObject({ complete: false, problem: { code: 'source-incomplete' } });
  });
});
