import { isObject } from '../../http/json.ts';
import { type Asker, gathering } from '../find.ts';
import type { StandingSearch } from '../ask-standing.ts';
import { allOf } from '../organisation.ts';
import { PlatformError } from '../provider.ts';
import { anybodyLeft, dimissions } from './find/left.ts';
import { idOf, inSight, legacyOrNull } from './find/legacy.ts';
import { staffIn } from './find/staff.ts';

/** More people than this are looked for in the lists of the departments, a hundred a call, before they are asked for one by one. */
const mostSingly = 100;

/**
 * How people stand by the HR records. Those know userids alone, and people without a userid are unverifiable: that
 * a unionId is not found says nothing of where somebody is. All of it is free.
 */
export async function askStanding(asking: StandingSearch): Promise<void> {
  const { ids, soon } = asking;
  if (!soon && !(await someLeft(asking))) return;
  const others = ids.length > mostSingly ? await notAtWork(asking) : ids;
  const [first, ...rest] = others;
  if (first === undefined) return;
  // Where the first is refused, none of the others is sent.
  const found = [await userIdOf(asking, first)];
  found.push(...(await allOf(rest.map((unionId) => userIdOf(asking, unionId)))));
  const unionIds = new Map<string, string>();
  found.forEach((userId, at) => {
    const unionId = others[at];
    if (userId !== undefined && unionId !== undefined) unionIds.set(userId, unionId);
  });
  for (const [userId, standing] of await dimissions(asking, [...unionIds.keys()])) {
    const unionId = unionIds.get(userId);
    if (unionId !== undefined) asking.learn(unionId, standing);
  }
}

/** Nobody is asked for where the records have nobody who left. Where that is not answered, they may. */
async function someLeft(asking: StandingSearch): Promise<boolean> {
  try {
    return await anybodyLeft(asking);
  } catch (error) {
    const isServed = !(error instanceof PlatformError && notServed.has(error.code));
    if (isServed) throw error;
    return true;
  }
}

/** What a host answers that has no such call. */
const notServed: ReadonlySet<string> = new Set(['InvalidAction.NotFound', 'http-404']);

/** Those of whom the lists of the departments have nothing; the others are at work. */
async function notAtWork(asking: StandingSearch): Promise<readonly string[]> {
  const { people } = await staffIn(asking, gathering<never>(asking));
  const staff = new Set(people.map(({ person }) => person.ids['unionId']));
  for (const id of asking.ids) if (staff.has(id)) asking.learn(id, 'active');
  return asking.ids.filter((id) => !staff.has(id));
}

/** The userid behind a unionId (page: `getbyunionid`); of somebody from outside, or whom the app may not see, none. */
async function userIdOf(asker: Asker, unionid: string): Promise<string | undefined> {
  const answer = await inSight(() =>
    legacyOrNull(asker, 'users.getbyunionid', 'user/getbyunionid', { unionid }),
  );
  if (!isObject(answer) || String(answer['contact_type']) === '1') return undefined;
  return idOf(answer['userid']);
}
