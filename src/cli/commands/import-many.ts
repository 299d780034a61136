import { counted } from '../../model/say.ts';
import { existsSync } from 'node:fs';
import { systemClock } from '../../http/clock.ts';
import { type LoadedPeople, loadPeople } from '../../manifest/load.ts';
import { dayIn } from '../../model/day.ts';
import type { Problem } from '../../model/diagnostic.ts';
import type { EventRef } from '../../model/event.ts';
import { type ProviderId, platforms, providerIds } from '../../platforms/index.ts';
import { accountOf } from '../../providers/account.ts';
import type { Finder } from '../../providers/provider.ts';
import { visible } from '../../report/escape.ts';
import { timeZoneOf } from '../../run/day.ts';
import { find, isInRange, placesOn, refOfFound } from '../../run/find/find.ts';
import { checkRequest, type FindRequest } from '../../run/find/request.ts';
import { namePeople } from '../../run/import/people.ts';
import { readEvents } from '../../run/import/read.ts';
import { type NewFile, newFiles, writeNew } from '../../run/import/write.ts';
import { type FoundManifests, findManifests } from '../../run/manifests.ts';
import type { Sessions } from '../../run/sessions.ts';
import { UsageError, exitCodes } from '../../run/usage-error.ts';
import { printDiagnostics, printError, printSkipped } from '../messages.ts';
import { open, printMetered } from '../planning.ts';
import { progressWords, startProgress } from '../progress.ts';
import { print, type Surroundings } from '../surroundings.ts';
import type { ImportOptions } from './import.ts';

type ManyOptions = ImportOptions;

/**
 * `rollcall import` to files: one an event, and as asked for a Directory and Rosters, so that a plan of them all is in
 * sync at once. Events that a manifest here has already are left out, and no file is written over. An event that cannot
 * be read holds up no other; then the exit code is 1.
 */
export async function importMany(
  surroundings: Surroundings,
  paths: readonly string[],
  options: ManyOptions,
  asked: EventRef,
): Promise<number> {
  checkFiles(surroundings, options);
  const { env, signal } = surroundings;
  const named = loadPeople(paths);
  printSkipped(surroundings, named.skipped, options.quiet === true);
  printDiagnostics(surroundings, named.diagnostics, options.color);
  if (isWrong(named)) return exitCodes.error;
  const places = placesOf(paths, options.outDir);
  const here = findManifests(places, { env, unlocked: 'silent' });
  const { known, names } = knownHere(places, named, options);
  const request = requestOf(surroundings, options);
  if (options.all === true) checkRequest(request);

  const others = options.directory === undefined ? [] : otherPlatforms(options.provider, env);
  const sessions = await open(surroundings, [options.provider, ...others], options);
  const progress = startProgress(surroundings, options, (done, total) => progressText(done, total, sessions));
  try {
    const chosen = await chosenEvents(surroundings, sessions, request, options, asked);
    const own = sessions.finderOf(options.provider);
    const fresh = await withoutManaged(chosen.refs, here, options.provider, own, signal);
    const onRead = (done: number, total: number): void => {
      progress.update(done, total);
    };
    const { events, unread } = await readEvents(fresh, { ...readTools(sessions, options), signal, onRead });
    const finders = others.map((provider) => ({ provider, finder: sessions.finderOf(provider) }));
    const toName = options.directory === undefined ? [] : events;
    const added = await namePeople(toName, known, own, finders, signal);
    progress.stop();
    const files = newFiles({
      events,
      known,
      people: added.people,
      outDir: options.outDir,
      directory: options.directory,
      rosters: options.rosters === true,
      taken: new Set([...here.desired.events.map(({ name }) => name), ...names]),
      name: options.name,
    });
    if (options.outDir !== undefined) writeNew(files);
    const written = options.outDir === undefined ? [] : files.map(({ path }) => path);
    const clash = clashes(surroundings, here, [...places, ...written], options);
    const left = leftNote(chosen.refs.length - fresh.length);
    await tell(surroundings, files, [...chosen.notes, ...left, ...added.notes], options);
    printMetered(surroundings, options.provider, sessions.metered(options.provider), options);
    tellUnread(surroundings, unread, options);
    return chosen.whole && unread.length === 0 && !clash ? exitCodes.done : exitCodes.error;
  } finally {
    progress.stop();
    await sessions.close();
  }
}

function readTools(
  sessions: Sessions,
  { provider, concurrency }: ManyOptions,
): Omit<Parameters<typeof readEvents>[1], 'signal' | 'onRead'> {
  return {
    begin: (id, signal, subject) => sessions.begin(id, signal, subject),
    concurrency,
    readerOf: (turn) => sessions.readerOf(provider, turn),
  };
}

/** The events that no manifest here has. */
async function withoutManaged(
  refs: readonly EventRef[],
  { desired }: FoundManifests,
  provider: ProviderId,
  finder: Finder,
  signal: AbortSignal,
): Promise<readonly EventRef[]> {
  const managed = desired.events.map(({ ref }) => ref).filter((ref) => ref.provider === provider);
  const names = [...managed, ...refs].map(({ calendarId }) => calendarId);
  const place = await placesOn(provider, names, finder, signal);
  const taken = new Set(managed.map(place));
  return refs.filter((ref) => !taken.has(place(ref)));
}

/** Where manifests are that may have these events, names and people already: PATH names Directories, and no limit. */
function placesOf(paths: readonly string[], outDir: string | undefined): readonly string[] {
  const own = outDir !== undefined && existsSync(outDir) ? [outDir] : [];
  return ['.', ...paths, ...own];
}

