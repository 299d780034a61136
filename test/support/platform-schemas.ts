import type { AttendeeType, EventKey, Platform } from '../../src/model/platform.ts';
import { type ProviderId, platforms, providerIds } from '../../src/platforms/index.ts';

/** The parts of the schemas that follow from the platforms' rows. Everything else of a schema is written by hand. */

type Json = { [key: string]: unknown };

const types: readonly AttendeeType[] = ['user', 'chat', 'room', 'email', 'group'];
const keys: readonly EventKey[] = ['meetingChat', 'admin', 'roomContact', 'internalDomains'];

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function forbidden(names: readonly string[], why: string): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/$defs/${why}` }]));
}

/** What manifests of a platform may not say, and what they have to. */
function consequence(id: ProviderId, { event }: Platform): Json {
  const kinds = types.filter((type) => !event.attendees.includes(type));
  const entry = forbidden(kinds, `${id}Attendees`);
  // Where nobody is listed as a user, a rule that ignores users would keep nobody.
  const rules = event.people === 'user' ? {} : { type: { enum: ['room', 'email'] } };
  const ignored = { items: { properties: { ...rules, ...entry } } };
  const required = [
    ...(event.calendarId === 'required' ? ['calendarId'] : []),
    ...(event.organizer === 'required' ? ['organizer'] : []),
  ];
  const without = [
    ...(event.calendarId === 'none' ? ['calendarId'] : []),
    ...(event.organizer === 'none' ? ['organizer'] : []),
    ...(event.userIds.length === 0 ? ['userIdType'] : []),
    ...keys.filter((key) => !event.keys.includes(key)),
  ];
  const properties = {
    ...forbidden(without, `${id}Keys`),
    ...(kinds.length === 0 ? {} : { attendees: { items: { properties: entry } }, ignore: ignored }),
  };
  return { ...(required.length === 0 ? {} : { required }), properties };
}

/** Why something is forbidden. Words that are there already are kept: they may say more than a row does. */
function reason(defs: Json, name: string, rule: string): [string, unknown] {
  const error = { code: 'not-allowed', rule, hint: 'leave it out' };
  return [name, defs[name] ?? { not: {}, 'x-error': error }];
}

/** One condition for all platforms whose manifests may say the same, by the name of the first, and its reasons. */
function conditions(defs: Json): { readonly of: readonly string[]; readonly defs: Json } {
  const made: [string, unknown][] = [];
  const of: string[] = [];
  for (const id of providerIds) {
    const same = providerIds.filter((other) => platforms[other].event === platforms[id].event);
    const [first = id] = same;
    if (first !== id) continue;
    const titles = same.map((one) => platforms[one].title).join(' and ');
    const then = consequence(id, platforms[id]);
    const provider = same.length === 1 ? { const: id } : { enum: same };
    of.push(id);
    // `then` is a key of JSON Schema, and no promise.
    // oxlint-disable-next-line unicorn/no-thenable
    made.push([id, { if: { properties: { provider }, required: ['provider'] }, then }]);
    const text = JSON.stringify(then);
    if (text.includes(`${id}Keys`)) made.push(reason(defs, `${id}Keys`, `does not apply to ${titles}`));
    if (text.includes(`${id}Attendees`)) {
      made.push(reason(defs, `${id}Attendees`, `cannot be on an event of ${titles}`));
    }
  }
  return { of, defs: Object.fromEntries(made) };
}

function isPlatformName(value: unknown): boolean {
  return providerIds.some((id) => id === value);
}

/** Lists of platform names, wherever they stand, and an account for each. */
function withNames(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    return key === 'enum' && value.some(isPlatformName) ? providerIds : value.map((one) => withNames(one));
  }
  if (!isJson(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withNames(one, name)]));
  if (key !== 'accounts' || !isJson(copy['properties'])) return copy;
  const account = Object.values(copy['properties'])[0];
  return { ...copy, properties: Object.fromEntries(providerIds.map((id) => [id, account])) };
}

function withConditions(schema: Json): Json {
  const { properties, $defs } = schema;
  if (!isJson(properties) || !isJson($defs) || !isJson(properties['spec'])) throw new TypeError('no schema');
  const made = conditions($defs);
  const spec = properties['spec'];
  const others = Array.isArray(spec['allOf']) ? spec['allOf'] : [];
  const isMade = (ref: unknown): boolean => providerIds.some((id) => ref === `#/$defs/${id}`);
  const rest = others.filter((one) => !isJson(one) || !isMade(one['$ref']));
  const allOf = [...made.of.map((id) => ({ $ref: `#/$defs/${id}` })), ...rest];
  const own = (name: string): boolean => isPlatformName(name.replace(/(Keys|Attendees)$/, ''));
  const defs = Object.fromEntries(Object.entries($defs).filter(([name]) => !own(name)));
  return {
    ...schema,
    properties: { ...properties, spec: { ...spec, allOf } },
    $defs: { ...defs, ...made.defs },
  };
}

function withPeople(schema: Json): Json {
  const { $defs } = schema;
  const person = isJson($defs) ? $defs['person'] : undefined;
  if (!isJson($defs) || !isJson(person) || !isJson(person['properties'])) throw new TypeError('no schema');
  const kept = Object.entries(person['properties']).filter(([name]) => !isPlatformName(name));
  const { properties: now } = person;
  // Which of a platform's ids it is may be said by hand, and how one looks is.
  const written = (id: ProviderId): Json => (isJson(now[id]) ? now[id] : {});
  const own = providerIds.map((id) => {
    const { title, event } = platforms[id];
    return event.userIds.length === 0
      ? [id, { description: `The id on ${title}.`, ...written(id), $ref: '#/$defs/id' }]
      : [id, { $ref: '#/$defs/ids', description: `The ids on ${title}: one id, or ids by kind.` }];
  });
  const properties = Object.fromEntries([...kept, ...own]);
  return { ...schema, $defs: { ...$defs, person: { ...person, properties } } };
}

/** A schema with what the rows say put in. */
export function withPlatforms(kind: string, schema: unknown): unknown {
  const named = withNames(schema);
  if (!isJson(named)) throw new TypeError('no schema');
  // The names in conditions are those of some platforms alone, so they come last.
  if (kind === 'event') return withConditions(named);
  return kind === 'directory' ? withPeople(named) : named;
}
