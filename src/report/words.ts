import type { Source } from '../model/diagnostic.ts';
import type { Change, Kept, PlanAttendee } from '../model/plan.ts';

/** Names in a list that is only there for information; the rest is counted. */
const listed = 10;

/** Every reason of a change, in words. Empty where the line says it already. */
export const reasonWords: Readonly<Record<Change['reason'], string>> = {
  'not-in-manifest': 'not in the manifest',
  expired: 'expired',
  excluded: 'excluded by a roster',
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
  external: 'from another tenant',
  'add-only': 'sync is add-only',
};

/** `1 event`, `2 events`. */
export function count(number: number, one: string, many: string = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** `Zhang San (ou_x)`, `Room 1 (omm_1, room)`, `wangwu@example.com (email)`. */
export function label(attendee: Omit<PlanAttendee, 'optional'> & { readonly optional?: boolean }): string {
  const { name, id, type, optional } = attendee;
  const marks = [...(type === 'user' ? [] : [type]), ...(optional === true ? ['optional'] : [])];
  if (name !== undefined && name !== '' && name !== id) return `${name} (${[id, ...marks].join(', ')})`;
  return marks.length === 0 ? id : `${id} (${marks.join(', ')})`;
}

/** The first names, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, listed).join('; ');
  return names.length > listed ? `${shown}; … and ${names.length - listed} more` : shown;
}

/** `rosters/oncall.yaml:12 via platform-team`, the outermost roster first; empty where nothing is known. */
export function origin(from: { readonly source?: Source; readonly via?: readonly string[] }): string {
  const place = from.source === undefined ? '' : `${from.source.file}:${from.source.line}`;
  const via = from.via === undefined || from.via.length === 0 ? '' : `via ${from.via.join(' > ')}`;
  return [place, via].filter((part) => part !== '').join(' ');
}
