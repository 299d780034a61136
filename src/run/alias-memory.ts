import { join } from 'node:path';
import { systemClock } from '../http/clock.ts';
import { type Attendee, type Identity, identityOf } from '../model/attendee.ts';
import type { DesiredEvent, EventRef, RememberedAlias } from '../model/event.ts';
import { compareCodePoints } from '../model/order.ts';
import type { Plan, PlanAccount } from '../model/plan.ts';
import type { ApplyEvent, BatchEvent, ChangeError } from '../model/result.ts';
import { platforms } from '../platforms/index.ts';
import { withRemembered } from '../providers/aliases.ts';
import { journalsIn } from '../store/crash.ts';
import { defaultJournalDir } from '../store/journal.ts';
import type { PastLines } from '../store/postgres/journal.ts';
import { readRegularFile } from '../store/read-regular.ts';
import type { Sessions } from './sessions.ts';
import { engine, told } from './store.ts';

/** For how long it is remembered that an address is another's: 90 days. */
const lastMs = 90 * 86_400_000;

/** How many journals are looked into, the newest first, and how large one is at most, in bytes. */
const most = { journals: 100, bytes: 4_000_000 };

type AliasesByEvent = ReadonlyMap<string, readonly RememberedAlias[]>;

/**
 * What earlier runs of the same account found of addresses on these very events, by event: in the shared store, else in
 * the journals of the folder. Where no event is of a platform that has aliases nothing is read.
 *
 * @throws UsageError where the store fails
 */
