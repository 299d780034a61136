import { isObject, textOf, type JsonObject } from '../../../http/json.ts';
import type { Ask } from '../../client.ts';
import type { Asker } from '../../find.ts';
import type { Judged } from '../../judge.ts';
import type { Listing, Page } from '../../pages.ts';
import { malformed } from '../../problem.ts';
import { dataOf } from '../dialect.ts';

const contact = '/open-apis/contact/v3';

/** Paths of the contact pages. */
export const paths: {
  readonly [
    name in
      | 'scopes'
      | 'batchGetId'
      | 'users'
      | 'findByDepartment'
      | 'departments'
      | 'groups'
      | 'appScopes'
      | 'employees'
      | 'staff'
      | 'chats'
  ]: string;
} & {
  readonly [name in 'children' | 'groupMembers' | 'roleMembers' | 'chat' | 'chatMembers']: (
    id: string,
  ) => string;
} = {
  scopes: `${contact}/scopes`,
  batchGetId: `${contact}/users/batch_get_id`,
  users: `${contact}/users/batch`,
  findByDepartment: `${contact}/users/find_by_department`,
  departments: `${contact}/departments/batch`,
  children: (id: string) => `${contact}/departments/${encodeURIComponent(id)}/children`,
  groups: `${contact}/group/simplelist`,
  groupMembers: (id: string) => `${contact}/group/${encodeURIComponent(id)}/member/simplelist`,
  roleMembers: (id: string) => `${contact}/functional_roles/${encodeURIComponent(id)}/members`,
  appScopes: '/open-apis/application/v6/scopes',
  employees: '/open-apis/directory/v1/employees/filter',
  staff: '/open-apis/directory/v1/employees/mget',
  chats: '/open-apis/im/v1/chats',
  chat: (id: string) => `/open-apis/im/v1/chats/${encodeURIComponent(id)}`,
  chatMembers: (id: string) => `/open-apis/im/v1/chats/${encodeURIComponent(id)}/members`,
};

/** A reading call. */
export type ReadCall = Pick<Ask, 'api' | 'method' | 'path' | 'query' | 'body'>;

/** What a successful reading call holds. */
export async function ask({ client, signal }: Asker, call: ReadCall): Promise<JsonObject> {
  const { body } = await client.ask({ ...call, operation: 'read', signal });
  const data = dataOf(body);
  if (!isObject(data)) throw malformed('an answer has no data');
  return data;
}

/** The rows of a list in an answer. An empty list may be left out. */
export function rowsIn(data: JsonObject, name: string): readonly JsonObject[] {
  const rows = data[name] ?? [];
  if (!Array.isArray(rows) || !rows.every(isObject)) throw malformed(`${name} is not a list of objects`);
  return rows;
}

/** Where the next page begins, or null: some pages say it in a part of their own. */
function nextIn(data: JsonObject): string | null {
  const { has_more: hasMore, page_token: token } = data;
  if (typeof hasMore !== 'boolean') throw malformed('a page does not say whether there are more');
  const next = hasMore ? textOf(token) : null;
  if (next === undefined) throw malformed('a page says that there are more, but not where');
  return next;
}

/** A listing by page tokens. A page may be empty and not the last. */
export function listing<Row>(
  { client, signal }: Asker,
  call: ReadCall,
  pageSize: number,
  of: {
    readonly rows: string;
    readonly read: (row: JsonObject) => Row;
    readonly keyOf: (row: Row) => string;
    /** Told of each page, for what it has beside its rows. */
    readonly see?: (page: JsonObject) => void;
  },
): Listing<Row> {
  const readPage = ({ body, size }: Judged): Page<Row> => {
    const data = dataOf(body);
    if (!isObject(data)) throw malformed('a page has no data');
    of.see?.(data);
    return { rows: rowsIn(data, of.rows).map(of.read), next: nextIn(data), size };
  };
  return {
    fetchPage: async (token) =>
      readPage(
        await client.ask({
          ...call,
          query: { ...call.query, page_size: String(pageSize), page_token: token ?? undefined },
          operation: 'read',
          signal,
        }),
      ),
    keyOf: of.keyOf,
    isStale: ({ code }) => code === '190008' || code === '40012',
  };
}
