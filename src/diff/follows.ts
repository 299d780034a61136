import { type Attendee, type Identity, identityOf } from '../model/attendee.ts';
import type { DesiredEvent } from '../model/event.ts';
import { type Change, type EventPlan, type Plan, replacedBy } from '../model/plan.ts';
import type { AttendeeType } from '../model/platform.ts';
import { platforms } from '../platforms/index.ts';
import { canonicalJson, expandedDigest, manifestDigest } from './digest.ts';
import { removesLeaver } from './difference.ts';
import { exemptions } from './exempt.ts';
import { wantedOf } from './occurrences.ts';

/** What may be allowed beside the manifests, by anyone who applies. */
export interface Allowances {
  readonly allowed: ReadonlyMap<string, number | 'event'>;
  readonly maxRemovals: number;
}

/**
 * Whether a plan follows from the manifests, resolved at the plan's own day: why not, in sentences, or nothing. A plan
 * file is only as trustworthy as everyone who could write it; this holds each change against what was reviewed in git.
 */
export function deviations(plan: Plan, desired: readonly DesiredEvent[], allowances: Allowances): string[] {
  const byName = new Map(desired.map((event) => [event.name, event]));
  const found: string[] = [];
  const chosen: DesiredEvent[] = [];
  for (const event of plan.events) {
    const wanted = wantedOf(event, byName);
    if (wanted === null) {
      found.push(`${event.name}: the manifests have no such event`);
      continue;
    }
    // Which occurrences there are is the platform's: the manifests are about their series.
    if (event.series === undefined) chosen.push(wanted);
    found.push(
      ...eventDeviations(event, wanted, plan.asOf, allowances).map((text) => `${event.name}: ${text}`),
    );
  }
  if (plan.maxRemovals > allowances.maxRemovals) {
    found.push(`the plan allows ${plan.maxRemovals} removals a run, more than ${allowances.maxRemovals}`);
  }
  // What an event was expanded to when it was planned, where that cannot be told again: nothing of it will be done.
  const plannedOf = new Map(plan.events.map(({ name, desired: wanted }) => [name, wanted]));
  const expandedOf = (event: DesiredEvent): string | null => {
    const wanted = plannedOf.get(event.name);
    if (wanted === undefined) return null;
    return event.unknown === undefined ? expandedDigest(event) : (wanted.digest ?? null);
  };
  if (found.length === 0 && manifestDigest(chosen, expandedOf) !== plan.manifestDigest) {
    found.push('the manifests have changed since the plan was made');
  }
  return found;
}

function eventDeviations(
  event: EventPlan,
  wanted: DesiredEvent,
  asOf: string,
  allowances: Allowances,
): string[] {
  const found: string[] = [];
  const same = (what: string, a: unknown, b: unknown): void => {
    if (canonicalJson(a) !== canonicalJson(b)) found.push(`the plan and the manifests differ in ${what}`);
  };
  const { ref } = wanted;
  same('provider', event.provider, ref.provider);
  same('calendarId', event.calendarId, ref.calendarId);
  same('eventId', event.eventId, ref.eventId);
  same('organizer', event.organizer, ref.organizer);
  same('userIdType', event.userIdType, ref.userIdType);
  same('admin', event.admin, ref.admin);
  same('roomContact', event.roomContact, ref.roomContact);
  same('internalDomains', event.internalDomains, ref.internalDomains);
  same('sync', event.sync, wanted.sync);
  same('external', event.external, wanted.external);
  same('notify', event.notify, wanted.notify);
  same('exceptions', event.exceptions ?? 'leave', wanted.exceptions);
  const { allowed, ...limits } = event.limits;
  const { allow, ...guards } = wanted.guards;
  same('limit', limits, guards);
  if (
    !isAllowed(allowed, event.name, allow !== null && asOf <= allow.until ? allow.removals : null, allowances)
  ) {
    found.push('the plan allows removals that neither guards.allow nor --allow-removals allows');
  }
  // Whom it wants is not known: its changes are not made.
  if (wanted.unknown !== undefined) return found;
  if (event.problem === undefined) {
    same('count of attendees', event.desired?.count, wanted.attendees?.length);
  }
  found.push(...changeDeviations(event.changes, wanted), ...sideDeviations(event, wanted));
  return found;
}

function isAllowed(
  allowed: EventPlan['limits']['allowed'],
  name: string,
  standing: number | null,
  { allowed: given }: Allowances,
): boolean {
  if (allowed === null || allowed === standing) return true;
  const now = given.get(name);
  return allowed === now || (typeof allowed === 'number' && typeof now === 'number' && allowed <= now);
}

