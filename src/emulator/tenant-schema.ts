import { behaviourSchema } from './behaviour.ts';

const text = { type: 'string', minLength: 1 };
const flag = { type: 'boolean' };
const list = (items: object): object => ({ type: 'array', items });
const record = (properties: Record<string, object>, required: readonly string[] = []): object => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});

const date = '\\d{4}-\\d{2}-\\d{2}';
const moment = {
  type: 'string',
  pattern: `^(\\d+|${date}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:\\d{2}))?)$`,
};
const recurring = { type: ['boolean', 'string'] };
const generate = { type: 'integer', minimum: 1, maximum: 100_000 };

/** The JSON Schema of an attendee of a Feishu event. */
export const feishuAttendee: object = record({
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
});

const feishuEvent = record(
  {
    id: text,
    summary: { type: 'string' },
    start: moment,
    end: moment,
    timeZone: text,
    recurring,
    status: { enum: ['tentative', 'confirmed', 'cancelled'] },
    organizerCalendar: text,
    organizer: text,
    attendeeAbility: { enum: ['none', 'can_see_others', 'can_invite_others', 'can_modify_event'] },
    meetingChat: record({ id: text, owner: flag }, ['id']),
    attendees: list(feishuAttendee),
  },
  ['id'],
);

const feishuCalendar = record(
  {
    id: text,
    type: { enum: ['primary', 'shared', 'google', 'resource', 'exchange'] },
    role: { enum: ['owner', 'writer', 'reader', 'free_busy_reader', 'none'] },
    deleted: flag,
    events: list(feishuEvent),
  },
  ['id'],
);

const feishuPerson = record(
  { user: text, unionId: text, userId: text, name: text, email: text, external: flag, gone: flag },
  ['user'],
);

const dingtalkAttendee = record(
  {
    user: text,
    generate,
    name: { type: 'string' },
    organizer: flag,
    rsvp: { enum: ['needsAction', 'accepted', 'declined', 'tentative'] },
    optional: flag,
  },
  ['user'],
);

const dingtalkEvent = record(
  {
    id: text,
    summary: { type: 'string' },
    start: moment,
    end: moment,
    timeZone: text,
    recurring,
    status: { enum: ['confirmed', 'cancelled'] },
    organizer: text,
    attendees: list(dingtalkAttendee),
  },
  ['id'],
);

/** The JSON Schema of a tenant file. */
export const tenantSchema: object = record({
  apps: list(record({ id: text, secret: text, bot: flag }, ['id', 'secret'])),
  tokens: list(text),
  behaviour: behaviourSchema,
  feishu: record({ calendars: list(feishuCalendar), people: list(feishuPerson) }),
  dingtalk: record({
    users: list(record({ unionId: text, events: list(dingtalkEvent) }, ['unionId'])),
    people: list(record({ user: text, name: text, gone: flag }, ['user'])),
  }),
});
