import type { DesiredEvent } from '../../model/event.ts';
import type { Finding } from '../../model/finding.ts';
import type { FoundCalendar } from '../../model/found.ts';
import { type ProviderId, platforms } from '../../platforms/index.ts';
import type { Examining } from './examine.ts';

/** What was found of calendars, and the account's own one behind `primary`. */
export interface CalendarFindings {
  readonly findings: readonly Finding[];
  /** Ids by what manifests call them. */
  readonly ids: ReadonlyMap<string, string>;
}

/** How the calendars stand that events are on; without events, those that the account has. */
export async function calendarFindings(
  provider: ProviderId,
  events: readonly DesiredEvent[],
  examining: Examining,
): Promise<CalendarFindings> {
  const { finds, event: may } = platforms[provider];
  const ability = finds.calendars;
  const none = { findings: [], ids: new Map<string, string>() };
  if ('cannot' in ability) return none;
  if (ability.needs !== 'organizer') {
    const names = [...new Set(events.map(({ ref }) => ref.calendarId))].sort();
    return names.length === 0
      ? ownCalendars(provider, examining)
      : named(provider, names, undefined, examining);
  }
  // A token that acts for a person has that one's calendars.
  if (events.length === 0 && examining.actsForPerson) return ownCalendars(provider, examining);
  // The organizer of an event owns the calendar that it is on, unless another is named.
  const others = events.filter(({ ref }) => may.calendarId !== 'primary' || ref.calendarId !== 'primary');
  const organizers = [...new Set(others.flatMap(({ ref }) => ref.organizer ?? []))];
  const parts = await Promise.all(
    organizers.map((organizer) => {
      const own = others.filter(({ ref }) => ref.organizer === organizer).map(({ ref }) => ref.calendarId);
      return named(provider, [...new Set(own)].sort(), organizer, examining);
    }),
  );
  return { ...none, findings: parts.flatMap(({ findings }) => findings) };
}

/** What a calendar allows, as a finding. */
function standing(provider: ProviderId, name: string, calendar: FoundCalendar): Finding {
  const base = { provider, subject: 'calendar', name, needed: true, permission: null } as const;
  const role = calendar.role ?? 'unknown role';
  switch (calendar.writable) {
    case true:
      return { ...base, status: 'ok', message: role, hint: null };
    case false:
      return {
        ...base,
        status: 'wrong',
        message: `${role}: its events cannot be changed`,
        hint: 'Ask the owner of the calendar to share it with this account as writer.',
      };
    case null:
      return {
        ...base,
        status: 'unknown',
        message: role,
        hint: 'The platform does not say which role this account has.',
      };
  }
}

async function named(
  provider: ProviderId,
  names: readonly string[],
  organizer: string | undefined,
  { finder, signal, saw, shown }: Examining,
): Promise<CalendarFindings> {
  const own = organizer === undefined ? {} : { organizer };
  const found = await finder.find('calendars', { texts: names, ...own }, signal);
  saw('read-calendars', found.complete ? null : found.problem);
  // The one that was not asked for by its id is the one that goes by another name.
  const alias = found.items.find(({ id }) => !names.includes(id));
  const ids = new Map(names.map((name) => [name, name === 'primary' ? (alias?.id ?? name) : name]));
  const findings = names.map((name): Finding => {
    const calendar = found.items.find(({ id }) => id === ids.get(name));
    if (calendar !== undefined) return standing(provider, shown.calendar(name), calendar);
    const base = {
      provider,
      subject: 'calendar',
      name: shown.calendar(name),
      needed: true,
      permission: null,
    } as const;
    if (!found.complete) {
      const { message, hint = null } = shown.problem(found.problem);
      return { ...base, status: 'unknown', message, hint };
    }
    return {
      ...base,
      status: 'missing',
      message: 'does not exist, or is not shared with this account',
      hint: 'Check the id, and have the owner share the calendar with this account as writer.',
    };
  });
  return { findings, ids };
}

async function ownCalendars(
  provider: ProviderId,
  { finder, signal, saw, shown }: Examining,
): Promise<CalendarFindings> {
  const found = await finder.find('calendars', { texts: [] }, signal);
  saw('read-calendars', found.complete ? null : found.problem);
  const base = { provider, subject: 'calendar', name: 'all', needed: false, permission: null } as const;
  const ids = new Map<string, string>();
  if (!found.complete) {
    const { message, hint = null } = shown.problem(found.problem);
    return { findings: [{ ...base, status: 'unknown', message, hint }], ids };
  }
  const { length } = found.items;
  const writable = found.items.filter((calendar) => calendar.writable === true).length;
  const status = writable > 0 ? 'ok' : 'missing';
  const message = `this account can write to ${writable} of its ${length}`;
  const hint = writable > 0 ? null : 'Have the owner of a calendar share it with this account as writer.';
  return { findings: [{ ...base, status, message, hint }], ids };
}
