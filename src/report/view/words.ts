import type { Source } from '../../model/diagnostic.ts';
import type { Change, Kept, PlanAttendee, RepliesLost } from '../../model/plan.ts';

/** Names in a list that is only there for information; the rest is counted. */
const listed = 10;

/** Every reason of a change, in words. Empty where the line says it already. */
export const reasonWords: Readonly<Record<Change['reason'], string>> = {
  'not-in-manifest': 'not in the manifest',
  expired: 'expired',
  excluded: 'excluded by a roster',
  left: 'has left the organisation',
  'optional-drift': 'optional flag differs',
  reverted: 'reverted',
  'in-manifest': '',
  'state-absent': 'state is absent',
  'chat-absent': 'meetingChat.state is absent',
};

/** Every reason to leave somebody alone, in words. */
export const keptWords: Readonly<Record<Kept['reason'], string>> = {
  organizer: 'organizer',
  ignored: 'ignored by the manifest',
  external: 'another tenant',
  'add-only': 'sync is add-only',
};

/** `1,100`: a number as sentences have it. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 event`, `2 events`, `1,100 events`. */
export function count(number: number, one: string, many: string = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** `90 %`. Never 0 of something, and 100 of the whole alone. */
export function percent(part: number, whole: number): string {
  if (part > 0 && part * 100 < whole) return 'under 1 %';
  const rounded = Math.round((part / whole) * 100);
  return `${part < whole ? Math.min(99, rounded) : rounded} %`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

/** `1 accepted reply is lost for good`, `3 replies are lost for good: 1 accepted, 2 declined`; null where none is. */
export function lostWords(lost: RepliesLost | undefined): string | null {
  const kinds = (['accepted', 'tentative', 'declined'] as const).filter((kind) => (lost?.[kind] ?? 0) > 0);
  const [first] = kinds;
  if (lost === undefined || first === undefined) return null;
  const verb = (number: number): string => (number === 1 ? 'is' : 'are');
  if (kinds.length === 1) {
    const number = lost[first];
    return `${count(number, `${first} reply`, `${first} replies`)} ${verb(number)} lost for good`;
  }
  const all = lost.accepted + lost.tentative + lost.declined;
  return `${count(all, 'reply', 'replies')} are lost for good: ${kinds.map((kind) => `${grouped(lost[kind])} ${kind}`).join(', ')}`;
}

/** What stands behind a name: `room`, `optional`. */
export function marksOf({
  type,
  optional,
}: Pick<PlanAttendee, 'type'> & { readonly optional?: boolean }): string[] {
  return [...(type === 'user' ? [] : [type]), ...(optional === true ? ['optional'] : [])];
}

/** `Zhang San (ou_x)`, `Room 1 (omm_1, room)`, `wangwu@example.com (email)`. */
export function label(attendee: Omit<PlanAttendee, 'optional'> & { readonly optional?: boolean }): string {
  const { name, id } = attendee;
  return labelled(name, id, marksOf(attendee));
}

/** A name with an id and marks behind it; without a name of its own the id alone. */
export function labelled(name: string | undefined, id: string, marks: readonly string[]): string {
  if (name !== undefined && name !== '' && name !== id) return `${name} (${[id, ...marks].join(', ')})`;
  return marks.length === 0 ? id : `${id} (${marks.join(', ')})`;
}

/** The first names, and how many more there are. */
export function someOf(names: readonly string[], most: number = listed): string {
  const shown = names.slice(0, most).join('; ');
  return names.length > most ? `${shown}; … and ${grouped(names.length - most)} more` : shown;
}

/** `rosters/oncall.yaml:12 via platform-team`, the outermost roster first; empty where nothing is known. */
export function origin(from: { readonly source?: Source; readonly via?: readonly string[] }): string {
  const place = from.source === undefined ? '' : `${from.source.file}:${from.source.line}`;
  const via = from.via === undefined || from.via.length === 0 ? '' : `via ${from.via.join(' > ')}`;
  return [place, via].filter((part) => part !== '').join(' ');
}
