import { platforms, providerIds } from '../../platforms/index.ts';
import { isPair, isScalar, type Scalar, visit } from 'yaml';
import { apiVersion, kinds, referenceKinds } from '../manifest.ts';
import { marker } from './classify.ts';
import { findFiles } from './find-files.ts';
import { nearest } from '../nearest.ts';
import { parseText } from './parse.ts';
import { readText } from './read-file.ts';

/** A text in a manifest that tells who somebody is, and what it names. */
export interface PersonText {
  readonly kind: 'user' | 'chat' | 'room' | 'email' | 'calendar';
  readonly text: string;
}

/** What manifests say of people, and what else messages may quote from them. */
export interface PeopleTexts {
  readonly people: readonly PersonText[];
  /** Files, and names of manifests. */
  readonly open: readonly string[];
  /** There are more than are looked for: no message about these manifests can be trusted to tell nobody. */
  readonly tooMany: boolean;
}

/** How many different texts are looked for in messages: each takes some 400 bytes. */
export const mostTexts = 1_000_000;

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Keys whose values tell of nobody. */
const openKeys: ReadonlySet<string> = new Set(
  words(`
    apiVersion kind metadata provider calendarId eventId userIdType state sync notify until optional type external
    optionalDrift guards maxRemovals allowEmpty allowDelete allowPast maxAdditions maxNotified allow removals admin
    instanceStartTime labels
  `),
);

/** All other keys that manifests have. */
const otherKeys: ReadonlySet<string> = new Set([
  ...words('spec name organizer attendees ignore meetingChat id roomContact members exclude people'),
  ...providerIds.flatMap((id) => [id, ...platforms[id].event.userIds.map(({ type }) => type)]),
  ...referenceKinds,
]);

const vocabulary: readonly string[] = [...openKeys, ...otherKeys, ...kinds, apiVersion];

/**
 * Every text of the manifests in files and folders that may name somebody, for messages that must not. It goes by the
 * YAML alone, so that manifests with mistakes are covered too, and takes what it does not know for a name.
 */
export function peopleTexts(
  paths: readonly string[],
  cwd: string = '.',
  most: number = mostTexts,
): PeopleTexts {
  const people = new Map<string, PersonText>();
  const open: string[] = [];
  let tooMany = false;
  for (const file of findFiles(paths.length === 0 ? ['.'] : paths, cwd).files) {
    open.push(file.file);
    const read = readText(file);
    if (read.is !== 'text' || (!file.named && !read.text.includes(marker))) continue;
    collect(read.text, open, (one) => {
      if (people.size <= most) people.set(`${one.kind} ${one.text}`, one);
    });
    tooMany = people.size > most || open.length > most;
    if (tooMany) break;
  }
  return { people: [...people.values()], open, tooMany };
}

/** Tags, anchors and aliases: no manifest needs them, and what is wrong with them is said by name. */
const marks = /(?<![!&*])[!&*]([^\s,[\]{}!&*][^\s,[\]{}]*)/g;

function collect(text: string, open: string[], take: (one: PersonText) => void): void {
  for (const [, mark = ''] of text.matchAll(marks)) take({ kind: 'user', text: mark });
  for (const { document } of parseText(text).documents) {
    visit(document, {
      Scalar: (role, node, path) => {
        const keys = path.filter(isPair).map(({ key }) => (isScalar(key) ? String(key.value) : ''));
        const within = role === 'key' ? keys.slice(0, -1) : keys;
        const isOpen = role === 'key' ? isOpenKey(within, String(node.value)) : isOpenValue(within, node);
        if (!isOpen) for (const one of textsOf(node)) take({ kind: kindOf(within), text: one });
        else if (role !== 'key' && isName(within)) open.push(String(node.value));
      },
    });
  }
}

function isOpenKey(within: readonly string[], key: string): boolean {
  // The keys of `people` are handles, which are names.
  if (within.at(-1) === 'people') return false;
  if (within.includes('metadata')) return true;
  return openKeys.has(key) || otherKeys.has(key) || nearest(key, vocabulary) !== undefined;
}

function isOpenValue(within: readonly string[], { value }: Scalar): boolean {
  const key = within.at(-1) ?? '';
  if (value === null || typeof value === 'boolean') return true;
  if (key === 'calendarId') return typeof value !== 'string' || !/@(?!group\.calendar\.)/.test(value);
  return within.includes('metadata') || within.includes('guards') || openKeys.has(key);
}

/** What messages call manifests by. Nothing more is kept: a label may well name its owner. */
function isName(within: readonly string[]): boolean {
  return within.join('.') === 'metadata.name';
}

/** As it is meant and as it is written: messages quote either. */
function textsOf({ value, source }: Scalar): string[] {
  return source === undefined || source === String(value) ? [String(value)] : [String(value), source];
}

function kindOf(within: readonly string[]): PersonText['kind'] {
  const keys = new Set(within);
  if (keys.has('calendarId')) return 'calendar';
  if (keys.has('meetingChat') || keys.has('chat')) return 'chat';
  if (keys.has('room')) return 'room';
  return keys.has('email') ? 'email' : 'user';
}
