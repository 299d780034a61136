import { given } from '../model/given.ts';
import type { BehaviourInput } from './behaviour.ts';
import { ruleOf } from './moment.ts';

/** What the tenant parts of several platforms are made of. */

/**
 * An app whose id and secret buy tokens. `bot: false`: without the bot ability, so Feishu answers 190007. `scopes`: the
 * permissions it was granted, by their names in the platform's console; absent, it has all.
 */
export interface TenantApp {
  readonly id: string;
  readonly secret: string;
  readonly bot?: boolean;
  readonly scopes?: readonly string[];
}

/**
 * A row of an event: exactly one of `user`, `chat`, `room` and `email`. `generate: N` makes N such rows, in
 * which `{}` counts from 1. `user` may be of any kind, as its prefix shows; `unionId` and `userId` name the others.
 */
export interface TenantAttendee {
  readonly user?: string;
  readonly unionId?: string;
  readonly userId?: string;
  readonly chat?: string;
  readonly room?: string;
  readonly email?: string;
  readonly generate?: number;
  readonly name?: string;
  readonly organizer?: boolean;
  readonly rsvp?: 'needs_action' | 'accept' | 'tentative' | 'decline' | 'removed';
  readonly optional?: boolean;
  readonly external?: boolean;
}

/**
 * `start` and `end`: RFC 3339, a day, or Unix seconds. `recurrence`: a rule (`FREQ=WEEKLY;BYDAY=MO`). `recurring` is how
 * it was written first: a rule, or true for a week.
 */
export interface TenantEvent {
  readonly id: string;
  readonly summary?: string;
  readonly start?: string;
  readonly end?: string;
  readonly timeZone?: string;
  readonly recurring?: boolean | string;
  readonly recurrence?: string;
  /** The organizer's id, where no row of the list has the flag. */
  readonly organizer?: string;
}

/** An occurrence of a series that was changed. What is not given is as in the series. */
export interface TenantException<Row> {
  /** When it was to start before it was changed. */
  readonly original: string;
  readonly start?: string;
  readonly end?: string;
  readonly summary?: string;
  readonly status?: 'confirmed' | 'cancelled';
  readonly attendees?: readonly Row[];
}

/** A tenant file: who may call, and what there is at the start. */
export interface Tenant {
  readonly apps?: readonly TenantApp[];
  readonly tokens?: readonly string[];
  readonly behaviour?: BehaviourInput;
  /** By the name of each platform. */
  readonly [part: string]: unknown;
}

/** Where something stands in a YAML document. */
export type Path = readonly (string | number)[];
/** Told of a mistake and where it stands. */
export type Report = (path: Path, message: string) => void;

export const text: object = { type: 'string', minLength: 1 };
export const flag: object = { type: 'boolean' };
export const list = (items: object): object => ({ type: 'array', items });
/** What keys mean, with values as examples: for editors, and for `rollcall explain`. */
export type Words = Readonly<Record<string, readonly [meaning: string, ...examples: unknown[]]>>;
export const record = (
  properties: Record<string, object>,
  required: readonly string[] = [],
  words: Words = {},
): object => ({
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => [key, { ...schema, ...saidOf(words[key]) }]),
  ),
  required,
});

function saidOf(words: Words[string] | undefined): object {
  const [description, ...examples] = words ?? [];
  return given({ description, examples: examples.length === 0 ? undefined : examples });
}

const date = '\\d{4}-\\d{2}-\\d{2}';
export const moment: object = {
  type: 'string',
  pattern: `^(\\d+|${date}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:\\d{2}))?)$`,
};
const recurring: object = { type: ['boolean', 'string'] };
export const generate: object = { type: 'integer', minimum: 1, maximum: 100_000 };

/** The JSON Schema of an attendee of an event. */
export const attendeeSchema: object = record(
  {
    user: text,
    unionId: text,
    userId: text,
    chat: text,
    room: text,
    email: text,
    generate,
    name: { type: 'string' },
    organizer: flag,
    rsvp: { enum: ['needs_action', 'accept', 'tentative', 'decline', 'removed'] },
    optional: flag,
    external: flag,
  },
  [],
  {
    user: ['A user id, of any kind that its prefix shows.{attendeeUser}', 'ou_lisi', 'ou_member_{}'],
    unionId: ['The union_id of the same user.', 'on_lisi'],
    userId: ['The user_id of the same user.', '3e3cf96b'],
    chat: ['A chat id.', 'oc_platform'],
    room: ['A meeting room id.', 'omm_sunrise'],
    email: ['The address of somebody outside.', 'guest@example.com'],
    generate: ['Makes so many rows of this one; `{}` in its id and name counts from 1.', 480],
    name: ['The name that lists answer.', '李四 Li Si'],
    organizer: ['Whether this is the organizer of the event.'],
    rsvp: ['The reply.'],
    optional: ['Whether the attendance is optional.'],
    external: ['Whether the user or chat is of another tenant.'],
  },
);

/** The JSON Schema of an event: what every platform knows of one, and more. */
export const eventSchema = (more: Record<string, object>, words: Words = {}): object =>
  record(
    {
      id: text,
      summary: { type: 'string' },
      start: moment,
      end: moment,
      timeZone: text,
      recurring,
      recurrence: text,
      organizer: text,
      ...more,
    },
    ['id'],
    { ...eventWords, ...words },
  );

