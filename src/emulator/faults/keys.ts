import { durationSchema, filled, filledIn, helpEntry, sentence, wrapped } from '../behaviour.ts';
import { apiNames, emulated } from '../platforms.ts';
import { attendeeSchema, text } from '../tenant-parts.ts';
import type { Happening, Matching } from './rule.ts';

/** A key of a faults file: its JSON Schema, how its value is written, and what it does. */
export interface Key {
  readonly schema: object;
  readonly usage: string;
  readonly help: string;
}

/** What examples are of. */
const [{ id: example }] = emulated;
const positive = { type: 'integer', minimum: 1 };

/** The keys that say which calls a rule hits. */
export const matchingKeys: Readonly<Record<keyof Matching, Key>> = {
  api: {
    schema: { anyOf: [text, { type: 'array', items: text, minItems: 1 }] },
    usage: 'NAME, or a list of names',
    help: `the API; * stands for any text: ${example}.attendees.*, *.list`,
  },
  method: {
    schema: { enum: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] },
    usage: 'GET | POST | PATCH | PUT | DELETE',
    help: 'the HTTP method',
  },
  path: {
    schema: text,
    usage: 'PATH',
    help: 'the path as it is sent, without the query; * stands for any text: */events/weekly_0/*',
  },
  event: { schema: text, usage: 'ID', help: 'the id of the event that the path names' },
  calls: {
    schema: { type: ['integer', 'string'], minimum: 1, pattern: '^[1-9][0-9]{0,8}(-([1-9][0-9]{0,8})?)?$' },
    usage: 'N | FROM-TO | FROM-',
    help: 'which of the calls that fit the keys above, counted from 1 for each rule by itself',
  },
  every: { schema: positive, usage: 'N', help: 'every Nth of the calls that fit' },
  chance: {
    schema: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
    usage: '0.1',
    help: 'this part of the calls that fit, drawn from `seed:`: the same seed hits the same ones',
  },
};

const choice = (help: string, ...values: readonly [string, ...string[]]): Key => ({
  schema: { enum: values, default: values[0] },
  usage: values.join(' | '),
  help,
});
const when = choice('whether that is before or after the call took effect', 'before', 'after');
const errorKeys = {
  status: { schema: { type: 'integer', minimum: 400, maximum: 599 }, usage: '502', help: 'the HTTP status' },
  body: choice(
    'what the answer is: a page, an internal error of the platform, or empty',
    'html',
    'json',
    'nothing',
  ),
  retryAfter: { schema: { type: 'integer', minimum: 0 }, usage: 'SECONDS', help: 'the header Retry-After' },
};
const rateCodes = emulated.flatMap(({ faults }) => faults.rateCodes);

/** A kind of fault: its keys, and what it does. */
export interface Kind {
  readonly keys: Readonly<Record<string, Key>>;
  readonly required?: readonly string[];
  readonly help: string;
}

/** What may happen to a call; of values that are listed the first is the default. */
export const kinds: Readonly<Record<Happening['fault'], Kind>> = {
  reset: { keys: { when }, help: 'the connection is cut, before or after the call took effect' },
  hang: { keys: { when }, help: 'no answer ever, before or after the call took effect' },
  drip: {
    keys: {
      bytes: { schema: positive, usage: '1', help: 'how many bytes at a time' },
      pause: { schema: durationSchema, usage: '100ms', help: 'how long before each' },
    },
    help: 'the usual answer, this many bytes at a time with a pause before each',
  },
  error: {
    keys: { ...errorKeys, when },
    help: 'an HTTP error from 400 to 599, with an HTML page, with an internal error of the platform as JSON, or with nothing; `retryAfter` adds the header Retry-After',
  },
  'rate-limit': {
    keys: {
      code: { schema: { enum: rateCodes }, usage: rateCodes.join(' | '), help: 'the code of the refusal' },
      reset: {
        schema: { type: 'integer', minimum: 0 },
        usage: 'SECONDS',
        help: 'when calls are accepted again, as the answer says',
      },
    },
    help: filled(
      "a refusal for too many calls: {tooMany}. A rule with a `code` hits that platform's calls alone",
    ),
  },
  'expired-token': {
    keys: {},
    help: 'every access token handed out so far expires, and this call is answered accordingly',
  },
  'expired-page-token': {
    keys: {},
    help: 'the page token is answered as expired; hits calls that carry one',
  },
  stale: {
    keys: { for: { schema: durationSchema, usage: 'DURATION', help: 'for how long' } },
    required: ['for'],
    help: 'for this long, the event reads as it did right before this call, whatever is written; hits calls that name an event',
  },
  'moving-rows': {
    keys: { row: choice('what happens to the row between two pages', 'twice', 'lost') },
    help: 'the rows move by one between two pages: the last row of a page comes again on the next, or one comes on neither; hits calls that carry a page token',
  },
  others: {
    keys: {
      add: {
        schema: { type: 'array', items: attendeeSchema },
        usage: '[{ user: ID }]',
        help: 'whom somebody else adds, as attendees in the tenant file',
      },
      remove: {
        schema: { type: 'array', items: text },
        usage: '[ID]',
        help: 'whom somebody else removes, by their ids',
      },
      when,
    },
    help: filled(
      'someone else adds and removes attendees of the event, right before or after the call took effect; `add` as in the tenant file{othersAdd}, and people already there answer as `rsvp` says; hits calls that name an event',
    ),
  },
  'half-done': {
    keys: { end: choice('how the call ends then', 'reset', 'error'), ...errorKeys },
    help: 'the first half of a batch is added or removed, then the connection is cut or an error answered; hits batches of two and more',
  },
};

