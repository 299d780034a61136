import { identityOf } from '../model/attendee.ts';
import type { Change } from '../model/plan.ts';
import type { Terminal } from './text/terminal.ts';
import { label, origin, reasonWords } from './words.ts';

/** A label that is longer than this many columns does not push the others' details to the right. */
const widestLabel = 60;

type Removal = Extract<Change, { action: 'remove' }>;
type Addition = Extract<Change, { action: 'add' }>;

/** A removal and an addition of one identity: its optional flag is replaced. */
export interface Replacement {
  readonly removal: Removal;
  readonly addition: Addition;
}

/** An event's changes by what they do for the reader. */
export interface ChangeGroups {
  readonly removals: readonly Removal[];
  readonly replacements: readonly Replacement[];
  readonly additions: readonly Addition[];
  readonly unbindings: readonly Extract<Change, { action: 'unbind-chat' }>[];
  readonly deletions: readonly Extract<Change, { action: 'delete-event' }>[];
}

/** The changes in groups, each in the plan's order. */
export function groupChanges(changes: readonly Change[]): ChangeGroups {
  const removals = changes.filter((change) => change.action === 'remove');
  const additions = changes.filter((change) => change.action === 'add');
  const added = new Map(additions.map((addition) => [identityOf(addition.attendee), addition]));
  const replacements = removals.flatMap((removal): Replacement[] => {
    const addition = added.get(identityOf(removal.attendee));
    if (addition === undefined || addition.attendee.optional === removal.attendee.optional) return [];
    return [{ removal, addition }];
  });
  const paired = new Set<Change>(replacements.flatMap(({ removal, addition }) => [removal, addition]));
  return {
    removals: removals.filter((removal) => !paired.has(removal)),
    replacements,
    additions: additions.filter((addition) => !paired.has(addition)),
    unbindings: changes.filter((change) => change.action === 'unbind-chat'),
    deletions: changes.filter((change) => change.action === 'delete-event'),
  };
}

interface Row {
  readonly sign: string;
  readonly label: string;
  readonly details: string;
}

/** One line a change, removals first, the details in one column. Takes changes whose text is escaped. */
export function changeLines(groups: ChangeGroups, terminal: Terminal): string[] {
  const rows = [
    ...groups.removals.map(removalRow),
    ...groups.replacements.map(replacementRow),
    ...groups.additions.map(additionRow),
    ...groups.unbindings.map((change): Row => ({
      sign: '-',
      label: `unbind meeting chat ${change.chatId}`,
      details: details(change),
    })),
    ...groups.deletions.map((change): Row => ({
      sign: '-',
      label: 'delete the event itself',
      details: details(change),
    })),
  ];
  const column = rows.reduce((widest, row) => {
    const width = terminal.width(row.label);
    return width > widestLabel ? widest : Math.max(widest, width);
  }, 0);
  return rows.map((row) => rowLine(row, column, terminal));
}

function rowLine(row: Row, column: number, terminal: Terminal): string {
  const padding = ' '.repeat(Math.max(0, column - terminal.width(row.label)));
  const rest = row.details === '' ? '' : `${padding}  ${row.details}`;
  return `  ${signed(row.sign, `${row.sign} ${row.label}`, terminal)}${rest}`;
}

function signed(sign: string, text: string, terminal: Terminal): string {
  if (sign === '+') return terminal.green(text);
  return sign === '-' ? terminal.red(text) : terminal.yellow(text);
}

function removalRow(change: Removal): Row {
  return { sign: '-', label: label(change.attendee), details: details(change) };
}

function additionRow(change: Addition): Row {
  const again = change.wasRemoved === true ? 'was removed before' : '';
  return { sign: '+', label: label(change.attendee), details: join([again, details(change)]) };
}

function replacementRow({ removal, addition }: Replacement): Row {
  const flag = (optional: boolean): string => (optional ? 'optional' : 'required');
  const what = `${flag(removal.attendee.optional)} -> ${flag(addition.attendee.optional)}: removed and invited again, the reply is lost`;
  const { optional: _, ...attendee } = addition.attendee;
  return { sign: '~', label: label(attendee), details: join([what, origin(addition)]) };
}

function details(change: Change): string {
  const doubt = change.certain ? '' : 'cannot be read, may be so already';
  return join([reasonWords[change.reason], doubt, origin(change)]);
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('  ');
}
