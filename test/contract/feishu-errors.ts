import type { ErrorCase, Meaning, Operation } from './suite/fixture.ts';

/** The calendar codes of open.feishu.cn: HTTP status, and what the "what to do" column makes of them. */
const rows: Readonly<Record<number, readonly [number, Meaning]>> = {
  190002: [400, 'entry'],
  190003: [500, 'transient'],
  190004: [429, 'later'],
  190005: [429, 'later'],
  190006: [403, 'event'],
  190007: [404, 'event'],
  190008: [400, 'restart'],
  190010: [429, 'later'],
  190011: [403, 'event'],
  190012: [403, 'event'],
  190013: [400, 'entry'],
  190014: [400, 'event'],
  191000: [404, 'event'],
  191001: [400, 'event'],
  191002: [403, 'event'],
  191003: [403, 'event'],
  191004: [403, 'event'],
  193000: [400, 'event'],
  193001: [404, 'event'],
  193002: [403, 'event'],
  193003: [403, 'event'],
  194000: [404, 'gone'],
  194001: [403, 'event'],
  194002: [403, 'event'],
  194003: [403, 'event'],
  194004: [400, 'entry'],
  195100: [404, 'entry'],
  195107: [403, 'event'],
  195108: [400, 'done'],
};

/** Page calendar-event/delete, 17 rows; the other pages have them all. */
const deletion = [
  190002, 190003, 190004, 190005, 190006, 190007, 190010, 191000, 191001, 191002, 191003, 191004, 193000,
  193001, 193002, 193003, 195100,
];
const keys = [190011, 190012];
/** Page calendar-event-attendee/batch_delete, 24 rows. */
const removal = [...deletion, ...keys, 194000, 194001, 194002, 194003, 194004];

const pages: Readonly<Record<Operation, readonly number[]>> = {
  /** calendar-event-attendee/list, 25 rows */
  list: [...removal, 190008],
  /** calendar-event/get */
  look: [...deletion, ...keys, 190014, 194001],
  remove: removal,
  /** calendar-event-attendee/create */
  add: [...removal, 190013],
  delete: deletion,
  /** calendar-event-meeting_chat/delete, 21 rows */
  unbind: [...deletion, ...keys, 195107, 195108],
};

/** The generic codes: page "通用错误码" (ugjM14COyUjL4ITN). It gives no HTTP status but for a few. */
const generic: Readonly<Record<number, readonly [number, Meaning]>> = {
  99991400: [429, 'later'],
  99991401: [400, 'credentials'],
  99991403: [400, 'quota'],
  99991543: [400, 'credentials'],
  99991661: [400, 'credentials'],
  99991662: [400, 'credentials'],
  99991663: [400, 'renew'],
  99991664: [400, 'renew'],
  99991665: [400, 'credentials'],
  99991668: [400, 'credentials'],
  99991671: [400, 'renew'],
  99991672: [400, 'event'],
  99991673: [400, 'credentials'],
  99991676: [400, 'event'],
  99991677: [400, 'credentials'],
  99991679: [400, 'event'],
  99992351: [400, 'entry'],
  99992361: [400, 'entry'],
  99992402: [400, 'entry'],
};

/** What a code means for a call: a deletion has what it wants where the event is deleted. */
function meaningOf(on: Operation, code: number, meaning: Meaning): Meaning {
  if (on === 'delete' && code === 193003) return 'done';
  const batch = on === 'remove' || on === 'add';
  return !batch && (meaning === 'entry' || meaning === 'gone') ? 'event' : meaning;
}

function casesOf(on: Operation, table: typeof rows, codes: readonly number[]): ErrorCase[] {
  return codes.map((code) => {
    const [status, meaning] = table[code] ?? [0, 'event'];
    return { on, status, code: String(code), meaning: meaningOf(on, code, meaning) };
  });
}

// Its own keys, as the type names them.
const operations = Object.keys(pages) as Operation[];

/** Every row of every error table, and each generic code on each call. */
export const feishuErrors: readonly ErrorCase[] = operations.flatMap((on) => [
  ...casesOf(on, rows, pages[on]),
  ...casesOf(on, generic, Object.keys(generic).map(Number)),
]);
