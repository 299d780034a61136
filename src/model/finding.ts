import type { AnyPermission, Use } from './grants.ts';
import type { ProviderId } from '../platforms/index.ts';

/**
 * How something stands. `missing`: it is not there; `wrong`: it is there and does not do; `unknown`: nothing that can be
 * asked tells.
 */
export const findingStatuses = ['ok', 'missing', 'wrong', 'unknown'] as const;
export type FindingStatus = (typeof findingStatuses)[number];

/** What was looked at. */
export type FindingSubject =
  'manifests' | 'credentials' | 'host' | 'clock' | 'permission' | 'range' | 'calendar' | 'event';

/** One thing that was looked at before work begins, and what to do about it. */
export interface Finding {
  /** Null for what is of no platform. */
  readonly provider: ProviderId | null;
  readonly subject: FindingSubject;
  /** Which one: a permission's use, a calendar's id, an event's name. */
  readonly name: string;
  readonly status: FindingStatus;
  /** Whether the manifests at hand need it. */
  readonly needed: boolean;
  readonly message: string;
  readonly hint: string | null;
  /** Of permissions: one of these is enough. */
  readonly permission: { readonly use: Use; readonly anyOf: AnyPermission } | null;
}

/** What a look at the surroundings found. */
export interface Health {
  readonly findings: readonly Finding[];
  /** Whether nothing that the manifests need is missing or wrong. */
  readonly ok: boolean;
  readonly calls: readonly {
    readonly provider: ProviderId;
    readonly made: number;
    readonly metered: number;
  }[];
}
