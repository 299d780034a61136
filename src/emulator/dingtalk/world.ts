import { ruleOf, startingAt, timesOf, type Moment } from '../moment.ts';
import { Departments } from '../departments.ts';
import { organisationPart, type TenantRole } from '../organisation.ts';
import type { Context } from '../route.ts';
import { originalOf, type Tenant } from '../tenant-parts.ts';
import { Lagged, stateOf, type World } from '../world.ts';
import { DingtalkPeople, hasLeft, type DingtalkPerson } from './people.ts';
import {
  type DingtalkDepartment,
  dingtalkPart,
  type TenantDingtalkAttendee,
  type TenantDingtalkCalendar,
  type TenantDingtalkEvent,
  type TenantDingtalkException,
} from './tenant.ts';

/** An attendee of a DingTalk event, by unionId. Rows are never changed, only replaced. */
export interface DingtalkRow {
  readonly id: string;
  readonly name: string | null;
  readonly optional: boolean;
  readonly reply: 'needsAction' | 'accepted' | 'declined' | 'tentative';
}

/** The rows that an event of the tenant file starts with, `generate` carried out. */
export function startingDingtalkRows(given: readonly TenantDingtalkAttendee[]): readonly DingtalkRow[] {
  return given.flatMap((row) =>
    Array.from({ length: row.generate ?? 1 }, (_, index) => {
      const fill = (text: string): string =>
        row.generate === undefined ? text : text.replaceAll('{}', String(index + 1));
      return {
        id: fill(row.user),
        name: row.name === undefined ? null : fill(row.name),
        optional: row.optional ?? false,
        reply: row.rsvp ?? 'needsAction',
      };
    }),
  );
}

export interface DingtalkContent {
  readonly rows: readonly DingtalkRow[];
  readonly cancelled: boolean;
}

export interface DingtalkEvent {
  readonly key: string;
  readonly id: string;
  readonly organizer: string;
  readonly summary: string;
  readonly start: Moment;
  readonly end: Moment;
  readonly recurrence: string;
  /** Of a changed occurrence: its series, and when it was to start, in Unix seconds. */
  readonly occurrence: { readonly series: string; readonly original: number } | null;
  readonly content: Lagged<DingtalkContent>;
}

/** A write that was answered, by the `x-client-token` it came with. */
export interface Finished {
  readonly request: string;
  readonly at: number;
}

/** What DingTalk holds. */
class DingtalkState {
  /** The events of each user's primary calendar. */
  readonly users: ReadonlyMap<string, Map<string, DingtalkEvent>>;
  /** Each user's calendars beside the primary one. */
  readonly calendars: ReadonlyMap<string, readonly TenantDingtalkCalendar[]>;
  readonly people: DingtalkPeople;
  readonly departments: Departments;
  readonly roles: readonly TenantRole[];
  readonly finished: Map<string, Finished> = new Map();

  constructor(tenant: Tenant) {
    const { users = [] } = dingtalkPart(tenant);
    this.users = new Map(
      users.map(({ unionId, events = [] }) => [
        unionId,
        new Map(eventsOf(unionId, events).map((event) => [event.id, event])),
      ]),
    );
    this.calendars = new Map(users.map(({ unionId, calendars = [] }) => [unionId, calendars]));
    this.people = new DingtalkPeople(tenant);
    const { roles, departments } = organisationPart<object, DingtalkDepartment>(tenant);
    this.roles = roles;
    this.departments = new Departments(
      tenant,
      new Map(departments.flatMap(({ id, dingtalk }) => (dingtalk === undefined ? [] : [[id, dingtalk]]))),
    );
  }
}

export const dingtalkOf: (world: World) => DingtalkState = stateOf((tenant) => new DingtalkState(tenant));

/** Everybody who has not left. */
export function staff({ world, now }: Context): readonly DingtalkPerson[] {
  return dingtalkOf(world)
    .people.all()
    .filter((person) => !hasLeft(person, now));
}

/** Those right in a department, by its id of the tenant file. */
export function membersOf(department: string, context: Context): readonly DingtalkPerson[] {
  return dingtalkOf(context.world)
    .people.within(department)
    .filter((person) => !hasLeft(person, context.now));
}

/** Whether an app may see somebody. */
export function sees(world: World, person: DingtalkPerson): boolean {
  return person.visible ?? dingtalkOf(world).departments.seen(person.departments);
}

function eventsOf(unionId: string, given: readonly TenantDingtalkEvent[]): readonly DingtalkEvent[] {
  return given.flatMap((event) => {
    const series = dingtalkEvent(unionId, event);
    return [series, ...(event.exceptions ?? []).map((one) => changedOf(unionId, event, series, one))];
  });
}

/** A changed occurrence of a series, as an event of its own. */
function changedOf(
  unionId: string,
  given: TenantDingtalkEvent,
  series: DingtalkEvent,
  { original: text, ...changed }: TenantDingtalkException,
): DingtalkEvent {
  const original = originalOf({ original: text }) ?? 0;
  const { exceptions: _, recurrence: __, recurring: ___, ...same } = given;
  const { start: at = text, ...rest } = changed;
  const id = occurrenceId(series.id, original);
  return {
    ...dingtalkEvent(unionId, { ...same, ...rest, id }),
    ...(rest.end === undefined ? startingAt(at, series) : timesOf({ start: at, end: rest.end })),
    occurrence: { series: series.id, original },
  };
}

/** The id of an occurrence, after its original start in Unix seconds. */
export function occurrenceId(series: string, original: number): string {
  return `${series}_${new Date(original * 1000).toISOString().replace('.000', '').replaceAll(/[-:]/g, '')}`;
}

/** An event as a tenant file gives it. */
export function dingtalkEvent(unionId: string, given: TenantDingtalkEvent): DingtalkEvent {
  const rows = startingDingtalkRows(given.attendees ?? []);
  const flagged = given.attendees?.find((row) => row.organizer === true)?.user;
  return {
    key: `dingtalk ${unionId} ${given.id}`,
    id: given.id,
    organizer: given.organizer ?? flagged ?? unionId,
    summary: given.summary ?? '',
    ...timesOf(given),
    recurrence: ruleOf(given),
    occurrence: null,
    content: new Lagged<DingtalkContent>({ rows, cancelled: given.status === 'cancelled' }),
  };
}
