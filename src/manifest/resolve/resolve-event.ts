import type { Problem, Source } from '../../model/diagnostic.ts';
import {
  type DesiredEvent,
  type EventRef,
  type Guards,
  type IgnoreRule,
  type Unwanted,
  defaultGuards,
} from '../../model/event.ts';
import { given } from '../../model/given.ts';
import { compareCodePoints } from '../../model/order.ts';
import { plain, say, who } from '../../model/say.ts';
import type { AttendeeType } from '../../model/platform.ts';
import { platforms, seriesOf } from '../../platforms/index.ts';
import { errorAt, placeText, type Report, warningAt } from '../diagnostics.ts';
import type { EventManifest, Ignored } from '../manifest.ts';
import { idKindFor } from '../ids.ts';
import type { ReadManifest } from '../read/read-manifests.ts';
import { attendeesOf, openResolution, type Resolution, restOn, unwantedOf } from './resolution.ts';
import { checkId } from './resolve-entry.ts';
import type { RosterResolver } from './resolve-roster.ts';

/** What a resolution holds for an event, made once for all events that share the resolution. */
export type WantsOf = (resolution: Resolution) => {
  readonly attendees: DesiredEvent['attendees'];
  readonly unwanted: ReadonlyMap<string, Unwanted>;
  readonly rests: Rests;
};

/** What of the lock it rests on. */
type Rests = Pick<DesiredEvent, 'locked' | 'unresolved'>;

/** Remembers what each resolution holds, so that events which share it share that too. */
export function wantsOncePerResolution(): WantsOf {
  const known = new WeakMap<Resolution, ReturnType<WantsOf>>();
  return (resolution) => {
    const before = known.get(resolution);
    if (before !== undefined) return before;
    const attendees = attendeesOf(resolution);
    const made = { attendees, unwanted: unwantedOf(resolution), rests: restsOf(resolution) };
    known.set(resolution, made);
    return made;
  };
}

/** What an Event wants, or `null` where something that it names cannot be resolved; why is reported. */
export function resolveEvent(
  { manifest, source, locate, broken }: ReadManifest<EventManifest>,
  resolver: RosterResolver,
  wantsOf: WantsOf,
  report: Report,
): DesiredEvent | null {
  const { metadata, spec } = manifest;
  const ref = eventOf(manifest);
  const idKind = idKindFor(spec.provider, spec.userIdType);
  const isSound = (type: AttendeeType, id: string | undefined, object: object, key: string): boolean =>
    id === undefined || checkId(type, id, idKind, locate(object, key), report);
  const ids = [
    isSound('user', spec.roomContact, spec, 'roomContact'),
    isSound('user', spec.organizer, spec, 'organizer'),
    spec.meetingChat === undefined || isSound('chat', spec.meetingChat.id, spec.meetingChat, 'id'),
  ];
  if (!broken && spec.state === 'absent' && spec.guards?.allowDelete !== true) {
    const message = say`the Event ${plain(JSON.stringify(metadata.name))} has \`state: absent\` without \`guards.allowDelete\`: its plan will be refused`;
    const hint = say`add \`guards: { allowDelete: true }\``;
    report(warningAt(locate(spec, 'state'), 'delete-guarded', message, hint));
  }
  const canFollow = checkExceptions(manifest, ref, locate(spec, 'exceptions'), report);
  const ignored = resolver.resolve(
    (spec.ignore ?? []).filter(({ type }) => type === undefined),
    locate,
  );
  const listed = spec.attendees === undefined ? null : resolver.resolve(spec.attendees, locate);
  const fits = listed === null || checkListed(manifest, listed, locate(spec, 'attendees'), report);
  if (ids.includes(false) || !canFollow || ignored.broken || listed?.broken === true || !fits) return null;
  const { attendees, unwanted, rests } =
    listed === null ? { attendees: null, unwanted: new Map(), rests: {} } : wantsOf(listed);
  const chat = spec.meetingChat;
  return {
    name: metadata.name,
    labels: Object.fromEntries(Object.entries(metadata.labels ?? {})),
    source,
    ref,
    state: spec.state ?? 'present',
    sync: spec.sync ?? 'exact',
    notify: spec.notify ?? false,
    attendees,
    unwanted,
    ignore: ignoreRules(spec.ignore ?? [], ignored),
    external: spec.external ?? 'keep',
    optionalDrift: spec.optionalDrift ?? 'ignore',
    exceptions: spec.exceptions ?? 'leave',
    leavers: spec.leavers ?? 'keep',
    guards: guardsOf(manifest),
    unbindChat: chat?.state === 'absent' ? { chatId: chat.id, source: locate(spec, 'meetingChat') } : null,
    names: resolver.names,
    ...(restsOnLock(ignored) ? restsOf(ignored, ...(listed === null ? [] : [listed])) : rests),
    ...(listed === null ? {} : organisationIn(manifest, ignored, listed, resolver)),
  };
}

