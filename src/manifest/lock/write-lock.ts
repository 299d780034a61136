import { Document, isMap, isSeq } from 'yaml';
import { type LockLine, lockPlace } from '../../model/lock.ts';
import { compareCodePoints } from '../../model/order.ts';

/** What the file says about itself to its reviewers. */
const head = ` Written by: rollcall lock. The ids of people whom manifests name by address or number.`;

/** In the order of the file: by person, provider and kind of id. */
export function inOrder<T extends LockLine>(lines: readonly T[]): T[] {
  return [...lines].sort(
    (one, other) =>
      compareCodePoints(one.person, other.person) ||
      compareCodePoints(one.provider, other.provider) ||
      compareCodePoints(one.idType, other.idType),
  );
}

/** Whether a lock of these lines says the same, in the same order. */
export function isSameLock(one: readonly LockLine[], other: readonly LockLine[]): boolean {
  return (
    one.length === other.length &&
    one.every((line, at) => {
      const there = other[at];
      return (
        there !== undefined &&
        lockPlace(line) === lockPlace(there) &&
        line.id === there.id &&
        line.by === there.by &&
        line.value === there.value
      );
    })
  );
}

/** The text of a lock, an entry a line, so that a review sees each person who changed. */
export function lockText(lines: readonly LockLine[]): string {
  const entries = inOrder(lines).map(({ person, provider, id, idType, by, value, resolvedAt }) => ({
    person,
    provider,
    id,
    idType,
    by,
    value,
    resolvedAt,
  }));
  // Texts that YAML 1.1 would take for something else are quoted too, for other programs that read the file.
  const document = new Document({ formatVersion: '1', entries }, { schema: 'core', compat: 'yaml-1.1' });
  document.commentBefore = head;
  const list = document.get('entries');
  if (isSeq(list)) {
    if (list.items.length === 0) list.flow = true;
    for (const item of list.items) if (isMap(item)) item.flow = true;
  }
  return document.toString({ lineWidth: 0 });
}
