import type { ErrorRow } from '../../dialect.ts';

const contactRange = 'Widen the contact range of the app in the developer console, and publish it.';
const report = 'Try again; if it persists, report it.';
const chatMember = 'Add the bot of the app to the chat.';

function refused(meaning: string, hint: string): ErrorRow {
  return { kind: 'event', meaning, hint };
}

/** The codes of the pages that people, departments and chats are found by (contact v3, directory v1, im v1, calendar v4). */
export const findErrors: Readonly<Record<string, ErrorRow>> = {
  40001: refused('a parameter is not valid', 'Check the search text.'),
  40003: { kind: 'lost', meaning: 'the platform had an internal error', hint: report },
  40004: refused('the app may not see the department', contactRange),
  40008: refused('the department was not found', 'Check the id of the department.'),
  40011: refused('the page size is not valid', report),
  40012: refused('the page token is no longer valid', report),
  40014: refused('the app may not see the parent department', contactRange),
  41012: refused('a user id is not valid', 'Check the id: each app has its own open_ids.'),
  41050: refused('the app may not see the user', contactRange),
  41071: refused('the group is not valid', 'Check the id of the user group.'),
  41072: refused('a member is not valid', report),
  41074: refused('the kind of member is not valid', report),
  41202: refused('the role does not exist', 'Check the id of the role.'),
  42002: refused('the user group does not exist', 'Check the id of the user group.'),
  42009: refused('the app may not see the user group', contactRange),
  42008: refused('the tenant is not valid', 'Check that app id, secret and host are of this tenant.'),
  43007: refused('the department does not exist', 'Check the id of the department.'),
  43010: refused('there are too many departments for one listing', report),
  191005: refused('the account has too many calendars', 'Unsubscribe from some.'),
  191006: refused('the calendar cannot be subscribed to', 'Ask its owner to share it.'),
  193103: refused('the range is too long', report),
  193104: refused('there are too many occurrences in the range', 'Give a shorter range.'),
  198001: refused('there are too many users in one call', report),
  2220001: refused('a parameter is not valid', 'Check the search text.'),
  2220005: refused('a search condition is not valid', report),
  2220009: refused('a search condition is not valid', report),
  2220010: refused('a search condition is not valid', report),
  2220012: refused('a search condition is not valid', report),
  2220013: refused('a search condition is not valid', report),
  2220014: refused('a search condition is not valid', report),
  2221004: refused('the page token is no longer valid', report),
  2221005: refused('a search condition is not valid', report),
  212100: refused('the app is not installed in this tenant', 'Install it, or check the app id and the host.'),
  232001: refused('a parameter is not valid', 'Check the id of the chat.'),
  232004: refused('the app may not see the chat', chatMember),
  232006: refused('the chat id is not valid', 'Check the id of the chat: it begins with oc_.'),
  232009: refused('the chat was dissolved', 'Remove it from the manifests.'),
  232010: refused('the operator and the chat are in different tenants', chatMember),
  232011: refused('the app is not in the chat', chatMember),
  232025: refused('the app has no bot', 'Turn on the bot ability of the app and publish it.'),
  232033: refused('the app may not see chats with other tenants', chatMember),
  232034: refused('the app is not in use in this tenant', 'Check that the app is enabled and installed.'),
};
