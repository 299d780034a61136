import type { Unmanaged } from '../../model/event.ts';
import type { PlanSource } from '../../model/organisation.ts';
import { platforms } from '../../platforms/index.ts';
import { count } from './words.ts';

/** What a Roster was expanded from. */
export interface SourceView {
  readonly platform: string;
  readonly kind: PlanSource['kind'];
  /** Empty, or `, with all below it`. */
  readonly extent: string;
  /** As the platform has it; null where it tells none. From outside. */
  readonly name: string | null;
  readonly id: string;
  /** `41 people` */
  readonly people: string;
}

/** What leads the list of them. */
export const sourcesTitle = 'Expanded from the organisation';

export function sourceView({ provider, kind, id, recursive, name, count: people }: PlanSource): SourceView {
  return {
    platform: platforms[provider].title,
    kind,
    extent: recursive === true ? ', with all below it' : '',
    name: name === '' ? null : name,
    id,
    people: count(people, 'person', 'people'),
  };
}

/** An event that the manifests no longer name, or name otherwise. */
export interface UnmanagedView {
  readonly name: string;
  readonly platform: string;
  /** Words of our own, but for `renamedTo` at their end where that is not null. */
  readonly words: string;
  readonly renamedTo: string | null;
  /** Where it was. */
  readonly place: string;
}

/** Says what becomes of it. */
export function unmanagedView({ name, provider, source, observed, renamedTo }: Unmanaged): UnmanagedView {
  const whose =
    observed === null
      ? 'its attendees stay'
      : `its ${count(observed.count, 'attendee stays', 'attendees stay')}`;
  const stay = observed?.count === 1 ? 'as it is' : 'as they are';
  return {
    name,
    platform: platforms[provider].title,
    words: renamedTo === null ? `no longer managed: ${whose} ${stay}` : 'renamed to',
    renamedTo,
    place: `${source.file}:${source.line}`,
  };
}
