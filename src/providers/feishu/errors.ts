import type { ErrorRow } from '../dialect.ts';
import { findErrors } from './find/errors.ts';

const later = 'It is retried automatically. If it persists, lower ROLLCALL_QUOTA or --concurrency.';
const support = "Try again later; if it persists, give the log id to the platform's support.";
const organizerCalendar = 'Use the calendar that organizes the event, and an account that may do this there.';
const checkEvent = 'Check eventId and calendarId in the manifest.';
const checkCalendar = 'Check the id of the calendar.';
const checkApp = 'Check that the app is enabled and installed in this tenant.';

/**
 * Every error code of the attendee, event and meeting-chat pages of calendar v4 (`calendar-event-attendee/list`,
 * `.../batch_delete`, `.../create`, `calendar-event/get`, `.../delete`, `calendar-event-meeting_chat/delete` on
 * open.feishu.cn), the codes of the token page, and the generic ones (`ukTMukTMukTM/ugjM14COyUjL4ITN`).
 */
export const errorTable: Readonly<Record<string, ErrorRow>> = {
  10003: {
    kind: 'auth',
    meaning: 'the token request is not valid',
    hint: 'Check the app id and the secret.',
  },
  10014: {
    kind: 'auth',
    meaning: 'the app id or the secret is wrong',
    hint: 'Check the app id and the secret.',
  },
  10015: {
    kind: 'auth',
    meaning: 'the app secret is wrong',
    hint: 'Copy the secret again from the developer console.',
  },

  190002: {
    kind: 'entry',
    meaning: 'a parameter is not valid',
    hint: 'Check the ids and the userIdType in the manifest, and that what they name still exists.',
  },
  190003: { kind: 'lost', meaning: 'the platform had an internal error', hint: support },
  190004: { kind: 'rate', meaning: 'this API is called too often', hint: later },
  190005: { kind: 'rate', meaning: 'this app makes too many calls', hint: later },
  190006: {
    kind: 'event',
    meaning: 'the app and the tenant do not belong together',
    hint: 'Check that app id, secret and host belong to this tenant.',
  },
  190007: {
    kind: 'event',
    meaning: 'the app has no bot',
    hint: 'Turn on the bot ability of the app and publish it.',
  },
  190008: {
    kind: 'event',
    meaning: 'the page token is no longer valid',
    hint: 'Plan again.',
    // A page token that ran out twice is not a refusal: the event may be read another time.
    problem: 'list-failed',
  },
  190009: { kind: 'event', meaning: 'the sync token does not fit', hint: 'Plan again.' },
  190010: { kind: 'rate', meaning: 'someone else is changing the same thing right now', hint: later },
  190011: {
    kind: 'event',
    meaning: 'the tenant deleted the key that its data is encrypted with',
    hint: 'Ask the administrator of the tenant to restore the encryption key.',
  },
  190012: {
    kind: 'event',
    meaning: 'the tenant deleted the key that its data can be decrypted with',
    hint: 'Ask the administrator of the tenant to restore the encryption key.',
  },
  190013: {
    kind: 'entry',
    meaning: 'the content was flagged as risky',
    hint: 'Check the addresses and names that would be added.',
  },
  190014: { kind: 'event', meaning: 'a parameter is not valid', hint: checkEvent },

  191000: { kind: 'event', meaning: 'the calendar was not found', hint: checkCalendar },
  191001: { kind: 'event', meaning: 'the calendar id is not valid', hint: checkCalendar },
  191002: {
    kind: 'event',
    meaning: 'the account has no access to the calendar',
    hint: 'Share the calendar with the account: reader to plan, writer or owner to apply.',
  },
  191003: { kind: 'event', meaning: 'the calendar was deleted', hint: checkCalendar },
  191004: {
    kind: 'event',
    meaning: 'the calendar is of a type that does not allow this',
    hint: "Use a primary or shared calendar; a meeting chat can be unbound only on the account's primary calendar.",
  },

  193000: { kind: 'event', meaning: 'the event id is not valid', hint: checkEvent },
  193001: { kind: 'absent', meaning: 'the event was not found', hint: checkEvent },
  193002: { kind: 'event', meaning: 'the account may not change the event', hint: organizerCalendar },
  193003: {
    kind: 'absent',
    meaning: 'the event was deleted',
    hint: 'Remove the event from the manifests, or set state: absent.',
    doneFor: 'delete',
    problem: 'event-deleted',
  },

  194000: {
    kind: 'gone',
    meaning: 'an attendee of the batch is not on the event',
    hint: 'The event is read again; if that does not help, plan again.',
  },
  194001: {
    kind: 'event',
    meaning: 'the account may not see the attendees',
    hint: `${organizerCalendar} Or let attendees see the list.`,
  },
  194002: {
    kind: 'event',
    meaning: 'the account may not add attendees',
    hint: `${organizerCalendar} Or let attendees invite others.`,
  },
  194003: { kind: 'event', meaning: 'the account may not remove attendees', hint: organizerCalendar },
  194004: {
    kind: 'entry',
    meaning: 'an attendee type is not valid',
    hint: 'Check that each entry is a user, chat, room or email.',
  },

  195100: {
    kind: 'entry',
    meaning: 'a user has left or is not in this tenant',
    hint: 'Remove the person from the manifest, or use an account that is still active.',
  },
  195107: {
    kind: 'event',
    meaning: 'the account may not unbind the meeting chat',
    hint: 'The caller must own the chat. Hand the chat over to it, or unbind it by hand.',
  },
  195108: {
    kind: 'event',
    meaning: 'the chat is not the meeting chat of this event',
    hint: 'Check meetingChat.id in the manifest.',
    doneFor: 'unbind',
  },
  195109: {
    kind: 'event',
    meaning: 'the event does not allow a meeting chat',
    hint: 'Check the event: it needs two attendees and a list that they can see.',
  },

  99991400: { kind: 'rate', meaning: 'this API is called too often', hint: later },
  99991401: {
    kind: 'auth',
    meaning: 'calls from this network address are not allowed',
    hint: 'Add the address to the IP list of the app.',
  },
  99991403: {
    kind: 'quota',
    meaning: 'the calls of this month are used up',
    hint: 'Wait for the next month or raise the plan of the tenant.',
  },
  99991543: {
    kind: 'auth',
    meaning: 'the app id or the secret is wrong',
    hint: 'Check the app id and the secret.',
  },
  99991661: {
    kind: 'auth',
    meaning: 'the call carried no token',
    hint: 'Check that no proxy strips the header.',
  },
  99991662: { kind: 'auth', meaning: 'the app is not in use', hint: checkApp },
  99991663: {
    kind: 'auth',
    meaning: 'the token is no longer valid',
    hint: 'A new token is needed.',
    renew: true,
  },
  99991664: {
    kind: 'auth',
    meaning: 'the app token is not valid',
    hint: 'A new token is needed.',
    renew: true,
  },
  99991665: { kind: 'auth', meaning: 'the tenant is not valid', hint: checkApp },
  99991668: {
    kind: 'auth',
    meaning: 'the user token is not valid, or this API takes none',
    hint: 'Get a new user token, or use an app id and a secret.',
  },
  99991671: {
    kind: 'auth',
    meaning: 'the token has the wrong form',
    hint: 'A token begins with t- or u-.',
    renew: true,
  },
  99991672: {
    kind: 'event',
    meaning: 'the app lacks a permission for this API',
    hint: 'Grant the permission in the developer console and publish the app.',
    permission: true,
  },
  99991673: { kind: 'auth', meaning: 'the app is not available', hint: checkApp },
  99991676: {
    kind: 'event',
    meaning: 'the token has no permission for this API',
    hint: 'Grant the permission in the developer console and publish the app.',
    permission: true,
  },
  99991677: { kind: 'auth', meaning: 'the user token has expired', hint: 'Get a new user token.' },
  99991679: {
    kind: 'event',
    meaning: 'the user has not granted a permission for this API',
    hint: 'Let the user sign in again with the permission.',
    permission: true,
  },
  99992351: {
    kind: 'entry',
    meaning: 'an open_id does not exist',
    hint: 'Check the ids that begin with ou_: each app has its own.',
  },
  99992361: {
    kind: 'entry',
    meaning: 'an open_id is of another app',
    hint: 'Use the open_id of this app, or userIdType union_id or user_id.',
  },
  99992402: {
    kind: 'entry',
    meaning: 'a field is not valid',
    hint: 'Check the ids and the userIdType in the manifest.',
  },
};

/** The row of a code. */
export function rowOf(code: string): ErrorRow | undefined {
  if (Object.hasOwn(errorTable, code)) return errorTable[code];
  return Object.hasOwn(findErrors, code) ? findErrors[code] : undefined;
}
