import type { ProviderId } from '../platforms/index.ts';
import { addressOf } from './attendee.ts';
import type { Source } from './diagnostic.ts';

/** By what somebody is found whose id is not given; in this order, where a person has several. */
export const lockKeys = ['email', 'mobile', 'employeeNo'] as const;
export type LockBy = (typeof lockKeys)[number];

/** What somebody is found by, in the one form in which such values are compared. */
export interface LockKey {
  readonly by: LockBy;
  readonly value: string;
}

/** Which id of somebody is meant, as the platform calls that kind of id. */
export interface LockedKind {
  readonly provider: ProviderId;
  readonly idType: string;
}

/** A line of `rollcall.lock`: somebody's id, and how it was found. */
export interface LockLine extends LockedKind, LockKey {
  /** A handle, or an address that no Directory has. */
  readonly person: string;
  readonly id: string;
  /** ISO 8601 */
  readonly resolvedAt: string;
}

/** An id that manifests need and do not give. */
export interface Need extends LockedKind {
  readonly person: string;
  readonly keys: readonly LockKey[];
  /** The first entry that needs it. */
  readonly source: Source;
}

/**
 * A key in the form in which it is compared: addresses as elsewhere, numbers as digits behind their country code, which
 * a number of mainland China may lack, job numbers as they are.
 */
export function lockKey(by: LockBy, written: string): LockKey {
  switch (by) {
    case 'email':
      return { by, value: addressOf(written) };
    case 'mobile': {
      const digits = written.replaceAll(/[^\d+]/g, '');
      return { by, value: /^1[3-9]\d{9}$/.test(digits) ? `+86${digits}` : digits };
    }
    case 'employeeNo':
      return { by, value: written };
  }
}

/** Whether a line was found by one of these keys. */
export function isBy(line: LockKey, keys: readonly LockKey[]): boolean {
  return keys.some(({ by, value }) => by === line.by && value === line.value);
}

/** One line there may be of each. */
export function lockPlace({ person, provider, idType }: LockedKind & { readonly person: string }): string {
  return JSON.stringify([person, provider, idType]);
}
