import { visible } from '../escape.ts';
import { startWords } from '../view/moment.ts';
import type { Discovery, ManagedEvent } from '../../model/found.ts';
import type { Terminal } from './terminal.ts';

/** A table: the heads of its columns, and its rows. Of the last column nothing is filled up. */
interface Table {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What is not known. */
const unknown = '-';

/**
 * `find --format text`: a table, and how much there is. Lines are not broken, so that ids can be copied.
 *
 * @param timeZone the IANA zone that times are shown in
 */
export function* foundText(
  discovery: Discovery,
  terminal: Pick<Terminal, 'bold' | 'width'>,
  timeZone: string,
): Generator<string> {
  const { heads, rows } = tableOf(discovery, timeZone);
  const shown = [heads, ...rows].map((row) => row.map(visible));
  const widths = heads.map((_, column) => Math.max(...shown.map((row) => terminal.width(row[column] ?? ''))));
  if (rows.length > 0) {
    for (const [index, row] of shown.entries()) {
      const cells = row.map((cell, column) =>
        column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - terminal.width(cell)),
      );
      const line = cells.join('  ').trimEnd();
      yield `${index === 0 ? terminal.bold(line) : line}\n`;
    }
    yield '\n';
  }
  if (discovery.found.complete) yield `${sumOf(discovery)}\n`;
  // What is wrong is told beside it; a number would pass for all there is.
  else if (rows.length > 0) yield `At least ${sumOf(discovery)}\n`;
}

function tableOf(discovery: Discovery, timeZone: string): Table {
  switch (discovery.kind) {
    case 'calendars':
      return {
        heads: ['CALENDAR', 'ROLE', 'WRITE', 'TITLE'],
        rows: discovery.found.items.map(({ id, role, writable, title }) => [
          id,
          role ?? unknown,
          writable === null ? unknown : writable ? 'yes' : 'no',
          title ?? unknown,
        ]),
      };
    case 'events':
      return {
        heads: ['EVENT', 'START', 'ATTENDEES', 'MANIFEST', 'ORGANIZER', 'TITLE'],
        rows: discovery.found.items.map((event) => eventRow(event, timeZone)),
      };
    case 'people':
      return peopleTable(discovery.found.items);
    case 'chats':
      return groupTable('CHAT', discovery.found.items);
    case 'departments':
      return groupTable('DEPARTMENT', discovery.found.items);
  }
}

function eventRow(event: ManagedEvent, timeZone: string): string[] {
  const { id, start, recurring, attendees, managedBy, organizer, title, seriesId, invitation } = event;
  const when = start === null ? unknown : startWords(start, recurring, timeZone);
  return [
    id,
    seriesId === null ? when : `${when}, changed occurrence`,
    attendees === null ? unknown : String(attendees),
    managedBy ?? unknown,
    invitation ? `${organizer ?? unknown} (an invitation)` : (organizer ?? unknown),
    title ?? unknown,
  ];
}

type People = Extract<Discovery, { kind: 'people' }>['found']['items'];

function peopleTable(people: People): Table {
  const kinds = [...new Set(people.flatMap(({ ids }) => Object.keys(ids)))];
  return {
    heads: ['NAME', ...kinds.map((kind) => kind.toUpperCase()), 'E-MAIL', 'JOB NUMBER', 'STATUS'],
    rows: people.map(({ name, ids, email, employeeNo, status }) => [
      name ?? unknown,
      ...kinds.map((kind) => ids[kind] ?? unknown),
      email ?? unknown,
      employeeNo ?? unknown,
      status ?? unknown,
    ]),
  };
}

type Groups = Extract<Discovery, { kind: 'chats' | 'departments' }>['found']['items'];

function groupTable(head: string, groups: Groups): Table {
  return {
    heads: [head, 'MEMBERS', 'NAME'],
    rows: groups.map(({ id, name, members }) => [
      id,
      members === null ? unknown : String(members),
      name ?? unknown,
    ]),
  };
}

const ones = {
  calendars: 'calendar',
  events: 'event',
  people: 'person',
  chats: 'chat',
  departments: 'department',
};

function sumOf({ kind, found }: Discovery): string {
  const { items } = found;
  const sum = `${items.length} ${items.length === 1 ? ones[kind] : kind}`;
  if (kind === 'calendars') {
    const closed = found.items.filter((item) => item.writable === false).length;
    if (closed > 0) return `${sum}; ${closed} of them cannot be written: ask the owner for more access.`;
  }
  if (kind === 'events') {
    const managed = found.items.filter((item) => item.managedBy !== null).length;
    if (items.length > 0) return `${sum}, ${managed} of them in a manifest.`;
  }
  return `${sum}.`;
}
