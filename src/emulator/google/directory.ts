import { switchOf } from '../body.ts';
import { param, type Answer, type Call, type Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import { actingOf } from './access.ts';
import { found, GoogleRefusal } from './answer.ts';
import { pageOf } from './events.ts';
import { domainOf, folded, isRoom, profileId, type GoogleUser } from './people.ts';
import { googlePart } from './tenant.ts';
import { googleOf } from './world.ts';
import { given } from '../../model/given.ts';

/** The Directory API, for which a caller has to be an administrator. */
function admitted(caller: Caller, context: Context): void {
  const { subject } = actingOf(caller, context);
  const { admins } = googlePart(context.world.tenant);
  if (subject === null || admins === undefined || admins.some((one) => folded(one) === subject)) return;
  throw new GoogleRefusal('forbidden', 'Not Authorized to access this resource/api');
}

/** Somebody by any address, or by the id. https://developers.google.com/workspace/admin/directory/reference/rest/v1/users/get */
export function getUser(call: Call, context: Context, caller: Caller): Answer {
  admitted(caller, context);
  const { people } = googleOf(context.world);
  const key = param(call, 'userKey');
  const user = people.user(key) ?? people.all().find(({ email }) => profileId(email) === key);
  if (user === undefined || isHidden(user, context)) throw missing('userKey');
  return found(call, userView(user, context));
}

/**
 * A page of 1 to 500 users, 100 unless asked for otherwise.
 * https://developers.google.com/workspace/admin/directory/reference/rest/v1/users/list
 */
export function listUsers(call: Call, context: Context, caller: Caller): Answer {
  admitted(caller, context);
  const { query } = call;
  const domain = query.get('domain') ?? '';
  if (domain === '' && (query.get('customer') ?? '') === '') throw new GoogleRefusal('badRequest');
  const clauses = clausesOf(query.get('query') ?? '');
  const all = googleOf(context.world)
    .people.all()
    .filter((user) => domain === '' || domainOf(user.email) === folded(domain))
    .filter((user) => !isHidden(user, context))
    .filter((user) => clauses.every((clause) => holds(clause, user, context)));
  const { rows, next } = pageOf(all, { usual: 100, most: 500 }, call, context);
  return found(call, {
    kind: 'admin#directory#users',
    etag: '"1"',
    ...(rows.length === 0 ? {} : { users: rows.map((user) => userView(user, context)) }),
    ...given({ nextPageToken: next }),
  });
}

/** https://developers.google.com/workspace/admin/directory/reference/rest/v1/groups/get */
export function getGroup(call: Call, context: Context, caller: Caller): Answer {
  admitted(caller, context);
  const group = googleOf(context.world).people.group(param(call, 'groupKey'));
  if (group === undefined) throw missing('groupKey');
  const { email, name = email, members = [] } = group;
  return found(call, {
    kind: 'admin#directory#group',
    id: profileId(email),
    etag: '"1"',
    email,
    name,
    directMembersCount: String(members.length),
  });
}

/**
 * A page of 1 to 200 members, as many unless asked for otherwise; with `includeDerivedMembership` those of groups inside
 * as well, and these groups. https://developers.google.com/workspace/admin/directory/reference/rest/v1/members/list
 */
export function listMembers(call: Call, context: Context, caller: Caller): Answer {
  admitted(caller, context);
  const { people } = googleOf(context.world);
  const key = param(call, 'groupKey');
  const group = people.group(key);
  if (group === undefined) throw missing('groupKey');
  const all = switchOf(call.query, 'includeDerivedMembership', false)
    ? people.members(key)
    : (group.members ?? []);
  const { rows, next } = pageOf(all, { usual: 200, most: 200 }, call, context);
  return found(call, {
    kind: 'admin#directory#members',
    etag: '"1"',
    ...(rows.length === 0
      ? {}
      : {
          members: rows.map((email) => ({
            kind: 'admin#directory#member',
            etag: '"1"',
            id: profileId(people.resolve(email)),
            email,
            role: 'MEMBER',
            type: people.group(email) === undefined ? 'USER' : 'GROUP',
            status:
              people.user(email)?.goneFrom === undefined || !hasLeft(email, context) ? 'ACTIVE' : 'SUSPENDED',
          })),
        }),
    ...given({ nextPageToken: next }),
  });
}

/** https://developers.google.com/workspace/admin/directory/reference/rest/v1/resources.calendars/list */
export function listRooms(call: Call, context: Context, caller: Caller): Answer {
  admitted(caller, context);
  const { rooms = [], calendars = [] } = googlePart(context.world.tenant);
  const invited = calendars
    .flatMap(({ events = [] }) => events.flatMap(({ attendees = [] }) => attendees))
    .filter(({ email, resource }) => resource === true || isRoom(email));
  const named = new Map(
    [...invited, ...rooms].map(({ email, name = email }) => [folded(email), { email, name }]),
  );
  const { rows, next } = pageOf([...named.values()], { usual: 100, most: 500 }, call, context);
  return found(call, {
    kind: 'admin#directory#resources#calendars#calendarResourcesList',
    etag: '"1"',
    items: rows.map(({ email, name }) => ({
      kind: 'admin#directory#resources#calendars#CalendarResource',
      resourceId: profileId(email),
      resourceName: name,
      resourceEmail: email,
      resourceCategory: 'CONFERENCE_ROOM',
    })),
    ...given({ nextPageToken: next }),
  });
}

function missing(what: string): GoogleRefusal {
  return new GoogleRefusal('notFound', `Resource Not Found: ${what}`);
}

function hasLeft(address: string, { world, now }: Context): boolean {
  const gone = googleOf(world).people.user(address)?.goneFrom ?? null;
  return gone !== null && now >= gone;
}

function isHidden({ email }: GoogleUser, context: Context): boolean {
  return context.behaviour.leftUser === 'absent' && hasLeft(email, context);
}

function userView(user: GoogleUser, context: Context): object {
  const { people } = googleOf(context.world);
  const { email, name, employeeNo, mobile } = user;
  const aliases = people.aliasesOf(email);
  const fullName = name ?? email.slice(0, email.indexOf('@'));
  const [givenName = '', ...family] = fullName.split(' ');
  return {
    kind: 'admin#directory#user',
    id: profileId(email),
    etag: '"1"',
    primaryEmail: email,
    name: { givenName, familyName: family.join(' '), fullName },
    suspended: hasLeft(email, context),
    archived: false,
    isMailboxSetup: true,
    emails: [{ address: email, primary: true }, ...aliases.map((address) => ({ address }))],
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(employeeNo === null ? {} : { externalIds: [{ type: 'organization', value: employeeNo }] }),
    ...(mobile === null ? {} : { phones: [{ type: 'mobile', value: mobile }] }),
    orgUnitPath: '/',
  };
}

/** A condition on users: `email:li*`, `name:'Li Si'`, `isSuspended=false`, or a word. */
interface Clause {
  readonly field: string;
  readonly value: string;
  /** The value is how it begins. */
  readonly prefix: boolean;
}

/** https://developers.google.com/workspace/admin/directory/v1/guides/search-users */
function clausesOf(query: string): readonly Clause[] {
  const found = query.matchAll(/(?:(\w+)([:=]))?(?:'([^']*)'|(\S+?))(\*?)(?=\s|$)/g);
  return [...found].map(([, field = '', , quoted, bare = '', star]) => ({
    field,
    value: folded(quoted ?? bare),
    prefix: star === '*',
  }));
}

function holds({ field, value, prefix }: Clause, user: GoogleUser, context: Context): boolean {
  const { people } = googleOf(context.world);
  const texts: readonly string[] = [user.name ?? '', user.email, ...people.aliasesOf(user.email)].map(folded);
  const [name = '', ...addresses] = texts;
  const fits = (text: string): boolean => (prefix ? text.startsWith(value) : text === value);
  switch (field) {
    case 'isSuspended':
      return String(hasLeft(user.email, context)) === value;
    case 'email':
      return addresses.some(fits);
    case 'externalId':
      return folded(user.employeeNo ?? '') === value;
    case 'phone':
      return user.mobile === value;
    case 'name':
    case 'givenName':
    case 'familyName':
      return [name, ...name.split(' ')].some(fits) || name.includes(value);
    case '':
      return texts.some((text) => text.includes(value));
    default:
      throw new GoogleRefusal('invalid', 'Invalid Input: query', { parameter: 'query' });
  }
}
