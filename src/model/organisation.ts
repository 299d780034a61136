import type { ProviderId } from '../platforms/index.ts';
import type { Problem } from './diagnostic.ts';
import type { UserIdType } from './platform.ts';

/** What a Roster can be expanded from. */
export type SourceKind = 'department' | 'group' | 'role' | 'chat';

/** A part of an organisation whose people a Roster takes in. */
export interface RosterSource {
  readonly kind: SourceKind;
  readonly provider: ProviderId;
  readonly id: string;
  /** Of a department: with all that are below it. */
  readonly recursive: boolean;
  /** The kind of id that its people are wanted by; null where the platform has one. */
  readonly userIdType: UserIdType | null;
}

/** Somebody in a source, by an id of the kind that was asked for. */
export interface Member {
  readonly id: string;
  readonly name?: string;
}

/**
 * Who is in a source: everybody, or the reason why that is not known. One that may not be whole is a basis for no
 * change.
 */
export type Membership = { readonly name: string | null } & (
  | {
      readonly complete: true;
      readonly members: readonly Member[];
      /** The addresses of groups that are in it. */
      readonly groups?: readonly string[];
    }
  | { readonly complete: false; readonly problem: Problem }
);

/** A department, a group, a role or a chat that rosters were expanded from. */
export interface PlanSource {
  readonly kind: SourceKind;
  readonly provider: ProviderId;
  readonly id: string;
  /** Of a department: with all below it. */
  readonly recursive?: true;
  /** The kind of id that its people were asked for by, where the platform has several. */
  readonly userIdType?: UserIdType;
  /** As the platform has it; null where it tells none. */
  readonly name: string | null;
  /** People in it. */
  readonly count: number;
  /** `sha256:` over their sorted ids. Absent in a redacted plan. */
  readonly digest?: string;
}

/** What makes it that one reading. */
export function sourceKey({ kind, provider, id, recursive, userIdType }: RosterSource): string {
  return JSON.stringify([provider, kind, id, recursive, userIdType]);
}

/** A source as plans and messages name it: `department 平台组`, or by its id where it has no name. */
export function sourceWords({ kind, id }: Pick<RosterSource, 'kind' | 'id'>, name: string | null): string {
  return `${kind} ${name === null || name === '' ? id : name}`;
}

/**
 * What a platform says of somebody and the organisation. `unverifiable` is all that is neither: nobody of this id, outside
 * of what the app may see, a bot, no permission. It is never taken for `left`.
 */
export type Standing = KnownStanding | 'unverifiable';

/** What a platform says where it says anything. */
export type KnownStanding = 'active' | 'leaving' | 'left';

/** How one person stands, by the user id that an event knows them under. */
export type StandingOf = (userId: string) => Standing;

/** Where nobody is asked. */
export const nobodyAsked: StandingOf = () => 'unverifiable';
