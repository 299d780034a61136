import type { DesiredEvent, EventFacts } from '../../model/event.ts';
import type { Finding } from '../../model/finding.ts';
import type { Problem } from '../../model/diagnostic.ts';
import { type ProviderId, platforms } from '../../platforms/index.ts';
import type { Reader } from '../../providers/provider.ts';
import { sideBySide } from '../../providers/side-by-side.ts';
import type { Examining } from './examine.ts';

/** Events that are asked for where each call counts in what an organisation has a month. */
const mostMetered = 20;

type Told = Pick<Finding, 'status' | 'message' | 'hint'>;

/**
 * Whether events can be read and are the account's own to change. Where calls are counted by the month each costs one,
 * and only some are asked for; else the attendees are listed too, which may be refused where the event is not.
 *
 * @param ids of calendars, by what manifests call them
 */
export async function eventFindings(
  provider: ProviderId,
  events: readonly DesiredEvent[],
  ids: ReadonlyMap<string, string>,
  examining: Examining,
): Promise<Finding[]> {
  const metered = platforms[provider].monthlyCalls !== null;
  const asked = metered ? firstOfEach(events).slice(0, mostMetered) : events;
  let done = 0;
  const found = await sideBySide(
    asked,
    ({ ref }) => ref,
    examining,
    async (event, { turn }): Promise<Finding> => {
      const told = await look(event, examining.readerOf(turn), ids, !metered, examining);
      done += 1;
      examining.onRead(done, asked.length);
      return findingOf(provider, event.name, told);
    },
  );
  const rest = events.length - asked.length;
  if (rest === 0) return found;
  const more = findingOf(provider, 'others', {
    status: 'unknown',
    message: `${rest} more were not checked: each call counts toward the monthly quota`,
    hint: 'Pass fewer manifests to check those, or plan them.',
  });
  return [...found, more];
}

function findingOf(provider: ProviderId, name: string, told: Told): Finding {
  return { provider, subject: 'event', name, needed: true, permission: null, ...told };
}

/** One event of each organizer first. */
function firstOfEach(events: readonly DesiredEvent[]): DesiredEvent[] {
  const seen = new Set<string | undefined>();
  const firsts = events.filter(({ ref }) => !seen.has(ref.organizer) && seen.add(ref.organizer));
  return [...firsts, ...events.filter((event) => !firsts.includes(event))];
}

async function look(
  event: DesiredEvent,
  reader: Reader,
  ids: ReadonlyMap<string, string>,
  list: boolean,
  { signal, saw, shown }: Examining,
): Promise<Told> {
  const refused = (problem: Problem, what: string): Told => {
    saw('read-events', problem);
    const { message, hint = null } = shown.problem(problem);
    return {
      status: problem.code === 'list-failed' ? 'unknown' : 'wrong',
      message: `${what}: ${message}`,
      hint,
    };
  };
  const facts = await reader.read(event.ref, 'facts', signal);
  if (facts.state === 'unknown') return refused(facts.problem, 'cannot be read');
  saw('read-events', null);
  if (facts.state !== 'present') return gone(event, facts.state);
  const other = organizedElsewhere(event, facts, ids);
  if (other !== null) return other;
  if (list && event.attendees !== null) {
    const observed = await reader.read(event.ref, 'attendees', signal);
    if (!observed.complete) return refused(observed.problem, 'its attendees cannot be read');
  }
  return { status: 'ok', message: 'can be read', hint: null };
}

function gone({ state }: DesiredEvent, found: 'absent' | 'deleted'): Told {
  if (state === 'absent') return { status: 'ok', message: 'is already deleted', hint: null };
  return found === 'deleted'
    ? {
        status: 'wrong',
        message: 'is cancelled',
        hint: 'Remove its manifest, or use the id of the event that replaced it.',
      }
    : {
        status: 'missing',
        message: 'was not found on its calendar',
        hint: 'Check eventId, calendarId and organizer of the manifest; rollcall find events lists the events.',
      };
}

/** Only the organizer of an event may change who is on it. */
function organizedElsewhere(
  { ref }: DesiredEvent,
  { organizer, organizerCalendar }: Extract<EventFacts, { state: 'present' }>,
  ids: ReadonlyMap<string, string>,
): Told | null {
  const calendar = ids.get(ref.calendarId) ?? ref.calendarId;
  const otherCalendar =
    organizerCalendar !== undefined && calendar !== 'primary' && organizerCalendar !== calendar;
  const otherPerson =
    platforms[ref.provider].event.organizer === 'required' &&
    organizer !== undefined &&
    organizer !== ref.organizer;
  if (!otherCalendar && !otherPerson) return null;
  return {
    status: 'wrong',
    message:
      'is an invitation there: it is organized elsewhere, and its attendees cannot be changed from here',
    hint: `Name the ${otherCalendar ? 'calendar' : 'person'} that organizes it; rollcall find events shows it.`,
  };
}
