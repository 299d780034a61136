import { type Identity, identityOf } from '../../model/attendee.ts';
import type { Membership } from '../../model/organisation.ts';
import type { Ignored, MemberEntry } from '../manifest.ts';

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
