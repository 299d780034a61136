import { addressOf, type Attendee } from '../model/attendee.ts';
import type { AttendeeType, UserIdType } from '../model/platform.ts';
import { plain, quoted, type Said, say, who } from '../model/say.ts';
import { platforms, type ProviderId } from '../platforms/index.ts';

/** Which ids an event needs. `userIdType` is null where its platform knows one kind of user id. */
export interface IdKind {
  readonly provider: ProviderId;
  readonly userIdType: UserIdType | null;
}

/** Which ids an event needs that names this kind, or none: the platform's first then. */
export function idKindFor(provider: ProviderId, userIdType: UserIdType | undefined): IdKind {
  const [first] = platforms[provider].event.userIds;
  return { provider, userIdType: first === undefined ? null : (userIdType ?? first.type) };
}

/** What the platform calls a kind of id: the kinds of `rollcall.lock`. */
export function idTypeOf({ provider, userIdType }: IdKind): string {
  return userIdType ?? platforms[provider].event.onlyUserId ?? 'id';
}

/** What a platform calls its kinds of user id. */
export function idTypesOf(provider: ProviderId): string[] {
  const { userIds } = platforms[provider].event;
  return userIds.length === 0 ? [idTypeOf({ provider, userIdType: null })] : userIds.map(({ type }) => type);
}

/** The kind of id that a platform calls so. */
export function kindOf(provider: ProviderId, idType: string): IdKind | undefined {
  const { userIds } = platforms[provider].event;
  if (userIds.length === 0)
    return idTypesOf(provider).includes(idType) ? { provider, userIdType: null } : undefined;
  const found = userIds.find(({ type }) => type === idType);
  return found === undefined ? undefined : { provider, userIdType: found.type };
}

/** Somebody by the id that a Directory, a source or the lock has of them, as an attendee. */
export function personAs({ provider }: Pick<IdKind, 'provider'>, id: string): Attendee {
  const { people } = platforms[provider].event;
  return { type: people, id: people === 'email' ? addressOf(id) : id };
}

/** What an id shows itself to be by the way it begins. */
interface Shape {
  readonly prefix: string;
  readonly type: AttendeeType;
  /** Of users: which of their ids. */
  readonly kind?: UserIdType;
  /** The platform that writes ids in this way. */
  readonly title: string;
}

/** Every beginning to which a platform gives a meaning; the first platform stands for those that share it. */
const shapes: readonly Shape[] = Object.values(platforms).flatMap(({ title, event }) => [
  ...event.userIds.flatMap(({ type: kind, prefix }) =>
    prefix === null ? [] : [{ prefix, type: 'user' as const, kind, title }],
  ),
  ...event.attendees.flatMap((type) => {
    const prefix = event.prefixes[type];
    return prefix === undefined ? [] : [{ prefix, type, title }];
  }),
]);

const typeNames: Readonly<Record<AttendeeType, string>> = {
  user: 'a user id',
  chat: 'a chat id',
  room: 'a room id',
  email: 'an e-mail address',
  group: 'the address of a group',
};

/** The kind of user id that an id shows to be on its platform; where it shows nothing, the kind without a prefix. */
export function userIdTypeOf(provider: ProviderId, id: string): UserIdType | undefined {
  const { userIds } = platforms[provider].event;
  const shown = userIds.find(({ prefix }) => prefix !== null && id.startsWith(prefix));
  return (shown ?? userIds.find(({ prefix }) => prefix === null))?.type;
}

/** What an id shows to be an id of, by the way it begins. */
export function typeShown(id: string): AttendeeType | undefined {
  return shapes.find(({ prefix }) => id.startsWith(prefix))?.type;
}

/** Why an id cannot be what it stands for. */
export interface IdFault {
  readonly severity: 'error' | 'warning';
  readonly code: 'foreign-id-type' | 'wrong-id';
  readonly message: Said;
  readonly hint: Said;
}

/**
 * What is wrong with the id of an attendee of this type, as far as its writing shows. Where user ids have no prefix of
 * their own, one of another kind, or an address, is a warning alone: the tenant may well have such ids, and for users
 * of another tenant Feishu answers an open_id or union_id whatever was asked for.
 */
