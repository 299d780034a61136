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
