import type { Platform } from './platform.ts';

/** What one call can carry. */
export interface CallCaps {
  readonly remove: number;
  readonly add: number;
  /** Rooms an adding call, counted among `add`. */
  readonly rooms: number;
}

/** The caps of a platform's calls: none where one call replaces the whole list. */
export function callCaps({ writes, event }: Platform): CallCaps {
  const rooms = event.attendees.includes('room') ? Number.POSITIVE_INFINITY : 0;
  if (writes.style === 'whole') {
    return { remove: Number.POSITIVE_INFINITY, add: Number.POSITIVE_INFINITY, rooms };
  }
  return { remove: writes.remove, add: writes.add, rooms: writes.addOf?.room ?? rooms };
}

/** Cuts a list into runs of at most `size`. */
export function chunk<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

/**
 * Removal batches of whole identities: an identity with several rows counts each of them, because the platform counts
 * the rows that a call names, and its rows stay together.
 */
export function removalBatches<T>(
  items: readonly T[],
  rowsOf: (item: T) => number,
  caps: Pick<CallCaps, 'remove'>,
): T[][] {
  const batches: T[][] = [];
  let current: T[] = [];
  let rows = 0;
  for (const item of items) {
    const size = rowsOf(item);
    if (current.length > 0 && rows + size > caps.remove) {
      batches.push(current);
      current = [];
      rows = 0;
    }
    current.push(item);
    rows += size;
  }
  if (current.length > 0) batches.push(current);
  return batches;
}

/** Addition batches within both caps: attendees a call, and rooms a call. Rooms are spread over as few calls as fit. */
export function additionBatches<T>(
  items: readonly T[],
  isRoom: (item: T) => boolean,
  caps: Pick<CallCaps, 'add' | 'rooms'>,
): T[][] {
  const rooms = items.filter(isRoom);
  const others = items.filter((item) => !isRoom(item));
  const batches: T[][] = [];
  while (rooms.length > 0 || others.length > 0) {
    const batch = rooms.splice(0, caps.rooms);
    batch.push(...others.splice(0, caps.add - batch.length));
    // A platform without rooms never gets one here; without this check a bug there would not end.
    if (batch.length === 0) throw new RangeError('rooms cannot be added on this platform');
    batches.push(batch);
  }
  return batches;
}