const schemasOf = (keys: Readonly<Record<string, Key>>): object =>
  Object.fromEntries(
    Object.entries(keys).map(([name, { schema, help }]) => [
      name,
      { description: sentence(help), ...schema },
    ]),
  );

/** Keys whose values are held against their schemas elsewhere. */
const anyOf = (keys: Readonly<Record<string, Key>>): object =>
  Object.fromEntries(Object.keys(keys).map((name) => [name, true]));

const branch = ([name, { keys, help, required = [] }]: [string, Kind]): object => ({
  additionalProperties: false,
  properties: {
    ...anyOf(matchingKeys),
    fault: { const: name, description: sentence(help) },
    ...schemasOf(keys),
  },
  required: ['fault', ...required],
});

/** The JSON Schema of a faults file. */
export const faultsSchema: object = filledIn({
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://rollcall.dev/schemas/faults.schema.json',
  description: 'What goes wrong on the embedded platform, and when.',
  type: 'object',
  additionalProperties: false,
  properties: {
    seed: {
      description: 'What `chance` is drawn from: the same seed hits the same calls.',
      type: 'integer',
      minimum: 0,
      default: 0,
      examples: [1],
    },
    faults: {
      description: 'Rules: the first that hits a call decides what happens to it.',
      examples: [[{ fault: 'reset', when: 'after', api: '*.delete', calls: 1 }]],
      type: 'array',
      items: {
        type: 'object',
        properties: {
          fault: { description: 'What happens.', enum: Object.keys(kinds) },
          ...schemasOf(matchingKeys),
        },
        required: ['fault'],
        discriminator: { propertyName: 'fault' },
        oneOf: Object.entries(kinds).map(branch),
      },
    },
  },
});

/** The faults file for `rollcall emulator --help`: which calls a rule hits, and what may happen to them. */
export function faultsHelp(): string {
  const conditions = Object.entries(matchingKeys).flatMap(([name, { usage, help }]) =>
    helpEntry(`${name}: ${usage}`, help),
  );
  const happenings = Object.entries(kinds).flatMap(([name, { keys, help }]) => [
    `  fault: ${name}`,
    ...Object.entries(keys).flatMap(([key, { usage }]) => wrapped(`${key}: ${usage}`, '    ', '      ')),
    ...helpEntry('', help).slice(1),
  ]);
  return [
    'Faults, in the file of --faults: `seed: N`, and under `faults:` a list of rules. The first rule that',
    'hits a call decides. A rule hits the calls for which all of these hold; without any, every call:',
    ...conditions,
    ...helpEntry('The APIs:', apiNames.join(', ')),
    'Like this:',
    '  seed: 1',
    '  faults:',
    `    - { fault: reset, when: after, api: ${example}.attendees.delete, calls: 1 }`,
    '    - { fault: error, body: html, api: "*.list", chance: 0.1 }',
    'What happens then (the first value is the default):',
    ...happenings,
  ].join('\n');
}
