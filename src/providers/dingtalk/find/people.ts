import { isObject, type JsonObject } from '../../../http/json.ts';
import { addressOf } from '../../../model/attendee.ts';
import type { Found, FoundPerson } from '../../../model/found.ts';
import type { LockBy } from '../../../model/lock.ts';
import {
  type Gathering,
  gathering,
  holdsText,
  kindOfText,
  mobileDigits,
  nobody,
  type Search,
  textIn,
} from '../../find.ts';
import { failureOf } from '../../problem.ts';
import { dimissions, leaveRecords } from './left.ts';
import { idOf, inSight, legacy, legacyOrNull } from './legacy.ts';
import { personOf, rowOf, staffIn, type Walked } from './staff.ts';

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
  const { people, departments, isWhole } = await staffIn(search, gathered);
  const unseen = await Promise.all(
    departments.map(({ id, members }) => unseenIn(search, gathered, id, members)),
  );
  return { people, unseen: unseen.reduce((total, count) => total + count, 0), isWhole };
}

/** The userid behind a unionId or a mobile number, or undefined (pages: `getbyunionid`, `getbymobile`). */
async function userIdOf(search: Search, path: string, json: object): Promise<string | undefined> {
  const api = path.replace(/^.*\//, 'users.');
  const answer = await legacyOrNull(search, api, path, json);
  return isObject(answer) ? idOf(answer['userid']) : undefined;
}

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
  const { by } = search.query;
  // The records have neither addresses nor job numbers.
  const isThere = (text: string): boolean => by !== 'employeeNo' && (by ?? kindOfText(text)) !== 'email';
  const texts = search.query.texts.filter((text) => !found.has(text) && isThere(text));
  if (texts.length === 0) return;
  const records = await orUnknown(search, leaveRecords(search, search.now()));
  if (records === undefined) {
    gathered.notes.push(
      'Who has left could not be checked: that requires the permission Contact.Common.Read.',
    );
    return;
  }
  for (const person of records) {
    const asked = texts.filter((text) => answers(person, {}, text, by));
    if (asked.length > 0) gathered.items.push({ ...person, asked });
  }
}

/**
 * People one by one: by the unionIds of manifests, or by mobile number. Those who are no longer there have left if the HR
 * records say so.
 */
async function singly(
  search: Search,
  gathered: Gathering<FoundPerson>,
  texts: readonly string[],
  resolve: (text: string) => Promise<string | undefined>,
): Promise<void> {
  const known = await Promise.all(
    texts.map(async (text) => {
      const one = await gathered.ask(
        inSight(async () => {
          const userId = await resolve(text);
          return userId === undefined ? undefined : { userId, row: await rowOf(search, userId) };
        }),
      );
      return one === undefined ? [] : [{ text, ...one }];
    }),
  );
  const gone = known.flat().flatMap(({ userId, row }) => (row === null ? [userId] : []));
  const standings = await orUnknown(search, dimissions(search, gone));
  for (const { text, userId, row } of known.flat()) {
    if (row !== null) gathered.items.push({ ...personOf(row), asked: [text] });
    else if (standings?.get(userId) === 'left') {
      const ids = { ...(search.query.idType === undefined ? {} : { unionId: text }), userId };
      gathered.items.push({ ...nobody, ids, status: 'left', asked: [text] });
    }
  }
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
      if (unseen > 0) gathered.notes.push(`Not visible to the app: ${unseen} more.`);
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
