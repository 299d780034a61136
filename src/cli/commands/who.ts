import { loadPeople } from '../../manifest/load.ts';
import { visible } from '../../report/escape.ts';
import { findManifests } from '../../run/manifests.ts';
import { exitCodes } from '../../run/usage-error.ts';
import {
  leftFrom,
  type LiveOn,
  liveOn,
  type LiveReading,
  somebody,
  type Somebody,
  type WantedOn,
  wantedOn,
} from '../../run/who.ts';
import type { Desired, DesiredEvent } from '../../model/event.ts';
import { type ProviderId, platforms } from '../../platforms/index.ts';
import { Standings } from '../../providers/standings.ts';
import { readSources } from '../../planner/sources.ts';
import { counted, partText, plain, type Said, say, who as mention } from '../../model/say.ts';
import { printDiagnostics, printError, printSkipped } from '../messages.ts';
import type { RunOptions } from '../options.ts';
import { open } from '../planning.ts';
import { progressWords, startProgress } from '../progress.ts';
import { print, type Surroundings } from '../surroundings.ts';

export interface WhoOptions extends RunOptions {
  readonly live?: true;
}

/**
 * `rollcall who`: on which events the manifests want somebody, and by which line; with `--live` also where they are now.
 * It only reads. Nobody is an answer like any other.
 */
export async function whoCommand(
  surroundings: Surroundings,
  text: string,
  paths: readonly string[],
  options: WhoOptions,
): Promise<number> {
  const { people, lockedOnly } = loadPeople(paths.length === 0 ? ['.'] : paths);
  const found = findManifests(paths, { env: surroundings.env, unlocked: 'warning' });
  printSkipped(surroundings, found.skipped, options.quiet === true);
  printDiagnostics(surroundings, found.diagnostics, options.color);
  // An event that cannot be read may be the one that wants them.
  if (found.failed) return exitCodes.error;
  const who = somebody(text, people, lockedOnly);
  const { events } = found.desired;
  const { redactor } = surroundings;
  const head = headOf(who).parts.map(redactor?.part ?? partText);
  const reading = options.live === true ? await readLive(surroundings, who, found.desired, options) : null;
  const lines = [head.join(''), ...wantedLines(wantedOn(who, reading?.events ?? events))];
  const expandable = events.filter(({ sources }) => sources !== undefined).length;
  if (reading === null && expandable > 0) {
    lines.push(
      `${eventsOf(expandable)} also ${expandable === 1 ? 'takes' : 'take'} people from the organisation: --live shows them.`,
    );
  }
  if (reading !== null) {
    lines.push(...liveLines(reading.on));
    if (who.person === null && text.includes('@')) {
      lines.push(
        'Only the address itself was searched for: colleagues are listed by id, which `rollcall find people` shows.',
      );
    }
    lines.push(
      ...reading.left.map((one) => `${platforms[one].title} says that they have left the organisation.`),
    );
  }
  const shown = lines.map(visible);
  await print(surroundings.stdout, `${shown.join('\n')}\n`);
  for (const { event, problem } of reading?.unread ?? []) {
    const { message, hint } = redactor?.problem(problem) ?? problem;
    printError(surroundings, { message: `${event} could not be read: ${message}`, hint }, options.color);
  }
  return reading === null || reading.unread.length === 0 ? exitCodes.done : exitCodes.error;
}

async function readLive(
  surroundings: Surroundings,
  who: Somebody,
  desired: Desired,
  options: WhoOptions,
): Promise<LiveReading & { readonly events: readonly DesiredEvent[]; readonly left: readonly ProviderId[] }> {
  const { events } = desired;
  const providers = new Set(events.map(({ ref }) => ref.provider));
  const sessions = await open(surroundings, providers, options);
  const progress = startProgress(
    surroundings,
    options,
    (done, total) => progressWords('Reading events', { done, total, calls: sessions.requests() }, null),
    events.length,
  );
  try {
    const sources = readSources(desired, {
      begin: (provider, signal, subject) => sessions.begin(provider, signal, subject),
      organisationOf: (provider, turn) => sessions.organisationOf(provider, turn),
      signal: surroundings.signal,
    });
    await sources.all();
    const expanded = events.map((event) => sources.expanded(event));
    const unexpanded = expanded.flatMap(({ name: event, unknown: problem }) =>
      problem === undefined ? [] : [{ event, problem }],
    );
    const reading = await liveOn(who, events, {
      begin: (provider, signal, subject) => sessions.begin(provider, signal, subject),
      concurrency: options.concurrency,
      signal: surroundings.signal,
      readerOf: (provider, turn) => sessions.readerOf(provider, turn),
      onRead: (done, total) => {
        progress.update(done, total);
      },
    });
    const standings = new Standings(
      (provider, turn) => sessions.organisationOf(provider, turn),
      surroundings.signal,
    );
    const left = await leftFrom(who, expanded, reading.on, standings);
    return { ...reading, unread: [...unexpanded, ...reading.unread], events: expanded, left };
  } finally {
    progress.stop();
    await sessions.close();
  }
}

function headOf({ person, text }: Somebody): Said {
  if (person === null) return say`${mention('user', text)} is not in any Directory.`;
  const { file, line } = person.source;
  const name = person.name === undefined ? plain('') : say`, ${mention('user', text, person.name)}`;
  return say`${mention('user', text, person.handle)}${name} (${plain(`${file}:${line}`)})`;
}

const howWords: Readonly<Record<WantedOn['how'], string>> = {
  wanted: '',
  optional: 'optional',
  excluded: 'not wanted: excluded',
  expired: 'no longer wanted: expired',
  organizer: 'organizes it',
};

function wantedLines(wanted: readonly WantedOn[]): string[] {
  const count = new Set(
    wanted.filter(({ how }) => how === 'wanted' || how === 'optional').map(({ event }) => event),
  ).size;
  const lines = wanted.map(({ event, source, via, how }) =>
    [
      `  ${event}`,
      `${source.file}:${source.line}`,
      via.length === 0 ? '' : `via ${via.join(', ')}`,
      howWords[how],
    ]
      .filter((part) => part !== '')
      .join('  '),
  );
  return [`Wanted on ${eventsOf(count)}${lines.length === 0 ? '.' : ':'}`, ...lines];
}

function liveLines(on: readonly LiveOn[]): string[] {
  const lines = on.map(({ event, attendee }) => {
    const remarks = [
      attendee.organizer ? 'organizer' : '',
      attendee.optional ? 'optional' : '',
      attendee.reply === 'none' ? 'no reply' : attendee.reply,
    ];
    return `  ${event}  ${remarks.filter((part) => part !== '').join(', ')}`;
  });
  const count = new Set(on.map(({ event }) => event)).size;
  return [`Now on ${eventsOf(count)}${lines.length === 0 ? '.' : ':'}`, ...lines];
}

function eventsOf(count: number): string {
  return count === 0 ? 'no event' : counted(count, 'event');
}
