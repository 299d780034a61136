import type { Source } from '../../model/diagnostic.ts';
import type { EventView } from '../view/event.ts';
import { linkOf } from '../escape.ts';
import { type ChangeRow, type RowKind, type Subject, subjectWords, whyWords } from '../view/rows.ts';
import { grouped } from '../view/words.ts';
import { details, detailsSummary, table } from './blocks.ts';
import { code, prose } from './escape.ts';

/** An event of up to so many changes is open from the start. */
const openUpTo = 30;

/** Names in a list that is there for information; the rest is counted. */
const listed = 10;

/** One event: its title, what is to become of it, a table of the changes, then what else there is to know. */
export function eventMarkdown(event: EventView, linkBase: string | undefined): string[] {
  const { title, name, platform, rows, statusWords } = event;
  const lines = listLines(event);
  const open = rows.length > 0 && rows.length <= openUpTo;
  return details(detailsSummary(title, name, statusWords, platform), open, [
    ...(event.when === undefined ? [] : [`When: ${prose(event.when)}`, '']),
    ...table({
      head: ['', 'who', 'reply', 'why', 'where'],
      rows: rows.map((row) => rowCells(row, linkBase)),
    }),
    ...lines,
    ...(lines.length === 0 ? [] : ['']),
    aboutLine(event, linkBase),
  ]);
}

/** Somebody or something in one piece of code, so that a name is never apart from its id. */
export function subjectCell(subject: Subject): string {
  if (subject.what === 'event') return 'the event itself';
  if (subject.what === 'chat') return `meeting chat ${code(subject.id)}`;
  return code(subjectWords(subject));
}

/** A place in a file, and the page that shows it. */
export function placeCell(source: Source, linkBase: string | undefined): string {
  const place = code(`${source.file}:${source.line}`);
  const link = linkOf(linkBase, source);
  return link === null ? place : `[${place}](${link})`;
}

/** The first names, each in one piece, and how many more there are. */
export function someCells(names: readonly string[]): string {
  const more = names.length - listed;
  return `${names.slice(0, listed).map(code).join(', ')}${more > 0 ? `, … and ${grouped(more)} more` : ''}`;
}

const kindWords: Readonly<Record<RowKind, string>> = {
  remove: 'remove',
  replace: 'replace',
  add: 'add',
  unbind: 'unbind',
  delete: 'delete',
};

function rowCells(row: ChangeRow, linkBase: string | undefined): string[] {
  const { kind, subject, reply, source, via } = row;
  const why = whyWords(row, '→');
  const from = [
    ...(source === undefined ? [] : [placeCell(source, linkBase)]),
    ...(via.length === 0 ? [] : [`via ${via.map(code).join(' > ')}`]),
  ];
  return [
    kindWords[kind],
    subjectCell(subject),
    reply === undefined ? '' : reply === 'none' ? 'no reply' : reply,
    kind === 'add' && why.length === 0 ? 'in the manifest' : why.join('; '),
    from.join(' '),
  ];
}

function occurrenceLines({ occurrences }: EventView): string[] {
  if (occurrences === null) return [];
  const all = occurrences.all.map(({ name, title, when, words, names }) =>
    [
      [code(name), ...(title === undefined ? [] : [`“${prose(title)}”`]), prose(when), words]
        .filter((part) => part !== '')
        .join(', '),
      ...(names.length === 0 ? [] : [someCells(names)]),
    ].join(': '),
  );
  return [`- ${occurrences.words}:`, ...all.map((text) => `  - ${text}`)];
}

function listLines(event: EventView): string[] {
  const { lostWords, conduct, left, notes } = event;
  const lines = [
    ...(lostWords === null ? [] : [`**${lostWords}**`]),
    ...(conduct.length === 0 ? [] : [conduct.join('; ')]),
    ...left.map(({ words, names }) => `${words}: ${someCells(names)}`),
    ...notes.map((note) => `note: ${prose(note)}`),
  ];
  return [...lines.map((text) => `- ${text}`), ...occurrenceLines(event)];
}

function aboutLine({ facts, source }: EventView, linkBase: string | undefined): string {
  const ids = facts.filter(({ id }) => id).map(({ term, value }) => `${term.toLowerCase()} ${code(value)}`);
  return `About: ${[...ids, `in ${placeCell(source, linkBase)}`].join(', ')}`;
}
