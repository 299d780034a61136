import type { DesiredEvent } from '../../model/event.ts';
import type { Finding } from '../../model/finding.ts';
import type { AnyPermission, Grants, Use } from '../../model/grants.ts';
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

/** What the reads that were made anyway showed of a use: that it is permitted, or that it is refused. */
export type Evidence = ReadonlyMap<Use, boolean>;

/** What each use is for. */
const useWords: Readonly<Record<Use, string>> = {
  'read-events': 'read events',
  'change-attendees': 'add and remove attendees',
  'delete-events': 'delete events',
  'read-calendars': 'see the role on calendars',
  'name-user-ids': 'know people by user_id',
  'find-people': 'look people up',
  'know-leavers': 'know who has left',
  'read-departments': 'read departments',
  'read-groups': 'read user groups',
  'read-roles': 'read roles',
  'read-chats': 'read the members of chats',
};

/** Uses that no reading shows. */
const writes: ReadonlySet<Use> = new Set(['change-attendees', 'delete-events']);

/** A permission as people look for it: `读取日程信息 (calendar:calendar.event:read)`. */
function permissionWords(anyOf: AnyPermission): string {
  return anyOf.map(({ code, title }) => (title === null ? code : `${title} (${code})`)).join(' or ');
}

/** Of several permissions those that the app has, where that is told. */
function hadWords(use: Use, anyOf: AnyPermission, grants: Grants | null): string {
  const [first, ...more] = anyOf.filter(({ code }) => grants?.told.get(code) === true);
  if (first !== undefined) return `to ${useWords[use]}: ${permissionWords([first, ...more])}`;
  const [only, other] = anyOf;
  return `to ${useWords[use]}${other === undefined ? `: ${permissionWords([only])}` : ''}`;
}

/** How each permission stands that these uses take. */
export function permissionFindings(
  provider: ProviderId,
  uses: readonly { readonly use: Use; readonly needed: boolean }[],
  grants: Grants | null,
  evidence: Evidence,
): Finding[] {
  const { of, grant } = platforms[provider].permissions;
  return uses.flatMap(({ use, needed }) =>
    (of[use] ?? []).map((anyOf): Finding => {
      const status = statusOf(use, anyOf, grants, evidence);
      const told = `to ${useWords[use]}: ${permissionWords(anyOf)}`;
      const base = {
        provider,
        subject: 'permission',
        name: use,
        needed,
        permission: { use, anyOf },
      } as const;
      switch (status) {
        case 'ok':
          return { ...base, status, message: hadWords(use, anyOf, grants), hint: null };
        case 'missing':
          return { ...base, status, message: told, hint: `To get it, ${grant}.` };
        case 'unknown':
          return { ...base, status, message: told, hint: whyUnknown(provider, use, grants) };
      }
    }),
  );
}

function statusOf(
  use: Use,
  anyOf: AnyPermission,
  grants: Grants | null,
  evidence: Evidence,
): 'ok' | 'missing' | 'unknown' {
  const told = anyOf.map(({ code }) => grants?.told.get(code));
  if (told.includes(true)) return 'ok';
  const seen = evidence.get(use);
  if (seen !== undefined) return seen ? 'ok' : 'missing';
  const all = grants?.listed === true || told.every((one) => one === false);
  return all ? 'missing' : 'unknown';
}

function whyUnknown(provider: ProviderId, use: Use, grants: Grants | null): string {
  const { title } = platforms[provider];
  if (grants?.hint !== undefined) return grants.hint;
  if (grants === null) return 'It could not be checked. The developer console shows it.';
  return writes.has(use)
    ? `${title} does not say, and only a write would show it; check the developer console.`
    : `${title} does not say, and nothing here could be tried; check the developer console.`;
}
