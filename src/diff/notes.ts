import { type Identity, identityOf } from '../model/attendee.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ChatBinding, DesiredEvent, EventFacts } from '../model/event.ts';
import { compareAttendees } from '../model/order.ts';
import type { Change } from '../model/plan.ts';
import { platforms } from '../model/platform.ts';
import type { Live } from './live.ts';

/** What a reviewer should know beside the changes. */
export function notesOf(
  desired: DesiredEvent,
  live: Live | null,
  facts: EventFacts | null,
  changes: readonly Change[],
): string[] {
  const notes: string[] = [];
  if (changes.length === 0) return notes;
  if (facts?.state === 'present' && facts.recurring) {
    notes.push(
      'This is a series: occurrences that were changed are events of their own and are not touched.',
    );
  }
  const removesUsers = changes.some(
    (change) => change.action === 'remove' && change.attendee.type === 'user',
  );
  const chats = [...(live?.attendees.values() ?? [])]
    .filter(({ type, identity }) => type === 'chat' && !removes(changes, identity))
    .sort(compareAttendees);
  if (removesUsers && chats.length > 0) {
    notes.push(
      `Whoever is in an invited chat (${chats.map(({ id }) => id).join(', ')}) stays invited through it.`,
    );
  }
  const platform = platforms[desired.ref.provider];
  if (platform.removalNotice === 'platform' && changes.some(({ action }) => action === 'remove')) {
    notes.push(`${platform.title} has no switch for telling those who are removed: it decides.`);
  }
  if (changes.some((change) => change.reason === 'optional-drift')) {
    notes.push('Replacing an optional flag removes and adds the attendee: the reply is lost.');
  }
  return notes;
}

function removes(changes: readonly Change[], identity: Identity): boolean {
  return changes.some((change) => change.action === 'remove' && identityOf(change.attendee) === identity);
}

/** What may be wrong with the manifest, though the plan can be made. */
export function warningsOf(
  desired: DesiredEvent,
  facts: EventFacts | null,
  chat: ChatBinding | null,
  changes: readonly Change[],
): Diagnostic[] {
  const warn = (code: string, message: string, hint: string): Diagnostic => ({
    severity: 'warning',
    code,
    message: `${desired.name}: ${message}`,
    hint,
    source: desired.source,
  });
  const warnings: Diagnostic[] = [];
  const named = desired.unbindChat?.chatId;
  if (named !== undefined && chat?.state === 'bound' && chat.chatId !== named) {
    warnings.push(
      warn(
        'other-chat',
        `the meeting chat of the event is ${chat.chatId}, not ${named}, and stays bound`,
        'If it is to be unbound, name it as meetingChat.id.',
      ),
    );
  }
  if (facts === null) return warnings;
  if (desired.state === 'absent') {
    if (facts.state !== 'absent') return [];
    const hint = 'Check calendarId and eventId; if they are right, there is nothing left to do.';
    return [
      warn(
        'event-not-found',
        'the event was not found: it never was on this calendar, or is gone for good',
        hint,
      ),
    ];
  }
  if (facts.state === 'unknown') {
    const { message, logId } = facts.problem;
    const why = logId === undefined ? message : `${message}, log id ${logId}`;
    warnings.push(
      warn(
        'look-failed',
        `the event itself could not be read (${why})`,
        'The plan rests on the attendee list alone.',
      ),
    );
    return warnings;
  }
  if (facts.state === 'absent') {
    warnings.push(
      warn(
        'look-failed',
        'the platform lists the attendees but does not find the event',
        'Check calendarId and eventId before you apply.',
      ),
    );
    return warnings;
  }
  const { calendarId } = desired.ref;
  const other = facts.state === 'present' ? facts.organizerCalendar : undefined;
  const removing = changes.some(({ action }) => action === 'remove' || action === 'delete-event');
  if (removing && other !== undefined && calendarId !== 'primary' && other !== calendarId) {
    warnings.push(
      warn(
        'other-organizer',
        `the event is organized by another calendar (${other}); removals may be refused`,
        'Name the organizer calendar as calendarId.',
      ),
    );
  }
  return warnings;
}
