import { expect, it } from 'vitest';
import type { Membership, RosterSource, SourceKind } from '../../../src/model/organisation.ts';
import { no, ok, onFeishu, signal } from '../bench.ts';

const contact = '/open-apis/contact/v3';

function members(
  kind: SourceKind,
  id: string,
  answers: Readonly<Record<string, unknown>>,
): Promise<Membership> {
  const source: RosterSource = { kind, provider: 'feishu', id, recursive: true, userIdType: 'open_id' };
  return onFeishu(
    ({ path }) => {
      const data = answers[decodeURIComponent(path)];
      return data === undefined ? no(99991672) : ok(data);
    },
    ({ session }) => session.organisation().members(source, signal),
  );
}

const nobody = { items: [], has_more: false };

it('a department that was deleted is not one without people', async () => {
  const found = await members('department', 'od-x', {
    [`${contact}/departments/batch`]: {
      items: [{ open_department_id: 'od-x', name: 'X', member_count: 0, status: { is_deleted: true } }],
    },
    [`${contact}/departments/od-x/children`]: nobody,
    [`${contact}/users/find_by_department`]: nobody,
  });
  expect(found).toMatchObject({
    complete: false,
    problem: {
      code: 'source-incomplete',
      message: 'Feishu department od-x: the department was deleted',
      hint: 'Remove it from the Roster.',
    },
  });
});

const chat = '/open-apis/im/v1/chats/oc_x';
const ada = { member_id: 'ou_a', name: 'Ada' };

it.each<readonly [string, object, string]>([
  ['without its number of people', { items: [ada] }, 'does not say how many people are in it'],
  ['that has one person twice', { items: [ada, ada], member_total: 2 }, 'only 1 of its 2 people were found'],
])('a chat %s is not known to its end', async (_what, page, told) => {
  const found = await members('chat', 'oc_x', {
    [chat]: { name: 'X', chat_status: 'normal' },
    [`${chat}/members`]: { ...page, has_more: false },
  });
  expect(found).toMatchObject({ complete: false, problem: { code: 'source-incomplete' } });
  expect(JSON.stringify(found)).toContain(told);
});
