import { liveOf } from '../../diff/live.ts';
import { errorsInEvent, eventNameFrom, writeManifest } from '../../manifest/write/write-manifest.ts';
import { loadPeople } from '../../manifest/load.ts';
import type { Person } from '../../manifest/resolve/people.ts';
import type { LiveEvent, LiveEntry } from '../../manifest/write/found-event.ts';
import type { ObservedAttendee } from '../../model/attendee.ts';
import type { Problem } from '../../model/diagnostic.ts';
import type { EventFacts, EventRef } from '../../model/event.ts';
import { given } from '../../model/given.ts';
import { compareAttendees } from '../../model/order.ts';
import { counted, partText } from '../../model/say.ts';
import type { UserIdType } from '../../model/platform.ts';
import { platforms, type ProviderId } from '../../platforms/index.ts';
import type { Reader } from '../../providers/provider.ts';
import { visible } from '../../report/escape.ts';
import { detailsOf } from '../../report/view/attention.ts';
import type { Redactor } from '../../report/redact.ts';
import { printDiagnostics, printSkipped, printWarning } from '../messages.ts';
import type { RunOptions } from '../options.ts';
import { open } from '../planning.ts';
import { startProgress } from '../progress.ts';
import type { Surroundings } from '../surroundings.ts';
import { modeline } from '../../run/modeline.ts';
import { UsageError, exitCodes } from '../../run/usage-error.ts';

export interface ImportOptions extends RunOptions {
  readonly provider: ProviderId;
  readonly calendar?: string;
  readonly event: readonly string[];
  readonly all?: true;
  readonly from?: string;
  readonly to?: string;
  readonly match?: string;
  readonly outDir?: string;
  readonly directory?: string;
  readonly rosters?: true;
  readonly organizer?: string;
  readonly userIdType?: UserIdType;
  readonly name?: string;
}

/**
 * `rollcall import`: prints the manifest that wants who is live on an event, so that a plan of it is in sync at once.
 * It only reads. Nothing is printed on stdout unless the whole list was read and can be written down.
 */
export async function importCommand(
  surroundings: Surroundings,
  paths: readonly string[],
  options: ImportOptions,
): Promise<number> {
  checkOptions(options);
  if (options.outDir !== undefined || options.rosters === true || isSeveral(options)) {
    const { importMany } = await import('./import-many.ts');
    return importMany(surroundings, paths, options, eventAsked(options, surroundings));
  }
  const ref = eventAsked(options, surroundings);
  const { people, diagnostics, skipped } = loadPeople(paths);
  const quiet = options.quiet === true;
  printSkipped(surroundings, skipped, quiet);
  printDiagnostics(surroundings, diagnostics, options.color);
  if (diagnostics.some(({ severity }) => severity === 'error')) return exitCodes.error;
  const nobody = { name: options.name ?? 'event', ref, facts: null, attendees: [], people };
  checkText(surroundings, writeManifest(nobody).text, people, 'this event cannot be imported');

  const { attendees, facts } = await readEvent(surroundings, ref, options);
  const title = surroundings.redactor === undefined ? titleIn(facts) : undefined;
  const name = options.name ?? eventNameFrom([title, ref.eventId]);
  const live = [...liveOf(attendees).attendees.values()];
  surroundings.redactor?.number(peopleOf(ref, live));
  const found = { name, ref, facts, attendees: live, people };
  const { text, notes } = writeManifest(found);
  checkText(surroundings, text, people, 'the event has something that a manifest cannot express');
  const { redactor } = surroundings;
  surroundings.stdout.write(redactor === undefined ? modeline() + text : withoutPeople(found, redactor));
  const warning = lookWarning(surroundings, facts);
  if (warning !== null) printWarning(surroundings, warning, options.color);
  const notesTo = surroundings.redacted ?? surroundings.stderr;
  for (const { parts } of quiet ? [] : notes) {
    notesTo.write(`note: ${visible(parts.map(redactor?.part ?? partText).join(''))}\n`);
  }
  return exitCodes.done;
}

/**
 * The manifest without people, for a look at its shape. Planned, it would have everybody removed; so it says that it is
 * redacted, which no manifest may.
 */
function withoutPeople(found: LiveEvent, redactor: Redactor): string {
  const nameless = found.attendees.map((entry) => ({ ...entry, name: undefined }));
  const { ref } = found;
  const shown = { ...found, facts: null, attendees: nameless, people: new Map() };
  const calendarId = redactor.calendar(ref.calendarId);
  const { text } = writeManifest({ ...shown, ref: { ...ref, calendarId } }, redactor.part);
  return `${text}redacted: true\n`;
}

/** Everybody whom the manifest, its notes and messages may name, in the order of plans. */
function peopleOf(
  { provider, organizer }: EventRef,
  live: readonly LiveEntry[],
): Parameters<Redactor['number']>[0] {
  const first = organizer === undefined ? [] : [{ type: platforms[provider].event.people, id: organizer }];
  return [...first, ...[...live].sort(compareAttendees)];
}

/** One bad id is often one of many. */
const errorsShown = 10;

function isSeveral({ event, all }: ImportOptions): boolean {
  return all === true || event.length > 1;
}

