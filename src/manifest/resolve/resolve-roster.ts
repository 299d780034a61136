import { type Attendee, type Identity, identityOf } from '../../model/attendee.ts';
import type { Source } from '../../model/diagnostic.ts';
import type { Unwanted } from '../../model/event.ts';
import { lockPlace } from '../../model/lock.ts';
import { type Membership, sourceKey, sourceWords } from '../../model/organisation.ts';
import { type Catalog, shapeOf } from './catalog.ts';
import { plain, say } from '../../model/say.ts';
import { errorAt, type Report, warningAt } from '../diagnostics.ts';
import type { Locate } from '../read/places.ts';
import { type Entry, type MemberEntry, referenceOf, type RosterManifest, sourceIn } from '../manifest.ts';
import { type IdKind, personAs } from '../ids.ts';
import { leftBy, namesFor } from './people.ts';
import {
  note,
  type OpenResolution,
  openResolution,
  type Resolution,
  restOn,
  underRoster,
  want,
  type Wanted,
  wantedOf,
} from './resolution.ts';
import { type Listed, nameIn, reportTwice, resolveEntry, type ResolveTerms } from './resolve-entry.ts';
import { resolveSource, type TakenFor } from './resolve-source.ts';

/**
 * Members that rosters hand on, to events and to other rosters, for all events of one kind of id: a small text can ask
 * for any number.
 */
const mostHanded = { events: 2_000_000, rosters: 500_000 } as const;

/** What no entries come to. */
const nobody: Resolution = openResolution();

/** Of a source that was to be read and was not. */
const notRead: Membership = {
  name: null,
  complete: false,
  problem: { code: 'source-unread', message: 'the sources of its rosters were not read' },
};

/** What entries are expanded by. */
export interface Expansion {
  /** What was read of each source, by its key; null: nothing yet, so that nobody is in any. */
  readonly memberships: ReadonlyMap<string, Membership> | null;
  readonly takenFor: TakenFor;
}

/**
 * Resolves entries for events of one kind of id, on one day. Each roster is resolved once; what cannot be resolved is
 * reported at the entry, once for all events of the kind.
 */
export class RosterResolver {
  /** Display names by identity. */
  readonly names: ReadonlyMap<string, string>;
  readonly #catalog: Catalog;
  readonly #idKind: IdKind;
  readonly #terms: ResolveTerms;
  /** Those whose last day is over, by identity, and where that is said. */
  readonly #left: ReadonlyMap<Identity, Source>;
  readonly #expansion: Expansion;
  readonly #report: Report;
  readonly #resolved = new Map<string, Resolution | null>();
  readonly #handed = { events: 0, rosters: 0 };

  constructor(catalog: Catalog, idKind: IdKind, terms: ResolveTerms, expansion: Expansion, report: Report) {
    this.names = namesFor(catalog.people, idKind);
    this.#catalog = catalog;
    this.#idKind = idKind;
    this.#terms = terms;
    this.#left = leftBy(catalog.people, idKind, terms.asOf);
    this.#expansion = expansion;
    this.#report = report;
  }

  /** Whether sources were read. */
  get expands(): boolean {
    return this.#expansion.memberships !== null;
  }

  /** What an event's own entries come to. */
  resolve(entries: readonly Entry[], locate: Locate): Resolution {
    if (entries.length === 0) return nobody;
    const only = entries.length === 1 ? entries[0] : undefined;
    // Events that want one roster as it is share its resolution, which keeps large runs small.
    if (only?.roster !== undefined && only.optional === undefined && only.until === undefined) {
      return this.#rosterOf(only.roster) ?? { ...openResolution(), broken: true };
    }
    const into = openResolution();
    const listed: Listed = new Map();
    const via: readonly string[] = [];
    for (const entry of entries) this.#addEntry(into, entry, locate, via, listed);
    return into;
  }

