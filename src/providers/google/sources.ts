import { isObject, type JsonObject, textOf } from '../../http/json.ts';
import { addressOf } from '../../model/attendee.ts';
import type { Member } from '../../model/organisation.ts';
import { pathOf } from '../client.ts';
import type { Asker } from '../find.ts';
import {
  allOf,
  allRows,
  checkCount,
  type Everybody,
  incomplete,
  memberOf,
  type SourceReads,
  type SourceSearch,
} from '../organisation.ts';
import type { Listing } from '../pages.ts';
import { malformed } from '../problem.ts';
import { directoryRoot, forDirectory } from './dialect.ts';
import { listing } from './find/page.ts';

/** A row of a group's members. */
interface Row {
  readonly id: string;
  readonly email: string | null;
  /** `USER`, `GROUP`, `CUSTOMER`, `EXTERNAL`. */
  readonly type: string;
}

function rowOf(row: JsonObject): Row {
  const email = textOf(row['email']);
  const id = textOf(row['id']) ?? email;
  if (id === undefined) throw malformed('a member has neither an id nor an address');
  return {
    id,
    email: email === undefined ? null : addressOf(email),
    type: textOf(row['type']) ?? 'USER',
  };
}

/** The members of a group, 200 a page (page: `members/list`). `derived`: those of the groups in it as well. */
export function membersListing(asker: Asker, group: string, derived: boolean = true): Listing<Row> {
  return listing(asker, {
    api: 'members.list',
    path: `${groupPath(group)}/members`,
    query: { includeDerivedMembership: String(derived), maxResults: '200' },
    as: forDirectory('read-groups', asker.client.account),
    rows: 'members',
    read: rowOf,
    keyOf: ({ id }) => id,
  });
}

function groupPath(group: string): string {
  return `${directoryRoot}/groups/${pathOf('group', group)}`;
}

/** How many direct members a group has by its own account (page: `groups/get`); null where it does not say. */
async function countOf({ client, signal }: Asker, group: string): Promise<number | null> {
  const { body } = await client.ask({
    api: 'groups.get',
    method: 'GET',
    path: groupPath(group),
    as: forDirectory('read-groups', client.account),
    operation: 'read',
    signal,
  });
  if (!isObject(body)) throw malformed('there is no group in it');
  const count = textOf(body['directMembersCount']);
  return count !== undefined && /^\d+$/.test(count) ? Number(count) : null;
}

/** The direct members of a group: proved to be all by the number that it says it has. */
async function directMembers(search: SourceSearch, group: string): Promise<readonly Row[]> {
  const [rows, count] = await allOf([
    allRows(membersListing(search, group, false), 'members'),
    countOf(search, group),
  ]);
  if (rows.some(({ type }) => type === 'CUSTOMER')) {
    throw incomplete(
      'it includes everybody in the organisation, and they are not listed one by one',
      'List its people in a Roster, or invite the group as one attendee.',
    );
  }
  if (count === null) throw incomplete(`nothing says how many are in ${group}`, hidden);
  // The page does not say whether groups count among the members of a group.
  const people = rows.filter(({ type }) => type !== 'GROUP');
  if (rows.length !== count) checkCount(people.length, count, 'members', hidden);
  return rows;
}

const hidden =
  'Check that the administrator, or the role of the service account, may see all members of the group.';

/** Everybody in a group and in the groups in it, each read by itself: all, or nobody. */
async function group(search: SourceSearch): Promise<Everybody> {
  const { id } = search.source;
  const members: Member[] = [];
  const groups = new Set([addressOf(id)]);
  for (const one of groups) {
    for (const { email, type } of await directMembers(search, one)) {
      if (email === null)
        throw incomplete('a member has no address', 'Check the group in the Admin console.');
      // A set goes on to what is added meanwhile, and has each once.
      if (type === 'GROUP') groups.add(email);
      else members.push(memberOf(email, null));
    }
  }
  return { name: id, members, groups: [...groups] };
}

/** What Rosters are expanded from on Google Workspace (Directory API v1). */
export const sources: SourceReads = { group };
