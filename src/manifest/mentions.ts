import type { MentionKind } from '../model/say.ts';
import { joined, plain, type Said, say, who } from '../model/say.ts';
import { platforms, providerIds } from '../platforms/index.ts';
import { apiVersion, kinds, referenceKinds, sourceKeys } from './manifest.ts';
import { nearest } from './nearest.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Keys whose values tell of nobody. */
const openKeys: ReadonlySet<string> = new Set(
  words(`
    apiVersion kind metadata provider manifests calendarId eventId userIdType state sync notify until optional type external
    optionalDrift exceptions leavers guards maxRemovals allowEmpty allowDelete allowPast maxAdditions maxNotified allow removals admin
    instanceStartTime labels recursive max left formatVersion idType by resolvedAt
  `),
);

/** All other keys that manifests have. */
const otherKeys: ReadonlySet<string> = new Set([
  ...words(
    'spec name organizer attendees ignore meetingChat id roomContact members exclude people mobile employeeNo entries value',
  ),
  ...providerIds.flatMap((id) => [id, ...platforms[id].event.userIds.map(({ type }) => type)]),
  ...referenceKinds,
  ...Object.keys(sourceKeys),
]);

const vocabulary: readonly string[] = [...openKeys, ...otherKeys, ...kinds, apiVersion];

/** What stands under a key of manifests, or under the keys of a path, as messages name it. */
export function mentionKind(...keys: readonly string[]): MentionKind {
  if (keys.includes('calendarId')) return 'calendar';
  if (keys.includes('meetingChat') || keys.includes('chat')) return 'chat';
  if (keys.includes('chatMembers')) return 'chat';
  if (keys.includes('room')) return 'room';
  for (const kind of ['department', 'group', 'role'] as const) if (keys.includes(kind)) return kind;
  return keys.includes('email') ? 'email' : 'user';
}

/** What may be a misspelt word of manifests: of shorter ones too many names are a letter away, as Ed is from `id`. */
const wordLike = /^[A-Za-z]{5,}$/;

/** A key that an author wrote in the map at a path: one that is not a word of manifests, nor close to one, may be anybody's name. */
export function keySaid(path: readonly string[], key: string, shown: string = JSON.stringify(key)): Said {
  if (isHandle([...path, key], path.length)) return mentioned('user', key, shown);
  if (path[0] === 'metadata') return plain(shown);
  if (openKeys.has(key) || otherKeys.has(key)) return plain(shown);
  if (wordLike.test(key) && nearest(key, vocabulary) !== undefined) return plain(shown);
  return mentioned('user', key, shown);
}

/** A value that an author wrote at a path, as it is written: what tells of nobody is known by its keys. */
export function valueSaid(path: readonly string[], value: unknown, written: string): Said {
  const key = path.findLast((step) => !/^\d+$/.test(step)) ?? '';
  const within = path[0] === 'metadata' || (path[0] === 'spec' && path[1] === 'guards');
  const isOpen =
    value === null ||
    typeof value === 'boolean' ||
    typeof value === 'object' ||
    (key === 'calendarId'
      ? typeof value !== 'string' || !/@(?!group\.calendar\.)/.test(value)
      : within || (openKeys.has(key) && !isHandle(path, path.length - 1)));
  if (isOpen) return plain(written);
  return mentioned(mentionKind(...path), typeof value === 'string' ? value : written, written);
}

/** A path as messages name it: `spec.attendees[2].user`. Handles are named in it. */
export function pathText(path: readonly string[]): Said {
  if (path.length === 0) return say`the document`;
  const steps = path.map((step, at): Said => {
    const name = isHandle(path, at) ? who('user', step) : plain(step);
    if (/^[0-9]+$/.test(step)) return say`[${name}]`;
    return at === 0 ? say`${name}` : say`.${name}`;
  });
  return joined(steps, '');
}

/** A line as an author should write it: its first key is shown where it is one of manifests, the rest is not. */
export function lineSaid(line: string): Said {
  const [, key, gap = '', rest = ''] = /^([\w.]+)(:\s*)(.*)$/su.exec(line) ?? [];
  if (key === undefined) return say`${who('user', line)}`;
  const value = rest === '' ? plain('') : say`${who(mentionKind(key), rest)}`;
  return say`${keySaid([], key, key)}${plain(gap)}${value}`;
}

/** The keys of `people` are handles. */
function isHandle(path: readonly string[], at: number): boolean {
  return at === 2 && path[0] === 'spec' && path[1] === 'people';
}

/** Quotation marks around a text are not part of the name in it. */
function mentioned(kind: MentionKind, id: string, shown: string): Said {
  const bare = /^"(.*)"$/s.exec(shown)?.[1];
  return bare === undefined ? say`${who(kind, id, shown)}` : say`"${who(kind, id, bare)}"`;
}