const eventWords: Words = {
  id: ['The event id.{eventId}', 'weekly_0'],
  summary: ['The title.', '平台周会 Platform weekly'],
  start: ['When it starts: a moment, a day, or Unix seconds.', '2099-01-04T10:00:00+08:00'],
  end: ['When it ends, written like `start`.', '2099-01-04T11:00:00+08:00'],
  timeZone: ['The time zone that the platform answers.', 'Asia/Shanghai'],
  recurring: ['An older name of `recurrence`; true is a week.', true],
  recurrence: ['How it repeats.', 'FREQ=WEEKLY;INTERVAL=1'],
  organizer: ["The organizer's id, where no attendee has the flag.", 'ou_zhangsan'],
  attendees: ['Who is on it.', [{ user: 'ou_lisi' }]],
  status: ['Whether it takes place.'],
  exceptions: ['Occurrences of the series that were changed.', [{ original: '2099-02-08T10:00:00+08:00' }]],
};

/** Of a changed occurrence. */
export const exceptionWords: Words = {
  original: ['When it was to start before it was changed.', '2099-02-08T10:00:00+08:00'],
  start: ['When it starts now.', '2099-02-08T14:00:00+08:00'],
  end: ['When it ends now.', '2099-02-08T15:00:00+08:00'],
  summary: ['The title, where it has its own.', 'Stand-up with Sales'],
  status: ['Whether it takes place.'],
  attendees: ['Who is on it, where that is not as in the series.', [{ user: 'ou_lisi' }]],
};

/** Reports what is wrong with the events of a calendar beyond their keys. */
export function checkEvents<Row>(
  events: readonly (TenantEvent & { readonly attendees?: readonly Row[] })[],
  path: Path,
  report: Report,
  checkAttendee: (row: Row, path: Path, report: Report) => void,
): void {
  checkDuplicates(events, 'id', path, report);
  events.forEach((event, e) => {
    checkTimes(event, [...path, e], report);
    event.attendees?.forEach((row, r) => {
      checkAttendee(row, [...path, e, 'attendees', r], report);
    });
  });
}

/** Reports what is wrong with the changed occurrences of a series beyond their keys. */
export function checkExceptions<Row>(
  series: TenantEvent & { readonly exceptions?: readonly Omit<TenantException<Row>, 'status'>[] },
  path: Path,
  report: Report,
  checkAttendee: (row: Row, path: Path, report: Report) => void,
): void {
  const { exceptions = [] } = series;
  if (exceptions.length > 0 && ruleOf(series) === '') {
    report(path, 'exceptions need a series: an event with a recurrence');
  }
  checkDuplicates(exceptions, 'original', path, report);
  exceptions.forEach((exception, index) => {
    const { original, start, end, attendees } = exception;
    checkTimes(given({ id: '', start, end }), [...path, index], report);
    if (originalOf(exception) === undefined) {
      report([...path, index, 'original'], `${original} is not a real date or time`);
    }
    attendees?.forEach((row, r) => checkAttendee(row, [...path, index, 'attendees', r], report));
  });
}

/** When a changed occurrence was to start, in Unix seconds; undefined where there is no such day or time. */
export function originalOf({ original }: { readonly original: string }): number | undefined {
  const seconds = /^\d+$/.test(original) ? Number(original) : Math.floor(Date.parse(original) / 1000);
  return Number.isNaN(seconds) ? undefined : seconds;
}

/** Reports what is given twice under a key; addresses are compared in lower case. */
export function checkDuplicates<Key extends string>(
  items: readonly { readonly [name in Key]?: unknown }[],
  key: Key,
  path: Path,
  report: Report,
): void {
  const seen = new Set<string | number>();
  items.forEach((item, index) => {
    const value = item[key];
    if (typeof value !== 'string' && typeof value !== 'number') return;
    const folded = String(value).includes('@') ? String(value).toLowerCase() : value;
    if (seen.has(folded)) {
      report([...path, index, key], `${value} is given twice; each ${key} here must be unique`);
    }
    seen.add(folded);
  });
}

/** Reports a day or a moment that does not exist, and a rule that is given twice or cannot be read. */
function checkTimes(event: TenantEvent, path: Path, report: Report): void {
  const { recurring, recurrence } = event;
  if (recurring !== undefined && recurrence !== undefined) {
    report([...path, 'recurring'], 'recurring and recurrence mean the same; keep recurrence');
  }
  for (const [key, rule] of Object.entries({ recurring, recurrence })) {
    if (typeof rule === 'string' && !/^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;|$)/.test(rule)) {
      report([...path, key], `"${rule}" is not a recurrence rule; write one like FREQ=WEEKLY;BYDAY=MO`);
    }
  }
  for (const key of ['start', 'end'] as const) {
    const text = event[key];
    if (text === undefined || /^\d+$/.test(text) || !Number.isNaN(Date.parse(text))) continue;
    report([...path, key], `${text} is not a real date or time`);
  }
}

/** Reports what is wrong with an attendee of the tenant file beyond its keys. */
export function checkRow(row: TenantAttendee, path: Path, report: Report): void {
  const ids = [row.user, row.chat, row.room, row.email].filter((id) => id !== undefined);
  const [id, ...others] = ids;
  if (id === undefined || others.length > 0) {
    report(path, 'an attendee has exactly one of user, chat, room and email');
    return;
  }
  checkTemplate(row, id, path, report);
}

/** Reports generated rows that would all be the same. */
export function checkTemplate(
  row: { readonly generate?: number },
  id: string,
  path: Path,
  report: Report,
): void {
  if (row.generate === undefined || id.includes('{}')) return;
  report(path, `generate needs {} in the id, so that the rows differ: "${id}_{}"`);
}
