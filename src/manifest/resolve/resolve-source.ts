import { type Identity, identityOf } from '../../model/attendee.ts';
import type { Source } from '../../model/diagnostic.ts';
import type { RosterSource, Membership } from '../../model/organisation.ts';
import { plain, quoted, say } from '../../model/say.ts';
import { platforms, type ProviderId } from '../../platforms/index.ts';
import { errorAt, type Report } from '../diagnostics.ts';
import type { IdKind } from '../ids.ts';
import { type MemberEntry, sourceIn, type Ignored } from '../manifest.ts';
import { mentionKind } from '../mentions.ts';

/** For which platform each member is taken that does not say so itself. */
export type TakenFor = Map<MemberEntry, ProviderId>;

/**
 * The part of the organisation that a member of a Roster names, for events of one kind of id. `elsewhere`: of another
 * platform, so that it has nobody for them. `null`: it cannot be used; why is reported.
 */
export function resolveSource(
  entry: MemberEntry,
  { provider, userIdType }: IdKind,
  takenFor: TakenFor,
  source: Source,
  report: Report,
): RosterSource | 'elsewhere' | null {
  const named = sourceIn(entry);
  if (named === null) throw new Error('a member that is no part of an organisation');
  if (entry.provider !== undefined && entry.provider !== provider) return 'elsewhere';
  const { key, kind, id } = named;
  const { title, sources } = platforms[provider];
  const ability = sources[kind];
  const shown = say`${plain(key)} ${quoted(mentionKind(key), id)}`;
  if ('cannot' in ability) {
    const message = say`${shown} cannot be read on ${plain(title)}: ${plain(ability.cannot)}`;
    report(errorAt(source, 'not-allowed', message, otherWays(provider)));
    return null;
  }
  const other = takenFor.get(entry) ?? provider;
  takenFor.set(entry, other);
  if (other !== provider) {
    const message = say`${shown} is used for events on ${plain(platforms[other].title)} and on ${plain(title)}, but belongs to only one of them`;
    const hint = say`say which: add \`provider: ${plain(other)}\` here, and another entry for ${plain(title)}`;
    report(errorAt(source, 'which-platform', message, hint));
    return null;
  }
  if (!new RegExp(ability.ids, 'u').test(id)) {
    const message = say`${shown} is not the id of a ${plain(kind)} on ${plain(title)}, which is ${plain(ability.idWords)}`;
    const hint = say`copy it from the platform, or name its platform with \`provider\``;
    report(errorAt(source, 'wrong-id', message, hint));
    return null;
  }
  return { kind, provider, id, recursive: entry.recursive === true, userIdType };
}

function otherWays(provider: ProviderId): ReturnType<typeof say> {
  const kinds = Object.entries(platforms[provider].sources).flatMap(([kind, one]) =>
    'cannot' in one ? [] : [kind],
  );
  return say`use a ${plain(kinds.join(' or a '))}, or list its people`;
}

/** A listing has the address of a group like that of a person: which are groups is known from elsewhere. */
type Groups = ReadonlySet<Identity>;

/** The addresses that lists call groups. The ids of groups of other platforms are no addresses. */
export function groupsIn(lists: readonly (readonly (Ignored & MemberEntry)[])[]): Groups {
  const groups = new Set<Identity>();
  for (const list of lists) {
    for (const { group } of list)
      if (group?.includes('@')) groups.add(identityOf({ type: 'group', id: group }));
  }
  return groups;
}

/** The same with those that are in the groups that were read. */
export function withReadGroups(groups: Groups, memberships: ReadonlyMap<string, Membership> | null): Groups {
  const read = [...(memberships?.values() ?? [])].flatMap((one) => (one.complete ? (one.groups ?? []) : []));
  if (read.length === 0) return groups;
  return new Set([...groups, ...read.map((id) => identityOf({ type: 'group', id }))]);
}
