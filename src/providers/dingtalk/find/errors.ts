import type { ErrorRow } from '../../dialect.ts';

const later = 'It is retried automatically. If it persists, lower ROLLCALL_QUOTA.';
const range = 'Widen the contact range of the app in the developer console.';
const report = 'Try again; if it persists, report it.';

const rate: ErrorRow = { kind: 'rate', meaning: 'this API is called too often', hint: later };

function refused(meaning: string, hint: string): ErrorRow {
  return { kind: 'event', meaning, hint };
}

/** The numbers that the older half of the API answers, for people and departments. */
export const findErrors: Readonly<Record<string, ErrorRow>> = {
  '-1': { kind: 'lost', meaning: 'the platform is busy', hint: 'Try again later.' },
  33011: refused('the role does not exist', 'Check the id of the role.'),
  33012: { kind: 'absent', meaning: 'there is no user with this id', hint: 'Check the userid.' },
  40014: {
    kind: 'auth',
    meaning: 'the token is no longer valid',
    hint: 'A new token is needed.',
    renew: true,
  },
  40035: refused('a parameter is not valid', report),
  40068: refused('a parameter is not valid', report),
  40069: refused('a parameter is not valid', report),
  40104: refused('the mobile number is not valid', 'Give it as +86… or with eleven digits.'),
  50002: refused('the app may not see a user', range),
  50004: refused('the app may not see a department', range),
  60003: refused('the department was not found', 'Check the id of the department.'),
  60011: {
    kind: 'event',
    meaning: 'the app lacks a permission for this API',
    hint: 'Grant it in the developer console.',
    permission: true,
  },
  60019: refused('the department cannot be listed', range),
  60020: {
    kind: 'auth',
    meaning: 'calls from this network address are not allowed',
    hint: 'Add the address to the IP list of the app.',
  },
  60121: { kind: 'absent', meaning: 'the user was not found', hint: 'Check the id or the number.' },
  88: { kind: 'auth', meaning: 'the app is not accepted', hint: 'Check the app key and the secret.' },
  90002: rate,
  90006: rate,
  90008: rate,
  400001: refused('a parameter is not valid', report),
  400002: refused('a parameter is not valid', 'Check the search text.'),
};