/** Who has an entry already: a new Directory is for the others, wherever their entries are. */
function knownHere(
  places: readonly string[],
  named: LoadedPeople,
  { directory }: ManyOptions,
): { readonly known: LoadedPeople['people']; readonly names: readonly string[] } {
  const here = loadPeople(places);
  const known = directory === undefined || isWrong(here) ? named.people : here.people;
  return { known, names: here.names };
}

function isWrong({ diagnostics }: Pick<LoadedPeople, 'diagnostics'>): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

function progressText(done: number, total: number, sessions: Sessions): string {
  const calls = sessions.requests();
  return total === 0
    ? `Looking for events: ${counted(calls, 'call')}`
    : progressWords('Reading events', { done, total, calls }, null);
}

/**
 * Whether manifests are wrong now that were right before: handles that are taken elsewhere are seen only together with what
 * is there.
 */
function clashes(
  surroundings: Surroundings,
  before: { readonly failed: boolean },
  places: readonly string[],
  { color }: ManyOptions,
): boolean {
  const together = findManifests(places, { env: surroundings.env, unlocked: 'silent' });
  if (!together.failed || before.failed) return false;
  printDiagnostics(surroundings, together.diagnostics, color);
  return true;
}

function tellUnread(
  surroundings: Surroundings,
  unread: readonly { readonly ref: EventRef; readonly problem: Problem }[],
  { color }: ManyOptions,
): void {
  for (const { ref, problem } of unread) {
    printError(surroundings, { message: `${ref.eventId}: ${problem.message}`, hint: problem.hint }, color);
  }
}

/** @throws UsageError before anything is called */
function checkFiles({ redactor }: Surroundings, { directory }: ManyOptions): void {
  if (redactor !== undefined) {
    throw new UsageError(
      'manifests without people would remove everybody',
      'Leave --redact out, or import one event to stdout to see its shape.',
    );
  }
  if (directory !== undefined && existsSync(directory)) {
    throw new UsageError(
      `${directory} already exists and is not overwritten`,
      'Name a new file with --directory, and pass this one as a PATH to use its people.',
    );
  }
}

function requestOf({ env }: Surroundings, options: ManyOptions): FindRequest {
  const timeZone = timeZoneOf(env);
  const { provider, calendar, organizer, match, to, from = dayIn(timeZone, systemClock.date()) } = options;
  return { kind: 'events', provider, texts: [], match, from, to, timeZone, calendar, organizer };
}

/** The other platforms whose credentials are at hand: people may be known there by the same address. */
function otherPlatforms(provider: ProviderId, env: Surroundings['env']): ProviderId[] {
  return providerIds.filter((id) => id !== provider && !('problem' in accountOf(id, env)));
}

interface Chosen {
  readonly refs: readonly EventRef[];
  readonly notes: readonly string[];
  /** Whether all there is was listed. */
  readonly whole: boolean;
}

async function chosenEvents(
  surroundings: Surroundings,
  sessions: Sessions,
  request: FindRequest,
  { event, all, userIdType, color }: ManyOptions,
  asked: EventRef,
): Promise<Chosen> {
  if (all !== true) {
    return { refs: [...new Set(event)].map((eventId) => ({ ...asked, eventId })), notes: [], whole: true };
  }
  const tools = { finder: sessions.finderOf(request.provider), signal: surroundings.signal };
  const found = await find('events', request, tools);
  if (!found.complete) {
    const { message, hint } = found.problem;
    printError(surroundings, { message: `not all events could be listed: ${message}`, hint }, color);
  }
  const inRange = found.items.filter((one) => isInRange(one, request));
  const own = inRange.filter(({ invitation }) => !invitation);
  const invitations = inRange.length - own.length;
  const notes =
    invitations === 0
      ? []
      : [
          `Left out ${invitations} that others organize: their attendees cannot be changed from this calendar.`,
        ];
  return {
    refs: own.map((one) => refOfFound(one, request, userIdType)),
    notes: [...found.notes, ...notes],
    whole: found.complete,
  };
}

function leftNote(count: number): string[] {
  return count === 0 ? [] : [`Left out ${count} that a manifest here already covers.`];
}

/** Names the files that were written, or prints what no folder was named for; and what there is to know of it. */
async function tell(
  { stdout, stderr }: Surroundings,
  files: readonly NewFile[],
  notes: readonly string[],
  { provider, quiet, outDir }: ManyOptions,
): Promise<void> {
  if (outDir === undefined) await print(stdout, files.map(({ text }) => text).join('---\n'));
  else for (const { path } of files) stdout.write(`${visible(path)}\n`);
  if (quiet === true) return;
  const written = (kind: NewFile['kind'], one: string, many?: string): string[] => {
    const count = files.filter((file) => file.kind === kind).length;
    return count === 0 ? [] : [counted(count, one, many)];
  };
  const sum = [
    ...written('event', 'event'),
    ...written('roster', 'Roster'),
    ...written('directory', 'Directory', 'Directories'),
  ];
  const { title } = platforms[provider];
  stderr.write(
    sum.length === 0
      ? `Nothing on ${title} to import.\n`
      : `${outDir === undefined ? 'Imported' : 'Written'}: ${sum.join(', ')}.\n`,
  );
  for (const note of notes) stderr.write(`note: ${visible(note)}\n`);
}
