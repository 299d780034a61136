import { isObject, type JsonObject } from '../../../http/json.ts';
import { addressOf } from '../../../model/attendee.ts';
import type { FoundPerson } from '../../../model/found.ts';
import { given } from '../../../model/given.ts';
import { type Asker, type Gathering, textIn } from '../../find.ts';
import type { Page } from '../../pages.ts';
import { malformed } from '../../problem.ts';
import { departmentTree, appRangeOf } from './departments.ts';
import { flagOf, idOf, legacy, legacyOrNull, objectOf, objectsOf } from './legacy.ts';

/** People a page: the largest that a page of this kind is known to have. */
const pageSize = 100;

export function personOf(row: JsonObject): FoundPerson {
  const userId = idOf(row['userid']);
  const unionId = textIn(row, 'unionid');
  const address = textIn(row, 'org_email') ?? textIn(row, 'email');
  const active = flagOf(row['active']);
  return {
    name: textIn(row, 'name'),
    ids: {
      ...(unionId === null ? {} : { unionId }),
      ...given({ userId }),
    },
    email: address === null ? null : addressOf(address),
    mobile: textIn(row, 'mobile'),
    employeeNo: textIn(row, 'job_number'),
    // People who have never signed in are not active; those who have left are not there at all.
    status: active === undefined ? null : active ? 'active' : 'inactive',
    asked: [],
  };
}

/** Somebody of a list, and the row as it was answered. */
export interface Walked {
  readonly person: FoundPerson;
  readonly row: JsonObject;
}

/** A page of the members of one department (page: `user/list`). */
export async function peoplePage(asker: Asker, id: number, cursor: string | null): Promise<Page<Walked>> {
  const result = objectOf(
    await legacy(asker, 'users.list', 'v2/user/list', {
      dept_id: id,
      cursor: Number(cursor ?? 0),
      size: pageSize,
      // Left out, it hides those whose access to the directory is limited.
      contain_access_limit: true,
      language: 'zh_CN',
    }),
  );
  const rows = objectsOf(result['list'], 'people').map((row) => ({ person: listed(personOf(row)), row }));
  const more = flagOf(result['has_more']);
  const next = idOf(result['next_cursor']);
  if (more === undefined) throw malformed('a page does not say whether there are more');
  if (more && next === undefined) throw malformed('a page says that there are more, but not where');
  return { rows, next: more ? (next ?? null) : null, size: JSON.stringify(result).length };
}

/** Everybody listed has an id; a list with anybody else is not one of people. */
function listed(person: FoundPerson): FoundPerson {
  if (person.ids['userId'] === undefined) throw malformed('somebody has no userid');
  return person;
}

/** The members of one department, page by page. */
function membersOf<T>(asker: Asker, gathered: Gathering<T>, id: number): Promise<Walked[]> {
  return gathered.read(
    {
      fetchPage: (cursor) => peoplePage(asker, id, cursor),
      keyOf: ({ person }) => person.ids['userId'] ?? JSON.stringify(person),
    },
    'people',
  );
}

/** The row of somebody who is there, or null (page: `query-user-details`). */
export async function rowOf(asker: Asker, userid: string): Promise<JsonObject | null> {
  const answer = await legacyOrNull(asker, 'users.get', 'v2/user/get', { userid, language: 'zh_CN' });
  return isObject(answer) ? answer : null;
}

/** Everybody at work whom the app may see. */
export interface Staff {
  readonly people: readonly Walked[];
  readonly departments: readonly { readonly id: number; readonly members: readonly Walked[] }[];
  /** The app was given the whole organisation. */
  readonly isWhole: boolean;
}

/** Walks the departments that the app was given; people who are in several are listed once. */
export async function staffIn<T>(asker: Asker, gathered: Gathering<T>): Promise<Staff> {
  const range = await appRangeOf(asker);
  const tree = await departmentTree(asker, gathered, range);
  const departments = await Promise.all(
    tree.map(async ({ id }) => ({ id, members: await membersOf(asker, gathered, id) })),
  );
  const single = await Promise.all(range.users.map((userId) => gathered.ask(rowOf(asker, userId))));
  const rows = single.flatMap((row) => (row == null ? [] : [{ person: personOf(row), row }]));
  const all = [...rows, ...departments.flatMap(({ members }) => members)];
  const byId = new Map(all.map((one) => [one.person.ids['userId'] ?? JSON.stringify(one.person.ids), one]));
  return { people: [...byId.values()], departments, isWhole: range.isWhole };
}
