import { countOf, objectOf, textOf, type Json } from '../body.ts';
import type { Answer, Call, Context } from '../route.ts';
import { DingtalkRefusal, found } from './answer.ts';
import { hasLeft, type DingtalkPerson } from './people.ts';
import { dingtalkOf, sees, staff } from './world.ts';

/**
 * The userids of people by a part of their name, or by all of it.
 * https://open.dingtalk.com/document/development/address-book-search-user-id
 */
export function searchUsers(call: Call, context: Context): Answer {
  const people = staff(context).filter((person) => sees(context.world, person));
  return searched(call, people, ({ name, userId }) => ({ name: name ?? userId, id: userId }));
}

/**
 * The ids of departments by a part of their name.
 * https://open.dingtalk.com/document/development/address-book-search-department-id
 */
export function searchDepartments(call: Call, context: Context): Answer {
  const departments = dingtalkOf(context.world)
    .departments.all()
    .filter(({ number, visible }) => number !== null && visible);
  return searched(call, departments, ({ name, number }) => ({ name, id: number }));
}

function searched<Item>(
  call: Call,
  items: readonly Item[],
  of: (item: Item) => { readonly name: string; readonly id: string | number | null },
): Answer {
  const body = objectOf(call.body);
  const word = textOf(body, 'queryWord')?.toLowerCase();
  const offset = wholeNumber(body, 'offset');
  const size = wholeNumber(body, 'size');
  if (word === undefined || size < 1) throw new DingtalkRefusal('parameter.error');
  const whole = body['fullMatchField'] === 1;
  const hits = items
    .map(of)
    .filter(({ name }) => (whole ? name.toLowerCase() === word : name.toLowerCase().includes(word)));
  return found({
    list: hits.slice(offset, offset + size).map(({ id }) => id),
    hasMore: offset + size < hits.length,
    totalCount: hits.length,
  });
}

function wholeNumber(body: Json, field: string): number {
  const value = body[field];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw new DingtalkRefusal('parameter.error');
  }
  return value;
}

/**
 * A page of who left in a stretch of at most a year: 1 to 50.
 * https://open.dingtalk.com/document/development/query-turnover-records
 */
export function leaveRecords(call: Call, context: Context): Answer {
  const wrong = new DingtalkRefusal('invalidParameter.param.invalid');
  const from = Date.parse(call.query.get('startTime') ?? '');
  const end = call.query.get('endTime') ?? '';
  const to = end === '' ? context.now : Date.parse(end);
  const most = countOf(call.query, 'maxResults', 0);
  const start = countOf(call.query, 'nextToken', 0);
  if (!(to - from <= 365 * 86_400_000) || most < 1 || most > 50 || start < 0) throw wrong;
  const records = gone(context).filter((person) => leaveTime(person) >= from && leaveTime(person) <= to);
  return found({
    records: records.slice(start, start + most).map((person) => ({
      userId: person.userId,
      name: person.name ?? '',
      mobile: person.mobile,
      stateCode: '86',
      leaveTime: new Date(leaveTime(person)).toISOString(),
      leaveReason: 'leave',
    })),
    ...(start + most < records.length ? { nextToken: String(start + most) } : {}),
  });
}

/**
 * Who of up to 50 people is about to leave (1), has left (2), or neither (3); userids that HR does not know are left out.
 * https://open.dingtalk.com/document/development/obtain-employee-resignation-information
 */
export function dimissionInfos(call: Call, context: Context): Answer {
  const ids = call.query.getAll('userIdList').flatMap((text) => text.replaceAll(/[[\]"\s]/g, '').split(','));
  if (ids.length < 1 || ids.length > 50 || ids.includes('')) throw new DingtalkRefusal('invalidParameter');
  const result = ids.flatMap((id) => {
    const person = dingtalkOf(context.world).people.withUserId(id);
    if (person === undefined || (hasLeft(person, context.now) && context.behaviour.hrRecords === 'absent'))
      return [];
    const status = person.goneFrom === null ? 3 : hasLeft(person, context.now) ? 2 : 1;
    return [{ userId: id, status, ...(status === 3 ? {} : { lastWorkDay: leaveTime(person) }) }];
  });
  return found({ result });
}

/**
 * A page of the userids of all who have left: 1 to 50, 30 unless asked for otherwise.
 * https://open.dingtalk.com/document/development/intelligent-personnel-query-company-turnover-list
 */
export function dismissions(call: Call, context: Context): Answer {
  const most = countOf(call.query, 'maxResults', 30);
  const start = countOf(call.query, 'nextToken', 0);
  if (most < 1 || most > 50 || start < 0) throw new DingtalkRefusal('invalidParameter');
  const all = context.behaviour.hrRecords === 'absent' ? [] : gone(context);
  return found({
    userIdList: all.slice(start, start + most).map(({ userId }) => userId),
    hasMore: start + most < all.length,
    nextToken: start + most,
  });
}

function gone(context: Context): readonly DingtalkPerson[] {
  return dingtalkOf(context.world)
    .people.all()
    .filter((person) => hasLeft(person, context.now));
}

/** In the evening of the last day. */
function leaveTime({ goneFrom }: DingtalkPerson): number {
  return (goneFrom ?? 0) - 8 * 3_600_000;
}
