import { systemClock } from '../../http/clock.ts';
import { lockName } from '../../manifest/lock/read-lock.ts';
import { lockText } from '../../manifest/lock/write-lock.ts';
import type { LockLine, Need } from '../../model/lock.ts';
import { counted, partText, plain, type Said, say, who } from '../../model/say.ts';
import { platforms } from '../../platforms/index.ts';
import { visible } from '../../report/escape.ts';
import { type LookedUp, lookUp } from '../../run/lock/look-up.ts';
import { lockChanges, type LockChanges, relockFor } from '../../run/lock/relock.ts';
import { findManifests } from '../../run/manifests.ts';
import { selectEvents } from '../../run/select.ts';
import { exitCodes } from '../../run/usage-error.ts';
import { writeLock } from '../../store/write-whole.ts';
import { printDiagnostics, printSkipped } from '../messages.ts';
import type { RunOptions } from '../options.ts';
import { open, printMetered } from '../planning.ts';
import { progressWords, startProgress } from '../progress.ts';
import { print, type Surroundings } from '../surroundings.ts';

export interface LockOptions extends RunOptions {
  readonly check?: true;
}

/**
 * `rollcall lock`: looks up the ids that manifests need and do not give, and keeps them in `rollcall.lock`. Lines that are
 * right stay as they are, unasked; lines that nobody needs go.
 */
export async function lockCommand(
  surroundings: Surroundings,
  paths: readonly string[],
  options: LockOptions,
): Promise<number> {
  const found = findManifests(paths, { env: surroundings.env, unlocked: 'silent' });
  printSkipped(surroundings, found.skipped, options.quiet === true);
  printDiagnostics(surroundings, found.diagnostics, options.color);
  // Whom an event with mistakes needs is not known, and their lines must not go.
  if (found.failed) return exitCodes.error;
  const events = await selectEvents(found.desired.events, everything, found.nothing);
  const { kept, needs } = relockFor(events);
  if (options.check === true) return check(surroundings, found.lock, kept, needs);
  const { lines, unresolved } = await lookedUp(surroundings, needs, options);
  const after = [...kept, ...lines];
  const changes = lockChanges(found.lock, after);
  if (!changes.same) writeLock(lockName, lockText(after));
  await tell(surroundings, changeLines(changes));
  printDiagnostics(surroundings, unresolved, options.color);
  return unresolved.length === 0 ? exitCodes.done : exitCodes.error;
}

const everything = { target: [], exclude: [], selector: [] };

async function lookedUp(
  surroundings: Surroundings,
  needs: readonly Need[],
  options: LockOptions,
): Promise<LookedUp> {
  if (needs.length === 0) return { lines: [], unresolved: [] };
  const providers = new Set(needs.map(({ provider }) => provider));
  const sessions = await open(surroundings, providers, options);
  const progress = startProgress(surroundings, options, (done, total) =>
    progressWords('Looking up people', { done, total, calls: sessions.requests() }, null),
  );
  try {
    return await lookUp(needs, {
      finderOf: (provider) => sessions.finderOf(provider),
      signal: surroundings.signal,
      now: () => new Date(systemClock.date()).toISOString(),
      onProgress: (done, total) => {
        progress.update(done, total);
      },
    });
  } finally {
    progress.stop();
    await sessions.close();
    for (const provider of providers) {
      printMetered(surroundings, provider, sessions.metered(provider), options);
    }
  }
}

/** What `lock` would do, as far as that is known without a call. */
async function check(
  surroundings: Surroundings,
  before: readonly LockLine[],
  kept: readonly LockLine[],
  needs: readonly Need[],
): Promise<number> {
  const { dropped, same } = lockChanges(before, kept);
  if (same && needs.length === 0) {
    await tell(surroundings, [plain(`${lockName} is up to date: ${counted(kept.length, 'id')}.`)]);
    return exitCodes.done;
  }
  const missing = needs.map(
    ({ person, provider, idType }) =>
      say`  + ${who('user', person)}  ${plain(`${platforms[provider].title} ${idType}`)}`,
  );
  const missed = new Set(needs.map(({ person }) => person));
  const superfluous = dropped.filter(({ person }) => !missed.has(person)).map((line) => lineSaid('-', line));
  const rest = missing.length + superfluous.length === 0 ? [plain('  its lines are out of order')] : [];
  await tell(surroundings, [
    plain(`${lockName} is not up to date; run: rollcall lock`),
    ...missing,
    ...superfluous,
    ...rest,
  ]);
  return exitCodes.pending;
}

function changeLines({ added, changed, dropped, kept, same }: LockChanges): Said[] {
  if (same) return [plain(`${lockName} is up to date: ${counted(kept, 'id')}.`)];
  const total = kept + added.length + changed.length;
  const counts = [
    `${added.length} added`,
    `${changed.length} changed`,
    `${dropped.length} dropped`,
    `${kept} kept`,
  ];
  return [
    ...added.map((line) => lineSaid('+', line)),
    ...changed.map(({ before, after }) => changeSaid(before, after)),
    ...dropped.map((line) => lineSaid('-', line)),
    plain(`Wrote ${lockName}: ${counted(total, 'id')} (${counts.join(', ')}).`),
  ];
}

function lineSaid(sign: string, { person, provider, idType, id, by, value }: LockLine): Said {
  const where = plain(`${platforms[provider].title} ${idType}`);
  return say`  ${plain(sign)} ${who('user', person)}  ${where} ${who('user', id)}  by ${plain(by)} ${who(by === 'email' ? 'email' : 'user', value)}`;
}

/** An id that has changed: the holder of the old one is no longer wanted through this person. */
function changeSaid(before: LockLine, after: LockLine): Said {
  const line = lineSaid('~', after);
  return before.id === after.id
    ? line
    : say`${line}, was ${who('user', before.id)}: rollcall plan shows who is affected`;
}

async function tell({ stdout, redactor }: Surroundings, lines: readonly Said[]): Promise<void> {
  const shown = lines.map(({ parts }) => visible(parts.map(redactor?.part ?? partText).join('')));
  await print(stdout, `${shown.join('\n')}\n`);
}
