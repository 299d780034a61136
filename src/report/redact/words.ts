import type { ProblemCode } from '../../model/diagnostic.ts';

/** For what the platform says, which may name anybody and is not searched but left out. */
export const notRepeated = 'the platform refused this; what it said is left out';

/** For a message that comes out of a file, and may name anybody. */
export function leftOut(code: string): string {
  return `${code} (its text may name people and is left out)`;
}

/** What a problem means, without what the platform said of it. */
export const problemWords: Readonly<Record<ProblemCode, string>> = {
  'list-refused': notRepeated,
  'list-failed': 'the platform did not answer this; what was said about it is left out',
  'list-malformed': 'the answer makes no sense; what is wrong with it is left out',
  'list-moved': 'the list changed while it was read',
  held: 'another run holds this event',
  overtaken: 'another run has written this event since the plan was made',
  store: 'the shared store does not answer',
  'list-partial': 'the platform returned only some of the attendees',
  'not-organizer': 'the event is organized by somebody else',
  'event-not-found': 'the platform does not find the event',
  'event-deleted': 'the event is deleted',
  'source-unread': 'a department, group, role or chat in its rosters could not be read',
  'source-incomplete': 'fewer people than there should be were found in a department, group or chat',
  'over-max': 'a Roster has more members than its max',
  quota: "the platform's call quota is used up",
  credentials: 'the platform does not accept the credentials, or does not let the app do this',
  internal: 'rollcall failed on this event',
};

/** The same for the codes of failed changes that are not a platform's own. */
export const changeWords: ReadonlyMap<string, string> = new Map([
  ['timeout', 'no answer came in time'],
  ['reset', 'the connection broke off before the answer was complete'],
  ['connect', 'no connection could be made'],
  ['tls', 'the certificate or the TLS settings prevent it'],
  ['too-large', 'the answer was longer than the limit'],
  ['malformed', 'the answer makes no sense'],
  ['ip-barred', 'the platform blocks this network address: too many calls'],
  ['stopped', 'the run was stopped before this was sent'],
  ['held', 'the lease on the event was lost before this was sent'],
  ['organizer', 'organizes the event now, and an organizer is never removed'],
  ['kept', 'is kept by the manifest, so it is not removed'],
  ['not-left', 'no longer counts as having left the organisation, so they are not removed'],
  ['left', 'has left the organisation since the plan was made, so they are not added'],
  [
    'undone',
    'it was already in the desired state but no longer is: someone else changed the event meanwhile',
  ],
  ['not-seen', 'the platform accepted this, but does not show it'],
  ['room-declined', 'the room declined the booking'],
  ['alias', 'an address belongs, or may belong, to somebody who is on the event under another'],
  ['no-effect', 'the platform reported success but changed nothing'],
]);

/** And for the diagnostics that quote the platform, or people of whom only the platform knows. */
export const diagnosticWords: ReadonlyMap<string, string> = new Map([
  ['look-failed', 'the event itself could not be read: the plan is based on the attendee list only'],
  [
    'other-organizer',
    'someone else organizes the event: removals or a deletion may not have the intended effect',
  ],
  ['other-chat', 'a different meeting chat is bound, and stays bound'],
]);

/** How a platform's code is written: one token. */
export const codeForm: RegExp = /^[A-Za-z0-9._:-]{1,128}$/;

/** How an id of a call is written: one token, which no name is, as it has a digit. */
export const logIdForm: RegExp = /^(?=.*\d)[A-Za-z0-9._:-]{1,128}$/;
