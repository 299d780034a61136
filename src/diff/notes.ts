import { type Identity, identityOf } from '../model/attendee.ts';
import { type Diagnostic, diagnosticOf } from '../model/diagnostic.ts';
import type { ChatBinding, DesiredEvent, EventFacts } from '../model/event.ts';
import { compareAttendees, sortedByCodePoint } from '../model/order.ts';
import { type Change, replacedBy } from '../model/plan.ts';
import type { Platform } from '../model/platform.ts';
import { joined, plain, type Said, say, who } from '../model/say.ts';
import { type ProviderId, platforms } from '../platforms/index.ts';
import type { Live } from './live.ts';

/** What a reviewer should know beside the changes. */
export function planNotes(
  desired: DesiredEvent,
  live: Live | null,
  facts: EventFacts | null,
  changes: readonly Change[],
): Said[] {
  const notes: Said[] = [];
  if (changes.length === 0) return notes;
  if (facts?.state === 'present' && facts.recurring) {
    notes.push(plain(seriesNotes[desired.exceptions]));
  }
  const platform = platforms[desired.ref.provider];
  const { people } = platform.event;
  const removesPeople = changes.some(
    (change) => change.action === 'remove' && change.attendee.type === people,
  );
  const chats = [...(live?.attendees.values() ?? [])]
    .filter(({ type, identity }) => type === 'chat' && !removes(changes, identity))
    .sort(compareAttendees);
  if (removesPeople && chats.length > 0) {
    notes.push(chatsNote(chats.map(({ id }) => id)));
  }
  const groups = groupsOn(desired, live, changes);
  if (groups.length > 0) notes.push(groupsNote(groups));
  if (platform.notice.remove === 'platform' && changes.some(({ action }) => action === 'remove')) {
    notes.push(noticeNote(platform));
  }
  if (platform.writes.flag === 'readd' && replacedBy(changes).size > 0) notes.push(flagNote);
  return notes;
}

const seriesNotes: Readonly<Record<DesiredEvent['exceptions'], string>> = {
  leave: 'This is a series: changed occurrences are separate events and are not touched.',
  report: 'This is a series: changed occurrences are separate events; they are listed and not touched.',
  follow: 'This is a series: changed occurrences are separate events, each with changes of its own.',
};
const flagNote = say`Replacing an optional flag removes the attendee and adds it again, so the reply is lost.`;

function noticeNote({ title }: Platform): Said {
  return say`${plain(title)} itself decides whether to notify people who are removed.`;
}

function chatsNote(ids: readonly string[]): Said {
  const chats = joined(
    ids.map((id) => who('chat', id)),
    ', ',
  );
  return say`Anyone in an invited chat (${chats}) stays invited through it.`;
}

/** The groups that are on the event, or that its changes are about. */
function groupsOn(desired: DesiredEvent, live: Live | null, changes: readonly Change[]): readonly string[] {
  const wanted = (desired.attendees ?? []).filter(({ type }) => type === 'group');
  const known = new Set<string>([...wanted.map(identityOf), ...(desired.groups ?? [])]);
  const groups = new Map(
    [...(live?.attendees.values() ?? [])]
      .filter(({ type, identity }) => type === 'group' || known.has(identity))
      .map(({ identity, id }) => [identity, id]),
  );
  for (const change of changes) {
    if (!('attendee' in change) || change.attendee.type !== 'group') continue;
    groups.set(identityOf(change.attendee), change.attendee.id);
  }
  return sortedByCodePoint([...groups.values()]);
}

function groupsNote(ids: readonly string[]): Said {
  const groups = joined(
    ids.map((id) => who('group', id)),
    ', ',
  );
  return say`A group is one attendee: its members are invited through it and are not read (${groups}).`;
}

/** A note that was read from a file, with its parts; null where it is none of {@link planNotes}. */
export function noteAgain(text: string, provider: ProviderId): Said | null {
  const chats = /\((.+)\)/.exec(text)?.[1]?.split(', ') ?? [];
  const notes = [
    ...Object.values(seriesNotes).map(plain),
    flagNote,
    noticeNote(platforms[provider]),
    chatsNote(chats),
    groupsNote(chats),
  ];
  return notes.find((note) => note.text === text) ?? null;
}

function removes(changes: readonly Change[], identity: Identity): boolean {
  return changes.some((change) => change.action === 'remove' && identityOf(change.attendee) === identity);
}

