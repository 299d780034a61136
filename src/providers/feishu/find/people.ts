import { textOf } from '../../../http/json.ts';
import { addressOf } from '../../../model/attendee.ts';
import type { FindQuery, Found, FoundPerson, Unfound } from '../../../model/found.ts';
import { chunks } from '../../../model/order.ts';
import {
  bareMobile,
  type Gathering,
  gathering,
  holdsText,
  kindOfText,
  mobileDigits,
  nobody,
  type Search,
  textIn,
  type TextKind,
} from '../../find.ts';
import { malformed } from '../../problem.ts';
import { ask, paths, rowsIn } from './page.ts';
import { departmentsBelow } from './groups.ts';
import { membersOfGroups } from './range-groups.ts';
import { seesEverybody, visibleRange, type VisibleRange } from './range.ts';
import {
  batch,
  departmentUsers,
  type IdKind,
  idKindOf,
  idKinds,
  listedPerson,
  People,
  statusOf,
  usersById,
} from './users.ts';

/** By address and by number, those who have left among them (page: `user/batch_get_id`). */
async function byAddress(
  search: Search,
  gathered: Gathering<FoundPerson>,
  people: People,
  { emails, mobiles }: { readonly emails: readonly string[]; readonly mobiles: readonly string[] },
): Promise<void> {
  const texts = [...emails, ...mobiles];
  const calls = [
    ...chunks(emails, batch).map((part) => ({ part: { emails: part }, count: part.length })),
    ...chunks(mobiles, batch).map((part) => ({
      part: { mobiles: part.map(bareMobile) },
      count: part.length,
    })),
  ];
  const rows = await Promise.all(
    calls.map(async ({ part, count }) => {
      const data = await gathered.ask(
        ask(search, {
          api: 'users.by-address',
          method: 'POST',
          path: paths.batchGetId,
          query: { user_id_type: 'open_id' },
          body: { json: { ...part, include_resigned: true } },
        }),
      );
      const answered = data === undefined ? [] : rowsIn(data, 'user_list');
      // There is a row for each, also where nobody is found: of whom there is none, nothing is known.
      if (data !== undefined && answered.length < count) {
        gathered.failed(search.problemOf(malformed('it has fewer rows than were asked for')));
      }
      return answered;
    }),
  );
  for (const row of rows.flat()) {
    const id = textOf(row['user_id']);
    const email = textOf(row['email']);
    const mobile = textOf(row['mobile']);
    if (id === undefined) continue;
    const asked = texts.filter((text) =>
      email === undefined
        ? mobile !== undefined && mobileDigits(text) === mobileDigits(mobile)
        : addressOf(text) === addressOf(email),
    );
    people.add({
      name: null,
      ids: { open_id: id },
      email: email === undefined ? null : addressOf(email),
      mobile: mobile ?? null,
      employeeNo: null,
      status: statusOf(row['status']),
      asked,
    });
  }
  const ids = people.all.flatMap(({ ids: { open_id: id } }) => id ?? []);
  for (const person of await usersById(search, gathered, 'open_id', ids)) people.add(person);
}

/** By job number, which the contact pages have no call for (page: `directory-v1/employee/filter`). */
async function byNumber(
  search: Search,
  gathered: Gathering<FoundPerson>,
  people: People,
  numbers: readonly string[],
): Promise<void> {
  const answers = await Promise.all(
    numbers.map(async (number) => {
      const data = await gathered.ask(
        ask(search, {
          api: 'employees.filter',
          method: 'POST',
          path: paths.employees,
          query: { employee_id_type: 'open_id', department_id_type: 'open_department_id' },
          body: {
            json: {
              filter: {
                conditions: [
                  { field: 'work_info.job_number', operator: 'eq', value: JSON.stringify(number) },
                ],
              },
              required_fields: ['base_info.employee_id', 'work_info.job_number'],
              page_request: { page_size: 100 },
            },
          },
        }),
      );
      const rows = data === undefined ? [] : rowsIn(data, 'employees');
      return rows
        .filter((row) => (textIn(row['work_info'], 'job_number') ?? number) === number)
        .flatMap((row) => textIn(row['base_info'], 'employee_id') ?? [])
        .map((id) => ({ id, number }));
    }),
  );
  const found = answers.flat();
  for (const { id, number } of found) {
    people.add({ ...nobody, ids: { open_id: id }, employeeNo: number, asked: [number] });
  }
  const ids = found.map(({ id }) => id);
  for (const person of await usersById(search, gathered, 'open_id', ids)) people.add(person);
}

