import type { Unmanaged } from '../../model/event.ts';
import { platforms } from '../../platforms/index.ts';
import { count } from './words.ts';

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
