import { createHash } from 'node:crypto';
import type { Identity } from '../model/attendee.ts';
import type { DesiredEvent } from '../model/event.ts';
import { compareCodePoints } from '../model/order.ts';
import type { Plan } from '../model/plan.ts';

/**
 * JSON in the one form of RFC 8785: no white space, keys sorted by UTF-16 code units, numbers and strings as
 * ECMAScript writes them. Members that are `undefined` are left out, as in `JSON.stringify`.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** The digest that a plan carries: over everything in it but the digest itself. It finds accidents; it is no signature. */
export function planDigest(plan: Omit<Plan, 'digest'>): string {
  return sha256(canonicalJson({ ...plan, digest: undefined }));
}

/** `sha256:` over the sorted lines `type:id:optional` of everybody who is live. */
export function fingerprintOf(
  live: Iterable<{ readonly identity: Identity; readonly optional: boolean }>,
): string {
  const lines = Array.from(live, ({ identity, optional }) => `${identity}:${optional}`);
  return sha256(lines.sort(compareCodePoints).join('\n'));
}

const memberBytes = 8;

function memberOf(identity: Identity): Buffer {
  return createHash('sha256').update(identity).digest().subarray(0, memberBytes);
}

/** Base64 of the sorted first 8 bytes of SHA-256 over each identity: who was there, small enough to be saved. */
export function membersOf(identities: Iterable<Identity>): string {
  const members = Array.from(identities, memberOf).sort((a, b) => a.compare(b));
  return Buffer.concat(members).toString('base64');
}

/** Tells whether an identity was among those that {@link membersOf} was given. */
export function memberTest(members: string): (identity: Identity) => boolean {
  const bytes = Buffer.from(members, 'base64');
  const known = new Set<string>();
  for (let start = 0; start + memberBytes <= bytes.length; start += memberBytes) {
    known.add(bytes.toString('hex', start, start + memberBytes));
  }
  return (identity) => known.has(memberOf(identity).toString('hex'));
}

/**
 * `sha256:` over what the events want: identities, flags, policies, guards. Comments, labels, file names and display
 * names have no part in it, so moving a manifest or changing another event leaves it as it is.
 */
export function manifestDigest(events: readonly DesiredEvent[]): string {
  const inOrder = [...events].sort((a, b) => compareCodePoints(a.name, b.name));
  return sha256(canonicalJson(inOrder.map(wantsOf)));
}

function wantsOf(event: DesiredEvent): unknown {
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
    ignore: ignore
      .map((rule) => ('id' in rule ? `${rule.type}:${rule.id}` : rule.type))
      .sort(compareCodePoints),
    attendees:
      event.attendees?.map(({ type, id, optional }) => `${type}:${id}:${optional}`).sort(compareCodePoints) ??
      null,
    unbindChat: event.unbindChat?.chatId ?? null,
  };
}

/** A short name for one request, from everything that makes it that request: 32 hexadecimal digits. */
export function requestKey(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