/** Everybody within the contact range, department by department. */
async function everybody(
  search: Search,
  gathered: Gathering<FoundPerson>,
  range: VisibleRange,
): Promise<FoundPerson[]> {
  const inGroups = await membersOfGroups(search, gathered, range);
  const roots = [...new Set([...range.departments, ...inGroups.departments])];
  const below = await Promise.all(roots.map((root) => departmentsBelow(search, gathered, root)));
  const departments = new Set([...roots, ...below.flat().map(({ id }) => id)]);
  const members = await Promise.all(
    [...departments].map((department) =>
      gathered.read(
        departmentUsers(search, department, 'open_id', {
          read: listedPerson,
          keyOf: ({ ids }) => ids['open_id'] ?? JSON.stringify(ids),
        }),
        'people',
      ),
    ),
  );
  const single = [...new Set([...range.users, ...inGroups.users])];
  return [...members.flat(), ...(await usersById(search, gathered, 'open_id', single))];
}

function answers(person: FoundPerson, text: string): boolean {
  const { user_id: userId } = person.ids;
  return userId === text || person.employeeNo === text || holdsText(person.name, text);
}

/** The texts of a query by what they are looked up by. */
function sorted({ texts, idType, by }: FindQuery): {
  readonly ids: ReadonlyMap<IdKind, readonly string[]>;
  readonly emails: readonly string[];
  readonly mobiles: readonly string[];
  readonly numbers: readonly string[];
  readonly names: readonly string[];
} {
  const none = { ids: new Map(), emails: [], mobiles: [], numbers: [], names: [] };
  const given = idKinds.find((kind) => kind === idType);
  if (given !== undefined) return { ...none, ids: new Map([[given, texts]]) };
  if (by !== undefined) {
    return { ...none, [({ email: 'emails', mobile: 'mobiles', employeeNo: 'numbers' } as const)[by]]: texts };
  }
  const others = texts.filter((text) => idKindOf(text) === null);
  const ofKind = (kind: TextKind): string[] => others.filter((text) => kindOfText(text) === kind);
  return {
    ids: new Map(
      (['open_id', 'union_id'] as const).map((kind) => [
        kind,
        texts.filter((text) => idKindOf(text) === kind),
      ]),
    ),
    emails: ofKind('email'),
    mobiles: ofKind('mobile'),
    numbers: ofKind('number'),
    names: ofKind('text'),
  };
}

/** People by address, mobile number, job number, id or name; all that the account may see where nothing is asked. */
export async function findPeople(search: Search): Promise<Found<FoundPerson>> {
  const { texts } = search.query;
  const gathered = gathering<FoundPerson>(search);
  const people = new People();
  const { ids, emails, mobiles, numbers, names } = sorted(search.query);
  for (const [kind, own] of ids) {
    if (own.length === 0) continue;
    for (const person of await usersById(search, gathered, kind, own)) {
      people.add({ ...person, asked: own.filter((id) => person.ids[kind] === id) });
    }
  }
  if (emails.length + mobiles.length > 0) await byAddress(search, gathered, people, { emails, mobiles });
  if (numbers.length > 0) await byNumber(search, gathered, people, numbers);
  let range: VisibleRange | null = null;
  if (texts.length === 0 || names.length > 0) {
    range = await visibleRange(search);
    for (const person of await everybody(search, gathered, range)) {
      const asked = names.filter((text) => answers(person, text));
      if (texts.length === 0 || asked.length > 0) people.add({ ...person, asked });
    }
  }
  gathered.items.push(...people.all);
  await tellMissing(search, gathered, range);
  return gathered.found();
}

/**
 * Those who were asked for and are not there. The platform answers alike for whom it does not know and for whom the app may
 * not see, unless the app may see everybody.
 */
async function tellMissing(
  search: Search,
  gathered: Gathering<FoundPerson>,
  known: VisibleRange | null,
): Promise<void> {
  const found = new Set(gathered.items.flatMap(({ asked }) => asked));
  const queries = search.query.texts.filter((text) => !found.has(text));
  if (queries.length === 0) return;
  const isWhole = known?.isWhole ?? (await seesEverybody(search));
  const reason: Unfound['reason'] = isWhole && gathered.isWhole ? 'not-found' : 'not-visible';
  gathered.missing.push(...queries.map((query) => ({ query, reason })));
}
