import { isObject, type JsonObject } from '../../../http/json.ts';
import { addressOf } from '../../../model/attendee.ts';
import type { FoundPerson } from '../../../model/found.ts';
import { chunks } from '../../../model/order.ts';
import { type Asker, type Gathering, textIn } from '../../find.ts';
import type { Listing } from '../../pages.ts';
import { malformed } from '../../problem.ts';
import { ask, listing, paths, rowsIn } from './page.ts';

/** Ids and addresses a call. */
export const batch = 50;

export const idKinds = ['open_id', 'union_id', 'user_id'] as const;
export type IdKind = (typeof idKinds)[number];

/** `status` of the contact pages. Without the permission for it there is none. */
export function statusOf(value: unknown): FoundPerson['status'] {
  if (!isObject(value)) return null;
  if (value['is_resigned'] === true || value['is_exited'] === true) return 'left';
  const asleep =
    value['is_frozen'] === true || value['is_unjoin'] === true || value['is_activated'] === false;
  return asleep ? 'inactive' : 'active';
}

export function personOf(row: JsonObject): FoundPerson {
  const ids = idKinds.flatMap((kind): [IdKind, string][] => {
    const id = textIn(row, kind);
    return id === null ? [] : [[kind, id]];
  });
  const address = textIn(row, 'email') ?? textIn(row, 'enterprise_email');
  return {
    name: textIn(row, 'name'),
    ids: Object.fromEntries(ids),
    email: address === null ? null : addressOf(address),
    mobile: textIn(row, 'mobile'),
    employeeNo: textIn(row, 'employee_no'),
    status: statusOf(row['status']),
    asked: [],
  };
}

/** Somebody of a list, who has an id: else it is not all there. */
export function listedPerson(row: JsonObject): FoundPerson {
  const person = personOf(row);
  if (Object.keys(person.ids).length === 0) throw malformed('somebody has no id');
  return person;
}

/** The kind of id that a text can be by its beginning. */
export function idKindOf(text: string): IdKind | null {
  return text.startsWith('ou_') ? 'open_id' : text.startsWith('on_') ? 'union_id' : null;
}

function merged(one: FoundPerson, other: FoundPerson): FoundPerson {
  return {
    name: one.name ?? other.name,
    ids: { ...other.ids, ...one.ids },
    email: one.email ?? other.email,
    mobile: one.mobile ?? other.mobile,
    employeeNo: one.employeeNo ?? other.employeeNo,
    status: one.status ?? other.status,
    asked: [...new Set([...one.asked, ...other.asked])],
  };
}

/** Everybody found, once each, with the texts that they answer. */
export class People {
  readonly #byId = new Map<string, FoundPerson>();

  add(person: FoundPerson): void {
    const key = person.ids['open_id'] ?? Object.values(person.ids)[0];
    if (key === undefined) return;
    const other = this.#byId.get(key);
    this.#byId.set(key, other === undefined ? person : merged(other, person));
  }

  get all(): FoundPerson[] {
    return [...this.#byId.values()];
  }
}

/** The people right in a department, not those below it (page: `user/find_by_department`). */
export function departmentUsers<Row>(
  asker: Asker,
  id: string,
  idType: string,
  of: { readonly read: (row: JsonObject) => Row; readonly keyOf: (row: Row) => string },
): Listing<Row> {
  return listing(
    asker,
    {
      api: 'users.by-department',
      method: 'GET',
      path: paths.findByDepartment,
      query: { user_id_type: idType, department_id_type: 'open_department_id', department_id: id },
    },
    batch,
    { rows: 'items', ...of },
  );
}

/** Full rows by id; the platform leaves out anyone outside the contact range (page: `user/batch`). */
export async function usersById<T>(
  asker: Asker,
  gathered: Gathering<T>,
  kind: IdKind,
  ids: readonly string[],
): Promise<FoundPerson[]> {
  const parts = await Promise.all(
    chunks([...new Set(ids)], batch).map(async (part) => {
      const data = await gathered.ask(
        ask(asker, {
          api: 'users.batch',
          method: 'GET',
          path: paths.users,
          query: { user_ids: part, user_id_type: kind, department_id_type: 'open_department_id' },
        }),
      );
      const asked = new Set(part);
      // Nobody who was not asked for, whatever is answered.
      return (data === undefined ? [] : rowsIn(data, 'items'))
        .map(personOf)
        .filter(({ ids: { [kind]: id } }) => id === undefined || asked.has(id));
    }),
  );
  return parts.flat();
}
