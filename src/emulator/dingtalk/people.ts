import { given } from '../../model/given.ts';
import { byDepartment } from '../departments.ts';
import { dialled, goneFrom, idsElsewhere, organisationPart, root } from '../organisation.ts';
import type { Tenant } from '../tenant-parts.ts';
import { type DingtalkIds, dingtalkOrganisation, dingtalkPart } from './tenant.ts';

/** Somebody whom DingTalk knows. Calendars call people by unionId, the older API by userid. */
export interface DingtalkPerson {
  readonly unionId: string;
  readonly userId: string;
  readonly name: string | null;
  readonly email: string;
  readonly mobile: string;
  readonly jobNumber: string;
  /** When this person has left, in milliseconds since the epoch. */
  readonly goneFrom: number | null;
  /** Ids of the tenant file. */
  readonly departments: readonly string[];
  /** Whether the app may see this person, where that does not follow from the departments. */
  readonly visible: boolean | undefined;
  readonly limited: boolean;
}

/** Whether somebody has left the organisation. */
export function hasLeft(person: DingtalkPerson, now: number): boolean {
  return person.goneFrom !== null && now >= person.goneFrom;
}

/** Everybody whom a tenant file names on DingTalk, including those who are only named on an event. */
export class DingtalkPeople {
  readonly #byUnionId = new Map<string, DingtalkPerson>();
  /** unionIds by the same person's ids of other platforms. */
  readonly #elsewhere = new Map<string, string>();
  #byUserId: ReadonlyMap<string, DingtalkPerson> | undefined;
  #members: ReadonlyMap<string, readonly DingtalkPerson[]> | undefined;

  constructor(tenant: Tenant) {
    for (const person of organisationPart<DingtalkIds>(tenant).people) {
      if (person.dingtalk === undefined) continue;
      for (const id of idsElsewhere(person, dingtalkOrganisation)) this.#elsewhere.set(id, person.dingtalk);
      this.#keep({
        ...nothing(person.dingtalk),
        ...given({ userId: person.dingtalkUserId }),
        name: person.name ?? null,
        email: person.email ?? '',
        mobile: person.mobile ?? '',
        jobNumber: person.employeeNo ?? '',
        goneFrom: person.left === undefined ? null : goneFrom(person.left),
        departments: person.departments ?? [root.id],
        visible: person.visible,
        limited: person.accessLimited ?? false,
      });
    }
    const { people = [], users = [] } = dingtalkPart(tenant);
    for (const { user, name = null, gone = false } of people) {
      this.#keep({ ...nothing(user), name, goneFrom: gone ? 0 : null });
    }
    const rows = users.flatMap(({ events = [] }) => events.flatMap(({ attendees = [] }) => attendees));
    // A row with a name comes first: another may stand for the same person without one.
    for (const row of [...rows.filter(({ name }) => name !== undefined), ...rows]) {
      for (let n = 1; n <= (row.generate ?? 1); n += 1) {
        const fill = (text: string): string =>
          row.generate === undefined ? text : text.replaceAll('{}', String(n));
        this.#keep({ ...nothing(fill(row.user)), name: row.name === undefined ? null : fill(row.name) });
      }
    }
    for (const { unionId } of users) this.#keep(nothing(unionId));
  }

  get(unionId: string): DingtalkPerson | undefined {
    return this.#byUnionId.get(unionId);
  }

  withUserId(userId: string): DingtalkPerson | undefined {
    this.#byUserId ??= new Map(this.all().map((person) => [person.userId, person]));
    return this.#byUserId.get(userId);
  }

  withMobile(mobile: string): DingtalkPerson | undefined {
    return this.all().find((person) => person.mobile !== '' && dialled(person.mobile) === dialled(mobile));
  }

  /** Those right in a department, also who has left. */
  within(department: string): readonly DingtalkPerson[] {
    this.#members ??= byDepartment(this.all());
    return this.#members.get(department) ?? [];
  }

  /** Those of these ids, of any platform, who are on this one and have not left. */
  present(ids: readonly string[] = [], now: number): readonly DingtalkPerson[] {
    return ids
      .flatMap((id) => this.get(this.#elsewhere.get(id) ?? id) ?? [])
      .filter((person) => !hasLeft(person, now));
  }

  /** All of them, in the order of the tenant file. */
  all(): readonly DingtalkPerson[] {
    return [...this.#byUnionId.values()];
  }

  /** The first who has an id keeps it. */
  #keep(person: DingtalkPerson): void {
    if (!this.#byUnionId.has(person.unionId)) this.#byUnionId.set(person.unionId, person);
  }
}

/** Somebody of whom nothing is known but the unionId; the userid differs from it, as on the platform. */
function nothing(unionId: string): DingtalkPerson {
  return {
    unionId,
    userId: `user_${unionId}`,
    name: null,
    email: '',
    mobile: '',
    jobNumber: '',
    goneFrom: null,
    departments: [root.id],
    visible: undefined,
    limited: false,
  };
}