export async function aliasesBefore(
  events: readonly DesiredEvent[],
  { accounts, store }: Pick<Sessions, 'accounts' | 'store'>,
  journalDir: string = defaultJournalDir,
): Promise<AliasesByEvent> {
  const own = events.filter(({ ref }) => platforms[ref.provider].writes.style === 'whole');
  const names = new Map(own.map(({ name, ref }) => [placeOf(ref, accounts[ref.provider]), name]));
  // What is found of somebody on an occurrence holds for its series, whose manifest has the address.
  const series = new Map(
    own.flatMap(({ name, ref, exceptions }) =>
      exceptions === 'leave' ? [] : [[placeOf(ref, accounts[ref.provider]), name]],
    ),
  );
  const found = new Map<string, RememberedAlias[]>();
  if (names.size === 0) return found;
  const runs =
    store === null ? await inFolder(journalDir) : await inStore(store, own, [...series.values()], accounts);
  for (const run of runs) {
    for (const [place, alias] of swapsIn(run)) {
      const name = names.get(place) ?? series.get(place.replace(/_[\dTZ]+"\]$/, '"]'));
      if (name !== undefined) found.set(name, [...(found.get(name) ?? []), alias]);
    }
  }
  return found;
}

/**
 * Manifests that a saved plan follows from: of addresses that it changes all the same nothing is remembered. What it goes by
 * itself is taken from it where it removes nobody: no removal gets through a guard by what a file says.
 */
export function remembering(
  events: readonly DesiredEvent[],
  plan: Plan,
  journals: AliasesByEvent,
): readonly DesiredEvent[] {
  const found = new Map(journals);
  for (const { name, series, changes, remembered } of plan.events) {
    if (remembered === undefined || changes.some(({ action }) => action === 'remove')) continue;
    const own = series?.name ?? name;
    const pairs = remembered.flatMap(({ address, other }) =>
      other === undefined ? [] : [{ address: mail(address), other: mail(other), run: '', day: '' }],
    );
    found.set(own, [...(found.get(own) ?? []), ...pairs]);
  }
  const key = (event: string, one: Identity): string => JSON.stringify([event, one]);
  const changed = new Set(
    plan.events.flatMap(({ name, series, changes }) =>
      changes.flatMap((one) =>
        'attendee' in one ? [key(series?.name ?? name, identityOf(one.attendee))] : [],
      ),
    ),
  );
  const left = new Map<string, readonly RememberedAlias[]>();
  for (const [name, aliases] of found) {
    const open = aliases.filter(({ address, other = address, group = { written: [], listed: [] } }) =>
      [address, other, ...group.written, ...group.listed].every((one) => !changed.has(key(name, one))),
    );
    if (open.length > 0) left.set(name, open);
  }
  return events.map((event) => withRemembered(event, left));
}

function mail(id: string): Identity {
  return identityOf({ type: 'email', id });
}

function placeOf(event: EventRef | BatchEvent, account: PlanAccount | undefined): string {
  const { provider, organizer = null, calendarId, eventId } = event;
  return JSON.stringify([provider, account?.host, account?.appId, organizer, calendarId, eventId]);
}

function inStore(
  store: NonNullable<Sessions['store']>,
  events: readonly DesiredEvent[],
  series: readonly string[],
  accounts: Sessions['accounts'],
): Promise<readonly PastLines[]> {
  return told(async () => {
    const { linesWithAliases } = await import('../store/postgres/journal.ts');
    const { leaseKey } = await engine();
    const names = events.map(({ name }) => name);
    const keys = events.map(({ ref }) => leaseKey(accounts[ref.provider]?.host ?? '', ref));
    return linesWithAliases(store, { names, series, keys }, lastMs);
  });
}

async function inFolder(directory: string): Promise<readonly PastLines[]> {
  // They are named by the time at which they began.
  const newest = journalsIn(directory).sort(compareCodePoints).reverse().slice(0, most.journals);
  const runs: PastLines[] = [];
  for (const path of newest.map((name) => join(directory, name))) {
    try {
      const bytes = readRegularFile(path, most.bytes);
      if (!bytes.includes('"code":"alias"')) continue;
      const { decodeJournal } = await import('../store/read-journal.ts');
      const { started, lines } = decodeJournal(path, bytes);
      if (Date.parse(started.at) < systemClock.date() - lastMs) continue;
      runs.push({ run: started.runId, account: started.accounts, lines });
    } catch {
      // Nothing is known by a journal that cannot be read or relied on.
    }
  }
  return runs;
}

/** Who was found to be listed by another address, or not to be listed, and on which event. */
function swapsIn({ run, account, lines }: PastLines): readonly (readonly [string, RememberedAlias])[] {
  const places = new Map<string, string>();
  const batches = new Map<number, ApplyEvent & { readonly kind: 'batch-started' }>();
  /** Who was listed, by those who were added and were not. */
  const lists = new Map<string, string>();
  const failed: (Pick<ChangeError, 'message'> & Record<'event' | 'action' | 'id' | 'at', string>)[] = [];
  for (const line of lines) {
    const note = (event: string, action: string, who?: Attendee, error?: ChangeError): void => {
      if (who?.type !== 'email' || error?.code !== 'alias') return;
      failed.push({ event, action, id: who.id, message: error.message, at: line.at });
    };
    if (line.kind === 'batch-started') {
      batches.set(line.batch, line);
      places.set(line.event.name, placeOf(line.event, account[line.event.provider]));
    } else if (line.kind === 'batch-done') {
      const begun = batches.get(line.batch);
      for (const one of begun?.attendees ?? []) {
        note(line.name, begun?.action ?? '', one, line.error);
        if (line.listed !== undefined) lists.set(JSON.stringify([line.name, one.id]), line.listed);
      }
    } else if (line.kind === 'event-done') {
      for (const { action, attendee, error } of line.settled) note(line.name, action, attendee, error);
    }
  }
  const found = new Map(failed.map((one) => [JSON.stringify([one.event, one.message]), one]));
  return [...found.values()].flatMap(({ event, message, at }): (readonly [string, RememberedAlias])[] => {
    const place = places.get(event);
    const own = failed.filter((one) => one.event === event && one.message === message);
    const named = (action: string): readonly Identity[] => {
      return [...new Set(own.flatMap((one) => (one.action === action ? [mail(one.id)] : [])))];
    };
    // Other changes can fail for an alias, too: these are told of in one sentence.
    const [written, listed] = [named('add'), named('remove')];
    const [address, other] = [written[0], listed[0]];
    if (place === undefined || address === undefined) return [];
    const known = { run, day: at.slice(0, 10) };
    if (other === undefined) {
      return own.flatMap(({ id }) => {
        const listed = lists.get(JSON.stringify([event, id]));
        return listed === undefined ? [] : [[place, { address: mail(id), ...known, listed }] as const];
      });
    }
    if (written.length === 1 && listed.length === 1) return [[place, { address, other, ...known }] as const];
    const rest = [...written, ...listed.slice(1)];
    return rest.map((one) => [place, { address: one, other, ...known, group: { written, listed } }] as const);
  });
}
