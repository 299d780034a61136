/** What a redacted report calls somebody or something by: `user-1`. */
export type MentionKind =
  'user' | 'chat' | 'room' | 'email' | 'event' | 'calendar' | 'department' | 'group' | 'role';

/** Somebody, or something, that a message names and a redacted report must not. */
export interface Mention {
  readonly kind: MentionKind;
  /** Whom or what it is: the same id has the same label everywhere. */
  readonly id: string;
  /** As it stands in the message. */
  readonly shown: string;
}

/** A piece of a message: words that tell of nobody, or a mention. */
export type Part = string | Mention;

/** A message, and what it is made of. */
export interface Said {
  readonly text: string;
  readonly parts: readonly Part[];
}

/** What can stand in a message. No plain string: `plain` says of one that it tells of nobody. */
export type Insert = number | Mention | Said;

/** Makes a message, whose own words tell of nobody. */
export function say(words: TemplateStringsArray, ...inserts: readonly Insert[]): Said {
  return saidOf(words.flatMap((word, at) => [word, ...partsOf(inserts[at])]));
}

/** Words from elsewhere that tell of nobody: names of events and rosters, files, keys, words of a schema. */
export function plain(text: string): Said {
  return { text, parts: [text] };
}

/** Names somebody by an id, a handle or a name; `shown` where the message writes it in another way. */
export function who(kind: MentionKind, id: string, shown: string = id): Mention {
  return { kind, id, shown };
}

/** The same between quotation marks. */
export function quoted(kind: MentionKind, id: string): Said {
  return say`"${who(kind, id, JSON.stringify(id).slice(1, -1))}"`;
}

/** Several, with the same text between them. */
export function joined(inserts: readonly Insert[], between: string): Said {
  return saidOf(inserts.flatMap((insert, at) => [...(at === 0 ? [] : [between]), ...partsOf(insert)]));
}

/** Somebody by name and id, or by the id where that is all there is. */
export function nameAndId(of: {
  readonly type: MentionKind;
  readonly id: string;
  readonly name?: string | undefined;
}): Said {
  const { type, id, name = id } = of;
  return name === id ? say`${who(type, id)}` : say`${who(type, id, name)} (${who(type, id)})`;
}

/** How many of a list a message names. */
const mostNamed = 10;

/** A list in a message: the first of it, and how many more there are. */
export function shortList(all: readonly Insert[]): Said {
  const more = all.length - mostNamed;
  return say`${joined(all.slice(0, mostNamed), ', ')}${plain(more > 0 ? ` and ${more} more` : '')}`;
}

function partsOf(insert: Insert | undefined): readonly Part[] {
  if (insert === undefined) return [];
  if (typeof insert === 'number') return [String(insert)];
  return 'parts' in insert ? insert.parts : [insert];
}

function saidOf(all: readonly Part[]): Said {
  const parts = all.filter((part) => part !== '');
  return { text: parts.map(partText).join(''), parts };
}

/** A part as it stands in the message. */
export function partText(part: Part): string {
  return typeof part === 'string' ? part : part.shown;
}

/**
 * The key under which values hold the parts of their messages. A symbol, so that no file and no digest has it: whom a
 * message names that comes out of a file, nobody knows.
 */
export const told: unique symbol = Symbol('told');

/** Notes as plans and results have them, and what they are made of. */
export function notesOf(notes: readonly Said[]): {
  readonly notes: readonly string[];
  readonly [told]?: readonly (readonly Part[])[];
} {
  if (notes.length === 0) return { notes: [] };
  return { notes: notes.map(({ text }) => text), [told]: notes.map(({ parts }) => parts) };
}

/** The notes of a value again, to be joined with others. */
export function notesIn(of: {
  readonly notes: readonly string[];
  readonly [told]?: readonly (readonly Part[])[] | undefined;
}): readonly Said[] {
  return of.notes.map((text, at) => ({ text, parts: of[told]?.[at] ?? [] }));
}

/** `1 event`, `2 events`. */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