  #rosterOf(name: string): Resolution | null {
    const known = this.#resolved.get(name);
    if (known !== undefined) return known;
    const roster = this.#catalog.rosters.get(name);
    const resolution =
      roster === undefined ? null : this.#resolveRoster(name, roster.manifest.spec, roster.locate);
    this.#resolved.set(name, resolution);
    return resolution;
  }

  #resolveRoster(name: string, spec: RosterManifest['spec'], locate: Locate): Resolution {
    const into = openResolution();
    const listed: Listed = new Map();
    const exclude: Listed = new Map();
    const via = [name];
    for (const member of spec.members) this.#addEntry(into, member, locate, via, listed);
    for (const entry of spec.exclude ?? []) {
      const struck = openResolution();
      this.#addEntry(struck, entry, locate, [], exclude);
      into.broken ||= struck.broken;
      restOn(into, struck);
      for (const identity of struck.wanted.keys()) {
        into.wanted.delete(identity);
        // What this roster says weighs more than what a nested one says.
        into.excluded.set(identity, { reason: 'excluded', source: locate(entry), via });
      }
    }
    this.#checkMax(name, spec, into, locate);
    return into;
  }

  /** A roster with more members than it may have is one of which nobody knows who is in it by right. */
  #checkMax(name: string, spec: RosterManifest['spec'], into: OpenResolution, locate: Locate): void {
    const { max } = spec;
    if (max === undefined || into.wanted.size <= max) return;
    // Before it is expanded who is in it may still be struck.
    if (into.sources.size > 0 && this.#expansion.memberships === null) return;
    const message = say`the Roster ${plain(JSON.stringify(name))} has ${into.wanted.size} members, more than its max of ${max}`;
    const hint = say`raise max if that is intended`;
    into.unknown ??= {
      code: 'over-max',
      message: message.text,
      hint: 'Raise max in the Roster if that is intended.',
    };
    // What is known from the manifests alone is told with them.
    if (into.sources.size === 0) this.#report(warningAt(locate(spec, 'max'), 'over-max', message, hint));
  }

  /** What entries and the rosters behind them say: another text where they say something else. */
  shapeOf(entries: readonly Entry[]): string {
    return shapeOf(entries, this.#catalog.rosters);
  }

  #addEntry(
    into: OpenResolution,
    entry: MemberEntry,
    locate: Locate,
    via: readonly string[],
    listed: Listed,
  ): void {
    this.#report.step();
    const source = locate(entry);
    // An event's own `group` is one attendee: members of a Roster alone name parts of the organisation.
    if (via.length > 0 && sourceIn(entry) !== null) {
      this.#addSource(into, entry, source, via);
      return;
    }
    const { kind, id } = referenceOf(entry);
    if (kind === 'roster') {
      this.#addRoster(into, entry, id, source, via);
      return;
    }
    const ground = { idKind: this.#idKind, catalog: this.#catalog, terms: this.#terms };
    const resolved = resolveEntry({ kind, id }, ground, source, this.#report);
    if (resolved === null) {
      into.broken = true;
      return;
    }
    if (resolved.is === 'unresolved') note(into.unresolved, lockPlace(resolved.need), resolved.need);
    if (resolved.is !== 'attendee') return;
    const { attendee, line } = resolved;
    if (line !== undefined) into.locked.set(lockPlace(line), line);
    const identity = identityOf(attendee);
    const earlier = listed.get(identity);
    if (earlier === undefined) listed.set(identity, entry);
    else reportTwice(earlier, entry, locate, this.#report);
    const left = this.#left.get(identity);
    if (left !== undefined || this.#isPast(entry))
      note(into.expired, identity, { reason: 'expired', source: left ?? source, via });
    else
      want(
        into,
        identity,
        wantedOf(
          attendee,
          this.names.get(identity) ?? nameIn(locate.remark(entry)),
          entry.optional,
          source,
          via,
        ),
      );
  }

  /** Everybody in a part of the organisation, as far as it was read. */
  #addSource(into: OpenResolution, entry: MemberEntry, source: Source, via: readonly string[]): void {
    const { memberships, takenFor } = this.#expansion;
    const of = resolveSource(entry, this.#idKind, takenFor, source, this.#report);
    if (of === 'elsewhere') return;
    if (of === null) {
      into.broken = true;
      return;
    }
    into.sources.set(sourceKey(of), of);
    if (memberships === null) return;
    const membership = memberships.get(sourceKey(of)) ?? notRead;
    if (!membership.complete) {
      into.unknown ??= membership.problem;
      return;
    }
    const own = [...via, sourceWords(of, membership.name)];
    const past = this.#isPast(entry);
    for (const { id, name } of membership.members) {
      this.#report.step();
      const attendee: Attendee = personAs(this.#idKind, id);
      const identity = identityOf(attendee);
      const left = this.#left.get(identity);
      if (past || left !== undefined) {
        note(into.expired, identity, { reason: 'expired', source: left ?? source, via: own });
        continue;
      }
      const known = this.names.get(identity) ?? name;
      want(into, identity, { ...wantedOf(attendee, known, entry.optional, source, own), expanded: true });
    }
  }

  #addRoster(into: OpenResolution, entry: Entry, name: string, source: Source, via: readonly string[]): void {
    const inner = this.#rosterOf(name);
    into.broken ||= inner === null || inner.broken;
    if (inner === null) return;
    restOn(into, inner);
    this.#report.step(inner.wanted.size);
    const to = via.length === 0 ? 'events' : 'rosters';
    this.#handed[to] += inner.wanted.size + inner.expired.size + inner.excluded.size;
    if (this.#handed[to] > mostHanded[to]) {
      const most = plain(mostHanded[to].toLocaleString('en'));
      const message =
        to === 'events'
          ? say`the rosters of all events add up to more than ${most} members`
          : say`rosters within rosters add up to more than ${most} members`;
      this.#report(
        errorAt(source, 'too-large', message, say`nest fewer rosters, or plan fewer events at a time`),
      );
      into.broken = true;
      return;
    }
    const past = this.#isPast(entry);
    for (const [identity, member] of inner.wanted) {
      if (past) note(into.expired, identity, { reason: 'expired', source, via });
      else want(into, identity, underRoster(reachedBy(member, via), entry.optional, source));
    }
    noteAll(into.expired, inner.expired, via);
    noteAll(into.excluded, inner.excluded, via);
  }

  #isPast(entry: Entry): boolean {
    return entry.until !== undefined && entry.until < this.#terms.asOf;
  }
}

function reachedBy(member: Wanted, via: readonly string[]): Wanted {
  if (via.length === 0) return member;
  return { ...member, attendee: { ...member.attendee, via: [...via, ...member.attendee.via] } };
}

function noteAll(
  into: Map<Identity, Unwanted>,
  from: ReadonlyMap<Identity, Unwanted>,
  via: readonly string[],
): void {
  for (const [identity, unwanted] of from) {
    note(into, identity, via.length === 0 ? unwanted : { ...unwanted, via: [...via, ...unwanted.via] });
  }
}
