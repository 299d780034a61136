import { expect, test } from 'vitest';
import type { Membership } from '../../../src/model/organisation.ts';
import type { SeenRequest } from '../../support/scripted-server.ts';
import { signal } from '../bench.ts';
import { onGoogle, type Row } from './bench.ts';

/** Groups by address: their direct members, and the number that the platform says they have. */
type Groups = Readonly<Record<string, { readonly members: readonly Row[]; readonly count?: string }>>;

const user = (name: string, more: Row = {}): Row => ({
  id: name,
  email: `${name}@corp.com`,
  type: 'USER',
  ...more,
});

async function membersIn(groups: Groups, id = 'all@corp.com'): Promise<Membership> {
  const script = (request: SeenRequest) => {
    const [, address = '', list] = /groups\/([^/?]+)(\/members)?/.exec(request.path) ?? [];
    const group = groups[decodeURIComponent(address)];
    if (list === '/members') return { body: { members: group?.members ?? [] } };
    return { body: { email: decodeURIComponent(address), directMembersCount: group?.count } };
  };
  let found: Membership | undefined;
  await onGoogle(script, async ({ session }) => {
    const source = { kind: 'group', provider: 'google', id, recursive: false, userIdType: null } as const;
    found = await session.organisation().members(source, signal);
  });
  if (found === undefined) throw new RangeError('nothing was read');
  return found;
}

test('a group is whole where it lists as many as it says it has, and so is each group in it', async () => {
  const groups: Groups = {
    'all@corp.com': {
      members: [
        user('ann'),
        user('gone', { status: 'SUSPENDED' }),
        { id: 'x', email: 'x@else.org', type: 'EXTERNAL' },
        { id: 'g', email: 'Dev@corp.com', type: 'GROUP' },
      ],
      count: '4',
    },
    // A group may be in one that it has itself.
    'dev@corp.com': {
      members: [user('bob'), user('ann'), { id: 'a', email: 'all@corp.com', type: 'GROUP' }],
      count: '3',
    },
  };
  expect(await membersIn(groups)).toEqual({
    name: 'all@corp.com',
    complete: true,
    members: ['ann@corp.com', 'gone@corp.com', 'x@else.org', 'bob@corp.com'].map((id) => ({ id })),
    groups: ['all@corp.com', 'dev@corp.com'],
  });
});

test('nobody is in a group that says so', async () => {
  expect(await membersIn({ 'all@corp.com': { members: [], count: '0' } })).toMatchObject({
    complete: true,
    members: [],
  });
});

test.each<readonly [string, Groups, string]>([
  [
    'of which some are hidden',
    { 'all@corp.com': { members: [user('ann')], count: '2' } },
    'only 1 of its 2 members',
  ],
  [
    'that tells no number',
    { 'all@corp.com': { members: [user('ann')] } },
    'nothing says how many are in all@corp.com',
  ],
  [
    'with a group in it of which some are hidden',
    {
      'all@corp.com': { members: [{ id: 'g', email: 'dev@corp.com', type: 'GROUP' }], count: '1' },
      'dev@corp.com': { members: [], count: '1' },
    },
    'only 0 of its 1 members',
  ],
  [
    'with everybody',
    { 'all@corp.com': { members: [{ id: 'c', type: 'CUSTOMER' }], count: '1' } },
    'it includes everybody',
  ],
  [
    'with somebody who has no address',
    { 'all@corp.com': { members: [{ id: 'c', type: 'USER' }], count: '1' } },
    'a member has no address',
  ],
])('a group %s is not known', async (_, groups, message) => {
  const found = await membersIn(groups);
  expect(found).toMatchObject({ complete: false, problem: { code: 'source-incomplete' } });
  expect(found.complete ? '' : found.problem.message).toContain(message);
});