export function idFault(type: AttendeeType, id: string, { provider, userIdType }: IdKind): IdFault | null {
  const { event } = platforms[provider];
  if (event.people === 'email') return addressFault(type, id, provider);
  if (type === 'email') return null;
  const shape = shapes.find(({ prefix }) => id.startsWith(prefix));
  const own = event.userIds.find((kind) => kind.type === userIdType);
  const severity = type === 'user' && own?.prefix === null ? 'warning' : 'error';
  if (shape === undefined) {
    return /^[^@]+@[^@]+$/.test(id) ? { severity, ...otherType(type, 'email', id, provider) } : null;
  }
  if (shape.type !== type) return { severity: 'error', ...otherType(type, shape.type, id, provider) };
  if (shape.kind === undefined || shape.kind === userIdType) return null;
  return { severity, ...otherKind(id, shape, provider, userIdType) };
}

/** Where everybody is known by an address, only rooms show what they are. */
function addressFault(type: AttendeeType, id: string, provider: ProviderId): IdFault | null {
  if (!/^[^@]+@[^@]+$/.test(id)) {
    const message = say`${quoted(type, id)} is not an address, but ${plain(platforms[provider].title)} identifies everybody by address`;
    return { severity: 'error', code: 'wrong-id', message, hint: say`write it as somebody@example.com` };
  }
  const { room } = platforms[provider].event.endings ?? {};
  const isRoom = room !== undefined && addressOf(id).endsWith(room);
  if (isRoom && type !== 'room') return { severity: 'error', ...otherType(type, 'room', id, provider) };
  return !isRoom && room !== undefined && type === 'room'
    ? { severity: 'error', ...otherType(type, 'email', id, provider) }
    : null;
}

type Words = Omit<IdFault, 'severity'>;

function otherType(type: AttendeeType, shown: AttendeeType, id: string, provider: ProviderId): Words {
  const message = say`${quoted(type, id)} is ${plain(typeNames[shown])}, not ${plain(typeNames[type])}`;
  const taken = platforms[provider].event.attendees.includes(shown);
  if (taken) return { code: 'wrong-id', message, hint: say`write \`${plain(shown)}: ${who(type, id)}\`` };
  const other = notTaken(shown, provider);
  return { code: 'wrong-id', message, hint: say`${other.message}; ${other.hint}` };
}

function otherKind(id: string, shape: Shape, provider: ProviderId, used: UserIdType | null): Words {
  const { title, event } = platforms[provider];
  const kind = shape.kind ?? 'id';
  const code = 'foreign-id-type';
  if (used === null) {
    const message = say`${quoted('user', id)} is a ${plain(shape.title)} ${plain(kind)}, but this event is on ${plain(title)}`;
    return { code, message, hint: say`give the id that this person has on ${plain(title)}` };
  }
  const message = say`${quoted('user', id)} has the prefix of ${withArticle(kind)}, but the event uses ${plain(used)}`;
  const hint =
    event.userIds.find(({ type }) => type === used)?.prefix === null
      ? say`it can match only a user from another tenant; for others give the ${plain(used)}`
      : say`give the ${plain(used)}, or write \`userIdType: ${plain(kind)}\``;
  return { code, message, hint };
}

/** `an open_id`, `a union_id`. */
export function withArticle(kind: string): Said {
  return plain(/^[aeio]/.test(kind) ? `an ${kind}` : `a ${kind}`);
}

/** The kind of id as messages name it. */
export function kindText({ provider, userIdType }: IdKind): Said {
  return plain(`${platforms[provider].title} ${userIdType ?? 'id'}`);
}

const plurals: Readonly<Record<AttendeeType, string>> = {
  user: 'people',
  chat: 'chats',
  room: 'rooms',
  email: 'addresses',
  group: 'groups',
};

/** Says that a platform's events take no attendees of a type, and what to do instead. */
export function notTaken(
  type: AttendeeType,
  provider: ProviderId,
): { readonly message: Said; readonly hint: Said } {
  const { title, event } = platforms[provider];
  const message = plain(`${title} events take ${event.attendees.map((one) => plurals[one]).join(', ')} only`);
  switch (type) {
    case 'chat':
      return { message, hint: say`list the members of this chat as users or in a Roster` };
    case 'room':
      return { message, hint: say`book the room on ${plain(title)} itself` };
    case 'group':
      return { message, hint: say`list its members in a Roster` };
    case 'user':
    case 'email':
      return { message, hint: say`give the id that this person has on ${plain(title)}` };
  }
}
