import { type JsonObject } from '../../../http/json.ts';
import type { FoundPerson } from '../../../model/found.ts';
import type { KnownStanding } from '../../../model/organisation.ts';
import { chunks } from '../../../model/order.ts';
import { type Asker, textIn } from '../../find.ts';
import { allOf } from '../../organisation.ts';
import { type Page, readRows } from '../../pages.ts';
import { malformed } from '../../problem.ts';
import { freePaths, idOf, objectOf, objectsOf } from './legacy.ts';

/** userids a call, and rows a page. */
const batch = 50;

/** How far back one call looks. */
const yearMs = 365 * 86_400_000;

/**
 * What the HR records say of people, by userid (page: `obtain-employee-resignation-information`). People whom they do
 * not know, or say nothing certain of, are left out.
 */
export async function dimissions(
  { client, signal }: Asker,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, KnownStanding>> {
  const parts = await allOf(
    chunks(userIds, batch).map(async (part) => {
      const { body } = await client.ask({
        api: 'users.leaving',
        method: 'GET',
        path: `${freePaths.hr}dimissionInfos`,
        query: { userIdList: part },
        operation: 'read',
        signal,
      });
      const asked = new Set(part);
      return objectsOf(objectOf(body)['result'], 'people').flatMap((row): [string, KnownStanding][] => {
        const id = idOf(row['userId']);
        const standing = standings[idOf(row['status']) ?? ''];
        return id === undefined || standing === undefined || !asked.has(id) ? [] : [[id, standing]];
      });
    }),
  );
  return new Map(parts.flat());
}

/** The numbers of the page. 4, a resignation that is not approved yet, says nothing. */
const standings: Readonly<Record<string, KnownStanding>> = { 1: 'leaving', 2: 'left', 3: 'active' };

/** Whether the HR records know of anybody who has left (page: `intelligent-personnel-query-company-turnover-list`). */
export async function anybodyLeft({ client, signal }: Asker): Promise<boolean> {
  const { body } = await client.ask({
    api: 'users.dismissed',
    method: 'GET',
    path: `${freePaths.hr}dismissions`,
    query: { nextToken: '0', maxResults: String(batch) },
    operation: 'read',
    signal,
  });
  const ids = objectOf(body)['userIdList'];
  if (!Array.isArray(ids)) throw malformed('an answer has no userIdList');
  return ids.length > 0;
}

/** Who has left within a year before `now`, in milliseconds since the epoch (page: `query-turnover-records`). */
export async function leaveRecords({ client, signal }: Asker, now: number): Promise<FoundPerson[]> {
  const rows: FoundPerson[] = [];
  const startTime = new Date(now - yearMs).toISOString();
  const fault = await readRows(
    {
      fetchPage: async (token): Promise<Page<FoundPerson>> => {
        const { body, size } = await client.ask({
          api: 'users.left',
          method: 'GET',
          path: freePaths.leaveRecords,
          query: {
            startTime,
            endTime: new Date(now).toISOString(),
            nextToken: token ?? '0',
            maxResults: String(batch),
          },
          operation: 'read',
          signal,
        });
        const page = objectOf(body);
        return {
          rows: objectsOf(page['records'], 'records').map(leaver),
          next: textIn(page, 'nextToken'),
          size,
        };
      },
      keyOf: (person) => JSON.stringify(person),
    },
    'people who have left',
    rows,
  );
  if (fault !== null) throw malformed(fault.message);
  return rows;
}

function leaver(row: JsonObject): FoundPerson {
  const userId = idOf(row['userId']);
  return {
    name: textIn(row, 'name'),
    ids: userId === undefined ? {} : { userId },
    email: null,
    mobile: textIn(row, 'mobile'),
    employeeNo: null,
    status: 'left',
    asked: [],
  };
}
