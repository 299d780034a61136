import { inOrder, isSameLock } from '../../manifest/lock/write-lock.ts';
import { type LockLine, lockPlace, type Need } from '../../model/lock.ts';
import type { DesiredEvent } from '../../model/event.ts';

/** What the lock is to become, before anybody is looked up. */
export interface Relock {
  /** Lines that are right: found by what the manifests say, and needed. */
  readonly kept: readonly LockLine[];
  /** Ids that are needed and not there. */
  readonly needs: readonly Need[];
}

/** What events of manifests make of the lock that they were loaded with. */
export function relockFor(events: readonly DesiredEvent[]): Relock {
  const kept = new Map<string, LockLine>();
  const needs = new Map<string, Need>();
  for (const { locked = [], unresolved = [] } of events) {
    for (const line of locked) kept.set(lockPlace(line), line);
    for (const need of unresolved) if (!needs.has(lockPlace(need))) needs.set(lockPlace(need), need);
  }
  return { kept: inOrder([...kept.values()]), needs: [...needs.values()] };
}

/** How a lock differs from the one that was there. */
export interface LockChanges {
  readonly added: readonly LockLine[];
  readonly changed: readonly { readonly before: LockLine; readonly after: LockLine }[];
  readonly dropped: readonly LockLine[];
  readonly kept: number;
  /** The file says just that already. */
  readonly same: boolean;
}

export function lockChanges(before: readonly LockLine[], after: readonly LockLine[]): LockChanges {
  const there = new Map(before.map((line) => [lockPlace(line), line]));
  const wanted = new Set(after.map(lockPlace));
  const sorted = inOrder(after);
  const changed = sorted.flatMap((line) => {
    const old = there.get(lockPlace(line));
    return old === undefined || isSameLock([old], [line]) ? [] : [{ before: old, after: line }];
  });
  const added = sorted.filter((line) => !there.has(lockPlace(line)));
  return {
    added,
    changed,
    dropped: inOrder(before.filter((line) => !wanted.has(lockPlace(line)))),
    kept: after.length - added.length - changed.length,
    same: isSameLock(before, sorted),
  };
}