/** What an event is expanded from, and why it is not known whom it wants. */
function organisationIn(
  { spec }: EventManifest,
  ignored: Resolution,
  listed: Resolution,
  resolver: RosterResolver,
): Pick<DesiredEvent, 'sources' | 'shape' | 'unknown'> {
  const sources = new Map([...listed.sources, ...ignored.sources]);
  const unknown = listed.unknown ?? ignored.unknown ?? undefined;
  // An event that is deleted wants nobody.
  if (sources.size === 0 || spec.state === 'absent') return spec.state === 'absent' ? {} : given({ unknown });
  const shape = resolver.shapeOf([...(spec.attendees ?? []), ...(spec.ignore ?? [])]);
  return {
    sources: [...sources].sort(([one], [other]) => compareCodePoints(one, other)).map(([, source]) => source),
    shape,
    ...given({ unknown: resolver.expands ? unknown : notExpanded }),
  };
}

const notExpanded: Problem = {
  code: 'source-unread',
  message: 'its rosters take people from the organisation, and were not expanded',
};

/** Changed occurrences are a series' own, and a platform may not let them be changed apart. */
function checkExceptions(manifest: EventManifest, ref: EventRef, at: Source, report: Report): boolean {
  const { exceptions = 'leave', provider } = manifest.spec;
  if (exceptions === 'leave') return true;
  const { title, event } = platforms[provider];
  const name = plain(JSON.stringify(manifest.metadata.name));
  const { cannotFollow } = event.exceptions;
  if (exceptions === 'follow' && cannotFollow !== null) {
    const message = say`the Event ${name} has \`exceptions: follow\`, which cannot be done on ${plain(title)}: ${plain(cannotFollow)}`;
    report(
      errorAt(
        at,
        'cannot-follow',
        message,
        say`write \`exceptions: report\`: they are listed with their differences`,
      ),
    );
    return false;
  }
  const series = seriesOf(provider, ref.eventId);
  if (series === null) return true;
  const message = say`the Event ${name} has \`exceptions\`, and its eventId is that of one occurrence`;
  const hint = say`write \`eventId: ${who('event', series.eventId)}\`, the series, or leave \`exceptions\` out`;
  report(errorAt(at, 'not-a-series', message, hint));
  return false;
}

function eventOf(manifest: EventManifest): EventRef {
  const {
    provider,
    calendarId = 'primary',
    eventId,
    organizer,
    admin,
    roomContact,
    internalDomains,
  } = manifest.spec;
  const { userIdType } = idKindFor(provider, manifest.spec.userIdType);
  return {
    provider,
    calendarId,
    eventId,
    ...given({ userIdType: userIdType ?? undefined, organizer, admin, roomContact, internalDomains }),
  };
}

function guardsOf({ spec }: EventManifest): Guards {
  return { ...defaultGuards, ...spec.guards };
}

function ignoreRules(ignored: readonly Ignored[], resolution: Resolution): IgnoreRule[] {
  const types = ignored.flatMap(({ type }) => (type === undefined ? [] : [{ type }]));
  return [...types, ...attendeesOf(resolution).map(({ type, id }) => ({ type, id }))];
}

function restsOnLock({ locked, unresolved }: Resolution): boolean {
  return locked.size > 0 || unresolved.size > 0;
}

function restsOf(...resolutions: readonly Resolution[]): Rests {
  const all = openResolution();
  for (const one of resolutions) restOn(all, one);
  const inOrder = <T>(of: ReadonlyMap<string, T>): readonly T[] | undefined =>
    of.size === 0
      ? undefined
      : [...of].sort(([one], [other]) => compareCodePoints(one, other)).map(([, value]) => value);
  return given({ locked: inOrder(all.locked), unresolved: inOrder(all.unresolved) });
}

/** Checks what can be seen once rosters are resolved: the platform's cap and, in admin mode, that all are rooms. */
function checkListed(manifest: EventManifest, listed: Resolution, at: Source, report: Report): boolean {
  const { provider, admin } = manifest.spec;
  const name = plain(JSON.stringify(manifest.metadata.name));
  let fits = true;
  for (const { attendee, overruled } of listed.wanted.values()) {
    if (overruled !== undefined) {
      const message = say`${plain(attendee.type)} ${who(attendee.type, attendee.id)} is optional here and required at ${placeText(attendee.source)}; required wins`;
      report(warningAt(overruled, 'optional-conflict', message, say`write the same in both places`));
    }
    if (admin === undefined || attendee.type === 'room') continue;
    fits = false;
    const message = say`${plain(attendee.type)} ${who(attendee.type, attendee.id)} is not a room, and the Event ${name}, which has \`admin\`, may list only rooms`;
    report(errorAt(attendee.source, 'rooms-only', message, say`list people in an Event without \`admin\``));
  }
  if (admin !== undefined && listed.sources.size > 0) {
    fits = false;
    const message = say`a Roster of the Event ${name} takes in people, but an Event with \`admin\` may list only rooms`;
    report(errorAt(at, 'rooms-only', message, say`list people in an Event without \`admin\``));
  }
  const { title, event } = platforms[provider];
  if (listed.wanted.size <= event.most) return fits;
  const message = say`the Event ${name} lists ${listed.wanted.size} attendees, but an event on ${plain(title)} holds at most ${event.most}`;
  report(errorAt(at, 'over-cap', message, say`list fewer, or a chat instead of its members`));
  return false;
}
