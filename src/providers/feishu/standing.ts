import { isObject, type JsonObject } from '../../http/json.ts';
import { chunks } from '../../model/order.ts';
import { textIn } from '../find.ts';
import type { StandingSearch } from '../ask-standing.ts';
import { allOf } from '../organisation.ts';
import { failureOf } from '../problem.ts';
import { PlatformError } from '../provider.ts';
import { rowOf } from './errors.ts';
import { ask, paths, rowsIn } from './find/page.ts';
import { batch, statusOf } from './find/users.ts';

/** Employees a call. */
const staffBatch = 100;

/** Calls beyond the batches, to find the ids for which one is refused. */
const mostSplits = 30;

/** How people stand by the contact pages and, of whom it is asked who is about to leave, by the directory. */
export async function askStanding(asking: StandingSearch): Promise<void> {
  let { ids } = asking;
  if (asking.soon) {
    const told = await byDirectory(asking);
    ids = ids.filter((id) => !told.has(id));
  }
  let splits = 0;
  const inTwo = (): boolean => (splits += 2) <= mostSplits;
  const [first, ...rest] = chunks(ids, batch);
  if (first === undefined) return;
  // Where the first is refused, none of the others is sent.
  await askContacts(asking, first, inTwo);
  await allOf(rest.map((part) => askContacts(asking, part, inTwo)));
}

/**
 * Those of a batch whom the contacts hold (page: `user/batch`): those outside the contact range are left out without a
 * word, and so is a bot. A batch that is refused for an id is halved until that one is alone.
 */
async function askContacts(
  asking: StandingSearch,
  ids: readonly string[],
  inTwo: () => boolean,
): Promise<void> {
  const idType = asking.idType ?? 'open_id';
  try {
    const data = await ask(asking, {
      api: 'users.batch',
      method: 'GET',
      path: paths.users,
      query: { user_ids: ids, user_id_type: idType, department_id_type: 'open_department_id' },
    });
    const rows = rowsIn(data, 'items');
    const asked = new Set(ids);
    let told = 0;
    for (const row of rows) {
      const id = textIn(row, idType);
      const status = statusOf(row['status']);
      // Somebody whose account sleeps has not left.
      const standing = status === 'inactive' ? 'active' : status;
      if (id === null || !asked.has(id) || standing === null) continue;
      asking.learn(id, standing);
      told += 1;
    }
    if (rows.length > 0 && told === 0) throw untold(idType);
  } catch (error) {
    const isEntry = error instanceof PlatformError && rowOf(error.code)?.kind === 'entry';
    if (!isEntry) throw error;
    if (ids.length < 2 || !inTwo()) return;
    const middle = Math.ceil(ids.length / 2);
    await allOf([ids.slice(0, middle), ids.slice(middle)].map((half) => askContacts(asking, half, inTwo)));
  }
}

/** The pages leave out fields whose permission is missing, and say nothing. */
function untold(idType: string): PlatformError {
  const own = idType === 'user_id' ? 'contact:user.employee_id:readonly and ' : '';
  return new PlatformError('event', 'no-status', 'the contacts do not say who has left', {
    hint: `That requires the permission ${own}contact:user.employee:readonly.`,
    isPlatformCode: false,
  });
}

/**
 * Who has left and who is about to, by the directory (page: `directory-v1/employee/mget`). Not every app may ask it: those of
 * whom it says nothing are asked of the contacts.
 */
async function byDirectory(asking: StandingSearch): Promise<ReadonlySet<string>> {
  const told = new Set<string>();
  const type = asking.idType === 'user_id' ? 'employee_id' : (asking.idType ?? 'open_id');
  try {
    for (const part of chunks(asking.ids, staffBatch)) {
      const data = await ask(asking, {
        api: 'employees.get',
        method: 'POST',
        path: paths.staff,
        query: { employee_id_type: type, department_id_type: 'open_department_id' },
        body: {
          json: {
            employee_ids: part,
            required_fields: ['base_info.is_resigned', 'work_info.staff_status'],
          },
        },
      });
      for (const row of rowsIn(data, 'employees')) {
        const id = textIn(row['base_info'], 'employee_id');
        const standing = staffStanding(row);
        if (id === null || standing === null || !part.includes(id)) continue;
        asking.learn(id, standing);
        told.add(id);
      }
    }
  } catch (error) {
    failureOf(error, asking.signal);
  }
  return told;
}

/** `staff_status`: 1 at work, 2 left, 5 about to leave. Anything else is left to the contacts. */
function staffStanding(row: JsonObject): 'left' | 'leaving' | 'active' | null {
  const { base_info: base, work_info: work } = row;
  const status = isObject(work) ? Number(work['staff_status']) : Number.NaN;
  if ((isObject(base) && base['is_resigned'] === true) || status === 2) return 'left';
  return status === 5 ? 'leaving' : status === 1 ? 'active' : null;
}
