import { createHash, hash } from 'node:crypto';
import type { DesiredAttendee, Identity } from '../model/attendee.ts';
import type { DesiredEvent } from '../model/event.ts';
import { lockPlace } from '../model/lock.ts';
import { compareCodePoints, sortedByCodePoint } from '../model/order.ts';
import type { Plan } from '../model/plan.ts';

/**
 * JSON in the one form of RFC 8785: no white space, keys sorted by UTF-16 code units, numbers and strings as
 * ECMAScript writes them. Members that are `undefined` are left out, as in `JSON.stringify`.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (value instanceof Canonical) return value.text;
  // A list of texts is the same either way, and long ones take a fraction of the time.
  if (isTexts(value)) return JSON.stringify(value);
  // Piece by piece, because lists of the pieces would take longer than all else.
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === '' ? '[' : ','}${canonicalJson(item)}`;
    return `${text}]`;
  }
  for (const [key, member] of membersInOrder(value)) {
    text += `${text === '' ? '{' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

/** A part that is canonical JSON already. */
class Canonical {
  readonly text: string;

  constructor(part: unknown) {
    this.text = canonicalJson(part);
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function* membersInOrder(value: object): Generator<[string, unknown]> {
  const members: Readonly<Record<string, unknown>> = { ...value };
  for (const key of Object.keys(members).sort()) {
    if (members[key] !== undefined) yield [key, members[key]];
  }
}

/** {@link canonicalJson} of a list, one item at a time: lists of thousands of events make no text of their length. */
function* canonicalList(items: Iterable<unknown>): Generator<string> {
  let before = '[';
  for (const item of items) {
    yield `${before}${canonicalJson(item ?? null)}`;
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

/** The same of an object that has members, its lists one item at a time. */
function* canonicalObject(value: object): Generator<string> {
  let before = '{';
  for (const [key, member] of membersInOrder(value)) {
    yield `${before}${JSON.stringify(key)}:`;
    if (Array.isArray(member)) yield* canonicalList(member);
    else yield canonicalJson(member);
    before = ',';
  }
  yield '}';
}

function sha256(parts: Iterable<string>): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return `sha256:${sum.digest('hex')}`;
}

/**
 * The digest that a plan carries: over everything in it but the digest itself. It finds accidents; it is not a
 * signature.
 */
export function planDigest(plan: Omit<Plan, 'digest'>): string {
  return sha256(canonicalObject({ ...plan, digest: undefined }));
}

/** `sha256:` over the sorted lines `type:id:optional` of everybody who is live. */
export function fingerprintOf(
  live: Iterable<{ readonly identity: Identity; readonly optional: boolean }>,
): string {
  const lines: string[] = [];
  for (const { identity, optional } of live) lines.push(`${identity}:${optional}`);
  return sha256([sortedByCodePoint(lines).join('\n')]);
}

const memberBytes = 8;

/**
 * The first 8 bytes of SHA-256 over an identity, a character a byte: such texts are made, kept and sorted in half the time
 * that numbers take.
 */
export function memberOf(identity: Identity): string {
  return hash('sha256', identity, 'binary').slice(0, memberBytes);
}

/** Base64 of the sorted {@link memberOf} of each identity: who was there, small enough to be saved. */
export function membersOf(identities: Iterable<Identity>, member: typeof memberOf = memberOf): string {
  const members: string[] = [];
  for (const identity of identities) members.push(member(identity));
  return Buffer.from(members.sort().join(''), 'latin1').toString('base64');
}

/** How many identities {@link membersOf} was given. */
export function membersIn(members: string): number {
  return Buffer.from(members, 'base64').length / memberBytes;
}

/** Tells whether an identity was among those that {@link membersOf} was given. */
export function memberTest(members: string): (identity: Identity) => boolean {
  const bytes = Buffer.from(members, 'base64').toString('latin1');
  const known = new Set<string>();
  for (let start = 0; start + memberBytes <= bytes.length; start += memberBytes) {
    known.add(bytes.slice(start, start + memberBytes));
  }
  return (identity) => known.has(memberOf(identity));
}

/** `sha256:` over the sorted ids of everybody in a source. */
export function membershipDigest(members: readonly { readonly id: string }[]): string {
  return sha256([canonicalJson(sortedByCodePoint(members.map(({ id }) => id)))]);
}

/** Of whom an event wants whose rosters were expanded: null where that is not known. */
export function expandedDigest({ unknown, attendees, ignore }: DesiredEvent): string | null {
  if (unknown !== undefined) return null;
  const texts = attendees === null ? null : wantedTexts(attendees);
  return sha256([canonicalJson([texts, ignoredTexts(ignore)])]);
}

/**
 * `sha256:` over what the events want: identities, flags, policies, guards. Comments, labels, file names and display
 * names have no part in it, so moving a manifest or changing another event leaves it as it is.
 *
 * @param expandedOf what stands for whom an event wants that is expanded from the organisation
 */
export function manifestDigest(
  events: readonly DesiredEvent[],
  expandedOf: (event: DesiredEvent) => string | null = expandedDigest,
): string {
  return sha256(canonicalList(wants(events, expandedOf)));
}

/** What an event says before it is expanded: another text where its manifest or its rosters say something else. */
export function unexpandedShape({ shape = '', attendees, ignore, unwanted }: DesiredEvent): string {
  const named = sortedByCodePoint([...unwanted.keys()]);
  const texts = attendees === null ? null : wantedTexts(attendees);
  return canonicalJson([shape, texts, ignoredTexts(ignore), named]);
}

function* wants(
  events: readonly DesiredEvent[],
  expandedOf: (event: DesiredEvent) => string | null,
): Generator {
  // Events that want one roster share its list.
  let list: DesiredEvent['attendees'] = null;
  let attendees = new Canonical(null);
  for (const event of [...events].sort((a, b) => compareCodePoints(a.name, b.name))) {
    if (event.attendees !== list) {
      list = event.attendees;
      attendees = new Canonical(list === null ? null : wantedTexts(list));
    }
    yield event.sources === undefined
      ? wantsOf(event, attendees)
      : { ...wantsOf({ ...event, ignore: [] }, new Canonical(null)), expanded: expandedOf(event) };
  }
}

function wantedTexts(attendees: readonly DesiredAttendee[]): readonly string[] {
  return sortedByCodePoint(attendees.map(({ type, id, optional }) => `${type}:${id}:${optional}`));
}

function ignoredTexts(ignore: DesiredEvent['ignore']): readonly string[] {
  return sortedByCodePoint(ignore.map((rule) => ('id' in rule ? `${rule.type}:${rule.id}` : rule.type)));
}

function wantsOf(event: DesiredEvent, attendees: Canonical): object {
  const { name, ref, state, sync, notify, external, optionalDrift, guards, ignore } = event;
  return {
    name,
    ref,
    state,
    sync,
    notify,
    external,
    optionalDrift,
    guards,
    ignore: ignoredTexts(ignore),
    attendees,
    unbindChat: event.unbindChat?.chatId ?? null,
    // Where nothing is said of them the digest is as it was before they could be followed.
    exceptions: event.exceptions === 'leave' ? undefined : event.exceptions,
    // Only where it is not the default: manifests that say nothing of it have the digest that they always had.
    ...(event.leavers === 'remove' ? { leavers: event.leavers } : {}),
  };
}

/**
 * `sha256:` over the lines of the lock that the events rest on: whose id is taken to be what, and how it was found. When
 * that was has no part in it. Absent where they rest on none.
 */
export function lockedIn(
  events: readonly Pick<DesiredEvent, 'locked'>[],
): { readonly digest: string } | undefined {
  const lines = new Map<string, readonly string[]>();
  // Events that want one roster share its lines.
  for (const locked of new Set(events.map((event) => event.locked))) {
    for (const line of locked ?? []) {
      lines.set(lockPlace(line), [line.person, line.provider, line.idType, line.id, line.by, line.value]);
    }
  }
  if (lines.size === 0) return undefined;
  const inOrder = [...lines].sort(([one], [other]) => compareCodePoints(one, other));
  return { digest: sha256(canonicalList(inOrder.map(([, line]) => line))) };
}

/** A short name for one request, from everything that makes it that request: 32 hexadecimal digits. */
export function requestKey(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
