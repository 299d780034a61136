import { type JsonObject, textOf } from '../../http/json.ts';
import { addressOf } from '../../model/attendee.ts';
import { pathOf } from '../client.ts';
import type { Asker } from '../find.ts';
import {
  allRows,
  checkSomebody,
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

/** The members of a group and of the groups in it, 200 a page (page: `members/list`). */
export function membersListing(asker: Asker, group: string): Listing<Row> {
  return listing(asker, {
    api: 'members.list',
    path: `${directoryRoot}/groups/${pathOf('group', group)}/members`,
    query: { includeDerivedMembership: 'true', maxResults: '200' },
    as: forDirectory('read-groups', asker.client.account),
    rows: 'members',
    read: rowOf,
    keyOf: ({ id }) => id,
  });
}

/** Everybody in a group: proved to be all, or nobody. */
async function group(search: SourceSearch): Promise<Everybody> {
  const rows = await allRows(membersListing(search, search.source.id), 'members');
  if (rows.some(({ type }) => type === 'CUSTOMER')) {
    throw incomplete(
      'it takes in everybody of the organisation, who are not listed one by one',
      'List its people in a Roster, or invite the group as one attendee.',
    );
  }
  // The members of the groups in it are rows of their own.
  const people = rows.filter(({ type }) => type !== 'GROUP');
  checkSomebody(people);
  const members = people.map(({ email }) => {
    if (email === null) throw incomplete('a member has no address', 'Check the group in the Admin console.');
    return memberOf(email, null);
  });
  return { name: search.source.id, members };
}

/** What Rosters are expanded from on Google Workspace (Directory API v1). */
export const sources: SourceReads = { group };
