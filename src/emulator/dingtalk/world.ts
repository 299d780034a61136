import { ruleOf, timesOf, type Moment } from '../moment.ts';
import type { Tenant } from '../tenant-parts.ts';
import { Lagged, stateOf, type World } from '../world.ts';
import {
  dingtalkPart,
  type TenantDingtalkAttendee,
  type TenantDingtalkCalendar,
  type TenantDingtalkEvent,
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
  readonly content: Lagged<DingtalkContent>;
}

/** A write that was answered, by the `x-client-token` it came with. */
export interface Finished {
  readonly request: string;
  readonly at: number;
}

interface Known {
  readonly name?: string;
  readonly gone?: boolean;
}

/** What DingTalk holds. */
export class DingtalkState {
  /** The events of each user's primary calendar. */
  readonly users: ReadonlyMap<string, ReadonlyMap<string, DingtalkEvent>>;
  /** Each user's calendars beside the primary one. */
  readonly calendars: ReadonlyMap<string, readonly TenantDingtalkCalendar[]>;
  readonly people: ReadonlyMap<string, Known>;
  readonly finished: Map<string, Finished> = new Map();

  constructor(tenant: Tenant) {
    const { users = [], people = [] } = dingtalkPart(tenant);
    this.users = new Map(
      users.map(({ unionId, events = [] }) => [
        unionId,
        new Map(events.map((event) => [event.id, dingtalkEvent(unionId, event)])),
      ]),
    );
    this.calendars = new Map(users.map(({ unionId, calendars = [] }) => [unionId, calendars]));
    // Whoever stands on an event is known as well; what `people` says of them goes before.
    const onEvents = [...this.users.values()]
      .flatMap((events) => [...events.values()])
      .flatMap((event) => event.content.live.rows)
      .map(({ id, name }) => [id, name === null ? {} : { name }] as const);
    this.people = new Map<string, Known>([
      ...onEvents,
      ...people.map((person) => [person.user, person] as const),
    ]);
  }
}

export const dingtalkOf: (world: World) => DingtalkState = stateOf((tenant) => new DingtalkState(tenant));

function dingtalkEvent(unionId: string, given: TenantDingtalkEvent): DingtalkEvent {
  const rows = startingDingtalkRows(given.attendees ?? []);
  const flagged = given.attendees?.find((row) => row.organizer === true)?.user;
  return {
    key: `dingtalk ${unionId} ${given.id}`,
    id: given.id,
    organizer: given.organizer ?? flagged ?? unionId,
    summary: given.summary ?? '',
    ...timesOf(given),
    recurrence: ruleOf(given),
    content: new Lagged<DingtalkContent>({ rows, cancelled: given.status === 'cancelled' }),
  };
}
