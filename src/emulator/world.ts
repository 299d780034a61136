import type { Behaviour } from './behaviour.ts';
import { People, shownIdType, type UserIds } from './feishu/people.ts';
import { startingRows, type FeishuRow } from './feishu/row.ts';
import { startingDingtalkRows, type DingtalkRow } from './dingtalk/row.ts';
import { Lagged } from './lagged.ts';
import { timesOf, type Moment } from './moment.ts';
import type { Tenant, TenantDingtalkEvent, TenantFeishuCalendar, TenantFeishuEvent } from './tenant.ts';

/** What of an event changes. */
export interface FeishuContent {
  readonly rows: readonly FeishuRow[];
  readonly cancelled: boolean;
  readonly chat: { readonly id: string; readonly owner: boolean } | null;
}

export interface FeishuEvent {
  readonly key: string;
  readonly id: string;
  readonly calendarId: string;
  readonly organizerCalendar: string;
  readonly organizer: UserIds | null;
  readonly ability: NonNullable<TenantFeishuEvent['attendeeAbility']>;
  readonly summary: string;
  readonly start: Moment;
  readonly end: Moment;
  readonly recurrence: string;
  readonly tentative: boolean;
  readonly content: Lagged<FeishuContent>;
}

export interface FeishuCalendar {
  readonly id: string;
  readonly type: NonNullable<TenantFeishuCalendar['type']>;
  readonly role: NonNullable<TenantFeishuCalendar['role']>;
  readonly deleted: boolean;
  readonly events: Map<string, FeishuEvent>;
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

/** A DingTalk write that was answered, by the `x-client-token` it came with. */
export interface Finished {
  readonly request: string;
  readonly at: number;
}

/** All that the platforms hold: built from a tenant file, changed by calls. */
export class World {
  readonly people: People;
  readonly calendars: ReadonlyMap<string, FeishuCalendar>;
  readonly dingtalkUsers: ReadonlyMap<string, ReadonlyMap<string, DingtalkEvent>>;
  readonly dingtalkPeople: ReadonlyMap<string, { readonly name?: string; readonly gone?: boolean }>;
  readonly finished: Map<string, Finished> = new Map();
  readonly #lag: number;
  #changes = 0;

  constructor(tenant: Tenant, behaviour: Behaviour) {
    this.#lag = behaviour.readLag;
    this.people = new People(tenant);
    const calendars = tenant.feishu?.calendars ?? [];
    this.calendars = new Map(
      calendars.map((calendar) => [calendar.id, feishuCalendar(calendar, this.people)]),
    );
    const users = tenant.dingtalk?.users ?? [];
    this.dingtalkUsers = new Map(
      users.map(({ unionId, events = [] }) => [
        unionId,
        new Map(events.map((event) => [event.id, dingtalkEvent(unionId, event)])),
      ]),
    );
    // Whoever stands on an event is known as well; what `people` says of them goes before.
    const onEvents = [...this.dingtalkUsers.values()]
      .flatMap((events) => [...events.values()])
      .flatMap((event) => event.content.live.rows)
      .map(({ id, name }) => [id, name === null ? {} : { name }] as const);
    this.dingtalkPeople = new Map<string, { readonly name?: string; readonly gone?: boolean }>([
      ...onEvents,
      ...(tenant.dingtalk?.people ?? []).map((person) => [person.user, person] as const),
    ]);
  }

  /** Goes up with every effect. */
  get changes(): number {
    return this.#changes;
  }

  /** Gives an event new content; reads show it after the lag. */
  commit<Content>(event: { readonly content: Lagged<Content> }, content: Content, now: number): void {
    event.content.set(content, now, this.#lag);
    this.#changes += 1;
  }

  /** Keeps a write by its client token. */
  finish(token: string, finished: Finished): void {
    this.finished.set(token, finished);
    this.#changes += 1;
  }

  /** A calendar by its id; `primary` is the one of that type. */
  calendar(id: string): FeishuCalendar | undefined {
    const given = this.calendars.get(id);
    if (given !== undefined || id !== 'primary') return given;
    return [...this.calendars.values()].find((calendar) => calendar.type === 'primary');
  }
}

function feishuCalendar(given: TenantFeishuCalendar, people: People): FeishuCalendar {
  const events = (given.events ?? []).map((event) => feishuEvent(given.id, event, people));
  return {
    id: given.id,
    type: given.type ?? 'shared',
    role: given.role ?? 'owner',
    deleted: given.deleted ?? false,
    events: new Map(events.map((event) => [event.id, event])),
  };
}

function feishuEvent(calendarId: string, given: TenantFeishuEvent, people: People): FeishuEvent {
  const key = `feishu ${calendarId} ${given.id}`;
  const rows = startingRows(key, given.attendees ?? [], people);
  const { organizer } = given;
  return {
    key,
    id: given.id,
    calendarId,
    organizerCalendar: given.organizerCalendar ?? calendarId,
    organizer: organizer === undefined ? null : people.find(shownIdType(organizer), organizer).person.ids,
    ability: given.attendeeAbility ?? 'can_see_others',
    summary: given.summary ?? '',
    ...timesOf(given),
    recurrence: ruleOf(given.recurring),
    tentative: given.status === 'tentative',
    content: new Lagged<FeishuContent>({
      rows,
      cancelled: given.status === 'cancelled',
      chat: given.meetingChat === undefined ? null : { owner: true, ...given.meetingChat },
    }),
  };
}

function dingtalkEvent(unionId: string, given: TenantDingtalkEvent): DingtalkEvent {
  const rows = startingDingtalkRows(given.attendees ?? []);
  const flagged = given.attendees?.find((row) => row.organizer === true)?.user;
  return {
    key: `dingtalk ${unionId} ${given.id}`,
    id: given.id,
    organizer: given.organizer ?? flagged ?? unionId,
    summary: given.summary ?? '',
    ...timesOf(given),
    recurrence: ruleOf(given.recurring),
    content: new Lagged<DingtalkContent>({ rows, cancelled: given.status === 'cancelled' }),
  };
}

function ruleOf(recurring: boolean | string | undefined): string {
  if (typeof recurring === 'string') return recurring;
  return recurring === true ? 'FREQ=WEEKLY;INTERVAL=1' : '';
}