type Words = readonly [code: string, message: Said, hint: Said];

/** What may be wrong with the manifest, though the plan can be made. */
export function warningsOf(
  desired: DesiredEvent,
  facts: EventFacts | null,
  chat: ChatBinding | null,
  changes: readonly Change[],
  asApp: ReadonlySet<ProviderId>,
): Diagnostic[] {
  const words = [
    otherChat(desired, chat),
    facts === null ? null : lookWords(desired, facts),
    facts?.state === 'present' ? otherOrganizer(desired, facts, changes) : null,
    asApp.has(desired.ref.provider) ? noRoomContact(desired, changes) : null,
  ];
  return words
    .filter((found) => found !== null)
    .map(([code, words, hint]) =>
      diagnosticOf({
        severity: 'warning',
        code,
        message: say`${plain(desired.name)}: ${words}`,
        hint,
        source: desired.source,
      }),
    );
}

function otherChat({ unbindChat }: DesiredEvent, chat: ChatBinding | null): Words | null {
  if (unbindChat === null || chat?.state !== 'bound' || chat.chatId === unbindChat.chatId) return null;
  return [
    'other-chat',
    say`the meeting chat of the event is ${who('chat', chat.chatId)}, not ${who('chat', unbindChat.chatId)}, and stays bound`,
    say`To unbind it, set meetingChat.id to it.`,
  ];
}

function lookWords({ state }: DesiredEvent, facts: EventFacts): Words | null {
  if (facts.state === 'absent' && state === 'absent') {
    return [
      'event-not-found',
      say`the event was not found: it was never on this calendar, or it is gone for good`,
      say`Check calendarId and eventId; if they are right, there is nothing left to do.`,
    ];
  }
  if (facts.state === 'absent') {
    return [
      'look-failed',
      say`the platform lists the attendees but does not find the event`,
      say`Check calendarId and eventId before you apply.`,
    ];
  }
  if (facts.state !== 'unknown' || state === 'absent') return null;
  const { message, logId } = facts.problem;
  const why = logId === undefined ? message : `${message}, log id ${logId}`;
  return [
    'look-failed',
    // The platform's own text, which may name anybody, is one mention.
    say`the event itself could not be read (${who('event', why)})`,
    say`The plan is based on the attendee list only.`,
  ];
}

function otherOrganizer(
  { ref }: DesiredEvent,
  facts: EventFacts & { state: 'present' },
  changes: readonly Change[],
): Words | null {
  const deletes = changes.some(({ action }) => action === 'delete-event');
  if (!deletes && !changes.some(({ action }) => action === 'remove')) return null;
  const { organizer, organizerCalendar } = facts;
  // On DingTalk anyone who is not the organizer deletes an event from a calendar of their own alone.
  const owned = platforms[ref.provider].event.organizer === 'required';
  if (
    deletes &&
    owned &&
    ref.organizer !== undefined &&
    organizer !== undefined &&
    organizer !== ref.organizer
  ) {
    return [
      'other-organizer',
      say`the event is organized by ${who('user', organizer)}; deleting it as ${who('user', ref.organizer)} takes it off that calendar only`,
      say`Write organizer: ${who('user', organizer)} to delete it for everyone.`,
    ];
  }
  if (
    organizerCalendar === undefined ||
    ref.calendarId === 'primary' ||
    organizerCalendar === ref.calendarId
  ) {
    return null;
  }
  return [
    'other-organizer',
    say`the event is organized by another calendar (${who('calendar', organizerCalendar)}); ${plain(deletes ? 'the deletion' : 'removals')} may be refused`,
    say`Use the organizer's calendar as calendarId.`,
  ];
}

/** Page: `calendar-event-attendee/create`, `operate_id`: the contact of a room that is added to an app's event. */
function noRoomContact({ ref }: DesiredEvent, changes: readonly Change[]): Words | null {
  const rooms = changes.filter(
    (change) => change.action === 'add' && change.attendee.type === 'room' && change.operateId === undefined,
  ).length;
  if (rooms === 0 || ref.roomContact !== undefined || ref.userIdType === undefined) return null;
  const added = rooms === 1 ? '1 room is' : `${rooms} rooms are`;
  return [
    'no-room-contact',
    plain(`${added} added by an app without roomContact, so the platform may refuse the booking`),
    plain(`Set roomContact to the ${ref.userIdType} of the contact person for rooms.`),
  ];
}
