import type { DesiredEvent } from '../../model/event.ts';
import type { Use } from '../../model/grants.ts';
import type { SourceKind } from '../../model/organisation.ts';
import { type ProviderId, platforms } from '../../platforms/index.ts';

/** What the manifests of one platform need of it. */
export interface Needs {
  /** What permissions are needed for, in the order in which they are told. */
  readonly uses: readonly Use[];
  /** Whether people are looked up, so that it counts whom the app may see. */
  readonly people: boolean;
}

/** Without manifests: what any of them needs. */
const basics: readonly Use[] = ['read-events', 'change-attendees'];

const sourceUses: Readonly<Record<SourceKind, Use>> = {
  department: 'read-departments',
  group: 'read-groups',
  role: 'read-roles',
  chat: 'read-chats',
};

/** Where it counts whom the app may see. */
const ofPeople: readonly Use[] = [
  'find-people',
  'know-leavers',
  'read-departments',
  'read-groups',
  'read-roles',
];

/** What events of a platform need. */
export function needsOf(provider: ProviderId, events: readonly DesiredEvent[]): Needs {
  const uses = new Set<Use>(basics);
  const needs = (use: Use, needed: boolean): void => {
    if (needed) uses.add(use);
  };
  const bare = platforms[provider].event.userIds.find(({ prefix }) => prefix === null);
  needs(
    'delete-events',
    events.some(({ state }) => state === 'absent'),
  );
  // Of the kinds of ids, the one that has no form of its own is shown to few.
  needs('name-user-ids', bare !== undefined && events.some(({ ref }) => ref.userIdType === bare.type));
  needs(
    'find-people',
    events.some(({ locked, unresolved }) => locked !== undefined || unresolved !== undefined),
  );
  needs(
    'know-leavers',
    events.some(({ leavers }) => leavers === 'remove'),
  );
  for (const { kind } of events.flatMap(({ sources = [] }) => sources)) uses.add(sourceUses[kind]);
  const known = platforms[provider].permissions.of;
  return {
    uses: [...uses].filter((use) => known[use] !== undefined),
    people: ofPeople.some((use) => uses.has(use)),
  };
}
