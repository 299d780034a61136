import { isObject, type JsonObject } from '../../../http/json.ts';
import { addressOf } from '../../../model/attendee.ts';
import type { Found, FoundPerson } from '../../../model/found.ts';
import { given } from '../../../model/given.ts';
import type { LockBy } from '../../../model/lock.ts';
import {
  type Gathering,
  gathering,
  holdsText,
  kindOfText,
  mobileDigits,
  type Search,
  textIn,
} from '../../find.ts';
import type { Page } from '../../pages.ts';
import { failureOf, malformed } from '../../problem.ts';
import { departmentTree, grantOf } from './departments.ts';
import { dimissions, leaveRecords } from './left.ts';
import { flagOf, idOf, legacy, legacyOrNull, objectOf, objectsOf } from './legacy.ts';

/** People a page: the largest that a page of this kind is known to have. */
const pageSize = 100;

function personOf(row: JsonObject): FoundPerson {
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
    // Whoever has never signed in is not active; whoever has left is not there at all.
    status: active === undefined ? null : active ? 'active' : 'inactive',
    asked: [],
  };
}

/** Whether somebody is who a text names. Both of a row's addresses count. */
function answers(person: FoundPerson, row: JsonObject, text: string, by?: LockBy): boolean {
  switch (by ?? kindOfText(text)) {
    case 'email': {
      const own = [textIn(row, 'org_email'), textIn(row, 'email')];
      return own.some((address) => address !== null && addressOf(address) === addressOf(text));
    }
    case 'mobile':
      return person.mobile !== null && mobileDigits(person.mobile) === mobileDigits(text);
    case 'employeeNo':
      return person.employeeNo === text;
    case 'number':
    case 'text':
      return (
        person.employeeNo === text || Object.values(person.ids).includes(text) || holdsText(person.name, text)
      );
  }
}

/** Somebody in a department, and their row. */
export interface Walked {
  readonly person: FoundPerson;
  readonly row: JsonObject;
}

/** A page of the members of one department (page: `user/list`). */
export async function peoplePage(search: Search, id: number, cursor: string | null): Promise<Page<Walked>> {
  const result = objectOf(
    await legacy(search, 'users.list', 'v2/user/list', {
      dept_id: id,
      cursor: Number(cursor ?? 0),
      size: pageSize,
      // Left out, it hides those whose access to the directory is limited.
      contain_access_limit: true,
      language: 'zh_CN',
    }),
  );
  const rows = objectsOf(result['list'], 'people').map((row) => ({ person: personOf(row), row }));
  const more = flagOf(result['has_more']);
  const next = idOf(result['next_cursor']);
  if (more === undefined) throw malformed('a page does not say whether there are more');
  if (more && next === undefined) throw malformed('a page says that there are more, but not where');
  return { rows, next: more ? (next ?? null) : null, size: JSON.stringify(result).length };
}

/** The members of one department, page by page. */
function membersOf(search: Search, gathered: Gathering<FoundPerson>, id: number): Promise<Walked[]> {
  return gathered.read(
    {
      fetchPage: (cursor) => peoplePage(search, id, cursor),
      keyOf: ({ person }) => person.ids['userId'] ?? JSON.stringify(person),
    },
    'people',
  );
}

/** How many of a department the app may not see: the bare ids are listed to everybody (page: `user/listid`). */
async function unseenIn(
  search: Search,
  gathered: Gathering<FoundPerson>,
  id: number,
  seen: readonly Walked[],
): Promise<number> {
  const answer = await gathered.ask(legacy(search, 'users.ids', 'user/listid', { dept_id: id }));
  const ids = isObject(answer) ? answer['userid_list'] : undefined;
  if (!Array.isArray(ids)) return 0;
  const known = new Set(seen.map(({ person }) => person.ids['userId']));
  return ids.filter((one) => !known.has(idOf(one))).length;
}

/** Everybody that the app may see, once each. There is no search by address or job number: the list has both. */
async function everybody(
  search: Search,
  gathered: Gathering<FoundPerson>,
): Promise<{ readonly people: readonly Walked[]; readonly unseen: number; readonly isWhole: boolean }> {
  const grant = await grantOf(search);
  const tree = await departmentTree(search, gathered, grant);
  const parts = await Promise.all(
    tree.map(async ({ id }) => {
      const members = await membersOf(search, gathered, id);
      return { members, unseen: await unseenIn(search, gathered, id, members) };
    }),
  );
  const byId = new Map<string, Walked>();
  for (const row of await Promise.all(grant.users.map((userId) => gathered.ask(rowOf(search, userId))))) {
    if (row !== undefined && row !== null) {
      const person = personOf(row);
      byId.set(person.ids['userId'] ?? JSON.stringify(person.ids), { person, row });
    }
  }
  for (const one of parts.flatMap(({ members }) => members)) {
    byId.set(one.person.ids['userId'] ?? JSON.stringify(one.person.ids), one);
  }
  return {
    people: [...byId.values()],
    unseen: parts.reduce((total, { unseen }) => total + unseen, 0),
    isWhole: grant.isWhole,
  };
}

