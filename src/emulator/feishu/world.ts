import { given } from '../../model/given.ts';
import { ruleOf, secondsOf, timesOf, type Moment } from '../moment.ts';
import { Departments } from '../departments.ts';
import { organisationPart, type TenantChat, type TenantGroup, type TenantRole } from '../organisation.ts';
import type { Tenant } from '../tenant-parts.ts';
import { Lagged, stateOf, type World } from '../world.ts';
import { seriesIdOf } from './occurrence.ts';
import { People, shownIdType, type UserIds } from './people.ts';
import { startingRows, type FeishuRow } from './row.ts';
import { exceptionId, feishuPart, type TenantFeishuCalendar, type TenantFeishuEvent } from './tenant.ts';

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
class FeishuState {
  readonly people: People;
  readonly departments: Departments;
  readonly chats: ReadonlyMap<string, TenantChat>;
  readonly groups: ReadonlyMap<string, TenantGroup>;
  readonly roles: ReadonlyMap<string, TenantRole>;
  readonly calendars: ReadonlyMap<string, FeishuCalendar>;

  constructor(tenant: Tenant) {
    const part = feishuPart(tenant);
    this.people = new People(tenant);
    this.departments = new Departments(tenant);
    const { chats, groups, roles } = organisationPart(tenant);
    this.chats = new Map(chats.map((chat) => [chat.id, chat]));
    this.groups = new Map(groups.map((group) => [group.id, group]));
    this.roles = new Map(roles.map((role) => [String(role.id), role]));
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
  const events = (given.events ?? [])
    .flatMap((event) => [event, ...changedOf(event)])
    .map((event) => feishuEvent(given.id, event, people));
  return {
    id: given.id,
    type: given.type ?? 'shared',
    role: given.role ?? 'owner',
    deleted: given.deleted ?? false,
    summary: given.summary ?? '',
    events: new Map(events.map((event) => [event.id, event])),
  };
}

/** The changed occurrences of a series, as events of their own. */
function changedOf(series: TenantFeishuEvent): readonly TenantFeishuEvent[] {
  const { id, summary, timeZone, organizer, organizerCalendar, attendeeAbility, meetingChat } = series;
  const same = given({ summary, timeZone, organizer, organizerCalendar, attendeeAbility, meetingChat });
  const { exceptions = [], attendees = [] } = series;
  const { start: first, end: last } = timesOf(series);
  const length = secondsOf(last, 'end') - secondsOf(first);
  return exceptions.map(({ original, ...changed }) => {
    const start = changed.start ?? original;
    const lasts = changed.end === undefined && !('day' in first);
    const until = lasts ? { end: String(secondsOf(timesOf({ start }).start) + length) } : {};
    return { ...same, attendees, start, ...until, ...changed, id: exceptionId(series, { original }) ?? id };
  });
}

/** An event as a tenant file gives it. */
export function feishuEvent(calendarId: string, given: TenantFeishuEvent, people: People): FeishuEvent {
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