/** @throws UsageError for options that do not go together. */
function checkOptions(options: ImportOptions): void {
  const { event, all, outDir, directory, rosters, name, from, to, match } = options;
  const refuse = (wrong: boolean, message: string, hint: string): void => {
    if (wrong) throw new UsageError(message, hint);
  };
  const several = isSeveral(options);
  refuse(
    event.length === 0 && all !== true,
    'import needs --event or --all',
    'rollcall find events lists the events.',
  );
  refuse(event.length > 0 && all === true, '--all and --event cannot be combined', 'Pass one or the other.');
  refuse(
    several && name !== undefined,
    '--name works only with one event',
    'Leave it out: events are named after their titles.',
  );
  const range = from !== undefined || to !== undefined || match !== undefined;
  refuse(
    range && all !== true,
    '--from, --to and --match work only with --all',
    'Add --all, or leave them out.',
  );
  refuse(
    directory !== undefined && outDir === undefined,
    '--directory works only with --out-dir',
    'Name a folder with --out-dir.',
  );
  refuse(
    rosters === true && !several && outDir === undefined,
    '--rosters works only with several events',
    'Pass --all, or more than one --event.',
  );
}

/** @throws UsageError where the options do not name an event of the provider. */
function eventAsked(options: ImportOptions, { env }: Pick<Surroundings, 'env'>): EventRef {
  const { provider, calendar, event, organizer, userIdType } = options;
  const { title, event: may, env: names } = platforms[provider];
  const [firstKind] = may.userIds;
  const need = (missing: boolean, option: string, hint: string): void => {
    if (missing) throw new UsageError(`--provider ${provider} needs ${option}`, hint);
  };
  const refuse = (given: boolean, option: string): void => {
    if (given) throw new UsageError(`${option} does not apply to ${title}`, 'Leave it out.');
  };
  refuse(organizer !== undefined && may.organizer === 'none', '--organizer');
  refuse(userIdType !== undefined && firstKind === undefined, '--user-id-type');
  refuse(calendar !== undefined && may.calendarId === 'none', '--calendar');
  need(
    organizer === undefined && may.organizer === 'required',
    '--organizer',
    'Give the id of the person who organizes the event.',
  );
  need(
    organizer === undefined && may.organizer === 'subject' && (env[names.token] ?? '') === '',
    '--organizer',
    'Give the address of the person who organizes the event: a service account acts for them.',
  );
  need(
    calendar === undefined && may.calendarId === 'required',
    '--calendar',
    'Give the id of the calendar that holds the event.',
  );
  const kind = userIdType ?? firstKind?.type;
  return {
    provider,
    calendarId: calendar ?? 'primary',
    eventId: event[0] ?? '',
    ...given({ organizer, userIdType: kind }),
  };
}

/** @throws UsageError where a text is not a valid Event: printed, it could plan a removal. */
function checkText(
  { redactor }: Surroundings,
  text: string,
  people: ReadonlyMap<string, Person>,
  what: string,
): void {
  const found = errorsInEvent(text, people);
  const errors = redactor?.diagnostics(found) ?? found;
  if (errors.length === 0) return;
  const details = errors.slice(0, errorsShown).map(({ message }) => message);
  throw new UsageError(what, errors[0]?.hint, exitCodes.error, details);
}

interface ReadEvent {
  readonly attendees: readonly ObservedAttendee[];
  readonly facts: EventFacts;
}

async function readEvent(
  surroundings: Surroundings,
  ref: EventRef,
  options: ImportOptions,
): Promise<ReadEvent> {
  const sessions = await open(surroundings, [ref.provider], options);
  const progress = startProgress(
    surroundings,
    options,
    () => `Reading the event: ${counted(sessions.requests(), 'call')}`,
  );
  try {
    return await readWith(sessions.readerOf(ref.provider), ref, surroundings);
  } finally {
    progress.stop();
    await sessions.close();
  }
}

/** Reads with what cannot write. @throws UsageError where the list or the event is not all there. */
async function readWith(reader: Reader, ref: EventRef, surroundings: Surroundings): Promise<ReadEvent> {
  const { signal } = surroundings;
  const observed = await reader.read(ref, 'attendees', signal);
  if (!observed.complete) {
    throw new UsageError(
      `the attendees could not be read: ${problemText(surroundings, observed.problem)}`,
      observed.problem.hint,
    );
  }
  const facts = await reader.read(ref, 'facts', signal);
  if (facts.state === 'deleted') {
    throw new UsageError('the event is cancelled', 'Use the id of the event that replaced it.');
  }
  return { attendees: observed.attendees, facts };
}

function titleIn(facts: EventFacts): string | undefined {
  return facts.state === 'present' ? facts.summary : undefined;
}

function lookWarning(surroundings: Surroundings, facts: EventFacts): string | null {
  switch (facts.state) {
    case 'unknown':
      return `the event itself could not be read: ${problemText(surroundings, facts.problem)}; the attendee list could`;
    case 'absent':
      return 'the platform lists the attendees but does not find the event: check --calendar and --event';
    case 'present':
    case 'deleted':
      return null;
  }
}

function problemText({ redactor }: Surroundings, told: Problem): string {
  const problem = redactor?.problem(told) ?? told;
  const details = detailsOf(problem).map(({ term, value }) => `${term} ${value}`);
  return `${problem.message} (${[problem.code, ...details].join(', ')})`;
}
