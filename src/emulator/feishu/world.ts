import { ruleOf, timesOf, type Moment } from '../moment.ts';
import { Departments, organisationPart, type TenantChat } from '../organisation.ts';
import type { Tenant } from '../tenant-parts.ts';
import { Lagged, stateOf, type World } from '../world.ts';
import { seriesIdOf } from './occurrence.ts';
import { People, shownIdType, type UserIds } from './people.ts';
import { startingRows, type FeishuRow } from './row.ts';
import { feishuPart, type TenantFeishuCalendar, type TenantFeishuEvent } from './tenant.ts';

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
  /** A changed occurrence of a series. */
  readonly exception: boolean;
  readonly content: Lagged<FeishuContent>;
}

export interface FeishuCalendar {
  readonly id: string;
  readonly type: NonNullable<TenantFeishuCalendar['type']>;
  readonly role: NonNullable<TenantFeishuCalendar['role']>;
  readonly deleted: boolean;
  readonly summary: string;
  readonly events: Map<string, FeishuEvent>;
}

/** What Feishu and Lark hold. */
export class FeishuState {
  readonly people: People;
  readonly departments: Departments;
  readonly chats: ReadonlyMap<string, TenantChat>;
  readonly calendars: ReadonlyMap<string, FeishuCalendar>;

  constructor(tenant: Tenant) {
    const part = feishuPart(tenant);
    this.people = new People(tenant);
    this.departments = new Departments(tenant);
    this.chats = new Map(organisationPart(tenant).chats.map((chat) => [chat.id, chat]));
    this.calendars = new Map(
      (part.calendars ?? []).map((calendar) => [calendar.id, feishuCalendar(calendar, this.people)]),
    );
  }

  /** A calendar by its id; `primary` is the one of that type. */
  calendar(id: string): FeishuCalendar | undefined {
    const given = this.calendars.get(id);
    if (given !== undefined || id !== 'primary') return given;
    return [...this.calendars.values()].find((calendar) => calendar.type === 'primary');
  }
}

export const feishuOf: (world: World) => FeishuState = stateOf((tenant) => new FeishuState(tenant));

function feishuCalendar(given: TenantFeishuCalendar, people: People): FeishuCalendar {
  const events = (given.events ?? []).map((event) => feishuEvent(given.id, event, people));
  return {
    id: given.id,
    type: given.type ?? 'shared',
    role: given.role ?? 'owner',
    deleted: given.deleted ?? false,
    summary: given.summary ?? '',
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
    recurrence: ruleOf(given),
    tentative: given.status === 'tentative',
    exception: seriesIdOf(given.id) !== undefined,
    content: new Lagged<FeishuContent>({
      rows,
      cancelled: given.status === 'cancelled',
      chat: given.meetingChat === undefined ? null : { owner: true, ...given.meetingChat },
    }),
  };
}