function changeDeviations(changes: readonly Change[], wanted: DesiredEvent): string[] {
  const attendees = new Map((wanted.attendees ?? []).map((attendee) => [identityOf(attendee), attendee]));
  const exemptionOf = exemptions(wanted, organizersNamed(wanted));
  const managed = wanted.attendees !== null && wanted.state === 'present';
  const replaces = wanted.optionalDrift === 'replace' && wanted.sync === 'exact';
  const paired = replacedBy(changes);
  return changes.flatMap((change) => {
    switch (change.action) {
      case 'remove': {
        const identity = identityOf(change.attendee);
        const row = {
          ...change.attendee,
          identity,
          name: undefined,
          organizer: false,
          external: false,
          reply: 'none' as const,
          rows: [],
        };
        const entry = attendees.get(identity);
        const isWanted = entry !== undefined;
        // A removal of the wanted flag would be pending where its addition is already there, and nobody would come
        // back.
        const drifts =
          isWanted && entry.optional !== change.attendee.optional && canReplace(change.attendee.type);
        const replaced = change.reason === 'optional-drift' && replaces && drifts && paired.has(identity);
        const reason = wanted.unwanted.get(identity)?.reason ?? 'not-in-manifest';
        if (change.reason === 'left') {
          const fits =
            managed && isWanted && !paired.has(identity) && removesLeaver(wanted, exemptionOf(row));
          return fits ? [] : [`the plan removes ${identity} as left; the manifests do not want that`];
        }
        if (managed && !isWanted && wanted.sync !== 'add-only' && exemptionOf(row) === null) {
          return change.reason === reason
            ? []
            : [`the plan removes ${identity} as ${change.reason}, the manifests as ${reason}`];
        }
        return managed && replaced && isWanted && exemptionOf(row) === null
          ? []
          : [`the plan removes ${identity}; the manifests do not want that`];
      }
      case 'add': {
        const identity = identityOf(change.attendee);
        const entry = attendees.get(identity);
        const fits = entry?.optional === change.attendee.optional && change.operateId === undefined;
        const reason = paired.has(identity) ? 'optional-drift' : 'in-manifest';
        if (managed && wanted.sync !== 'remove-only' && fits && change.reason === reason) return [];
        return [`the plan adds ${identity}; the manifests do not want that`];
      }
      case 'unbind-chat':
        return wanted.unbindChat?.chatId === change.chatId
          ? []
          : ['the plan unbinds this chat; the manifests do not want that'];
      case 'delete-event':
        return wanted.state === 'absent'
          ? []
          : ['the plan deletes the event; the manifests do not want that'];
    }
  });
}

/** What the plan says is left alone, and why. */
function sideDeviations({ kept, missing, drift, skipped = [] }: EventPlan, wanted: DesiredEvent): string[] {
  const attendees = new Map((wanted.attendees ?? []).map((attendee) => [identityOf(attendee), attendee]));
  const found: string[] = [];
  for (const { attendee, reason } of kept) {
    const identity = identityOf(attendee);
    const fits =
      !attendees.has(identity) &&
      (reason !== 'add-only' || wanted.sync === 'add-only') &&
      (reason !== 'external' || wanted.external === 'keep') &&
      (reason !== 'ignored' || isIgnored(wanted, attendee));
    if (!fits) found.push(`the plan keeps ${identity} as ${reason}; the manifests do not`);
  }
  for (const { attendee } of missing) {
    const identity = identityOf(attendee);
    if (wanted.sync === 'remove-only' && attendees.has(identity)) continue;
    found.push(`the plan leaves ${identity} missing; the manifests do not`);
  }
  for (const { attendee } of skipped) {
    const identity = identityOf(attendee);
    if (!attendees.has(identity)) found.push(`the plan skips ${identity}; the manifests do not want them`);
  }
  for (const { attendee } of drift) {
    const identity = identityOf(attendee);
    if (attendees.get(identity)?.optional === attendee.optional) continue;
    found.push(`the manifests do not want ${identity} with this flag`);
  }
  return found;
}

function isIgnored({ ignore }: DesiredEvent, attendee: Attendee): boolean {
  return ignore.some((rule) =>
    'id' in rule ? identityOf(rule) === identityOf(attendee) : rule.type === attendee.type,
  );
}

function organizersNamed({ ref }: DesiredEvent): ReadonlySet<Identity> {
  return new Set(
    ref.organizer === undefined
      ? []
      : [identityOf({ type: platforms[ref.provider].event.people, id: ref.organizer })],
  );
}

/** Rooms have no flag, and a chat is never replaced. */
function canReplace(type: AttendeeType): boolean {
  return type === 'user' || type === 'email';
}
