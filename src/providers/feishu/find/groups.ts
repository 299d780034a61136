import { textOf, type JsonObject } from '../../../http/json.ts';
import type { Found, FoundGroup } from '../../../model/found.ts';
import { chunks } from '../../../model/order.ts';
import { type Asker, gathering, type Gathering, keepNamed, type Search, textIn } from '../../find.ts';
import type { Listing } from '../../pages.ts';
import { malformed } from '../../problem.ts';
import { PlatformError } from '../../provider.ts';
import { ask, listing, paths, rowsIn } from './page.ts';
import { visibleRange } from './range.ts';

/** A number of things in an answer, quoted or not. */
export function countIn(row: JsonObject, key: string): number | null {
  const count = row[key];
  const number = typeof count === 'string' && /^\d+$/.test(count) ? Number(count) : count;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

/** The chats that the app's bot is in, or the user, with the number of people in each (pages: `chat/list`, `chat/get`). */
export async function findChats(search: Search): Promise<Found<FoundGroup>> {
  const gathered = gathering<FoundGroup>(search);
  const chats = await gathered.read(
    listing(search, { api: 'chats.list', method: 'GET', path: paths.chats }, 100, {
      rows: 'items',
      read: (row) => {
        const id = textOf(row['chat_id']);
        if (id === undefined) throw malformed('a chat has no chat_id');
        return { id, name: textIn(row, 'name') };
      },
      keyOf: ({ id }) => id,
    }),
    'chats',
  );
  const named: (typeof chats)[number][] = [];
  const { missing, isWhole } = gathered;
  keepNamed({ items: named, missing, isWhole }, chats, search.query.texts, ({ name }) => name);
  const counted = await Promise.all(
    named.map(async ({ id, name }): Promise<FoundGroup> => {
      const head = await gathered.ask(ask(search, { api: 'chats.get', method: 'GET', path: paths.chat(id) }));
      return { id, name, members: head === undefined ? null : countIn(head, 'user_count') };
    }),
  );
  gathered.items.push(...counted);
  return gathered.found();
}

/** A department of an answer. */
export function departmentOf(row: JsonObject): FoundGroup {
  const id = textOf(row['open_department_id']) ?? textOf(row['department_id']);
  if (id === undefined) throw malformed('a department has no id');
  return { id, name: textIn(row, 'name'), members: countIn(row, 'member_count') };
}

/** The departments right below one, or all below it (page: `department/children`). */
export function childrenOf(asker: Asker, id: string, recursive: boolean): Listing<FoundGroup> {
  return listing(
    asker,
    {
      api: 'departments.children',
      method: 'GET',
      path: paths.children(id),
      query: { department_id_type: 'open_department_id', fetch_child: String(recursive) },
    },
    50,
    { rows: 'items', read: departmentOf, keyOf: (row) => row.id },
  );
}

/** All departments below one, at once or, where the platform finds that too much, level by level. */
export async function departmentsBelow<T>(
  asker: Asker,
  gathered: Gathering<T>,
  id: string,
): Promise<FoundGroup[]> {
  const whole = childrenOf(asker, id, true);
  let tooMany = false;
  const all = await gathered.read(
    {
      ...whole,
      fetchPage: async (token) => {
        try {
          return await whole.fetchPage(token);
        } catch (error) {
          if (!(error instanceof PlatformError) || error.code !== '43010') throw error;
          tooMany = true;
          return { rows: [], next: null, size: 0 };
        }
      },
    },
    'departments',
  );
  if (!tooMany) return all;
  const level = await gathered.read(childrenOf(asker, id, false), 'departments');
  const deeper = await Promise.all(level.map((one) => departmentsBelow(asker, gathered, one.id)));
  return [...level, ...deeper.flat()];
}

/** Departments by id (page: `department/batch`). The root is none that this call knows. */
async function departmentsById<T>(
  search: Search,
  gathered: Gathering<T>,
  ids: readonly string[],
): Promise<FoundGroup[]> {
  const parts = await Promise.all(
    chunks(
      ids.filter((id) => id !== '0'),
      50,
    ).map(async (part) => {
      const data = await gathered.ask(
        ask(search, {
          api: 'departments.batch',
          method: 'GET',
          path: paths.departments,
          query: { department_ids: part, department_id_type: 'open_department_id' },
        }),
      );
      return data === undefined ? [] : rowsIn(data, 'items').map(departmentOf);
    }),
  );
  return parts.flat();
}

/** The departments within the app's contact range. */
export async function findDepartments(search: Search): Promise<Found<FoundGroup>> {
  const gathered = gathering<FoundGroup>(search);
  const range = await visibleRange(search);
  const roots = await departmentsById(search, gathered, range.departments);
  const below = await Promise.all(range.departments.map((root) => departmentsBelow(search, gathered, root)));
  const byId = new Map([...roots, ...below.flat()].map((one) => [one.id, one]));
  keepNamed(gathered, [...byId.values()], search.query.texts, ({ name }) => name);
  if (!range.isWhole) gathered.notes.push('Only departments within the contact range of the app.');
  return gathered.found();
}