/** The userid behind a unionId or a mobile number, or undefined (pages: `getbyunionid`, `getbymobile`). */
async function userIdOf(search: Search, path: string, json: object): Promise<string | undefined> {
  const api = path.replace(/^.*\//, 'users.');
  const answer = await legacyOrNull(search, api, path, json);
  return isObject(answer) ? idOf(answer['userid']) : undefined;
}

/** The row of somebody who is there, or null (page: `query-user-details`). */
async function rowOf(search: Search, userid: string): Promise<JsonObject | null> {
  const answer = await legacyOrNull(search, 'users.get', 'v2/user/get', { userid, language: 'zh_CN' });
  return isObject(answer) ? answer : null;
}

/** Somebody by userid. Whoever is not there any more has left where the HR records say so. */
async function byUserId(
  search: Search,
  userId: string,
  ids: FoundPerson['ids'],
): Promise<FoundPerson | undefined> {
  const row = await rowOf(search, userId);
  if (row !== null) return personOf(row);
  const standing = await orUnknown(search, dimissions(search, [userId]));
  return standing?.get(userId) === 'left'
    ? { ...nobody, ids: { ...ids, userId }, status: 'left' }
    : undefined;
}

const nobody: FoundPerson = {
  name: null,
  ids: {},
  email: null,
  mobile: null,
  employeeNo: null,
  status: null,
  asked: [],
};

/** What a call answers that a search can do without: nothing where it is refused. */
async function orUnknown<T>({ signal }: Search, call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    failureOf(error, signal);
    return undefined;
  }
}

/** Who of those that are not found has left within the year, by name, number or userid. */
async function findLeavers(search: Search, gathered: Gathering<FoundPerson>): Promise<void> {
  const found = new Set(gathered.items.flatMap(({ asked }) => asked));
  const texts = search.query.texts.filter((text) => !found.has(text));
  if (texts.length === 0) return;
  const records = await orUnknown(search, leaveRecords(search, search.now()));
  if (records === undefined) {
    gathered.notes.push('Who has left could not be asked: that takes the permission Contact.Common.Read.');
    return;
  }
  for (const person of records) {
    const asked = texts.filter((text) => answers(person, {}, text, search.query.by));
    if (asked.length > 0) gathered.items.push({ ...person, asked });
  }
}

/** People one by one: by the unionIds of manifests, or by mobile number. */
async function singly(
  search: Search,
  gathered: Gathering<FoundPerson>,
  texts: readonly string[],
  resolve: (text: string) => Promise<string | undefined>,
): Promise<void> {
  const found = await Promise.all(
    texts.map(async (text) => {
      const userId = await gathered.ask(resolve(text));
      const own = search.query.idType === undefined ? {} : { unionId: text };
      const person = userId === undefined ? undefined : await gathered.ask(byUserId(search, userId, own));
      return person === undefined ? [] : [{ ...person, asked: [text] }];
    }),
  );
  gathered.items.push(...found.flat());
}

/** People by address, mobile number, job number, id or name; all that the app may see where nothing is asked. */
export async function findPeople(search: Search): Promise<Found<FoundPerson>> {
  const { texts, idType, by } = search.query;
  const gathered = gathering<FoundPerson>(search);
  let unseen = 1;
  if (idType !== undefined) {
    await singly(search, gathered, texts, (unionid) => userIdOf(search, 'user/getbyunionid', { unionid }));
  } else {
    const mobiles = texts.filter((text) => (by ?? kindOfText(text)) === 'mobile');
    await singly(search, gathered, mobiles, (text) =>
      userIdOf(search, 'v2/user/getbymobile', { mobile: mobileDigits(text) }),
    );
    const others = texts.filter((text) => !mobiles.includes(text));
    if (texts.length === 0 || others.length > 0) {
      const walked = await everybody(search, gathered);
      unseen = walked.unseen;
      for (const { person, row } of walked.people) {
        const asked = others.filter((text) => answers(person, row, text, by));
        if (texts.length === 0 || asked.length > 0) gathered.items.push({ ...person, asked });
      }
      if (unseen > 0) gathered.notes.push(`Outside of what the app may see: ${unseen} more.`);
      if (!walked.isWhole) {
        gathered.notes.push('The app may see some departments only, not the whole organisation.');
        unseen += 1;
      }
    }
    await findLeavers(search, gathered);
  }
  const found = new Set(gathered.items.flatMap(({ asked }) => asked));
  const reason = unseen === 0 && gathered.isWhole ? 'not-found' : 'not-visible';
  gathered.missing.push(
    ...texts.filter((text) => !found.has(text)).map((query) => ({ query, reason }) as const),
  );
  return gathered.found();
}
